"""Long polling: from the first call to Telegram to a clean end."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot import menu
from bot.errors import InvalidSettings
from bot.inbox import Inbox, InboxError, InboxQueue
from bot.incidents import record_incident
from bot.signals import Stopped, unless_stopped
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.delivery import Delivery
    from bot.desk import Desk
    from bot.lanes import Lanes
    from bot.routes import App

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")

_POLL = timedelta(seconds=25)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_FETCH_SECONDS = 3.0
_FINISH_SECONDS = 8.0
_REPEAT_WARNING = 600.0
_PURGE_EVERY = 6 * 3600.0

_LOG = logging.getLogger(__name__)


async def poll(application: App, desk: Desk, inbox: Inbox, delivery: Delivery, stop: asyncio.Event) -> None:
    """Run an application until `stop` is set and the answers and notifications under way are given.

    Raises:
        InvalidSettings: Telegram does not know the token.
    """
    chores = [asyncio.create_task(_purge_now_and_then(inbox, desk)), asyncio.create_task(_warm(desk))]
    ended = asyncio.Event()
    delivering: list[asyncio.Task[None]] = []
    try:
        await unless_stopped(stop, _start(application, desk, chores))
        chores.append(asyncio.create_task(desk.feed_rounds.run()))
        delivering.append(asyncio.create_task(_deliver(delivery, ended)))
        await stop.wait()
    except Stopped:
        pass
    finally:
        ended.set()
        for chore in chores:
            chore.cancel()
        await asyncio.wait(chores)
        await desk.reloading.close()
        await _finish(application, delivering)


async def _start(
    application: App,
    desk: Desk,
    chores: list[asyncio.Task[None]],
) -> None:
    await _say_hello(application)
    await application.start()
    left = await cast("InboxQueue", application.update_queue).replay(application.bot)
    if left:
        _LOG.info("%d updates of an earlier run are handled now", left)
    chores.append(asyncio.create_task(menu.register(application.bot, desk.catalogues, desk.gate.roles)))
    if application.updater is not None:
        await application.updater.start_polling(
            timeout=_POLL,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=polling_trouble(time.monotonic),
        )


async def _say_hello(application: App) -> None:
    """Ask Telegram who we are, for as long as it takes to be heard."""
    pause = _FIRST_PAUSE
    while True:
        try:
            await application.initialize()
        except InvalidToken as error:
            problem = "WENXUN_TOKEN: Telegram does not know this token. Copy the whole token from @BotFather."
            raise InvalidSettings((problem,)) from error
        except NetworkError as error:
            _LOG.warning("Telegram cannot be reached (%s); trying again in %d s", error.message, pause)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)
        else:
            return


async def _deliver(delivery: Delivery, ended: asyncio.Event) -> None:
    try:
        await delivery.run(ended)
    except Exception as error:  # noqa: BLE001 - readers are still answered
        record_incident(error, "no notifications are delivered until the next start")


async def _finish(application: App, delivering: Collection[asyncio.Task[None]]) -> None:
    """Stop fetching, let what is being handled and sent end, and leave the rest in inbox and outbox."""
    lanes = cast("Lanes", application.update_processor)
    if application.updater is not None and application.updater.running:
        # It ends with one more call, which must not hold up the end when Telegram is away.
        fetching = asyncio.create_task(application.updater.stop())
        await asyncio.wait([fetching], timeout=_FETCH_SECONDS)
        fetching.cancel()
        await asyncio.wait([fetching])
    if application.running:
        lanes.stop()
        stopping = asyncio.create_task(application.stop())
        await asyncio.wait([stopping], timeout=_FINISH_SECONDS)
        if not stopping.done():
            _LOG.warning("what is still being answered goes on at the next start")
            lanes.cancel()
        await stopping
    if delivering:
        await asyncio.wait(delivering)
    await application.shutdown()
    # The library closes no connections of a bot that never got through to Telegram.
    await application.bot.request.shutdown()


def polling_trouble(clock: Callable[[], float]) -> Callable[[TelegramError], None]:
    """Make what warns the operator when updates cannot be fetched or kept: once, and then now and then.

    Args:
        clock: seconds that only go forward.
    """
    told: dict[str, float] = {}

    def warn(error: TelegramError) -> None:
        text = _trouble(error)
        if clock() - told.get(text, -_REPEAT_WARNING) >= _REPEAT_WARNING:
            told[text] = clock()
            _LOG.warning("%s", text)

    return warn


def _trouble(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another program is polling with the same token; only one of them gets each message"
    if isinstance(error, InboxError):
        return f"messages cannot be kept in the database ({error.__cause__}); none is fetched until they can"
    return f"messages cannot be fetched from Telegram ({error.message}); trying again"


async def _purge_now_and_then(inbox: Inbox, desk: Desk) -> None:
    while True:
        for purge in (
            inbox.purge,
            desk.replies.purge,
            desk.outbox.purge,
            desk.audit.purge,
            desk.figures.take_stock,
            desk.figures.purge,
            desk.presence.clean_up,
        ):
            try:
                await purge()
            except CorpusError as error:
                _LOG.warning("what is too old could not be removed from the database (%s)", error)
            except Exception as error:  # noqa: BLE001 - it must go on, or nothing would ever be removed again
                record_incident(error, "what is too old could not be removed from the database")
        await asyncio.sleep(_PURGE_EVERY)


async def _warm(desk: Desk) -> None:
    """Find the examples and the topics before the first reader asks for them."""
    try:
        await desk.examples.offered("zh")
        await desk.subjects.found()
    except CorpusError:
        pass  # whoever asks first is told
    except Exception as error:  # noqa: BLE001 - as above
        record_incident(error, "the examples could not be found beforehand")
