"""The backlog: what the operator must know of the outbox, and decides about what nobody else can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, insert, not_, or_, select, update

from bot.chats import chats
from bot.claims import held
from bot.outbox import Kind, State, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Connection

    from bot.outbox import Outbox

OFTEN: Final = 5
"""Attempts after which a row counts as stuck."""

_DISCARDED = "discarded"
_ALERT = "alert:"
_TROUBLED = (State.UNCERTAIN.value, State.DEAD.value)


@dataclass(frozen=True, slots=True)
class Overview:
    """How an outbox stands.

    `counts` has how many rows are in each state, `oldest` since when one is due that may be sent,
    `stuck` how many were tried in vain `OFTEN` times or more.
    """

    counts: Mapping[State, int]
    oldest: datetime | None
    stuck: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message that is uncertain or dead: how many rows of which kinds it has, since when, and why."""

    key: str
    state: State
    chat_id: int
    rows: int
    kinds: tuple[Kind, ...]
    since: datetime
    reason: str


class Backlog:
    """The outbox of one bot as its operators see it.

    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._database = outbox.database
        self._bot_id = outbox.bot_id
        self._clock = outbox.clock

    async def overview(self) -> Overview:
        """How the outbox stands."""
        now, mine = self._clock(), outbox.c.bot_id == self._bot_id
        by_state = select(outbox.c.state, func.count()).where(mine).group_by(outbox.c.state)
        pending = and_(mine, outbox.c.state == State.PENDING.value)
        open_rows = and_(pending, outbox.c.chat_id.not_in(self._closed()), not_(held))
        oldest = select(func.min(outbox.c.due)).where(open_rows, outbox.c.due <= now)
        stuck = select(func.count()).select_from(outbox).where(open_rows, outbox.c.attempts >= OFTEN)

        def work(connection: Connection) -> Overview:
            counts = {State(state): count for state, count in connection.execute(by_state)}
            return Overview(
                counts, connection.execute(oldest).scalar_one(), connection.execute(stuck).scalar_one()
            )

        return await self._database.read(work)

    async def doubtful(self, limit: int, offset: int = 0) -> tuple[list[Doubtful], int]:
        """The messages that are uncertain or dead, the newest first, and how many there are in all."""
        troubled = and_(outbox.c.bot_id == self._bot_id, outbox.c.state.in_(_TROUBLED))
        messages = (
            select(
                outbox.c.batch,
                outbox.c.state,
                outbox.c.chat_id,
                func.count().label("rows"),
                func.min(outbox.c.kind).label("first"),
                func.max(outbox.c.kind).label("last"),
                func.max(outbox.c.settled).label("since"),
                func.max(outbox.c.reason).label("reason"),
            )
            .where(troubled, outbox.c.batch.is_not(None))
            .group_by(outbox.c.batch, outbox.c.state, outbox.c.chat_id)
        )
        total = select(func.count()).select_from(messages.subquery())
        page = (
            messages.order_by(func.max(outbox.c.settled).desc(), outbox.c.batch).limit(limit).offset(offset)
        )

        def work(connection: Connection) -> tuple[list[Doubtful], int]:
            found = [
                Doubtful(
                    key=row.batch,
                    state=State(row.state),
                    chat_id=row.chat_id,
                    rows=row.rows,
                    kinds=tuple(dict.fromkeys((Kind(row.first), Kind(row.last)))),
                    since=row.since,
                    reason=row.reason or "",
                )
                for row in connection.execute(page)
            ]
            return found, connection.execute(total).scalar_one()

        return await self._database.read(work)

    async def retry(self, key: str | None = None) -> int:
        """Have a message sent again, or all that are uncertain or dead; return how many rows that are.

        What was uncertain says that the chat may have it already.
        """
        now = self._clock()
        values: dict[str, Any] = {
            "state": State.PENDING.value,
            "due": now,
            "attempts": 0,
            "batch": None,
            "claimed": None,
            "claimant": None,
            "settled": None,
            "reason": case((outbox.c.state == State.UNCERTAIN.value, outbox.c.reason), else_=None),
        }
        return await self._change(key, values)

    async def discard(self, key: str | None = None) -> int:
        """Leave a message at that, or all that are uncertain or dead; return how many rows that are."""
        values = {"state": State.SENT.value, "settled": self._clock(), "reason": _DISCARDED}
        return await self._change(key, values)

    async def may_alert(self, chat_id: int, pause: timedelta) -> bool:
        """Whether an administrator was not alerted within a pause; from now on it counts as done.

        It is noted in the outbox itself, so that it holds after a restart and for other processes.
        """
        now = self._clock()
        alerts = and_(
            outbox.c.bot_id == self._bot_id,
            outbox.c.chat_id == chat_id,
            outbox.c.kind == Kind.NOTICE.value,
            outbox.c.once.startswith(_ALERT, autoescape=True),
        )
        last = select(func.max(outbox.c.created)).where(alerts)
        row = {
            "bot_id": self._bot_id,
            "chat_id": chat_id,
            "kind": Kind.NOTICE.value,
            "once": f"{_ALERT}{now.isoformat()}",
            "payload": "{}",
            "state": State.SENT.value,
            "silent": False,
            "digest": False,
            "due": now,
            "created": now,
            "settled": now,
            "attempts": 0,
        }

        def work(connection: Connection) -> bool:
            before = connection.execute(last).scalar_one()
            if before is not None and now - before < pause:
                return False
            connection.execute(insert(outbox), row)
            return True

        return await self._database.write(work)

    async def _change(self, key: str | None, values: dict[str, Any]) -> int:
        chosen = and_(outbox.c.bot_id == self._bot_id, outbox.c.state.in_(_TROUBLED))
        if key is not None:
            chosen = and_(chosen, outbox.c.batch == key)
        statement = update(outbox).where(chosen).values(**values)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    def _closed(self) -> Any:  # noqa: ANN401 - a statement of one column, whose type says nothing more
        closed: ColumnElement[bool] = or_(chats.c.inactive_since.is_not(None), chats.c.paused.is_(True))
        return select(chats.c.chat_id).where(chats.c.bot_id == self._bot_id, closed)
