"""A talk: one update as handlers see it, with the ways to reply to it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InputMediaPhoto, LinkPreviewOptions, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.activity import typing
from bot.keyboard import inline_keyboard
from bot.rendering.dates import View
from bot.sending import Delivery, deliver

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from telegram import Bot, Update

    from bot.chats import ChatSettings
    from bot.desk import Desk
    from bot.locale.catalogue import Words
    from bot.presence import Presence
    from bot.rendering.message import Message

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ADMINISTRATORS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a reply: how its sending ended, and its number if that is known."""

    delivery: Delivery
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Where an update came from, what is set there, and in which language to reply.

    `asked` is when it was said, not when it is read. `message_id` is what was said, or the
    message whose button was pressed; replies in a group quote what was said. `thread_id` is the
    forum topic, if there is one; `user_id` who said it, and `name` what the log calls the chat.
    `presence` takes note of a chat that has moved or lets the bot write no more.
    """

    bot: Bot
    presence: Presence
    update: Update
    chat_id: int
    thread_id: int | None
    message_id: int
    user_id: int
    is_private: bool
    settings: ChatSettings
    words: Words
    zone: ZoneInfo
    asked: datetime
    now: datetime
    name: str

    @classmethod
    async def about(
        cls, update: Update, bot: Bot, desk: Desk, settings: ChatSettings | None = None
    ) -> Talk | None:
        """The talk an update belongs to; None where there is no chat to reply in.

        Args:
            update: what came.
            bot: who replies.
            desk: what answers.
            settings: what the chat has chosen; looked up if not given.

        Raises:
            DatabaseError: the chat's settings cannot be read.
        """
        query = update.callback_query
        said = update.message or update.edited_message
        # An old message of the bot's may be out of reach, but its chat and number are known.
        message = said or (query.message if query is not None else None)
        if message is None:
            return None
        user = update.effective_user
        thread = None
        if isinstance(message, TelegramMessage) and message.is_topic_message:
            thread = message.message_thread_id
        if settings is None:
            settings = await desk.chats.settings(message.chat.id)
        now = desk.clock()
        return cls(
            bot=bot,
            presence=desk.presence,
            update=update,
            chat_id=message.chat.id,
            thread_id=thread,
            message_id=message.message_id,
            user_id=user.id if user is not None else message.chat.id,
            is_private=message.chat.type == ChatType.PRIVATE,
            settings=settings,
            words=desk.words(settings, user.language_code if user else None),
            zone=desk.zone_of(settings),
            asked=said.date if said is not None else now,
            now=now,
            name=desk.names.of(message.chat.id),
        )

    @property
    def view(self) -> View:
        """When and where a reply is read."""
        return View(self.now, self.zone)

    def typing(self) -> AbstractAsyncContextManager[None]:
        """Show "typing" in the chat while the block runs."""
        return typing(self.bot, self.chat_id, self.thread_id)

    async def is_administrator(self) -> bool:
        """Whether who said or pressed something may decide for the chat.

        Raises:
            TelegramError: Telegram cannot be asked.
        """
        said = self.update.message or self.update.edited_message
        # An anonymous administrator speaks as the chat itself.
        anonymous = said is not None and said.sender_chat is not None and said.sender_chat.id == self.chat_id
        if self.is_private or anonymous:
            return True
        try:
            member = await self.bot.get_chat_member(self.chat_id, self.user_id)
        except ChatMigrated as error:
            await self.presence.moved(self.chat_id, error.new_chat_id, self.name)
            member = await self.bot.get_chat_member(error.new_chat_id, self.user_id)
        except BadRequest:  # no member at all, such as the stand-in through which a channel speaks
            return False
        return member.status in _ADMINISTRATORS

    async def reply(self, message: Message) -> Sent:
        """Send a message; in a group it quotes what it replies to, if that is still there."""
        sent: list[int] = []

        async def send(chat_id: int) -> None:
            arrived = await self.bot.send_message(
                chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=self.thread_id,
                reply_parameters=self._quoted(),
                reply_markup=inline_keyboard(message),
            )
            sent.append(arrived.message_id)

        delivery = await deliver(send, self.chat_id, self.name, self.presence)
        return Sent(delivery, sent[-1] if sent else None)

    async def reply_with_file(self, name: str, content: bytes, caption: Message) -> None:
        """Send a file with a caption."""

        async def send(chat_id: int) -> None:
            await self.bot.send_document(
                chat_id,
                content,
                filename=name,
                caption=caption.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=self.thread_id,
            )

        await deliver(send, self.chat_id, self.name, self.presence)

    async def reply_with_photo(self, photo: bytes, caption: Message) -> Sent:
        """Send a picture with a caption and its buttons."""
        sent: list[int] = []

        async def send(chat_id: int) -> None:
            arrived = await self.bot.send_photo(
                chat_id,
                photo,
                caption=caption.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=self.thread_id,
                reply_parameters=self._quoted(),
                reply_markup=inline_keyboard(caption),
            )
            sent.append(arrived.message_id)

        delivery = await deliver(send, self.chat_id, self.name, self.presence)
        return Sent(delivery, sent[-1] if sent else None)

    async def replace_with_photo(self, photo: bytes, caption: Message) -> Sent:
        """Put a picture in the place of the message whose button was pressed; send it if that is too old."""

        async def edit(chat_id: int) -> None:
            await self.bot.edit_message_media(
                InputMediaPhoto(photo, caption.html, ParseMode.HTML),
                chat_id,
                self.message_id,
                reply_markup=inline_keyboard(caption),
            )

        try:
            return Sent(await deliver(edit, self.chat_id, self.name, self.presence), self.message_id)
        except BadRequest as error:
            if "not modified" in error.message:
                return Sent(Delivery.SENT, self.message_id)
            return await self.reply_with_photo(photo, caption)

    async def replace(self, message: Message, message_id: int | None = None) -> Sent:
        """Put a message in the place of one of the bot's, or send it if that is too old to be changed.

        Args:
            message: what is to stand there.
            message_id: the message to change; the one whose button was pressed if none is given.
        """
        place = self.message_id if message_id is None else message_id

        async def edit(chat_id: int) -> None:
            await self.bot.edit_message_text(
                message.html,
                chat_id,
                place,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=inline_keyboard(message),
            )

        try:
            return Sent(await deliver(edit, self.chat_id, self.name, self.presence), place)
        except BadRequest as error:
            if "not modified" in error.message:
                return Sent(Delivery.SENT, place)
            return await self.reply(message)

    async def acknowledge(self, text: str | None = None, *, alert: bool = False) -> None:
        """Tell Telegram that a pressed button was noticed, with a short notice for the reader if given."""
        query = self.update.callback_query
        if query is None:
            return
        try:
            await self.bot.answer_callback_query(query.id, text, show_alert=alert)
        except TelegramError as error:  # one that is too old cannot be answered, and nothing is lost
            _LOG.debug("%s: a pressed button could not be acknowledged (%s)", self.name, type(error).__name__)

    def _quoted(self) -> ReplyParameters | None:
        if self.is_private or self.update.callback_query is not None:
            return None
        return ReplyParameters(self.message_id, allow_sending_without_reply=True)
