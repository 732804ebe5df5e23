"""`/broadcast`: telling all chats, or those that follow a topic, something: shown first, then sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.handlers.addressing import command_argument
from bot.keeping.screen import PAUSE
from bot.outbox import State
from bot.rendering import broadcast as rendering
from bot.rendering.broadcast import EVERYBODY, LONGEST, PREFIX, Act, parse
from bot.rendering.fragments import sendable, utf16_units
from bot.rendering.notices import DEAD_BUTTON

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.keeping.broadcast import Broadcast
    from bot.rendering.broadcast import Pressed
    from bot.rendering.message import Message
    from bot.talk import Talk

_MOST_EDITS: Final = 200
"""After so many, whoever wants to know presses the button."""


async def broadcast(desk: Desk, talk: Talk) -> None:
    """`/broadcast text`, or `/broadcast` in reply to a message with the text."""
    message = talk.update.message
    if message is None:
        return
    replied = message.reply_to_message
    text = command_argument(message)
    if not text and replied is not None:
        text = (replied.text or replied.caption or "").strip()
    if not text:
        await talk.reply(rendering.render_said(rendering.HOW_TO, talk.words))
    elif utf16_units(text) > LONGEST:
        await talk.reply(rendering.render_said(rendering.TOO_LONG, talk.words))
    elif not await desk.broadcasts.places(None):
        await talk.reply(rendering.render_said(rendering.NOBODY, talk.words))
    else:
        draft = await desk.broadcasts.draft(talk.user_id, sendable(text))
        await talk.reply(await _preview(desk, talk, draft))


async def press_broadcast(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about a broadcast."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    found = await desk.broadcasts.get(pressed.key)
    of_sent = pressed.act in {Act.SEE, Act.STOP}
    if found is None or (of_sent and found.sent is None):
        await talk.acknowledge(talk.words.gettext(rendering.GONE), alert=True)
        return
    if pressed.act is Act.STOP:
        await _stop(desk, talk, found)
        return
    await talk.acknowledge()
    if found.sent is not None:  # also where somebody else has sent it, or the program ended meanwhile
        await talk.replace(await _progress(desk, talk, found))
    elif pressed.act is Act.CANCEL:
        await desk.broadcasts.discard(found.key)
        await talk.replace(rendering.render_said(rendering.CANCELLED, talk.words))
    elif pressed.act is Act.TO:
        await _aim(desk, talk, pressed)
    else:
        await _send(desk, talk, found)


async def _aim(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    topics = {each.mark: each.name for each in await desk.broadcasts.followed()}
    topic = topics.get(pressed.mark)
    if topic is None and pressed.mark != EVERYBODY:  # nobody follows it any more
        found = await desk.broadcasts.get(pressed.key)
    else:
        found = await desk.broadcasts.aim(pressed.key, topic)
    if found is None:
        await talk.replace(rendering.render_said(rendering.GONE, talk.words))
    else:
        await talk.replace(await _preview(desk, talk, found))


async def _send(desk: Desk, talk: Talk, found: Broadcast) -> None:
    count = await desk.broadcasts.send(found)
    detail = {"text": found.text[:500], "topic": found.topic, "chats": count, "broadcast": found.key}
    entry = await desk.audit.note(talk.user_id, "broadcast", detail)
    await desk.broadcasts.note_sent(found.key, count, entry)
    sent = replace(found, sent=talk.now, chats=count, entry=entry)
    await talk.replace(await _progress(desk, talk, sent))
    desk.reloading.begin((talk.chat_id, talk.message_id), _follow(desk, talk, sent))


async def _stop(desk: Desk, talk: Talk, found: Broadcast) -> None:
    count = await desk.broadcasts.stop(found.key)
    await talk.acknowledge(rendering.stopped(count, talk.words))
    if count and found.entry is not None:
        await desk.audit.note_undone(found.entry)
    await talk.replace(await _progress(desk, talk, found))


async def _follow(desk: Desk, talk: Talk, sent: Broadcast) -> None:
    """Show how far it is until nobody waits for it any more."""
    for _ in range(_MOST_EDITS):
        await asyncio.sleep(PAUSE)
        states = await desk.broadcasts.progress(sent.key)
        await talk.replace(rendering.render_progress(sent, states, talk.words))
        if not {State.PENDING, State.SENDING} & states.keys():
            return


async def _preview(desk: Desk, talk: Talk, draft: Broadcast) -> Message:
    count = len(await desk.broadcasts.places(draft.topic))
    return rendering.render_preview(draft, count, await desk.broadcasts.followed(), talk.words)


async def _progress(desk: Desk, talk: Talk, sent: Broadcast) -> Message:
    return rendering.render_progress(sent, await desk.broadcasts.progress(sent.key), talk.words)
