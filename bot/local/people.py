"""The cast: who can talk to the bot in the local chat, and the bot itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.local.channels import DAILY, Channel

if TYPE_CHECKING:
    from bot.local.wire import JsonObject

READER_ID = 1001
ADMINISTRATOR_ID = 1002
SECOND_READER_ID = 1003
THIRD_READER_ID = 1004
GROUP_ID = -1001000002001
FORUM_ID = -1001000002002
SMALL_GROUP_ID = -4200042
BOT_ID = 8100200300
BOT_USERNAME = "wenxun_local_bot"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who talks to the bot.

    `language_code` is what their app tells the bot. Whoever hides forwards is named,
    but not known by id, where a message of theirs is forwarded.
    """

    id: int
    first_name: str
    username: str
    language_code: str
    hides_forwards: bool = False

    def as_user(self) -> JsonObject:
        """The person as the Bot API's User."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
        }

    def as_chat(self) -> JsonObject:
        """The person's private chat as the Bot API's Chat."""
        return {"id": self.id, "first_name": self.first_name, "username": self.username, "type": "private"}


@dataclass(frozen=True, slots=True)
class Group:
    """A chat of several people with the bot; a forum has topics."""

    id: int
    title: str
    kind: str = "supergroup"
    is_forum: bool = False

    def as_chat(self) -> JsonObject:
        """The group as the Bot API's Chat."""
        shown: JsonObject = {"id": self.id, "title": self.title, "type": self.kind}
        return shown | {"is_forum": True} if self.is_forum else shown


@dataclass(frozen=True, slots=True)
class Cast:
    """The people, groups and channel that are always there."""

    reader: Person = Person(READER_ID, "林晓", "linxiao", "zh-hans")
    administrator: Person = Person(ADMINISTRATOR_ID, "陈主编", "chen_editor", "zh-hans")
    second_reader: Person = Person(SECOND_READER_ID, "Alice", "alice_reads", "en", hides_forwards=True)
    third_reader: Person = Person(THIRD_READER_ID, "怡君", "yijun_reads", "zh-hant")
    group: Group = Group(GROUP_ID, "早报讨论群 · Newsroom")
    forum: Group = Group(FORUM_ID, "选题讨论区 · Desk", is_forum=True)
    small_group: Group = Group(SMALL_GROUP_ID, "值班小群 · Shift", "group")
    channel: Channel = DAILY

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order the page shows them."""
        return (self.reader, self.administrator, self.second_reader, self.third_reader)

    def person(self, person_id: int) -> Person:
        """The person with this id.

        Raises:
            KeyError: nobody has it.
        """
        for person in self.people:
            if person.id == person_id:
                return person
        raise KeyError(person_id)


@dataclass(slots=True)
class BotProfile:
    """What the bot says about itself, by language ("" is the default)."""

    names: dict[str, str] = field(default_factory=lambda: {"": "问讯 Wenxun"})
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)

    def as_user(self) -> JsonObject:
        """The bot as the Bot API's User."""
        return {"id": BOT_ID, "is_bot": True, "first_name": self.names[""], "username": BOT_USERNAME}

    def as_me(self) -> JsonObject:
        """The bot as `getMe` shows it."""
        return self.as_user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
