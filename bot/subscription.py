"""A subscription: a question or a topic that a chat follows, as it is kept, and how a load finds them all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

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

from bot.errors import UnreadableInquiry
from bot.inquiry import Inquiry
from bot.schedule import Cadence, Schedule
from corpus.database import UtcDateTime, metadata
from retrieval.breadth import Breadth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from corpus.database import Database

Key: TypeAlias = tuple[int, str]
"""What is one subscription among those of all bots: the bot's number and the subscription's id."""

# What one process wrote may become visible after what another wrote later.
_OVERLAP = timedelta(minutes=10)

_LOG = logging.getLogger(__name__)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False),
    Column("locale", Text, nullable=False),
    Column("name", Text),
    Column("topic", Text),
    Column("fingerprint", Text, nullable=False),
    Column("inquiry", Text, nullable=False),
    Column("breadth", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("minute", Integer),
    Column("weekday", Integer),
    Column("silent", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Column("seen", Integer),
    Column("delivered", Integer, nullable=False),
    Column("last_delivered", UtcDateTime),
    UniqueConstraint("bot_id", "chat_id", "fingerprint"),
)
Index(None, subscriptions.c.bot_id, subscriptions.c.user_id)
Index(None, subscriptions.c.changed)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a chat follows, who wanted that, and how they want to hear of it.

    `id` is made like the key of a reply. `thread_id` is the forum topic that it was made in, and
    `locale` the words to write in where the chat has chosen none. `topic` is the name of a topic
    of the corpus, if one is followed. What was published up to the generation `seen` is no news to
    it. `delivered` counts the passages that were sent.
    """

    id: str
    chat_id: int
    thread_id: int | None
    user_id: int
    locale: str
    name: str | None
    topic: str | None
    inquiry: Inquiry
    breadth: Breadth
    schedule: Schedule
    silent: bool
    paused: bool
    created: datetime
    changed: datetime
    seen: int | None = None
    delivered: int = 0
    last_delivered: datetime | None = None

    @property
    def title(self) -> str:
        """What it is called: its name, or else its topic, what was asked, or what that was confined to."""
        scope = self.inquiry.scope
        confined = " ".join((*scope.phrases, *scope.sources))
        return self.name or self.topic or self.inquiry.said or confined


class Wishes(TypedDict, total=False):
    """What is wanted of a subscription; what is not named stays, or is as nobody chose it."""

    name: str | None
    topic: str | None
    breadth: Breadth
    schedule: Schedule
    silent: bool
    paused: bool
    seen: int | None


class Changes(Wishes, total=False):
    """What can be changed of a subscription. With a new question and no topic, none is followed any more."""

    inquiry: Inquiry


@dataclass(frozen=True, slots=True)
class Roster:
    """The subscriptions of all bots as a load needs them.

    Attributes:
        changed: those that were made or changed since, and can be read.
        present: all that there are; what is not among them was removed.
        until: when the last change was made, to ask from next time; None if there are none.
    """

    changed: Mapping[Key, Subscription]
    present: frozenset[Key]
    until: datetime | None


async def load_subscriptions(database: Database, since: datetime | None = None) -> Roster:
    """The subscriptions of all bots in a database that were made or changed since a moment.

    Some that were changed shortly before are given once more.

    Raises:
        DatabaseError: the database cannot be read.
    """
    rows, present = await database.read(lambda connection: _read_roster(connection, since))
    # A hundred thousand questions take seconds to read, and others must not wait for that.
    changed = await asyncio.to_thread(_readable, rows)
    latest = max((row.changed for row in rows), default=None)
    until = latest if since is None or (latest is not None and latest > since) else since
    return Roster({(row.bot_id, found.id): found for row, found in changed}, present, until)


def fingerprint_of(inquiry: Inquiry, topic: str | None = None) -> str:
    """What is the same for the same question: not when it was asked, nor how its answers are shown.

    A followed topic is the same in any case, whatever question stands for it.
    """
    if topic is not None:
        return _hash({"topic": _plain(topic)})
    content: dict[str, Any] = json.loads(inquiry.to_json())
    for name in ("v", "asked", "order", "excerpts", "title"):
        content.pop(name, None)
    content["said"] = _plain(inquiry.said)
    return _hash(content)


def migrate(connection: Connection, bot_id: int, old: int, new: int) -> None:
    """Give the subscriptions of a group to the supergroup it became; what that follows already stays."""
    theirs = and_(subscriptions.c.bot_id == bot_id, subscriptions.c.chat_id == old)
    there = subscriptions.alias()
    known = select(there.c.fingerprint).where(there.c.bot_id == bot_id, there.c.chat_id == new)
    connection.execute(delete(subscriptions).where(theirs, subscriptions.c.fingerprint.in_(known)))
    connection.execute(update(subscriptions).where(theirs).values(chat_id=new))


def read_subscription(row: Row[Any]) -> Subscription:
    """The subscription of a row of the table.

    Raises:
        UnreadableInquiry: a newer version wrote it, or something spoiled it.
    """
    try:
        breadth = Breadth(row.breadth)
        schedule = Schedule(Cadence(row.cadence), row.minute, row.weekday)
    except ValueError as error:
        msg = f"A stored subscription cannot be read ({error})."
        raise UnreadableInquiry(msg) from None
    return Subscription(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        user_id=row.user_id,
        locale=row.locale,
        name=row.name,
        topic=row.topic,
        inquiry=Inquiry.from_json(row.inquiry),
        breadth=breadth,
        schedule=schedule,
        silent=row.silent,
        paused=row.paused,
        created=row.created,
        changed=row.changed,
        seen=row.seen,
        delivered=row.delivered,
        last_delivered=row.last_delivered,
    )


def readable(rows: Iterable[Row[Any]]) -> tuple[Subscription, ...]:
    """The subscriptions of rows; those that cannot be read are passed over."""
    return tuple(found for _, found in _readable(rows))


def _readable(rows: Iterable[Row[Any]]) -> list[tuple[Row[Any], Subscription]]:
    found = []
    for row in rows:
        try:
            found.append((row, read_subscription(row)))
        except UnreadableInquiry as error:
            _LOG.warning("a subscription is passed over: %s", error)
    return found


def _read_roster(connection: Connection, since: datetime | None) -> tuple[Sequence[Row[Any]], frozenset[Key]]:
    statement = select(subscriptions)
    if since is not None:
        statement = statement.where(subscriptions.c.changed >= since - _OVERLAP)
    present = connection.execute(select(subscriptions.c.bot_id, subscriptions.c.id))
    keys = frozenset((bot_id, id_) for bot_id, id_ in present)
    return connection.execute(statement).all(), keys


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
