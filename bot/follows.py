"""The follows: questions that a chat wants to hear of again."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    func,
    select,
)

from bot.errors import TooManyFollows, UnreadableInquiry
from bot.inquiry import Inquiry
from bot.reply import Where, new_key, plain_key
from bot.upsert import upsert
from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from corpus.database import Database

MAX_FOLLOWS = 50
"""Questions that one chat may follow."""

_LOG = logging.getLogger(__name__)

follows = Table(
    "follows",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("inquiry", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    UniqueConstraint("bot_id", "chat_id", "fingerprint"),
)
Index(None, follows.c.bot_id, follows.c.user_id)


@dataclass(frozen=True, slots=True)
class Follow:
    """A question that a chat follows, and who wanted that; `id` is made like the key of a reply."""

    id: str
    chat_id: int
    thread_id: int | None
    user_id: int
    inquiry: Inquiry
    created: datetime


class Follows:
    """The follows of one bot in the database.

    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock

    async def add(self, where: Where, inquiry: Inquiry) -> Follow:
        """Follow a question, once in a chat: if it does already, nothing changes and that is returned.

        Raises:
            TooManyFollows: the chat follows `MAX_FOLLOWS` questions.
        """
        fingerprint = fingerprint_of(inquiry)
        mine = self._in(where.chat_id)
        statement = (
            upsert(self._database, follows)
            .values(
                bot_id=self._bot_id,
                id=new_key(),
                chat_id=where.chat_id,
                thread_id=where.thread_id,
                user_id=where.user_id,
                fingerprint=fingerprint,
                inquiry=inquiry.to_json(),
                created=self._clock(),
            )
            # A second press at the same time.
            .on_conflict_do_nothing(
                index_elements=[follows.c.bot_id, follows.c.chat_id, follows.c.fingerprint]
            )
        )
        same = select(follows).where(mine, follows.c.fingerprint == fingerprint)
        async with self._database.transaction() as connection:
            row = (await connection.execute(same)).one_or_none()
            if row is None:
                count = select(func.count()).select_from(follows).where(mine)
                if (await connection.execute(count)).scalar_one() >= MAX_FOLLOWS:
                    raise TooManyFollows(MAX_FOLLOWS)
                await connection.execute(statement)
                row = (await connection.execute(same)).one()
        return _follow(row, inquiry)

    async def of(self, chat_id: int, inquiry: Inquiry) -> Follow | None:
        """The follow of a question in a chat, if it follows it."""
        same = and_(self._in(chat_id), follows.c.fingerprint == fingerprint_of(inquiry))
        statement = select(follows).where(same)
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _follow(row, inquiry)

    async def of_chat(self, chat_id: int) -> tuple[Follow, ...]:
        """What a chat follows, oldest first."""
        statement = select(follows).where(self._in(chat_id)).order_by(follows.c.created, follows.c.id)
        async with self._database.connection() as connection:
            rows = (await connection.execute(statement)).all()
        found = []
        for row in rows:
            try:
                found.append(_follow(row, Inquiry.from_json(row.inquiry)))
            except UnreadableInquiry as error:
                _LOG.warning("a followed question is passed over: %s", error)
        return tuple(found)

    async def remove(self, chat_id: int, id: str) -> bool:  # noqa: A002 - named like the field it means
        """Follow a question no more; False if the chat did not."""
        mine = and_(self._in(chat_id), follows.c.id == plain_key(id))
        async with self._database.transaction() as connection:
            result = await connection.execute(delete(follows).where(mine))
        return result.rowcount > 0

    async def count(self, chat_id: int) -> int:
        """How many questions a chat follows."""
        statement = select(func.count()).select_from(follows).where(self._in(chat_id))
        async with self._database.connection() as connection:
            return (await connection.execute(statement)).scalar_one()

    def _in(self, chat_id: int) -> ColumnElement[bool]:
        return and_(follows.c.bot_id == self._bot_id, follows.c.chat_id == chat_id)


def fingerprint_of(inquiry: Inquiry) -> str:
    """What is the same for the same question: not when it was asked, nor how its answers are shown."""
    content: dict[str, Any] = json.loads(inquiry.to_json())
    for name in ("v", "asked", "order", "excerpts", "title"):
        content.pop(name, None)
    content["said"] = " ".join(inquiry.said.casefold().split())
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _follow(row: Row[Any], inquiry: Inquiry) -> Follow:
    return Follow(row.id, row.chat_id, row.thread_id, row.user_id, inquiry, row.created)
