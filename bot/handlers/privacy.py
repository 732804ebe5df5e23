"""`/privacy`, `/export` and `/forget`: what is kept about a reader, all of it, and none of it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from bot import personal
from bot.inbox import IDS_KEPT
from bot.outbox import KEPT as NOTIFICATIONS_KEPT
from bot.rendering.groups import render_only_in_private
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.privacy import (
    FILE_NAME,
    PREFIX,
    Act,
    Retention,
    parse,
    render_export,
    render_forget,
    render_forgotten,
    render_not_forgotten,
    render_privacy,
)
from bot.replies import KEPT

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.talk import Talk


async def privacy(desk: Desk, talk: Talk) -> None:
    """`/privacy`: what is kept and for how long; how much that is, only in private."""
    counts = await _counts(desk, talk) if talk.is_private else None
    retention = Retention(KEPT, IDS_KEPT, NOTIFICATIONS_KEPT, desk.presence.kept)
    await talk.reply(render_privacy(retention, counts, talk.words))


async def export(desk: Desk, talk: Talk) -> None:
    """`/export`: everything that is kept about a reader, as a file."""
    if not talk.is_private:
        await talk.reply(render_only_in_private("/export", talk.words))
        return
    chats = desk.chats
    found = await personal.export(chats.database, chats.bot_id, talk.user_id, talk.chat_id)
    counts = {name: len(rows) for name, rows in found.items()}
    caption = render_export(counts, talk.words)
    if any(counts.values()):
        await talk.reply_with_file(FILE_NAME, await asyncio.to_thread(_written, found), caption)
    else:
        await talk.reply(caption)


async def forget(desk: Desk, talk: Talk) -> None:
    """`/forget`: asks whether to delete everything."""
    if talk.is_private:
        await talk.reply(render_forget(await _counts(desk, talk), talk.words))
    else:
        await talk.reply(render_only_in_private("/forget", talk.words))


async def press_privacy(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about privacy."""
    act = parse(f"{PREFIX}{data}")
    if act is None or not talk.is_private:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    if act is Act.FORGET:
        await talk.replace(render_forget(await _counts(desk, talk), talk.words))
    elif act is Act.FORGET_YES:
        forgotten = await personal.forget(desk.chats, talk.user_id, talk.chat_id)
        await talk.replace(render_forgotten(forgotten, talk.words))
    else:
        await talk.replace(render_not_forgotten(talk.words))


async def _counts(desk: Desk, talk: Talk) -> dict[str, int]:
    return await personal.counts(desk.chats.database, desk.chats.bot_id, talk.user_id, talk.chat_id)


def _written(found: dict[str, object]) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
