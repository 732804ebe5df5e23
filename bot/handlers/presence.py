"""The bot's own standing in a chat: blocked and let in again, thrown out and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType

from bot.chats import Inactivity

if TYPE_CHECKING:
    from telegram import ChatMember, ChatMemberUpdated

    from bot.desk import Desk
    from bot.talk import Talk


async def standing_changed(desk: Desk, change: ChatMemberUpdated) -> None:
    """Telegram says what the bot is in a chat now."""
    if _is_in(change.new_chat_member):
        await desk.presence.come_back(change.chat.id)
    else:
        private = change.chat.type == ChatType.PRIVATE
        await desk.presence.leave(change.chat.id, Inactivity.BLOCKED if private else Inactivity.KICKED)


async def heard_of(desk: Desk, talk: Talk) -> None:
    """Somebody says something in a chat that was away: it is not any more, even if nobody told the bot."""
    since = talk.settings.inactive_since
    # What was said before waited for the bot, and proves nothing. Telegram's moments are whole seconds.
    if since is not None and talk.asked >= since.replace(microsecond=0):
        await desk.presence.come_back(talk.chat_id)


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status not in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
