"""The topics of a forum: their ids, and what a message in one carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.wire import JsonObject

GENERAL: Final = 1
"""The id of the topic that every forum has; messages in it carry no id, and none may be sent to it by id."""

COLOUR: Final = 0x6FB9F0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. Its id is that of the service message that opened it."""

    id: int
    name: str

    def as_json(self) -> JsonObject:
        """The topic as the page knows it."""
        return {"id": self.id, "name": self.name}


def in_topic(chat: Chat, thread_id: int | None) -> JsonObject:
    """The fields of a message in a topic; none outside of topics.

    A message that answers nothing else is, on Telegram, an answer to the message that opened its topic.
    """
    if thread_id is None or thread_id not in chat.topics:
        return {}
    fields: JsonObject = {"message_thread_id": thread_id, "is_topic_message": True}
    opening = chat.message(thread_id)
    return fields if opening is None else fields | {"reply_to_message": opening}


def thread_of(message: JsonObject | None) -> int | None:
    """The topic a message stands in; None outside of topics."""
    if message is None or not message.get("is_topic_message"):
        return None
    return int(message["message_thread_id"])
