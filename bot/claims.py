"""The claims: who delivers what of the outbox, and what came of it.

A claim is a lease on the due rows of one chat. They stay pending until the message is composed;
then those in it are noted as `sending`, and only from there on can a crash leave a doubt.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, column, exists, func, not_, or_, select, table, update

from bot.outbox import Batch, Claimed, State, outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.outbox import Outbox

    Delivered: TypeAlias = Callable[[Connection, Iterable[str], datetime], None]

LEASE = timedelta(minutes=5)
"""How long a claim holds: longer than composing and the slowest call to Telegram together."""

MOST_ROWS = 100
"""Rows that are claimed at once; no message has room for more."""

PROGRAM_ENDED = "program ended"
"""Why rows are uncertain that were being sent when their sender ended."""

_LOCK = 0x57656E78756E  # the advisory lock of those who claim on PostgreSQL
_FREE: dict[str, Any] = {"batch": None, "claimed": None, "claimant": None}

# Its own module moves the outbox's rows when a group moves, so it is not imported here.
_chats = table("chats", column("bot_id"), column("chat_id"), column("inactive_since"), column("paused"))
_of_chat = and_(_chats.c.bot_id == outbox.c.bot_id, _chats.c.chat_id == outbox.c.chat_id)
_closed = exists().where(_of_chat, or_(_chats.c.inactive_since.is_not(None), _chats.c.paused.is_(True)))
_subscriptions = table("subscriptions", column("bot_id"), column("id"), column("paused"))
_of_subscription = and_(
    _subscriptions.c.bot_id == outbox.c.bot_id, _subscriptions.c.id == outbox.c.subscription_id
)
# It waits as it does in a chat that is paused, and is told when the reader goes on.
held = exists().where(_of_subscription, _subscriptions.c.paused.is_(True))
"""Whether a row of the outbox belongs to a subscription that is paused."""


class Claims:
    """The claims on the outbox of one bot.

    Every method raises DatabaseError where the database cannot be used.

    Args:
        outbox: what is claimed.
        claimant: who claims. Two of one name must not be at work at once.
        delivered: is told, in the transaction that notes it, the subscription of each row that was sent.
        lease: how long a claim holds.
    """

    def __init__(
        self,
        outbox: Outbox,
        claimant: str,
        *,
        delivered: Delivered | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = outbox.database
        self._bot_id = outbox.bot_id
        self._clock = outbox.clock
        self._claimant = claimant
        self._delivered = delivered
        self._lease = lease

    async def claim(self, skip: Collection[int] = (), most: int = MOST_ROWS) -> Batch | None:
        """Claim what is due in the chat that has waited longest; None if nothing is due.

        A digest takes along what is uncertain of earlier ones. A claim of which nothing becomes ends
        by itself with the lease, and its rows are claimed again. Nobody else claims anything of the
        chat meanwhile.

        Args:
            skip: chats that must wait.
            most: rows to claim at the most.
        """
        now, key = self._clock(), secrets.token_hex(8)
        open_rows = self._open(now, skip)
        claimed = {"batch": key, "claimed": now, "claimant": self._claimant, "state": State.PENDING.value}

        def work(connection: Connection) -> Batch | None:
            if connection.dialect.name == "postgresql":
                # Two who claim at once would each find the other's rows free, and so share a chat.
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK ^ self._bot_id)))
            first = connection.execute(
                select(outbox).where(open_rows).order_by(outbox.c.due, outbox.c.id).limit(1)
            ).first()
            if first is None:
                return None
            chosen = (
                select(outbox.c.id)
                .where(self._together(first, now))
                .order_by(outbox.c.due, outbox.c.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(
                update(outbox).where(outbox.c.id.in_(chosen)).values(**claimed).returning(outbox)
            ).all()
            return _batch(key, rows) if rows else None

        return await self._database.write(work)

    async def begin(self, batch: Batch, ids: Collection[int], key: str | None = None) -> bool:
        """Note, before the call, that these rows of a batch are being sent, and release its others.

        False, and nothing has changed, if one of them is not there any more, or paused: it was taken
        back while the message was composed.

        Args:
            batch: what was claimed.
            ids: the rows that are in the message.
            key: the reply that is kept of the message.
        """
        mine = and_(_rows_of(batch), outbox.c.state == State.PENDING.value)
        there = select(outbox.c.id).where(mine, outbox.c.id.in_(ids), not_(held)).with_for_update()
        begun = {
            "state": State.SENDING.value,
            "claimed": self._clock(),
            "attempts": outbox.c.attempts + 1,
            "key": key,
        }

        def work(connection: Connection) -> bool:
            if len(connection.execute(there).all()) != len(ids):
                return False
            connection.execute(update(outbox).where(mine, outbox.c.id.in_(ids)).values(**begun))
            connection.execute(update(outbox).where(mine).values(**_FREE))
            return True

        return await self._database.write(work)

    async def sent(self, batch: Batch, message_id: int) -> None:
        """Note that what was begun has arrived as a message, even if it counts as uncertain meanwhile."""
        now = self._clock()
        begun = and_(_rows_of(batch), outbox.c.state.in_([State.SENDING.value, State.UNCERTAIN.value]))
        values = {"state": State.SENT.value, "settled": now, "message_id": message_id, "reason": None}
        told = update(outbox).where(begun).values(**values).returning(outbox.c.subscription_id)

        def work(connection: Connection) -> None:
            subscriptions = [each for each in connection.execute(told).scalars() if each is not None]
            if subscriptions and self._delivered is not None:
                self._delivered(connection, subscriptions, now)

        await self._database.write(work)

    async def nothing(self, batch: Batch, ids: Collection[int] | None = None) -> None:
        """Settle what is claimed as sent without a message: nothing is left to say of it.

        Args:
            batch: what was claimed.
            ids: the rows of it that this is about; all if they are not given.
        """
        if ids is not None:
            batch = replace(batch, rows=tuple(row for row in batch.rows if row.id in ids))
        values = {"state": State.SENT.value, "settled": self._clock(), "reason": None}
        await self._settle(batch, {State.PENDING}, values)

    async def later(self, batch: Batch, due: datetime | None = None, *, failed: bool = False) -> None:
        """Give back what surely has not arrived.

        Args:
            batch: what was claimed or begun.
            due: when it is due; as before if that is not given.
            failed: whether this counts as an attempt.
        """
        # What was uncertain before and has not been begun again may still have arrived under its key.
        key = case((outbox.c.state == State.PENDING.value, outbox.c.key), else_=None)
        values = {**_FREE, "state": State.PENDING.value, "key": key}
        if due is not None:
            values["due"] = due
        if failed:
            values["attempts"] = outbox.c.attempts + 1
        await self._settle(batch, {State.PENDING, State.SENDING}, values)

    async def uncertain(self, batch: Batch, reason: str) -> None:
        """Note that nobody can know whether what was begun has arrived."""
        values = {"state": State.UNCERTAIN.value, "settled": self._clock(), "reason": reason}
        await self._settle(batch, {State.SENDING}, values)

    async def dead(self, batch: Batch, reason: str) -> None:
        """Note that what was claimed or begun is refused for good."""
        values = {"state": State.DEAD.value, "settled": self._clock(), "reason": reason, "key": None}
        await self._settle(batch, {State.PENDING, State.SENDING}, values)

    async def recover(self, *, own: bool = False) -> int:
        """Settle as uncertain what nobody is sending any more, and return how many rows that is.

        Args:
            own: whether all claims of this name have ended too, because this run of it begins only now.
        """
        now = self._clock()
        ended = outbox.c.claimed <= now - self._lease
        if own:
            ended = or_(ended, outbox.c.claimant == self._claimant)
        values = {"state": State.UNCERTAIN.value, "settled": now, "reason": PROGRAM_ENDED}
        left = update(outbox).where(self._in(State.SENDING), ended).values(**values)
        composing = and_(self._in(State.PENDING), outbox.c.claimed.is_not(None))
        free = update(outbox).where(composing, ended).values(**_FREE)

        def work(connection: Connection) -> int:
            connection.execute(free)
            return connection.execute(left).rowcount

        return await self._database.write(work)

    def _in(self, state: State) -> ColumnElement[bool]:
        return and_(outbox.c.bot_id == self._bot_id, outbox.c.state == state.value)

    def _open(self, now: datetime, skip: Collection[int]) -> ColumnElement[bool]:
        """What is due where nothing else is claimed, and may be sent."""
        other = outbox.alias()
        being_told = exists().where(
            other.c.bot_id == outbox.c.bot_id,
            other.c.chat_id == outbox.c.chat_id,
            other.c.state.in_([State.PENDING.value, State.SENDING.value]),
            other.c.claimed > now - self._lease,
        )
        due = and_(self._in(State.PENDING), outbox.c.due <= now)
        return and_(due, outbox.c.chat_id.not_in(list(skip)), not_(being_told), not_(_closed), not_(held))

    def _together(self, first: Row[Any], now: datetime) -> ColumnElement[bool]:
        """What goes into one message with a row, or into several if it is too much."""
        # By itself SQLite would go through all that is due anywhere instead of through this chat's.
        state = outbox.c.state.concat("")
        due = and_(state == State.PENDING.value, outbox.c.due <= now)
        if first.digest:
            due = or_(due, state == State.UNCERTAIN.value)
        return and_(
            outbox.c.bot_id == first.bot_id,
            outbox.c.chat_id == first.chat_id,
            outbox.c.thread_id.is_not_distinct_from(first.thread_id),
            outbox.c.digest.is_(first.digest),
            *([] if first.digest else [outbox.c.kind == first.kind]),
            due,
            not_(held),
        )

    async def _settle(self, batch: Batch, states: Collection[State], values: dict[str, Any]) -> None:
        mine = and_(_rows_of(batch), outbox.c.state.in_([state.value for state in states]))
        statement = update(outbox).where(mine).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))


def _rows_of(batch: Batch) -> ColumnElement[bool]:
    """The rows of a batch, which may have moved to another chat meanwhile."""
    return and_(outbox.c.id.in_(batch.ids), outbox.c.batch == batch.key)


def _batch(key: str, rows: Collection[Row[Any]]) -> Batch:
    first = next(iter(rows))
    claimed = (Claimed.of(row, again=row.reason is not None) for row in rows)
    ordered = tuple(sorted(claimed, key=lambda row: (row.due, row.id)))
    return Batch(key, first.chat_id, first.thread_id, first.digest, ordered)
