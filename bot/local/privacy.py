"""Privacy mode: which messages of a group a bot gets to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.local.entities import utf16_slice
from bot.local.people import BOT_ID, BOT_USERNAME

if TYPE_CHECKING:
    from bot.local.wire import JsonObject

_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "forum_topic_created",
)


def bot_sees(message: JsonObject) -> bool:
    """Whether a bot that may not read everything is given this message.

    It is given private messages, service messages, answers to what it said, what was
    sent through it, commands that name it or nobody, and messages that mention it.
    """
    if message["chat"]["type"] == "private" or any(name in message for name in _SERVICE):
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == BOT_ID:
        return True
    if message.get("via_bot", {}).get("id") == BOT_ID:
        return True
    return _names_bot(message, "text", "entities") or _names_bot(message, "caption", "caption_entities")


def _names_bot(message: JsonObject, text: str, entities: str) -> bool:
    return any(
        _means_bot(entity, utf16_slice(message[text], entity["offset"], entity["offset"] + entity["length"]))
        for entity in message.get(entities, ())
    )


def _means_bot(entity: JsonObject, stretch: str) -> bool:
    if entity["type"] == "bot_command":
        _, _, named = stretch.partition("@")
        return not named or named.lower() == BOT_USERNAME
    if entity["type"] == "mention":
        return stretch[1:].lower() == BOT_USERNAME
    return bool(entity["type"] == "text_mention" and entity["user"]["id"] == BOT_ID)
