"""Questions: plain messages, `/ask`, what is forwarded or pasted, and the buttons with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering import answer_anew
from bot.chats import Askers
from bot.context import inquiry_of, understood
from bot.handlers.adding import add_unasked
from bot.handlers.addressing import command_argument, said_to_bot
from bot.handlers.glossary import reply_to_glossary
from bot.handlers.subscription_files import import_subscriptions
from bot.handlers.subscription_replies import reply_to_subscription
from bot.inquiry import Inquiry
from bot.rendering.groups import render_only_admins_ask
from bot.rendering.notices import render_outdated_example, render_text_only

if TYPE_CHECKING:
    from telegram import Message

    from bot.desk import Desk
    from bot.talk import Talk


async def ask(desk: Desk, talk: Talk) -> None:
    """`/ask question`, in any chat."""
    message = talk.update.message
    if message is not None:
        await reply_to(command_argument(message), message, desk, talk)


async def listen(desk: Desk, talk: Talk) -> None:
    """A message that is no command: a question, if it speaks to the bot."""
    message = talk.update.message
    said = said_to_bot(message, talk.bot.bot) if message is not None else None
    if message is None or said is None:
        return
    if await add_unasked(desk, talk, message, said):
        return
    if await import_subscriptions(desk, talk, message) or await reply_to_subscription(desk, talk, said):
        return
    if await reply_to_glossary(desk, talk, said):
        return
    if not await may_ask(talk):
        await talk.reply(render_only_admins_ask(talk.words))
    elif not said and message.text is None:
        spoken = bool(message.voice or message.audio or message.video_note)
        await talk.reply(render_text_only(talk.words, spoken=spoken))
    else:
        await reply_to(said, message, desk, talk)


async def ask_example(desk: Desk, talk: Talk, key: str) -> None:
    """A pressed button with an example question."""
    await talk.acknowledge()
    question = await desk.examples.question(key)
    if question is None:
        await talk.reply(render_outdated_example(talk.words))
    else:
        await answer_anew(desk, talk, inquiry_of(question, desk, talk), repeat_question=True)


async def reply_to(said: str, message: Message, desk: Desk, talk: Talk) -> None:
    """Reply to what a message says to the bot."""
    asked = await understood(said, message, desk, talk)
    if isinstance(asked, Inquiry):
        await answer_anew(desk, talk, asked)
    else:
        await talk.reply(asked)


async def may_ask(talk: Talk) -> bool:
    """Whether the chat lets whoever spoke ask."""
    return talk.settings.askers is Askers.EVERYONE or await talk.is_administrator()
