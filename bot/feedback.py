"""The feedback: what readers think of replies, one opinion of each reader on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    select,
)
from sqlalchemy.exc import IntegrityError

from bot.replies import replies
from bot.reply import plain_key
from bot.upsert import upsert
from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from corpus.database import Database

MAX_REASON = 500
"""Characters kept of a reason."""

feedback = Table(
    "feedback",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
    Column("reason", Text),
    Column("given", UtcDateTime, nullable=False),
    # An opinion is nothing without what it is about, and goes with it.
    ForeignKeyConstraint(["bot_id", "key"], [replies.c.bot_id, replies.c.key], ondelete="CASCADE"),
)
Index(None, feedback.c.bot_id, feedback.c.user_id)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader thinks of a reply: `value` is 1 or -1."""

    value: int
    reason: str | None
    given: datetime


class Feedback:
    """The opinions of one bot's readers in the database.

    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock

    async def give(self, key: str, user_id: int, value: int, reason: str | None = None) -> bool:
        """Keep an opinion in the place of an earlier one; False if the reply has expired.

        Of the reason the first `MAX_REASON` characters are kept.

        Raises:
            ValueError: the value is neither 1 nor -1.
        """
        if value not in {1, -1}:
            msg = "an opinion is 1 or -1"
            raise ValueError(msg)
        opinion = {"value": value, "reason": _writable(reason), "given": self._clock()}
        statement = (
            upsert(self._database, feedback)
            .values(bot_id=self._bot_id, key=plain_key(key), user_id=user_id, **opinion)
            .on_conflict_do_update(
                index_elements=[feedback.c.bot_id, feedback.c.key, feedback.c.user_id], set_=opinion
            )
        )
        try:
            async with self._database.transaction() as connection:
                await connection.execute(statement)
        except IntegrityError:  # of the foreign key: all else is settled above
            return False
        return True

    async def of(self, key: str, user_id: int) -> Opinion | None:
        """What a reader thinks of a reply, if that was said."""
        statement = select(feedback.c.value, feedback.c.reason, feedback.c.given).where(
            self._is(key, user_id)
        )
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else Opinion(row.value, row.reason, row.given)

    async def take_back(self, key: str, user_id: int) -> bool:
        """Forget an opinion; False if there was none."""
        async with self._database.transaction() as connection:
            result = await connection.execute(delete(feedback).where(self._is(key, user_id)))
        return result.rowcount > 0

    def _is(self, key: str, user_id: int) -> ColumnElement[bool]:
        return and_(
            feedback.c.bot_id == self._bot_id, feedback.c.key == plain_key(key), feedback.c.user_id == user_id
        )


def _writable(text: str | None) -> str | None:
    """A text that both databases take: without NUL and halves of surrogate pairs, and not too long."""
    if text is None:
        return None
    return "".join(c for c in text if c.isprintable() or c == "\n")[:MAX_REASON].strip() or None
