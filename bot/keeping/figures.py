"""The figures of each day: counts that hold nothing of anybody and so outlive what a reader has forgotten."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Table, Text, and_, delete, distinct, func, select

from bot.keeping.answering_times import bucket_of
from bot.replies import replies
from bot.reply import ReplyKind
from bot.subscription import subscriptions
from bot.upsert import upsert
from corpus.database import metadata
from corpus.errors import DatabaseError
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection, Select

    from bot.feedback import Opinion
    from corpus.database import Database

KEPT = timedelta(days=731)
"""How long a day's figures are kept."""

_TIME_PREFIX = "time:"

_LOG = logging.getLogger(__name__)

daily_figures = Table(
    "daily_figures",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Text, primary_key=True),  # ISO 8601, where the bot's day is
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)


class Figure(StrEnum):
    """What is counted, under the name it has in the database."""

    ANSWERED = "answered"
    RELATED = "related"
    NOTHING = "nothing"
    READERS = "readers"  # who asked that day
    LIKED = "liked"
    DISLIKED = "disliked"
    DELIVERIES = "deliveries"  # excerpts told to those who follow something
    SUBSCRIPTIONS = "subscriptions"  # at the day's end, or so far


_VERDICTS = {
    Verdict.ANSWERED: Figure.ANSWERED,
    Verdict.RELATED: Figure.RELATED,
    Verdict.NOTHING: Figure.NOTHING,
}


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day. `times` counts answers by the bucket of the time that they took."""

    day: date
    counts: Mapping[Figure, int] = field(default_factory=dict)
    times: Mapping[int, int] = field(default_factory=dict)

    def count(self, *figures: Figure) -> int:
        """A figure, or the sum of several; 0 where nothing was counted, never less."""
        return sum(max(0, self.counts.get(figure, 0)) for figure in figures)

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return self.count(*_VERDICTS.values())


@dataclass(frozen=True, slots=True)
class Following:
    """How much is followed now: subscriptions, in how many chats, and how many of them are paused."""

    subscriptions: int
    chats: int
    paused: int


class Figures:
    """The figures of one bot.

    Methods that only read raise DatabaseError where the database cannot be used. Those that
    count do not: a figure that is missing must cost nobody an answer.

    Args:
        database: where they are.
        bot_id: whose.
        zone: where a day begins.
        clock: the time, aware.
    """

    def __init__(
        self, database: Database, bot_id: int, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._zone = zone
        self._clock = clock

    @property
    def today(self) -> date:
        """The day that is counted now."""
        return self._clock().astimezone(self._zone).date()

    async def note_answer(self, key: str, user_id: int, verdict: Verdict, seconds: float) -> None:
        """Count a question that was answered in a new message.

        Args:
            key: the reply that is kept of it.
            user_id: who asked. It is only looked up whether they asked before on that day.
            verdict: what the answer claims about itself.
            seconds: from the question's turn until the answer was sent.
        """
        first = self._first_reply_of_day(user_id)
        counted = {_VERDICTS[verdict].value: 1, f"{_TIME_PREFIX}{bucket_of(seconds * 1000)}": 1}

        def work(connection: Connection) -> None:
            new = {Figure.READERS.value: 1} if connection.scalar(first) == key else {}
            self._add(connection, self.today, counted | new)

        await self._unless_broken(work)

    async def note_opinion(self, value: int, earlier: Opinion | None) -> None:
        """Count 👍 (1), 👎 (-1) or that an opinion was taken back (0), in the place of an earlier one."""
        if earlier is not None and earlier.value == value:
            return

        def work(connection: Connection) -> None:
            if earlier is not None:
                given = earlier.given.astimezone(self._zone).date()
                self._add(connection, given, {_opinion(earlier.value): -1})
            if value:
                self._add(connection, self.today, {_opinion(value): 1})

        await self._unless_broken(work)

    def note_delivered(self, connection: Connection, count: int) -> None:
        """Count what was told to those who follow something, in the transaction that notes it.

        Raises:
            DatabaseError: the database cannot be written.
        """
        self._add(connection, self.today, {Figure.DELIVERIES.value: count})

    async def take_stock(self) -> int:
        """Write down how many subscriptions there are today, and return the number.

        Raises:
            DatabaseError: the database cannot be written.
        """
        mine = select(func.count()).select_from(subscriptions).where(subscriptions.c.bot_id == self._bot_id)

        def work(connection: Connection) -> int:
            count: int = connection.execute(mine).scalar_one()
            row = self._row(self.today, Figure.SUBSCRIPTIONS.value, count)
            statement = upsert(self._database, daily_figures).values(row)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=list(daily_figures.primary_key), set_={"value": count}
                )
            )
            return count

        return await self._database.write(work)

    async def of(self, days: int) -> tuple[Day, ...]:
        """The figures of the last days, today's at the end; a day without any is there, too."""
        last = self.today
        first = last - timedelta(days=days - 1)
        statement = select(daily_figures).where(
            daily_figures.c.bot_id == self._bot_id,
            daily_figures.c.day.between(first.isoformat(), last.isoformat()),
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        counts: dict[str, dict[Figure, int]] = defaultdict(dict)
        times: dict[str, dict[int, int]] = defaultdict(dict)
        for row in rows:
            if row.name in frozenset(Figure):
                counts[row.day][Figure(row.name)] = row.value
            elif row.name.startswith(_TIME_PREFIX):
                times[row.day][int(row.name.removeprefix(_TIME_PREFIX))] = row.value
        every = [first + timedelta(days=each) for each in range(days)]
        return tuple(
            Day(day, counts.get(day.isoformat(), {}), times.get(day.isoformat(), {})) for day in every
        )

    async def readers(self, days: int) -> int:
        """How many different readers asked in the last days, without those who are forgotten."""
        since = self._beginning(self.today - timedelta(days=days - 1))
        statement = select(func.count(distinct(replies.c.user_id))).where(
            replies.c.bot_id == self._bot_id,
            replies.c.kind == ReplyKind.ASKED.value,
            replies.c.created >= since,
        )
        return await self._database.read(lambda connection: connection.execute(statement).scalar_one())

    async def following(self) -> Following:
        """How much is followed now."""
        table = subscriptions.c
        statement = select(
            func.count(), func.count(distinct(table.chat_id)), func.count().filter(table.paused)
        ).where(table.bot_id == self._bot_id)
        row = await self._database.read(lambda connection: connection.execute(statement).one())
        return Following(*row)

    async def purge(self) -> int:
        """Remove what is older than `KEPT`, of any bot; returns how many figures that was.

        Raises:
            DatabaseError: the database cannot be written.
        """
        statement = delete(daily_figures).where(daily_figures.c.day < (self.today - KEPT).isoformat())
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    def _first_reply_of_day(self, user_id: int) -> Select[Any]:
        begins = self._beginning(self.today)
        mine = and_(
            replies.c.bot_id == self._bot_id,
            replies.c.user_id == user_id,
            replies.c.kind == ReplyKind.ASKED.value,
            replies.c.created >= begins,
        )
        return select(replies.c.key).where(mine).order_by(replies.c.created, replies.c.key).limit(1)

    def _beginning(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)

    def _add(self, connection: Connection, day: date, counted: Mapping[str, int]) -> None:
        rows = [self._row(day, name, value) for name, value in sorted(counted.items())]
        statement = upsert(self._database, daily_figures).values(rows)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(daily_figures.primary_key),
                set_={"value": daily_figures.c.value + statement.excluded.value},
            )
        )

    def _row(self, day: date, name: str, value: int) -> dict[str, object]:
        return {"bot_id": self._bot_id, "day": day.isoformat(), "name": name, "value": value}

    async def _unless_broken(self, work: Callable[[Connection], None]) -> None:
        try:
            await self._database.write(work)
        except DatabaseError as error:
            _LOG.warning("a figure of the day was not counted (%s)", error)


def _opinion(value: int) -> str:
    return (Figure.LIKED if value > 0 else Figure.DISLIKED).value
