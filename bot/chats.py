"""The chats' own settings, and what happens when a group becomes a supergroup."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BigInteger, Column, Integer, Table, Text, and_, delete, func, literal, select, update

from bot.follows import follows
from bot.replies import replies
from bot.upsert import upsert
from corpus.database import metadata
from retrieval.answer import MOST_EXCERPTS, Order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Row

    from corpus.database import Database

MAX_REMEMBERED = 4_096
"""Chats whose settings are in memory."""

_LANGUAGE_LENGTH = 16

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
)
_CHOICES = (chats.c.language, chats.c.zone, chats.c.excerpts, chats.c.sort_order, chats.c.askers)


_Kind = TypeVar("_Kind", bound=StrEnum)


class Askers(StrEnum):
    """Who may ask in a group."""

    EVERYONE = "everyone"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat has chosen; None where it leaves the choice to the bot."""

    language: str | None = None
    zone: str | None = None
    excerpts: int | None = None
    order: Order = Order.BEST
    askers: Askers = Askers.EVERYONE


class Choices(TypedDict, total=False):
    """Settings to change; None gives the choice back to the bot."""

    language: str | None
    zone: str | None
    excerpts: int | None
    order: Order | None
    askers: Askers | None


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
        statement = select(*_CHOICES).where(self._is(chat_id))
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
            .returning(*_CHOICES)
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
                    update(replies)
                    .where(replies.c.bot_id == self.bot_id, replies.c.chat_id == old)
                    .values(chat_id=new, message_id=None, question_message_id=None)
                )

                theirs = and_(follows.c.bot_id == self.bot_id, follows.c.chat_id == old)
                there = follows.alias()
                known = select(there.c.fingerprint).where(
                    there.c.bot_id == self.bot_id, there.c.chat_id == new
                )
                await connection.execute(delete(follows).where(theirs, follows.c.fingerprint.in_(known)))
                await connection.execute(update(follows).where(theirs).values(chat_id=new))

    def _is(self, chat_id: int) -> ColumnElement[bool]:
        return and_(chats.c.bot_id == self.bot_id, chats.c.chat_id == chat_id)


def _settings(row: Row[*tuple[Any, ...]]) -> ChatSettings:
    language, zone, excerpts, order, askers = row
    return ChatSettings(
        language,
        zone,
        excerpts,
        _member(Order, order) or Order.BEST,
        _member(Askers, askers) or Askers.EVERYONE,
    )


def _member(kind: type[_Kind], value: str | None) -> _Kind | None:
    """The member with a value; None where there is none: a chat must not be lost over what it once chose."""
    return next((member for member in kind if member.value == value), None)


def _checked(choices: Choices) -> dict[str, str | int | None]:
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
    columns: dict[str, str | int | None] = {}
    for name, value in choices.items():
        columns["sort_order" if name == "order" else name] = cast("str | int | None", value)
    return columns
