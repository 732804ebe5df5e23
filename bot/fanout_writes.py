"""What the fan-out writes in the transaction that publishes a generation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, not_, or_, select, tuple_, update

from bot import outbox as outboxes
from bot.outbox import State, outbox
from bot.subscription import subscriptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.outbox import Notice
    from bot.selection import Growth
    from bot.subscription import Key

_AT_ONCE = 500
# What one process wrote may become visible after what another wrote later.
_OVERLAP = timedelta(minutes=10)


class FanoutWrites:
    """The rows of the outbox that change with a generation, and how far subscriptions have been matched.

    Args:
        notices: new rows, by their bots.
        grown: rows that say more now.
        stale: the numbers of rows that are dropped.
        now: when the rows are made.
    """

    def __init__(
        self,
        notices: Mapping[int, Sequence[Notice]],
        grown: Sequence[Growth],
        stale: Sequence[int],
        now: datetime,
    ) -> None:
        self._notices = notices
        self._grown = grown
        self._stale = stale
        self._now = now
        self._seen: tuple[int, Mapping[Key, datetime]] | None = None
        self._dropped: list[dict[str, Any]] = []

    def seen(self, generation: int, known: Mapping[Key, datetime]) -> None:
        """Note, too, that a generation was matched for all that are known, as they were changed last."""
        self._seen = (generation, known)

    @property
    def notified(self) -> int:
        """How many notifications it makes."""
        return sum(map(len, self._notices.values()))

    def write(self, connection: Connection) -> None:
        """Write everything. Whatever is being sent meanwhile stays as it is."""
        self._dropped = []
        for some in _some(self._stale):
            gone = delete(outbox).where(outbox.c.id.in_(some), _pending()).returning(*outbox.c)
            self._dropped += [dict(row) for row in connection.execute(gone).mappings()]
        for growth in self._grown:
            payload = json.dumps(growth.payload, ensure_ascii=False, separators=(",", ":"))
            mine = (outbox.c.id == growth.row_id) & _pending()
            connection.execute(update(outbox).where(mine).values(payload=payload))
        for bot_id, notices in self._notices.items():
            outboxes.insert(connection, bot_id, notices, self._now)
        if self._seen is not None:
            _mark_seen(connection, *self._seen)

    def withdraw(self, connection: Connection) -> None:
        """Take back the rows that nobody has been sent, and put back those that were dropped."""
        for bot_id, notices in self._notices.items():
            for some in _some([notice.once for notice in notices]):
                mine = (outbox.c.bot_id == bot_id) & (outbox.c.created == self._now) & _pending()
                connection.execute(delete(outbox).where(mine, outbox.c.once.in_(some)))
        if self._dropped:
            connection.execute(insert(outbox), self._dropped)


def _mark_seen(connection: Connection, generation: int, known: Mapping[Key, datetime]) -> None:
    """Note that subscriptions were matched with a generation, except those made or changed meanwhile."""
    unmatched = select(subscriptions.c.bot_id, subscriptions.c.id, subscriptions.c.changed)
    if known:
        unmatched = unmatched.where(subscriptions.c.changed >= max(known.values()) - _OVERLAP)
    left = [
        (row.bot_id, row.id)
        for row in connection.execute(unmatched)
        if known.get((row.bot_id, row.id)) != row.changed
    ]
    behind = or_(subscriptions.c.seen.is_(None), subscriptions.c.seen < generation)
    statement = update(subscriptions).where(behind).values(seen=generation)
    if left:
        statement = statement.where(not_(tuple_(subscriptions.c.bot_id, subscriptions.c.id).in_(left)))
    connection.execute(statement)


def _pending() -> ColumnElement[bool]:
    return outbox.c.state == State.PENDING.value


def _some(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """A few at a time, as many as a statement takes."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
