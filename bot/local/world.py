"""Everything the local Telegram knows: the cast, their chats, the bot, what waits for it."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.local.changes import Changes
from bot.local.chats import Chat
from bot.local.commands import CommandMenu
from bot.local.faults import Faults
from bot.local.files import FileShelf
from bot.local.floods import Floods
from bot.local.inline_cache import InlineCache
from bot.local.people import BOT_ID, BotProfile, Cast, Group, Person
from bot.local.privacy import bot_sees
from bot.local.queries import Queries
from bot.local.refusals import refuse
from bot.local.topics import COLOUR, GENERAL, Topic
from bot.local.updates import UpdateQueue

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.local.wire import JsonObject, Parameters

_CALLS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, for the log: what it wanted and what it was answered.

    `code` is the HTTP status, 0 where no answer was given; `result` is what the
    method returned, None where it was refused.
    """

    method: str
    parameters: JsonObject
    at: datetime
    code: int
    description: str
    result: object


class World:
    """The state behind the Bot API and the page. It changes only on the event loop, between awaits."""

    def __init__(self, *, clock: Callable[[], datetime], floods: bool) -> None:
        self.clock = clock
        self.session = secrets.token_hex(8)
        self.cast = Cast()
        self.bot = BotProfile()
        self.menu = CommandMenu()
        self.changes = Changes()
        self.updates = UpdateQueue(first_id=100_000_000 + secrets.randbelow(800_000_000))
        self.callbacks = Queries(clock)
        self.inlines = Queries(clock)
        self.inline_cache = InlineCache(clock)
        self.files = FileShelf()
        self.faults = Faults()
        self.floods = Floods(clock, enabled=floods)
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self.chats: dict[int, Chat] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self._last_common_id = 0
        for person in self.cast.people:
            self.chats[person.id] = Chat(person.id, person.as_chat())
        self.open_group(self.cast.group)
        forum = self.open_group(self.cast.forum, self.cast.second_reader.id)
        forum.last_message_id = GENERAL
        for name in ("国内要闻 · Domestic", "科技 · Science"):
            self.open_topic(forum, self.cast.administrator, name)
        self.open_group(self.cast.small_group, self.cast.reader.id)

    def open_group(self, group: Group, *administrators: int) -> Chat:
        """A group of the whole cast with the bot in it; others than its creator may run it too."""
        chat = Chat(group.id, group.as_chat(), bot_status="member")
        chat.members = {person.id: "member" for person in self.cast.people}
        chat.members |= dict.fromkeys(administrators, "administrator")
        chat.members[self.cast.administrator.id] = "creator"
        self.chats[group.id] = chat
        self.changes.tell("chat", chat_id=chat.id)
        return chat

    def open_topic(self, chat: Chat, person: Person, name: str) -> JsonObject:
        """Open a topic in a forum; returns the service message, whose id is the topic's."""
        topic = Topic(chat.last_message_id + 1, name)
        chat.topics[topic.id] = topic
        created: JsonObject = {"name": name, "icon_color": COLOUR}
        place: JsonObject = {"message_thread_id": topic.id, "is_topic_message": True}
        self.changes.tell(
            "topics", chat_id=chat.id, topics=[topic.as_json() for topic in chat.topics.values()]
        )
        return self.post(chat, person.as_user(), {"forum_topic_created": created} | place)

    def chat_named(self, parameters: Parameters, name: str = "chat_id") -> Chat:
        """The chat a call is about.

        Raises:
            Refusal: the bot knows no such chat.
        """
        if not parameters.has(name):
            refuse(f"{name} is empty")
        chat = self.chats.get(parameters.integer(name))
        if chat is None:
            refuse("chat not found")
        chat.check_known()
        return chat

    def note(self, call: Call) -> None:
        """Write a call into the log."""
        self.calls.append(call)
        self.changes.wake()

    def timestamp(self) -> int:
        """Now, as Telegram writes dates."""
        return int(self.clock().timestamp())

    def post(self, chat: Chat, sender: JsonObject, content: JsonObject) -> JsonObject:
        """Put a new message into a chat and tell everybody who watches."""
        message: JsonObject = {
            "message_id": self._next_message_id(chat),
            "from": sender,
            "chat": chat.shown,
            "date": self.timestamp(),
            **content,
        }
        chat.messages[message["message_id"]] = message
        chat.action = None
        if sender["id"] == BOT_ID:
            chat.draft = None
        self.changes.tell("message", chat_id=chat.id, message=message)
        return message

    def post_by_person(self, chat: Chat, person: Person, content: JsonObject) -> JsonObject:
        """Put a person's message into a chat, and give it to the bot if it may see it."""
        chat.met = True
        if chat.is_private:
            chat.bot_status = "member"
        elif (own := self.chats.get(person.id)) is not None:
            own.met = True
        message = self.post(chat, person.as_user(), content)
        self.give("message", chat, message)
        return message

    def give(self, kind: str, chat: Chat, message: JsonObject) -> None:
        """Queue a message for the bot, if it is in the chat and may see it."""
        if chat.has_bot and (chat.is_administrator(BOT_ID) or bot_sees(message)):
            self.updates.put(kind, message)

    def replace(self, chat: Chat, message: JsonObject) -> JsonObject:
        """Put a changed message where it was."""
        chat.messages[message["message_id"]] = message
        self.changes.tell("edited", chat_id=chat.id, message=message)
        return message

    def remove(self, chat: Chat, message_id: int) -> None:
        """Take a message away."""
        del chat.messages[message_id]
        chat.reactions.pop(message_id, None)
        chat.people_reactions.pop(message_id, None)
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        self.changes.tell("deleted", chat_id=chat.id, message_id=message_id)

    def quoted(self, chat: Chat, message_id: int) -> JsonObject | None:
        """A message as it stands inside an answer to it: without what it answered itself."""
        message = chat.message(message_id)
        if message is None:
            return None
        return {name: value for name, value in message.items() if name != "reply_to_message"}

    def is_own(self, message: JsonObject) -> bool:
        """Whether the bot wrote a message itself."""
        return bool(message["from"]["id"] == BOT_ID)

    def _next_message_id(self, chat: Chat) -> int:
        """Supergroups count for themselves; all other chats of the bot share one count."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_common_id += 1
        return self._last_common_id
