"""Strangers: whoever may not use a bot that is not for everybody."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import BadRequest

from bot.locale.catalogue import N_
from bot.rendering.fragments import plain
from bot.rendering.message import Message

if TYPE_CHECKING:
    from telegram import Bot, InlineQuery

    from bot.desk import Desk
    from bot.talk import Talk

PRIVATE = N_("This bot is private. Ask whoever runs it to let you in.")


async def refuse_stranger(desk: Desk, talk: Talk) -> None:
    """Say so in private; in a group the bot stays silent, as if it were not there."""
    del desk
    said = talk.words.gettext(PRIVATE)
    if talk.update.callback_query is not None:
        await talk.acknowledge(said, alert=True)
    elif talk.is_private and talk.update.message is not None:
        await talk.reply(Message(plain(said).html))


async def refuse_stranger_inline(query: InlineQuery, bot: Bot) -> None:
    """Offer nothing; the chat is not left waiting."""
    with suppress(BadRequest):  # too late: nobody looks at it any more
        await bot.answer_inline_query(query.id, [], cache_time=0, is_personal=True)
