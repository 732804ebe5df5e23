"""A talk: one update as handlers see it, with the ways to reply to it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.activity import typing
from bot.sending import Delivery, deliver

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from telegram import Bot, Update

    from bot.desk import Desk
    from bot.locale.catalogue import Words
    from bot.rendering.message import Message

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Talk:
    """Where an update came from and in which language to reply.

    `asked` is when it was said, not when it is read. `message_id` is what was
    said, or the message whose button was pressed; replies in a group quote what was said.
    `thread_id` is the forum topic, if there is one; `name` is what the log calls the chat.
    """

    bot: Bot
    update: Update
    chat_id: int
    thread_id: int | None
    message_id: int
    is_private: bool
    words: Words
    asked: datetime
    name: str

    @classmethod
    def about(cls, update: Update, bot: Bot, desk: Desk) -> Talk | None:
        """The talk an update belongs to; None where there is no chat to reply in."""
        query = update.callback_query
        # An old message of the bot's may be out of reach, but its chat and number are known.
        message = update.message or (query.message if query is not None else None)
        if message is None:
            return None
        user = update.effective_user
        thread = None
        if isinstance(message, TelegramMessage) and message.is_topic_message:
            thread = message.message_thread_id
        return cls(
            bot=bot,
            update=update,
            chat_id=message.chat.id,
            thread_id=thread,
            message_id=message.message_id,
            is_private=message.chat.type == ChatType.PRIVATE,
            words=desk.catalogues.speaking(user.language_code if user is not None else None),
            asked=update.message.date if update.message is not None else desk.clock(),
            name=desk.names.of(message.chat.id),
        )

    def typing(self) -> AbstractAsyncContextManager[None]:
        """Show "typing" in the chat while the block runs."""
        return typing(self.bot, self.chat_id, self.thread_id)

    async def reply(self, message: Message) -> Delivery:
        """Send a message; in a group it quotes what it replies to, if that is still there."""
        quoted = None
        if self.update.message is not None and not self.is_private:
            quoted = ReplyParameters(self.message_id, allow_sending_without_reply=True)

        async def send(chat_id: int) -> None:
            await self.bot.send_message(
                chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=self.thread_id,
                reply_parameters=quoted,
                reply_markup=_markup(message),
            )

        return await deliver(send, self.chat_id, self.name)

    async def replace(self, message: Message) -> Delivery:
        """Put a message in the place of the one whose button was pressed, or send it if that is too old."""

        async def edit(chat_id: int) -> None:
            await self.bot.edit_message_text(
                message.html,
                chat_id,
                self.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=_markup(message),
            )

        try:
            return await deliver(edit, self.chat_id, self.name)
        except BadRequest as error:
            if "not modified" in error.message:
                return Delivery.SENT
            return await self.reply(message)

    async def acknowledge(self, text: str | None = None) -> None:
        """Tell Telegram that a pressed button was noticed, with a short notice for the reader if given."""
        query = self.update.callback_query
        if query is None:
            return
        try:
            await self.bot.answer_callback_query(query.id, text)
        except TelegramError as error:  # one that is too old cannot be answered, and nothing is lost
            _LOG.debug("%s: a pressed button could not be acknowledged (%s)", self.name, type(error).__name__)


def _markup(message: Message) -> InlineKeyboardMarkup | None:
    if not message.keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in message.keyboard
        ]
    )
