"""The values of operators: days and languages, as readers write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from retrieval.dates import DateRange, question_dates
from retrieval.dates.ranges import FIRST_YEAR, LAST_YEAR, day_of, month_of, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = dict.fromkeys(
    ("zh", "cn", "中文", "汉语", "华语", "chinese", "mandarin"), "zh"
) | dict.fromkeys(("en", "英文", "英语", "english"), "en")
"""What readers call the languages, in normal form."""

_NUMERIC = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_FROM_TO = re.compile(r"\.\.+|~|至|到|–|—+")
_MARKS = " \"“”「」'"


def days_of(value: str, today: date) -> DateRange | None:
    """The days that a value in normal form names and nothing beside them, or None."""
    value = value.strip(_MARKS)
    if found := _NUMERIC.fullmatch(value):
        year, month, day = (int(part) if part else None for part in found.groups())
        return _days(year or 0, month, day)
    found_dates = question_dates(value, datetime.combine(today, time(), UTC)).expressions
    if len(found_dates) != 1 or value[: found_dates[0].start].strip() or value[found_dates[0].end :].strip():
        return None
    return found_dates[0].named


def range_of(value: str, today: date) -> DateRange | None:
    """The days from the first to the last of "2025-11..2025-12", or those of a single date."""
    whole = days_of(value, today)
    if whole is not None:
        return whole
    ends = [days_of(part, today) for part in _FROM_TO.split(value)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[1].last < ends[0].first:  # noqa: PLR2004 - a range has two ends
        return None
    return DateRange(ends[0].first, ends[1].last)


def _days(year: int, month: int | None, day: int | None) -> DateRange | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        if month is None:
            return year_of(year)
        return month_of(year, month) if day is None else day_of(date(year, month, day))
    except ValueError:
        return None
