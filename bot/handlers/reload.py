"""`/reload` and `/undo`: a dry run first, then a button, then one message that shows how it goes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.errors import Overtaken
from bot.incidents import record_incident
from bot.keeping.screen import Screen
from bot.rendering import reload as rendering
from bot.rendering.notices import DEAD_BUTTON, render_apology
from bot.rendering.reload import PREFIX, Act, parse
from corpus.errors import (
    CorpusError,
    CorpusFolderMissing,
    DatabaseError,
    LoadInProgress,
    NothingToUndo,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.rendering.reload import Pressed
    from bot.talk import Talk

_FAREWELL = 2.0  # seconds for the last edits when the program stops
_REASONS: dict[type[CorpusError], str] = {
    LoadInProgress: rendering.ELSEWHERE,
    CorpusFolderMissing: rendering.NO_FOLDER,
    DatabaseError: rendering.NO_DATABASE,
}


async def reload(desk: Desk, talk: Talk) -> None:
    """`/reload`: what a load would change; while one runs, how far it is."""
    loads = desk.reloading.loads
    sent = await talk.reply((rendering.render_joined if loads else rendering.render_looking)(talk.words))
    if sent.message_id is None:
        return  # nobody could follow it
    work = partial(_load, desk, talk) if loads else partial(_plan, desk, talk, include_undone=False)
    desk.reloading.begin((talk.chat_id, sent.message_id), _followed(talk, sent.message_id, work))


async def undo(desk: Desk, talk: Talk) -> None:
    """`/undo`: what going back to the load before would withdraw."""
    async with talk.typing():
        message = await _undo_plan(desk, talk)
    await talk.reply(message)


async def press_reload(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about loading."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    if desk.reloading.follows((talk.chat_id, talk.message_id)):
        # Also if a button was pressed twice.
        await talk.acknowledge(talk.words.gettext("It is going on; this message tells what comes of it."))
        return
    await talk.acknowledge()
    if pressed.act is Act.SEE and not desk.reloading.loads:
        # An earlier run of the program began it, and edits this message no more.
        await talk.replace(rendering.render_said(rendering.NOT_RUNNING, talk.words, again=True))
    elif pressed.act is Act.CANCEL:
        await talk.replace(rendering.render_said(rendering.CANCELLED, talk.words))
    else:
        await _begin(desk, talk, pressed)


async def _begin(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    work: Callable[[Screen], Awaitable[Message]]
    if pressed.act is Act.PLAN:
        await talk.replace(rendering.render_looking(talk.words))
        work = partial(_plan, desk, talk, include_undone=pressed.include_undone)
    elif pressed.act is Act.SEE:
        await talk.replace(rendering.render_joined(talk.words))
        work = partial(_load, desk, talk)
    elif pressed.act is Act.LOAD:
        joins = desk.reloading.loads
        await talk.replace((rendering.render_joined if joins else rendering.render_waiting)(talk.words))
        expected = pressed.key
        work = partial(_load, desk, talk, include_undone=pressed.include_undone, expected=expected)
    else:
        await talk.replace(rendering.render_waiting(talk.words))
        work = partial(_undo, desk, talk, undone=int(pressed.key))
    desk.reloading.begin((talk.chat_id, talk.message_id), _followed(talk, talk.message_id, work))


async def _followed(talk: Talk, message_id: int, work: Callable[[Screen], Awaitable[Message]]) -> None:
    """Do some work while a message shows how far it is, and put what came of it there."""
    screen = Screen(talk, message_id, partial(rendering.render_running, words=talk.words))
    try:
        async with screen.shown():
            message = await _outcome(talk, work(screen))
    except asyncio.CancelledError:
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await screen.end(rendering.render_said(rendering.STOPPED, talk.words), at_once=True)
        raise
    await screen.end(message)


async def _outcome(talk: Talk, work: Awaitable[Message]) -> Message:
    """What came of some work, or why nothing did, in words for whoever asked for it."""
    try:
        return await work
    except NothingToUndo:
        return rendering.render_said(rendering.NOTHING_TO_UNDO, talk.words)
    except CorpusError as error:
        if isinstance(error, DatabaseError):
            record_incident(error, f"a load that was asked for in a chat failed ({talk.name})")
        said = next(
            (text for kind, text in _REASONS.items() if isinstance(error, kind)), rendering.EMPTY_FOLDER
        )
        return rendering.render_said(said, talk.words, again=True)
    except Exception as error:  # noqa: BLE001 - it may be anything, and the chat waits to hear of it
        code = record_incident(error, f"a load that was asked for in a chat failed ({talk.name})")
        return render_apology(code, talk.words)


async def _plan(desk: Desk, talk: Talk, screen: Screen, *, include_undone: bool) -> Message:
    report = await desk.reloading.plan(screen.tell, include_undone=include_undone)
    lost = await desk.reloading.lost(report)
    return rendering.render_plan(report, lost, talk.words, include_undone=include_undone)


async def _load(
    desk: Desk, talk: Talk, screen: Screen, *, include_undone: bool = False, expected: str | None = None
) -> Message:
    report = await desk.reloading.load(talk.user_id, screen.tell, include_undone=include_undone)
    lost = await desk.reloading.lost(report)
    return rendering.render_loaded(report, lost, talk.words, expected=expected)


async def _undo(desk: Desk, talk: Talk, screen: Screen, *, undone: int) -> Message:
    try:
        report = await desk.reloading.undo(talk.user_id, undone, screen.tell)
    except Overtaken:
        return rendering.render_overtaken(await desk.reloading.plan_undo(), talk.words, talk.view)
    return rendering.render_undone(report, talk.words)


async def _undo_plan(desk: Desk, talk: Talk) -> Message:
    async def work() -> Message:
        return rendering.render_undo_plan(await desk.reloading.plan_undo(), talk.words, talk.view)

    return await _outcome(talk, work())
