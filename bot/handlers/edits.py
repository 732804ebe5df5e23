"""Edited messages: what was asked otherwise is answered otherwise, in the same reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering import answer_anew, answer_in_place
from bot.context import has_words, understood
from bot.handlers.addressing import bot_named_in, command_argument, is_command, said_to_bot
from bot.handlers.questions import may_ask
from bot.inquiry import Inquiry

if TYPE_CHECKING:
    from telegram import Message

    from bot.desk import Desk
    from bot.talk import Talk


async def edited(desk: Desk, talk: Talk) -> None:
    """A message that was changed after it was sent."""
    message = talk.update.edited_message
    said = None if message is None else asked_by(message, talk)
    if message is None or not said or not has_words(said) or not await may_ask(talk):
        return
    reply = await desk.replies.answering(talk.chat_id, message.message_id)
    asked = await understood(said, message, desk, talk, answered=reply)
    if reply is None:
        await (answer_anew(desk, talk, asked) if isinstance(asked, Inquiry) else talk.reply(asked))
    elif not isinstance(asked, Inquiry):
        await talk.replace(asked, reply.message_id)
    elif asked.question != reply.inquiry.question:
        await answer_in_place(desk, talk, reply, asked)


def asked_by(message: Message, talk: Talk) -> str | None:
    """The question in a message: all of it, or what follows `/ask`."""
    if not is_command(message):
        return said_to_bot(message, talk.bot.bot)
    command = (message.text or "")[: message.entities[0].length]
    named = bot_named_in(message)
    mine = named is None or named == talk.bot.username.lower()
    return command_argument(message) if mine and command.partition("@")[0].lower() == "/ask" else None
