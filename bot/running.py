"""A run of the bot from its start to its end: the parts, the news, the chat, and stopping."""

from __future__ import annotations

import dataclasses
import logging
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.app import run_polling
from bot.local import LocalTelegram
from bot.progress import load_progress
from bot.services import Services, open_services
from bot.signals import stop_on_signals, unless_stopped
from bot.terminal import print_report
from corpus.errors import CorpusError, DatabaseError
from retrieval.vectorizing import Vectorizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from bot.settings import Settings

_PORTS_TRIED = 10

_LOG = logging.getLogger(__name__)


async def run(settings: Settings, console: Console, step: Callable[[str], None]) -> None:
    """Open everything, load what changed, and run the bot until a signal stops it.

    Args:
        settings: without a token, the bot is offered in a local chat.
        console: is told what a person should know.
        step: is told each step that is done, in a few words.

    Raises:
        Stopped: a signal came before the bot was running.
        BotError: the bot cannot start; also CorpusError and RetrievalError.
    """
    async with AsyncExitStack() as stack:
        stop = stack.enter_context(stop_on_signals())
        services = await unless_stopped(stop, stack.enter_async_context(open_services(settings, step)))
        await unless_stopped(stop, _load(services, console))
        step("news loaded")
        if settings.token is None:
            local = await _open_local(settings.local_port, stack, console)
            services = with_local_chat(services, local)
            step("local chat ready")
            console.print(f"\nOpen {local.page_url} and ask. Ctrl-C stops Wenxun.")
        else:
            console.print("\nTalking to Telegram. Ctrl-C stops Wenxun.")
        _vectorize(services, stack)
        await run_polling(services, stop)
    with suppress(OSError):  # what stopped it may be that the terminal was closed
        console.print("Stopped.")


async def _load(services: Services, console: Console) -> None:
    """Load what changed; where that cannot be done, what was loaded before goes on serving."""
    try:
        # What another process published while somebody subscribed, and was killed then, is made up for.
        await services.fanout.catch_up(services.store)
        with load_progress(console) as progress:
            report = await services.loader.load(progress)
    except DatabaseError:
        raise  # the bot cannot run without its database
    except CorpusError as error:
        if await services.store.published() is None:
            raise
        _LOG.warning("the news was not loaded; the bot answers from what was loaded before. %s", error)
        return
    if report.generation is not None or report.rejected:
        print_report(console, report)
    if not report.documents:
        console.print(f"There is no news to answer from. Put some into {services.settings.corpus}.")


def _vectorize(services: Services, stack: AsyncExitStack) -> None:
    """Make sentence vectors in the background while the bot runs; answers get better as they come."""
    vectors = services.knowledge.vectors
    if vectors is not None:
        vectorizer = Vectorizer(services.store, vectors, services.settings.encoder)
        stack.push_async_callback(vectorizer.close)
        vectorizer.start()


async def _open_local(port: int, stack: AsyncExitStack, console: Console) -> LocalTelegram:
    """Open the local chat on `port`, or else on one after it, or else on any that is free."""
    wanted = range(port, min(port + _PORTS_TRIED, 2**16)) if port else ()
    for candidate in wanted:
        try:
            return await stack.enter_async_context(LocalTelegram(port=candidate))
        except OSError as error:
            console.print(f"Port {candidate} is taken ({error.strerror}); trying another.")
    return await stack.enter_async_context(LocalTelegram(port=0))


def with_local_chat(services: Services, local: LocalTelegram) -> Services:
    """The same parts, with settings that lead to the local chat and know its administrator."""
    here = {
        "token": SecretStr(local.token),
        "api_url": local.url,
        "admins": (*services.settings.admins, local.people.administrator.id),
    }
    return dataclasses.replace(services, settings=services.settings.model_copy(update=here))
