"""The chats: what they have chosen, which are away, and what happens when a group becomes a supergroup."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    literal,
    select,
    update,
)

from bot.keeping.drafts import drafts
from bot.outbox import migrate as move_outbox
from bot.replies import replies
from bot.schedule import Quiet
from bot.subscription import migrate as move_subscriptions
from bot.upsert import upsert
from corpus.database import UtcDateTime, metadata
from retrieval.answer import MOST_EXCERPTS, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from corpus.database import Database

MAX_REMEMBERED = 4_096
"""Chats whose settings are in memory."""

_LANGUAGE_LENGTH = 16
_READ_AT_ONCE = 500

chats = Table(
    "chats",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    # What is empty was never chosen, so that a default may change and two rows can be merged.
    Column("language", Text),
    Column("zone", Text),
    Column("excerpts", Integer),
    Column("sort_order", Text),
    Column("askers", Text),
    # Minutes of the chat's day; both or neither.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("corrections", Boolean),
    Column("paused", Boolean),
    # The bot cannot reach it since then, and why.
    Column("inactive_since", UtcDateTime),
    Column("inactive_reason", Text),
)
_away = chats.c.inactive_since.is_not(None)
Index(None, chats.c.inactive_since, sqlite_where=_away, postgresql_where=_away)

_OWN = (chats.c.bot_id, chats.c.chat_id)
_SETTINGS = tuple(column for column in chats.c if column not in _OWN)
# That one chat is away says nothing of the one it became.
_CHOICES = tuple(each for each in _SETTINGS if not each.name.startswith("inactive_"))


_Kind = TypeVar("_Kind", bound=StrEnum)


class Askers(StrEnum):
    """Who may ask in a group."""

    EVERYONE = "everyone"
    ADMINS = "admins"


class Inactivity(StrEnum):
    """Why the bot cannot reach a chat."""

    BLOCKED = "blocked"  # by the reader
    KICKED = "kicked"  # out of the group
    DELETED = "deleted"  # the reader's account
    LOST = "lost"  # Telegram does not know the chat any more


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat has chosen, None where it leaves the choice to the bot, and since when it is away.

    `corrections` is whether it wants to hear that what it was told has changed; `paused` whether
    it wants to hear nothing unasked for now; `inactive_since` when the bot lost it, if it did.
    """

    language: str | None = None
    zone: str | None = None
    excerpts: int | None = None
    order: Order = Order.BEST
    askers: Askers = Askers.EVERYONE
    quiet: Quiet | None = None
    corrections: bool = True
    paused: bool = False
    inactive_since: datetime | None = None
    inactive_reason: Inactivity | None = None


class Choices(TypedDict, total=False):
    """Settings to change; None gives the choice back to the bot."""

    language: str | None
    zone: str | None
    excerpts: int | None
    order: Order | None
    askers: Askers | None
    quiet: Quiet | None
    corrections: bool | None
    paused: bool | None
    inactive_since: datetime | None
    inactive_reason: Inactivity | None


class Chats:
    """The chats of one bot in the database.

    Settings are needed for every update, so they are remembered; a bot is one process, and nobody
    else changes them.
    """

    def __init__(self, database: Database, bot_id: int) -> None:
        self.database = database
        self.bot_id = bot_id
        self._remembered: dict[int, ChatSettings] = {}
        self._changes = 0

    async def settings(self, chat_id: int) -> ChatSettings:
        """What a chat has chosen; the defaults where it is not known.

        Raises:
            DatabaseError: the database cannot be read.
        """
        if (remembered := self._remembered.get(chat_id)) is not None:
            return remembered
        changes = self._changes
        statement = select(*_SETTINGS).where(self._is(chat_id))
        row = await self.database.read(lambda connection: connection.execute(statement).one_or_none())
        settings = _settings(row) if row is not None else ChatSettings()
        if changes == self._changes:  # or this may be what was before
            if len(self._remembered) >= MAX_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[chat_id] = settings
        return settings

    async def change(self, chat_id: int, **choices: Unpack[Choices]) -> ChatSettings:
        """Change what is named, leave the rest, and return what the chat has chosen then.

        Raises:
            ValueError: a value that no chat may choose.
            DatabaseError: the database cannot be written.
        """
        values = _checked(choices)
        if not values:
            return await self.settings(chat_id)
        statement = (
            upsert(self.database, chats)
            .values(bot_id=self.bot_id, chat_id=chat_id, **values)
            .on_conflict_do_update(index_elements=[chats.c.bot_id, chats.c.chat_id], set_=values)
            .returning(*_SETTINGS)
        )
        with self.changing(chat_id):
            async with self.database.transaction() as connection:
                row = (await connection.execute(statement)).one()
        return _settings(row)

    @contextmanager
    def changing(self, *chat_ids: int) -> Iterator[None]:
        """Look the settings of chats up again once the block has changed them, however it ends."""
        try:
            yield
        finally:
            self._changes += 1
            for chat_id in chat_ids:
                self._remembered.pop(chat_id, None)

    async def migrate(self, old: int, new: int) -> None:
        """Give everything of a group to the supergroup it became. What that has already chosen stays.

        A supergroup numbers its messages anew, so the numbers of the old ones are forgotten;
        they would soon be those of others.

        Raises:
            DatabaseError: the database cannot be written; nothing has changed.
        """
        if old == new:
            return
        with self.changing(old, new):
            async with self.database.transaction() as connection:
                taken = select(chats.c.bot_id, literal(new, BigInteger), *_CHOICES).where(self._is(old))
                statement = upsert(self.database, chats).from_select(
                    ["bot_id", "chat_id", *(column.name for column in _CHOICES)], taken
                )
                merged = {
                    column.name: func.coalesce(column, statement.excluded[column.name]) for column in _CHOICES
                }
                await connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=[chats.c.bot_id, chats.c.chat_id], set_=merged
                    )
                )
                await connection.execute(delete(chats).where(self._is(old)))

                await connection.execute(
                    update(drafts)
                    .where(drafts.c.bot_id == self.bot_id, drafts.c.chat_id == old)
                    .values(chat_id=new, prompt=None)
                )

                await connection.execute(
                    update(replies)
                    .where(replies.c.bot_id == self.bot_id, replies.c.chat_id == old)
                    .values(chat_id=new, message_id=None, question_message_id=None)
                )

                # In the order in which a sender takes both, or the two could wait for each other.
                await connection.run_sync(move_outbox, self.bot_id, old, new)
                await connection.run_sync(move_subscriptions, self.bot_id, old, new)

    async def inactive_before(self, moment: datetime, reason: Inactivity | None = None) -> tuple[int, ...]:
        """The chats that the bot has lost before a moment and not found again, the longest lost first.

        Args:
            moment: aware.
            reason: why it lost them, if only those are wanted.

        Raises:
            DatabaseError: the database cannot be read.
        """
        lost = and_(chats.c.bot_id == self.bot_id, chats.c.inactive_since < moment)
        if reason is not None:
            lost = and_(lost, chats.c.inactive_reason == reason.value)
        statement = select(chats.c.chat_id).where(lost).order_by(chats.c.inactive_since)
        return tuple(
            await self.database.read(lambda connection: connection.execute(statement).scalars().all())
        )

    def _is(self, chat_id: int) -> ColumnElement[bool]:
        return and_(chats.c.bot_id == self.bot_id, chats.c.chat_id == chat_id)


def load_settings(connection: Connection, bot_id: int, chat_ids: Iterable[int]) -> dict[int, ChatSettings]:
    """What chats have chosen, as it is in the database now; those that chose nothing are not in it."""
    found: dict[int, ChatSettings] = {}
    wanted = sorted(set(chat_ids))
    for start in range(0, len(wanted), _READ_AT_ONCE):
        some = chats.c.chat_id.in_(wanted[start : start + _READ_AT_ONCE])
        statement = select(chats.c.chat_id, *_SETTINGS).where(chats.c.bot_id == bot_id, some)
        found |= {row.chat_id: _settings(row) for row in connection.execute(statement)}
    return found


def _settings(row: Row[Any]) -> ChatSettings:
    return ChatSettings(
        language=row.language,
        zone=row.zone,
        excerpts=row.excerpts,
        order=_member(Order, row.sort_order) or Order.BEST,
        askers=_member(Askers, row.askers) or Askers.EVERYONE,
        quiet=_quiet(row.quiet_from, row.quiet_until),
        corrections=row.corrections is not False,
        paused=row.paused is True,
        inactive_since=row.inactive_since,
        inactive_reason=_member(Inactivity, row.inactive_reason),
    )


def _quiet(start: int | None, end: int | None) -> Quiet | None:
    """The quiet hours; none where they make no sense: a chat must not be lost over what it once chose."""
    if start is None or end is None:
        return None
    try:
        return Quiet(start, end)
    except ValueError:
        return None


def _member(kind: type[_Kind], value: str | None) -> _Kind | None:
    """The member with a value; None where there is none: a chat must not be lost over what it once chose."""
    return next((member for member in kind if member.value == value), None)


def _checked(choices: Choices) -> dict[str, Any]:
    """The columns to write, of values that may be: a pressed button can be forged."""
    language, zone, excerpts = choices.get("language"), choices.get("zone"), choices.get("excerpts")
    if language is not None and not (0 < len(language) <= _LANGUAGE_LENGTH and language.isprintable()):
        msg = "no language has such a name"
        raise ValueError(msg)
    if excerpts is not None and not 1 <= excerpts <= MOST_EXCERPTS:
        msg = f"an answer has 1 to {MOST_EXCERPTS} excerpts"
        raise ValueError(msg)
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            msg = "there is no such time zone"
            raise ValueError(msg) from None
    columns: dict[str, Any] = {}
    for name, value in choices.items():
        columns["sort_order" if name == "order" else name] = value
    if "quiet" in choices:
        del columns["quiet"]
        quiet = choices["quiet"]
        columns |= {
            "quiet_from": quiet and quiet.start,
            "quiet_until": quiet and quiet.end,
        }
    return columns
