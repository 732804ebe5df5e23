"""The schedule: when a subscription's news are told, in a chat's own time zone and outside its quiet hours.

Everything here is pure: moments come in and go out aware, in UTC. A time of the day that does not
exist when clocks go forward is the first moment after the gap; one that comes twice when they go
back is the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
DAYS_A_WEEK = 7

IN_TIME = timedelta(minutes=30)
"""A digest that is sent this long after it was due was not held up by anything a reader must know of."""

_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


class Cadence(StrEnum):
    """How often what is new is told."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of a chat: minutes of its day, from `start` to before `end`, over midnight if need be.

    Raises:
        ValueError: a minute is not one of a day, or the hours begin when they end.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (_is_minute(self.start) and _is_minute(self.end)) or self.start == self.end:
            msg = f"quiet hours are from one minute of a day (0 to {MINUTES_A_DAY - 1}) to another one"
            raise ValueError(msg)

    def ends_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours end that a moment falls in, in UTC; None if it falls in none."""
        today = moment.astimezone(zone).date()
        wraps = timedelta(days=self.end < self.start)
        for day in (today - timedelta(days=1), today):
            end = at_minute(day + wraps, self.end, zone)
            if at_minute(day, self.start, zone) <= moment < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often and when a subscription is told of.

    `minute` is one of the chat's day, for daily and weekly ones; `weekday` is for weekly ones, 0 is Monday.

    Raises:
        ValueError: what the cadence needs is missing or out of range, or there is more than that.
    """

    cadence: Cadence
    minute: int | None = None
    weekday: int | None = None

    def __post_init__(self) -> None:
        timed = self.cadence in {Cadence.DAILY, Cadence.WEEKLY}
        good = _is_minute(self.minute) if timed else self.minute is None
        if self.cadence is Cadence.WEEKLY:
            good = good and self.weekday is not None and 0 <= self.weekday < DAYS_A_WEEK
        else:
            good = good and self.weekday is None
        if not good:
            msg = f"{self.cadence} does not go with minute {self.minute} and weekday {self.weekday}"
            raise ValueError(msg)

    @property
    def is_digest(self) -> bool:
        """Whether what is new is gathered into one message."""
        return self.cadence is not Cadence.AT_ONCE

    def next_due(self, after: datetime, zone: ZoneInfo, quiet: Quiet | None) -> datetime:
        """When something that is known at a moment is to be told, in UTC.

        At once means at that moment, everything else the next time after it; what falls into
        the quiet hours is put off to their end.

        Args:
            after: the moment.
            zone: the chat's.
            quiet: its quiet hours, if it has any.
        """
        match self.cadence:
            case Cadence.AT_ONCE:
                due = after.astimezone(UTC)
            case Cadence.HOURLY:
                due = _next_hour(after, zone)
            case _:
                due = self._next_day(after, zone)
        ends = quiet.ends_after(due, zone) if quiet is not None else None
        return ends or due

    def _next_day(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The next time after a moment that it is the minute, on the weekday if there is one."""
        day = after.astimezone(zone).date()
        while True:
            if self.weekday is None or day.weekday() == self.weekday:
                due = at_minute(day, self.minute or 0, zone)
                if due > after:
                    return due
            day += timedelta(days=1)


def at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment of a minute of a day in a zone, in UTC."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # The clock jumps over it. It stands for a moment after the jump and, `fold` says, for one before.
    before, offset = wall.replace(fold=1).astimezone(UTC), moment.astimezone(zone).utcoffset()
    while moment - before > _SECOND:
        middle = before + (moment - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            moment = middle
        else:
            before = middle
    return moment.replace(microsecond=0)


def lateness(due: datetime, now: datetime) -> timedelta | None:
    """How late a digest is that is sent now; None up to `IN_TIME` after it was due, which is in time."""
    late = now - due
    return late if late > IN_TIME else None


def _next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    """The next full hour of a zone's clock, some of which are half an hour apart from others."""
    wall = after.astimezone(zone)
    gone = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    return after.astimezone(UTC) + _HOUR - gone


def _is_minute(value: int | None) -> bool:
    return value is not None and 0 <= value < MINUTES_A_DAY


DAILY = Schedule(Cadence.DAILY, 9 * 60)
"""What a subscription gets that nobody chose anything for."""
