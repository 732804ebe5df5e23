"""`wenxun run`: the bot, on Telegram or in the browser."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr

from bot.app import run_polling
from bot.commands import start
from bot.instance import only_instance
from bot.local import LocalTelegram
from bot.services import Services, make_data_folder, open_services
from bot.signals import stop_on_signals, unless_stopped
from bot.terminal import Steps, load_progress, open_console, print_report

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings

_PORTS_TRIED = 10


@click.command("run")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run the bot: on Telegram if WENXUN_TOKEN is set, otherwise in a chat in your browser.

    It first loads what changed in the news. Ctrl-C stops it when the answers under way are
    given; a second Ctrl-C stops it at once.
    """
    settings = start(ctx)
    make_data_folder(settings.data)
    with only_instance(settings.data):
        asyncio.run(_run(settings, open_console(sys.stdout)))


async def _run(settings: Settings, console: Console) -> None:
    step = Steps(console)
    async with AsyncExitStack() as stack:
        stop = stack.enter_context(stop_on_signals())
        step("settings read")
        opening = stack.enter_async_context(open_services(settings, step))
        services = await unless_stopped(stop, opening)
        await unless_stopped(stop, _load(services, console))
        step("news loaded")
        if settings.token is None:
            local = await _open_local(settings.local_port, stack)
            services = _with_local_chat(services, local)
            step("local chat ready")
            console.print(f"\nOpen {local.page_url} and ask. Ctrl-C stops Wenxun.")
        await run_polling(services, stop)
        console.print("Stopped.")


async def _load(services: Services, console: Console) -> None:
    with load_progress(console) as progress:
        report = await services.loader.load(progress)
    if report.generation is not None or report.rejected:
        print_report(console, report)


async def _open_local(port: int, stack: AsyncExitStack) -> LocalTelegram:
    """Open the local chat on `port`, or else on one after it, or else on any."""
    candidates = [*range(port, min(port + _PORTS_TRIED, 2**16)), 0] if port else [0]
    for candidate in candidates[:-1]:
        try:
            return await stack.enter_async_context(LocalTelegram(port=candidate))
        except OSError:
            continue
    return await stack.enter_async_context(LocalTelegram(port=0))


def _with_local_chat(services: Services, local: LocalTelegram) -> Services:
    here = {
        "token": SecretStr(local.token),
        "api_url": local.url,
        "admins": (*services.settings.admins, local.people.administrator.id),
    }
    return dataclasses.replace(services, settings=services.settings.model_copy(update=here))
