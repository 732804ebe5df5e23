"""The date terms of passages: days, months, years and whole ranges that they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Precision as PublishedPrecision
from retrieval.dates.expressions import AnyYear, Preference, find
from retrieval.dates.ranges import FIRST_YEAR, LAST_YEAR, DateRange, Precision, day_of, month_of, year_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from corpus.model import Published

# A range of no more days than these is named by each of them too.
MOST_DAYS = 11


def date_terms(normal: str, anchor: date | None) -> set[str]:
    """The date terms, without their kind, of a passage's normal form.

    Relative expressions, and months and days without a year, are read against `anchor`,
    the day of publication. Without one they are left out, never guessed.
    """
    found: set[str] = set()
    for expression in find(normal, anchor, Preference.NEAREST):
        if isinstance(expression, AnyYear):
            found.add(f"--{expression.month:02d}-{expression.day:02d}")
        else:
            named = expression.named
            # "The last ten years" of one day are not those of another.
            for days in expression.parts if named.rolling else (named,):
                found.update(range_terms(days))
    return found


def published_terms(published: Published | None) -> set[str]:
    """The date terms, without their kind, of a publication date."""
    if published is None:
        return set()
    at = published.at
    if published.precision is PublishedPrecision.YEAR:
        return set(range_terms(year_of(at.year)))
    if published.precision is PublishedPrecision.MONTH:
        return set(range_terms(month_of(at.year, at.month)))
    return set(range_terms(day_of(at.date())))


def range_terms(days: DateRange) -> Iterator[str]:
    """The terms of a range: its own name and those of the calendar units around it."""
    if not FIRST_YEAR <= days.first.year <= days.last.year <= LAST_YEAR:
        return
    yield days.term
    yield f"{days.first:%Y}"
    yield f"{days.last:%Y}"
    if days.precision is Precision.YEAR:
        return
    if days.days <= 31:  # noqa: PLR2004 - no longer than a month
        yield f"{days.first:%Y-%m}"
        yield f"{days.last:%Y-%m}"
    if days.precision is Precision.DAY:
        yield f"--{days.first:%m-%d}"
    elif days.days <= MOST_DAYS:
        yield from (f"{day:%Y-%m-%d}" for day in days.every_day())
