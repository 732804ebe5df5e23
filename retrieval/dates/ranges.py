"""Ranges of days: what every date expression comes to, and the arithmetic of calendars."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1000, 2999
MONTHS = 12


class Precision(StrEnum):
    """The calendar unit that a range fills exactly; `SPAN` where it fills none."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"


@dataclass(frozen=True, slots=True, order=True)
class DateRange:
    """Consecutive days, both ends included.

    Raises:
        ValueError: the last day comes before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            msg = f"a range cannot end on {self.last} before it begins on {self.first}"
            raise ValueError(msg)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def precision(self) -> Precision:
        """The calendar unit it fills exactly."""
        if self.first == self.last:
            return Precision.DAY
        if self == year_of(self.first.year):
            return Precision.YEAR
        if self == month_of(self.first.year, self.first.month):
            return Precision.MONTH
        return Precision.SPAN

    @property
    def of_whole_years(self) -> bool:
        """Whether it begins and ends with a year."""
        return (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, MONTHS, 31)

    @property
    def term(self) -> str:
        """Its one name: "2025", "2025-12", "2025-12-16", or two of a kind with "~" between them."""
        match self.precision:
            case Precision.DAY:
                return f"{self.first:%Y-%m-%d}"
            case Precision.MONTH:
                return f"{self.first:%Y-%m}"
            case Precision.YEAR:
                return f"{self.first:%Y}"
        opens = self.first.day == 1
        closes = self.last.day == last_day(self.last.year, self.last.month)
        if self.of_whole_years:
            return f"{self.first:%Y}~{self.last:%Y}"
        if opens and closes:
            return f"{self.first:%Y-%m}~{self.last:%Y-%m}"
        return f"{self.first:%Y-%m-%d}~{self.last:%Y-%m-%d}"

    @property
    def rolling(self) -> bool:
        """Whether it is longer than a month and neither begins nor ends with one."""
        fits = self.first.day == 1 or self.last.day == last_day(self.last.year, self.last.month)
        return self.days > 31 and not fits  # noqa: PLR2004 - the longest month

    @property
    def years(self) -> range:
        """The years it touches."""
        return range(self.first.year, self.last.year + 1)

    def months(self) -> list[str]:
        """The months it touches, as terms."""
        count = (self.last.year - self.first.year) * MONTHS + self.last.month - self.first.month
        return [month_away(self.first, away).term for away in range(count + 1)]

    def every_day(self) -> list[date]:
        """Its days."""
        return [self.first + timedelta(away) for away in range(self.days)]

    def to(self, other: DateRange) -> DateRange:
        """From where this one begins to where the other ends."""
        return DateRange(self.first, other.last)

    def years_away(self, away: int) -> DateRange:
        """The same days of another year. The end of February stays the end of February."""
        first, last = (_in_year(day, day.year + away) for day in (self.first, self.last))
        if self.last.day == last_day(self.last.year, self.last.month):
            last = last.replace(day=last_day(last.year, last.month))
        return DateRange(first, last)


def last_day(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, last_day(year, day.month)))


def day_of(day: date, away: int = 0) -> DateRange:
    """A single day, `away` days from another."""
    day += timedelta(away)
    return DateRange(day, day)


def week_of(day: date, away: int = 0) -> DateRange:
    """Monday to Sunday, `away` weeks from the one a day lies in."""
    monday = day - timedelta(day.weekday() - 7 * away)
    return DateRange(monday, monday + timedelta(6))


def month_of(year: int, month: int) -> DateRange:
    """A month. ValueError for what no calendar has."""
    return months_of(year, month, month)


def months_of(year: int, first: int, last: int) -> DateRange:
    """Months of one year, both included. ValueError for what no calendar has."""
    return DateRange(date(year, first, 1), date(year, last, last_day(year, last)))


def month_away(day: date, away: int) -> DateRange:
    """The month `away` months from the one a day lies in."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + away, MONTHS)
    return month_of(year, month + 1)


def quarter_of(year: int, quarter: int) -> DateRange:
    """A quarter, counted from 1. ValueError for what no calendar has."""
    return months_of(year, 3 * quarter - 2, 3 * quarter)


def quarter_away(day: date, away: int) -> DateRange:
    """The quarter `away` quarters from the one a day lies in."""
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + away, 4)
    return quarter_of(year, quarter + 1)


def year_of(year: int) -> DateRange:
    """A year."""
    return months_of(year, 1, MONTHS)


def years_of(first: int, last: int) -> DateRange:
    """Years, both included."""
    return DateRange(date(first, 1, 1), date(last, MONTHS, 31))


def same_day(day: date, months: int) -> date:
    """The day `months` months away, or the last of that month where it is shorter."""
    there = month_away(day, months)
    return there.first.replace(day=min(day.day, there.last.day))


def part_of_month(year: int, month: int, part: int) -> DateRange:
    """The first, second or third part of a month (0, 1, 2): to the 10th, to the 20th, to the end."""
    ends = (10, 20, last_day(year, month))
    return DateRange(date(year, month, part * 10 + 1), date(year, month, ends[part]))


# Where the news places them: of the questions that say "at the beginning of the year", all
# that could be checked meant January or February.
_PARTS_OF_A_YEAR = ((1, 2), (6, 7), (11, 12))


def part_of_year(year: int, part: int) -> DateRange:
    """The beginning, the middle or the end of a year (0, 1, 2): two months each."""
    return months_of(year, *_PARTS_OF_A_YEAR[part])


def season_of(year: int, season: int) -> DateRange:
    """A season (0 is spring, from March); winter ends in the next year's February."""
    first = date(year, 3 * season + 3, 1)
    return DateRange(first, month_away(first, 2).last)
