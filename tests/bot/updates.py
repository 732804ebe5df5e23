"""Updates as Telegram sends them, for tests below the level of a whole bot."""

from __future__ import annotations

from typing import Any

from telegram import Bot, Update

BOT = Bot("7:" + "x" * 35)
GROUP = -100


def build_update(update_id: int, text: str = "授权金额是多少", chat_id: int = 1) -> Update:
    """A message somebody writes in a private chat, or in a group if the chat's id is negative."""
    kind = "private" if chat_id > 0 else "supergroup"
    content: dict[str, Any] = {
        "message_id": update_id,
        "date": 1_770_000_000,
        "chat": {"id": chat_id, "type": kind},
        "from": {"id": abs(chat_id), "first_name": "林晓", "is_bot": False, "language_code": "zh-hans"},
        "text": text,
    }
    return Update.de_json({"update_id": update_id, "message": content}, BOT)
