"""Counting back and forth from a day: "three months ago", "the past week", "in two years"."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from retrieval.dates.ranges import (
    MONTHS,
    DateRange,
    day_of,
    month_away,
    quarter_away,
    same_day,
    week_of,
    year_of,
)


class Unit(StrEnum):
    """What is counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: MONTHS}


def away(day: date, count: int, unit: Unit) -> DateRange:
    """The calendar unit that lies `count` away: the day, the week, the month, the quarter, the year."""
    match unit:
        case Unit.DAY:
            return day_of(day, count)
        case Unit.WEEK:
            return week_of(day, count)
        case Unit.MONTH:
            return month_away(day, count)
        case Unit.QUARTER:
            return quarter_away(day, count)
        case Unit.YEAR:
            return year_of(day.year + count)


def past(day: date, count: int, unit: Unit) -> DateRange:
    """The last so many units, the day itself being the last day of them."""
    return DateRange(_shifted(day, -count, unit) + timedelta(1), day)


def coming(day: date, count: int, unit: Unit) -> DateRange:
    """The next so many units; they begin on the following day."""
    return DateRange(day + timedelta(1), _shifted(day, count, unit))


def months_ago(day: date, months: int) -> DateRange:
    """The month that lies so many months back."""
    return month_away(day, -months)


def between_ago(day: date, least: int, most: int, unit: Unit) -> DateRange:
    """Somewhere between `least` and `most` units back, whole units."""
    return away(day, -most, unit).to(away(day, -least, unit))


def _shifted(day: date, count: int, unit: Unit) -> date:
    if unit in _MONTHS:
        return same_day(day, count * _MONTHS[unit])
    return day + timedelta(count * (7 if unit is Unit.WEEK else 1))
