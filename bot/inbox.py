"""The inbox: every update is in the database before Telegram is told that it arrived.

The library fetches a batch of updates, puts each into its queue, and only then moves the
offset that lets Telegram forget them. `InboxQueue.put` returns when the update is committed,
so an update that Telegram forgot is always here. What is not marked done is handled again at
the next start; what Telegram sends again vanishes on the primary key. The proof is
tests/crash/test_inbox.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from telegram import Update
from telegram.error import TelegramError

from bot.incidents import record_incident
from corpus.database import UtcDateTime, metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from telegram import Bot

    from corpus.database import Database

MAX_OPEN = 1000
"""Updates in memory; while there are more, none is fetched, and Telegram keeps the rest."""

# Telegram keeps an unconfirmed update for a day, and may start its numbers anew after a week.
IDS_KEPT = timedelta(days=2)
_STRANGERS_KEPT = timedelta(days=7)
_PAGE = 200

_LOG = logging.getLogger(__name__)

updates = Table(
    "updates",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", Text),  # the update as JSON; none any more once it is done
    Column("received", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),  # how often it was begun again after a start
    Column("done", UtcDateTime),
)
_waiting = updates.c.done.is_(None)
Index(None, updates.c.done, sqlite_where=_waiting, postgresql_where=_waiting)


class InboxError(TelegramError):
    """An update could not be kept. The library then waits and fetches it again, as after a network error."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An update of an earlier run that is not done; `attempts` tells how often a start has begun it again."""

    update_id: int
    payload: str
    attempts: int


class Inbox:
    """The updates of one bot in the database."""

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock

    async def keep(self, received: Update) -> bool:
        """Commit an update; False if it was here already.

        Raises:
            DatabaseError: the database cannot be written.
        """
        row = {
            "bot_id": self._bot_id,
            "update_id": received.update_id,
            "payload": received.to_json(),
            "received": self._clock(),
            "attempts": 0,
        }
        try:
            await self._database.write(lambda connection: connection.execute(insert(updates), row))
        except IntegrityError:
            return False
        return True

    async def unfinished(self, after: int = -1) -> list[Kept]:
        """The first updates with an id above `after` that are not done, in order; empty at the end."""
        statement = (
            select(updates.c.update_id, updates.c.payload, updates.c.attempts)
            .where(updates.c.bot_id == self._bot_id, _waiting, updates.c.update_id > after)
            .order_by(updates.c.update_id)
            .limit(_PAGE)
        )
        async with self._database.connection() as connection:
            rows = await connection.execute(statement)
        return [Kept(row.update_id, row.payload or "{}", row.attempts) for row in rows]

    async def begin_again(self, update_id: int) -> None:
        """Count one more attempt, before it is made: it may be what ends the process."""
        await self._change(update_id, attempts=updates.c.attempts + 1)

    async def finish(self, update_id: int) -> None:
        """Mark an update as done and forget what was in it."""
        await self._change(update_id, done=self._clock(), payload=None)

    async def purge(self) -> None:
        """Forget the ids of updates done long ago, and whatever is left of another bot's."""
        now = self._clock()
        forgotten = or_(
            updates.c.done < now - IDS_KEPT,
            and_(updates.c.bot_id != self._bot_id, updates.c.received < now - _STRANGERS_KEPT),
        )
        async with self._database.transaction() as connection:
            await connection.execute(delete(updates).where(forgotten))

    async def _change(self, update_id: int, **values: object) -> None:
        mine = and_(updates.c.bot_id == self._bot_id, updates.c.update_id == update_id)
        statement = update(updates).where(mine).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))


class InboxQueue(asyncio.Queue[object]):
    """The library's queue of updates, which keeps each one before it takes it.

    `attempts` has, for the updates of an earlier run only, how often each was begun again.
    """

    def __init__(self, inbox: Inbox, max_open: int = MAX_OPEN) -> None:
        super().__init__()
        self.attempts: dict[int, int] = {}
        self._inbox = inbox
        self._max_open = max_open
        self._open = 0
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, item: object) -> None:
        """Keep an update and queue it; one that is here already is dropped.

        Raises:
            InboxError: it cannot be kept; nothing was queued.
        """
        if not isinstance(item, Update):  # the library's own signal to stop
            await self._enqueue(item)
            return
        await self._room.wait()
        try:
            new = await self._inbox.keep(item)
        except Exception as error:
            # Anything else than the library's own error would end its polling without a word.
            msg = f"An update could not be kept: {type(error).__name__}"
            raise InboxError(msg) from error
        if new:
            await self._enqueue(item)

    async def replay(self, bot: Bot) -> int:
        """Queue what earlier runs left undone, oldest first, and return how many there were."""
        count, last = 0, -1
        while kept := await self._inbox.unfinished(last):
            for one in kept:
                await self._room.wait()
                if (update := await self._read(one, bot)) is not None:
                    self.attempts[one.update_id] = one.attempts
                    await self._enqueue(update)
            count, last = count + len(kept), kept[-1].update_id
        return count

    def task_done(self) -> None:
        """One taken from the queue is through."""
        self._open -= 1
        if self._open < self._max_open:
            self._room.set()
        super().task_done()

    async def _read(self, kept: Kept, bot: Bot) -> Update | None:
        """The update that was kept. One that cannot be read must not keep the bot from starting."""
        try:
            return Update.de_json(json.loads(kept.payload), bot)
        except Exception as error:  # noqa: BLE001 - whatever the library makes of what it wrote itself
            record_incident(error, "an update of an earlier run cannot be read and is dropped")
            await self._inbox.finish(kept.update_id)
            return None

    async def _enqueue(self, item: object) -> None:
        self._open += 1
        if self._open >= self._max_open:
            self._room.clear()
        await super().put(item)
