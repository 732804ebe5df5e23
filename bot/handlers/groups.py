"""Groups: what becomes of their data when Telegram gives them another number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.talk import Talk


async def migrated(desk: Desk, talk: Talk) -> None:
    """A group has become a supergroup; Telegram says so in both of them."""
    message = talk.update.message
    if message is None:
        return
    if message.migrate_to_chat_id is not None:
        await desk.chats.migrate(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await desk.chats.migrate(message.migrate_from_chat_id, message.chat.id)
