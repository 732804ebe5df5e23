"""One chat: its messages, who is in it, and whether the bot may still write there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.local.people import BOT_ID
from bot.local.refusals import Refusal, forbidden, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.local.topics import Topic
    from bot.local.wire import JsonObject


@dataclass(slots=True)
class Chat:
    """A private chat or a group.

    `bot_status` is the bot's membership: `member`, `administrator`, `kicked` (a person blocked it, a
    group threw it out), `left`; a private chat nobody has begun is `stranger`. `deleted` is the
    account of a private chat, or the group.
    A message is never changed in place: an edit puts a new one where it was.
    """

    id: int
    shown: JsonObject
    bot_status: str = "stranger"
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, JsonObject] = field(default_factory=dict)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    people_reactions: dict[int, dict[int, str]] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    keyboard: JsonObject | None = None
    action: str | None = None
    draft: JsonObject | None = None
    migrated_to: int | None = None
    deleted: bool = False
    met: bool = False
    last_message_id: int = 0

    @property
    def kind(self) -> str:
        """Telegram's word for the kind of chat."""
        return str(self.shown["type"])

    @property
    def is_private(self) -> bool:
        """Whether only one person and the bot are in it."""
        return self.kind == "private"

    @property
    def is_forum(self) -> bool:
        """Whether the chat has topics."""
        return bool(self.shown.get("is_forum"))

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in the chat."""
        return self.bot_status in {"member", "administrator"}

    def reactions_to(self, message_id: int) -> list[str]:
        """Every reaction to a message, the bot's first."""
        return [*self.reactions.get(message_id, ()), *self.people_reactions.get(message_id, {}).values()]

    def check_known(self) -> None:
        """See that the bot may know of this chat.

        Raises:
            Refusal: it may not.
        """
        if self.bot_status == "stranger" and not self.met:
            refuse("chat not found")
        if self.deleted and self.kind == "supergroup":
            refuse("chat not found")
        if self.migrated_to is not None:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated_to,
            )

    def check_writable(self) -> None:
        """See that the bot may write here.

        Raises:
            Refusal: it may not.
        """
        self.check_known()
        if self.deleted:
            raise forbidden("user is deactivated" if self.is_private else "the group chat was deleted")
        if self.bot_status == "stranger":
            msg = "bot can't initiate conversation with a user"
            raise forbidden(msg)
        if self.bot_status == "kicked":
            private = "bot was blocked by the user"
            raise forbidden(private if self.is_private else f"bot was kicked from the {self.kind} chat")
        if self.bot_status == "left":
            msg = f"bot is not a member of the {self.kind} chat"
            raise forbidden(msg)

    def message(self, message_id: int) -> JsonObject | None:
        """The message with this id, as it is now."""
        return self.messages.get(message_id)

    def newest(self) -> Iterator[JsonObject]:
        """The messages, newest first."""
        return reversed(self.messages.values())

    def is_administrator(self, user_id: int) -> bool:
        """Whether somebody runs this group."""
        if user_id == BOT_ID and self.bot_status == "administrator":
            return True
        return self.members.get(user_id) in {"creator", "administrator"}
