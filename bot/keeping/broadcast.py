"""Broadcasts: what an administrator tells all chats, or those that follow a topic, through the outbox.

A draft is kept until it is sent. Sending adds a notice for each chat, some at a time; the outbox
takes each chat once, so a broadcast that was cut off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    union,
    update,
)

from bot.chats import chats
from bot.outbox import Kind, Notice, State, outbox
from bot.replies import replies
from bot.reply import new_key, plain_key
from bot.subscription import subscriptions
from corpus.database import UtcDateTime, metadata
from retrieval.topics import topic_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.outbox import Outbox

KEPT: Final = timedelta(days=90)
"""How long a broadcast is kept, sent or not: as long as the outbox keeps what became of it."""

_AT_ONCE = 500

# Who wrote it is in a column of its own: what everybody was told is not theirs to forget.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("author", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("topic", Text),  # None for everybody
    Column("created", UtcDateTime, nullable=False),
    Column("sent", UtcDateTime),
    Column("chats", Integer),
    Column("entry", BigInteger),
)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast.

    `topic` is the topic whose followers it is for, None for everybody. `sent` is when it was given
    to the outbox, if it was, for so many `chats`; `entry` is the entry of the audit about that.
    """

    key: str
    author: int
    text: str
    topic: str | None
    created: datetime
    sent: datetime | None
    chats: int | None
    entry: int | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A topic with how many chats follow it; `mark` is short enough for a button."""

    name: str
    chats: int

    @property
    def mark(self) -> str:
        """Eight characters that stand for the topic."""
        return hashlib.sha256(topic_key(self.name).encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Broadcasts:
    """The broadcasts of one bot.

    Every method raises DatabaseError where the database cannot be used.

    Args:
        outbox: what takes them along.
        admits: whether a chat may use the bot at all.
    """

    def __init__(self, outbox: Outbox, admits: Callable[[int, int], Awaitable[bool]]) -> None:
        self._outbox = outbox
        self._database = outbox.database
        self._bot_id = outbox.bot_id
        self._admits = admits

    async def draft(self, author: int, text: str) -> Broadcast:
        """Keep a text that is to be sent to everybody, unless something else is chosen."""
        now = self._outbox.clock()
        row = {
            "bot_id": self._bot_id,
            "key": new_key(),
            "author": author,
            "text": text,
            "created": now,
        }
        old = and_(broadcasts.c.bot_id == self._bot_id, broadcasts.c.created < now - KEPT)
        statement = insert(broadcasts).values(row).returning(broadcasts)

        def write(connection: Connection) -> Row[Any]:
            connection.execute(delete(broadcasts).where(old))
            return connection.execute(statement).one()

        return _read(await self._database.write(write))

    async def get(self, key: str) -> Broadcast | None:
        """A broadcast by its key, if it is there."""
        statement = select(broadcasts).where(self._is(key))
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _read(row)

    async def aim(self, key: str, topic: str | None) -> Broadcast | None:
        """Choose whom a draft is for: who follows a topic, or everybody; None if it was sent or is gone."""
        statement = (
            update(broadcasts)
            .where(self._is(key), broadcasts.c.sent.is_(None))
            .values(topic=topic)
            .returning(broadcasts)
        )
        row = await self._database.write(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _read(row)

    async def discard(self, key: str) -> bool:
        """Forget a draft; returns whether it was one, and not sent."""
        statement = delete(broadcasts).where(self._is(key), broadcasts.c.sent.is_(None))
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def followed(self) -> tuple[Followed, ...]:
        """The topics that are followed, the most followed first."""
        rows = await self._followers()
        names: dict[str, str] = {}
        pairs: set[tuple[str, int]] = set()
        for chat_id, _, topic in rows:
            if await self._admits(chat_id, chat_id):
                names.setdefault(topic_key(topic), topic)
                pairs.add((topic_key(topic), chat_id))
        counts = Counter(key for key, _ in sorted(pairs))
        return tuple(Followed(names[key], count) for key, count in counts.most_common())

    async def places(self, topic: str | None) -> dict[int, int | None]:
        """The chats that hear of it, each with its forum topic: of a topic, where it is followed.

        Chats that the bot has lost, and those that have paused everything, are left out.
        """
        if topic is None:
            found: dict[int, int | None] = dict.fromkeys(await self._everybody())
        else:
            wanted = topic_key(topic)
            found = {}
            for chat_id, thread_id, name in await self._followers():
                if topic_key(name) == wanted:
                    found.setdefault(chat_id, thread_id)
        return {chat_id: thread for chat_id, thread in found.items() if await self._admits(chat_id, chat_id)}

    async def send(self, broadcast: Broadcast) -> int:
        """Give it to the outbox; returns for how many chats. Who has it already does not get it again."""
        now = self._outbox.clock()
        places = list((await self.places(broadcast.topic)).items())
        for start in range(0, len(places), _AT_ONCE):
            await self._outbox.add(
                [
                    Notice(
                        chat_id=chat_id,
                        thread_id=thread_id,
                        kind=Kind.NOTICE,
                        once=_once(broadcast.key),
                        payload={"text": broadcast.text},
                        due=now,
                    )
                    for chat_id, thread_id in places[start : start + _AT_ONCE]
                ]
            )
        return len(places)

    async def note_sent(self, key: str, count: int, entry: int) -> None:
        """Note that the outbox has it, for so many chats, under an entry of the audit."""
        values = {"sent": self._outbox.clock(), "chats": count, "entry": entry}
        statement = update(broadcasts).where(self._is(key)).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))

    async def progress(self, key: str) -> Mapping[State, int]:
        """How many chats are in which state."""
        mine = self._rows(key)
        statement = select(outbox.c.state, func.count()).where(mine).group_by(outbox.c.state)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {State(state): count for state, count in rows}

    async def stop(self, key: str) -> int:
        """Take back what nobody has been sent yet; returns how many chats that are."""
        waiting = and_(self._rows(key), outbox.c.state == State.PENDING.value)
        statement = delete(outbox).where(waiting)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    async def _everybody(self) -> list[int]:
        """The chats of which anything is kept: they have asked, follow something or have chosen something."""
        known = union(
            *(
                select(table.c.chat_id).where(table.c.bot_id == self._bot_id)
                for table in (replies, subscriptions, chats)
            )
        ).subquery()
        statement = (
            select(known.c.chat_id).where(not_(self._closed(known.c.chat_id))).order_by(known.c.chat_id)
        )
        return await self._database.read(
            lambda connection: list(connection.execute(statement).scalars().all())
        )

    async def _followers(self) -> list[tuple[int, int | None, str]]:
        columns = (subscriptions.c.chat_id, subscriptions.c.thread_id, subscriptions.c.topic)
        statement = (
            select(*columns)
            .where(
                subscriptions.c.bot_id == self._bot_id,
                subscriptions.c.topic.is_not(None),
                subscriptions.c.paused.is_(False),
                not_(self._closed(subscriptions.c.chat_id)),
            )
            .order_by(subscriptions.c.created, subscriptions.c.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [(row.chat_id, row.thread_id, row.topic) for row in rows]

    def _closed(self, chat_id: ColumnElement[int]) -> ColumnElement[bool]:
        shut = or_(chats.c.inactive_since.is_not(None), chats.c.paused.is_(True))
        mine = and_(chats.c.bot_id == self._bot_id, chats.c.chat_id == chat_id, shut)
        return select(chats.c.chat_id).where(mine).exists()

    def _is(self, key: str) -> ColumnElement[bool]:
        return and_(broadcasts.c.bot_id == self._bot_id, broadcasts.c.key == plain_key(key))

    def _rows(self, key: str) -> ColumnElement[bool]:
        return and_(outbox.c.bot_id == self._bot_id, outbox.c.once == _once(key))


def _once(key: str) -> str:
    return f"broadcast:{key}"


def _read(row: Row[Any]) -> Broadcast:
    return Broadcast(row.key, row.author, row.text, row.topic, row.created, row.sent, row.chats, row.entry)
