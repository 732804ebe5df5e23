"""The outbox: what is to be told to which chat, and what has become of it.

docs/delivery.md has the states and what leads from one to the next; tests/crash/test_delivery.py
proves that nothing is lost and nothing told twice that is not listed as uncertain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Row

    from corpus.database import Database

KEPT = timedelta(days=90)
"""How long a settled row is kept: as long as a reply."""

_PURGED_AT_ONCE = 500

outbox = Table(
    "outbox",
    metadata,
    Column("bot_id", BigInteger, nullable=False),
    # SQLite numbers rows by itself only where the column is called INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("kind", Text, nullable=False),
    Column("subscription_id", Text),
    Column("document_id", Text),
    Column("passage_id", Text),
    Column("once", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),  # how often a call was begun
    Column("batch", Text),  # rows of one message share it
    Column("claimed", UtcDateTime),
    Column("claimant", Text),
    Column("settled", UtcDateTime),
    Column("message_id", BigInteger),
    Column("key", Text),  # the reply that is kept of the message which it became, or may have become
    Column("reason", Text),  # why it is uncertain or dead; on a pending row: it was uncertain before
    UniqueConstraint("bot_id", "chat_id", "once"),
)
Index(None, outbox.c.state, outbox.c.due)
Index(None, outbox.c.bot_id, outbox.c.chat_id, outbox.c.state)
Index(None, outbox.c.bot_id, outbox.c.chat_id, outbox.c.message_id)
Index(None, outbox.c.bot_id, outbox.c.subscription_id)
Index(None, outbox.c.bot_id, outbox.c.key)


class Kind(StrEnum):
    """What a row tells."""

    NEWS = "news"
    CORRECTION = "correction"
    NOTICE = "notice"


class State(StrEnum):
    """What has become of a row."""

    PENDING = "pending"
    """It surely was not sent (or was uncertain and is to be sent again)."""
    SENDING = "sending"
    """The call may be under way."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """Nobody can know whether it arrived."""
    DEAD = "dead"
    """Telegram refuses it for good."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a chat. `once` names it: a chat is told the same thing once.

    `due` is the earliest moment (aware), `digest` whether it waits to be told together with others.
    """

    chat_id: int
    thread_id: int | None
    kind: Kind
    once: str
    payload: dict[str, Any]
    due: datetime
    silent: bool = False
    digest: bool = False
    subscription_id: str | None = None
    document_id: str | None = None
    passage_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row of a batch; `again` if the chat may have it already."""

    id: int
    kind: Kind
    once: str
    payload: dict[str, Any] = field(hash=False)
    subscription_id: str | None
    document_id: str | None
    passage_id: str | None
    silent: bool
    due: datetime
    created: datetime
    attempts: int
    again: bool

    @classmethod
    def of(cls, row: Row[Any], *, again: bool) -> Self:
        """What a row of the outbox holds."""
        return cls(
            id=row.id,
            kind=Kind(row.kind),
            once=row.once,
            payload=json.loads(row.payload),
            subscription_id=row.subscription_id,
            document_id=row.document_id,
            passage_id=row.passage_id,
            silent=row.silent,
            due=row.due,
            created=row.created,
            attempts=row.attempts,
            again=again,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """What one chat is to be told now, the longest due first: one kind of thing, or all of a digest.

    Nobody else has anything of the chat while the claim holds. `key` names the claim.
    """

    key: str
    chat_id: int
    thread_id: int | None
    digest: bool
    rows: tuple[Claimed, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of all rows."""
        return tuple(row.id for row in self.rows)


def insert(connection: Connection, bot_id: int, notices: Iterable[Notice], created: datetime) -> int:
    """Add, in a transaction, what the chats have not been told yet, and return how much that is."""
    rows = [
        {
            "bot_id": bot_id,
            "chat_id": notice.chat_id,
            "thread_id": notice.thread_id,
            "kind": notice.kind.value,
            "subscription_id": notice.subscription_id,
            "document_id": notice.document_id,
            "passage_id": notice.passage_id,
            "once": notice.once,
            "payload": json.dumps(notice.payload, ensure_ascii=False, separators=(",", ":")),
            "state": State.PENDING.value,
            "silent": notice.silent,
            "digest": notice.digest,
            "due": notice.due,
            "created": created,
            "attempts": 0,
        }
        for notice in notices
    ]
    if not rows:
        return 0
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(outbox)
        .on_conflict_do_nothing(index_elements=[outbox.c.bot_id, outbox.c.chat_id, outbox.c.once])
        .returning(outbox.c.id)
    )
    return len(connection.execute(statement, rows).all())


def migrate(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """Give the rows of a group to the supergroup it became; what that has already stays.

    A supergroup numbers its messages anew, so the numbers of the old ones are forgotten.
    """
    theirs = and_(outbox.c.bot_id == bot_id, outbox.c.chat_id == old)
    there = outbox.alias()
    known = select(there.c.once).where(there.c.bot_id == bot_id, there.c.chat_id == new)
    connection.execute(delete(outbox).where(theirs, outbox.c.once.in_(known)))
    connection.execute(update(outbox).where(theirs).values(chat_id=new, message_id=None))


class Outbox:
    """The outbox of one bot in the database; `bot/claims.py` has what those who deliver do with it.

    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.bot_id = bot_id
        self.clock = clock

    async def add(self, notices: Sequence[Notice]) -> int:
        """Add what the chats have not been told yet, and return how much that is."""
        now = self.clock()
        return await self.database.write(lambda connection: insert(connection, self.bot_id, notices, now))

    async def of_message(self, chat_id: int, message_id: int) -> frozenset[str]:
        """The subscriptions that a message of the bot's tells of."""
        statement = select(outbox.c.subscription_id).where(
            outbox.c.bot_id == self.bot_id,
            outbox.c.chat_id == chat_id,
            outbox.c.message_id == message_id,
            outbox.c.subscription_id.is_not(None),
        )
        return await self.database.read(
            lambda connection: frozenset(connection.execute(statement).scalars().all())
        )

    async def purge(self) -> int:
        """Forget what was settled long ago, of any bot, in short transactions; return how much that was."""
        old = outbox.c.settled < self.clock() - KEPT
        done = outbox.c.state.in_([State.SENT, State.UNCERTAIN, State.DEAD])
        some = select(outbox.c.id).where(done, old).limit(_PURGED_AT_ONCE)
        statement = delete(outbox).where(outbox.c.id.in_(some), done, old)
        total = 0
        while True:
            count = await self.database.write(lambda connection: connection.execute(statement).rowcount)
            total += count
            if count < _PURGED_AT_ONCE:
                return total
