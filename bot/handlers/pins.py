"""`/pin` and `/pins`: questions that must go on finding their document at every load."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.context import LONGEST_QUESTION, has_words, inquiry_of, replied_to
from bot.errors import CannotKeep
from bot.handlers.addressing import command_argument
from bot.inquiry import Inquiry
from bot.keeping.pins import MAX_ANSWER, Pin
from bot.rendering import pins as rendering
from bot.rendering.notices import DEAD_BUTTON, render_operator_problems
from bot.rendering.pins import PAGE, PREFIX, Act, Page, mark_of, parse
from retrieval.operators import read_operators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.rendering.pins import Pressed
    from bot.talk import Talk
    from retrieval.answer import Citation, Excerpt


async def pin(desk: Desk, talk: Talk) -> None:
    """`/pin question`, or `/pin` in reply to an answer."""
    message = talk.update.message
    if message is None:
        return
    async with talk.typing():
        meant = await _meant(desk, talk, message)
        shown = meant if not isinstance(meant, Inquiry) else await _pin(desk, talk, meant)
    await talk.reply(shown)


async def pins(desk: Desk, talk: Talk) -> None:
    """`/pins`: what is pinned, and whether it finds its document now."""
    async with talk.typing():
        shown = await _page(desk, talk, 0)
    await talk.reply(shown)


async def press_pin(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about pins."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.SHOW:
        await talk.acknowledge()
        await talk.replace(await _page(desk, talk, pressed.number))
    elif pressed.act is Act.SET:
        await _choose(desk, talk, pressed)
    elif pressed.act is Act.DROP:
        await _drop(desk, talk, pressed)
    else:
        await _put_back(desk, talk, pressed.number)


async def _meant(desk: Desk, talk: Talk, message: TelegramMessage) -> Inquiry | Message:
    """The question to pin, or what to say where there is none."""
    said = command_argument(message)
    if not said:
        answered = await replied_to(message, desk, talk)
        return (
            answered.inquiry if answered is not None else rendering.render_said(rendering.HOW_TO, talk.words)
        )
    if len(said) > LONGEST_QUESTION:
        return rendering.render_said(rendering.TOO_LONG, talk.words)
    reading = read_operators(said, talk.asked.astimezone(talk.zone).date())
    if reading.problems:
        return render_operator_problems(reading.problems, talk.words)
    if not has_words(reading.text):
        return rendering.render_said(rendering.HOW_TO, talk.words)
    return replace(inquiry_of(reading.text, desk, talk), scope=reading.scope)


async def _pin(desk: Desk, talk: Talk, inquiry: Inquiry, mark: str | None = None) -> Message:
    """Pin a question with the first document it finds, or with the one that has a mark."""
    found = await _found(desk, inquiry)
    chosen = next((each for each in found if mark in {None, mark_of(each.citation.document_id)}), None)
    document = await desk.store.document(chosen.citation.document_id) if chosen is not None else None
    if chosen is None or document is None:
        said = rendering.NOTHING_FOUND if mark is None else rendering.NOT_FOUND_NOW
        return rendering.render_said(said, talk.words)
    pinned = Pin(inquiry, document.id, document.origin, document.title, chosen.text[:MAX_ANSWER])
    try:
        if not await desk.pins.add(pinned):
            return rendering.render_said(rendering.FULL, talk.words)
    except CannotKeep:
        return rendering.render_said(rendering.CANNOT_KEEP, talk.words)
    await desk.audit.note(talk.user_id, "pin_added", _detail(pinned))
    return rendering.render_pinned(pinned, _citations(found), talk.words)


async def _choose(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    await talk.acknowledge()
    try:
        known = {each.id: each for each in (await desk.pins.all()).pins}
    except CannotKeep:
        await talk.replace(rendering.render_said(rendering.CANNOT_KEEP, talk.words))
        return
    if pressed.pin not in known:
        await talk.replace(rendering.render_said(rendering.GONE, talk.words))
    else:
        await talk.replace(await _pin(desk, talk, known[pressed.pin].inquiry, pressed.document))


async def _drop(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    try:
        dropped = await desk.pins.remove(pressed.pin)
    except CannotKeep:
        await talk.acknowledge(talk.words.gettext(rendering.CANNOT_KEEP), alert=True)
        return
    await talk.acknowledge(None if dropped is not None else talk.words.gettext(rendering.GONE))
    entry = None
    if dropped is not None:
        entry = await desk.audit.note(talk.user_id, "pin_removed", _detail(dropped))
    await talk.replace(await _page(desk, talk, pressed.number, undo=entry))


async def _put_back(desk: Desk, talk: Talk, entry_id: int) -> None:
    entry = await desk.audit.get(entry_id)
    line = entry.detail.get("line") if entry is not None and entry.deed == "pin_removed" else None
    if entry is None or entry.undone is not None or not isinstance(line, str):
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    try:
        added = await desk.pins.add(Pin.from_json(line, desk.zone))
    except (CannotKeep, ValueError):
        await talk.acknowledge(talk.words.gettext(rendering.CANNOT_KEEP), alert=True)
        return
    if not added:
        await talk.acknowledge(talk.words.gettext(rendering.FULL), alert=True)
        return
    await talk.acknowledge()
    await desk.audit.note_undone(entry.id)
    await talk.replace(await _page(desk, talk, 0))


async def _page(desk: Desk, talk: Talk, offset: int, undo: int | None = None) -> Message:
    try:
        pinned = await desk.pins.all()
    except CannotKeep:
        return rendering.render_said(rendering.CANNOT_KEEP, talk.words)
    if offset >= len(pinned.pins):  # they were more when the button was made
        offset = max(0, (len(pinned.pins) - 1) // PAGE * PAGE)
    shown = pinned.pins[offset : offset + PAGE]
    missing = await desk.pin_check.missing(shown)
    found = [each not in missing for each in shown]
    page = Page(shown, found, offset, len(pinned.pins), pinned.unreadable)
    return rendering.render_pins(page, talk.words, undo)


async def _found(desk: Desk, inquiry: Inquiry) -> list[Excerpt]:
    """The first excerpt of each document that a question finds."""
    answer = await asyncio.to_thread(desk.answerer.answer, inquiry.question, desk.excerpts)
    first: dict[str, Excerpt] = {}
    for excerpt in answer.excerpts:
        first.setdefault(excerpt.citation.document_id, excerpt)
    return list(first.values())


def _citations(excerpts: Sequence[Excerpt]) -> list[Citation]:
    return [each.citation for each in excerpts]


def _detail(pinned: Pin) -> dict[str, str]:
    return {"question": pinned.question, "document": pinned.expected, "line": pinned.to_json()}
