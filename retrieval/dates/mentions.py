"""Mentions: what a text says of dates, before anyone knows on which day it was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from retrieval.dates.ranges import DateRange

if TYPE_CHECKING:
    import re

# Both raise ValueError, or return None, for what no calendar has.
OfYear = Callable[[int], DateRange | None]
OfDay = Callable[[date], DateRange | None]


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as it stands at `start` to `end` of a normal form.

    Either `of_year` says which days of a year are meant, and `year` which year, or `away`
    how many years from the day of reading, or neither, where the text leaves it open; or
    `of_day` says which days are meant when it is read on a day. A bare day of a month
    ("16日") has only `day`.

    `month_day` is set for a written day. `complete` marks a span that is spoken of only
    when it is over ("1-11月"); `since` one that runs on from its beginning by itself;
    `deadline` the end of something, where "before" does not exclude it ("年底前");
    `same_period` the days of the range named before it, a year earlier.
    """

    start: int
    end: int
    of_year: OfYear | None = None
    year: int | None = None
    away: int | None = None
    of_day: OfDay | None = None
    day: int | None = None
    month_day: tuple[int, int] | None = None
    complete: bool = False
    since: bool = False
    deadline: bool = False
    same_period: bool = False

    def at(self, start: int, end: int) -> Mention:
        """The same at another place."""
        return replace(self, start=start, end=end)


# A rule makes a mention of its match; None when it was something else after all.
Make = Callable[["re.Match[str]"], Mention | None]
Rules = Mapping[str, Make]


def of_year(match: re.Match[str], days: OfYear, *, complete: bool = False) -> Mention:
    """A mention of days of a year that is named elsewhere or left open."""
    return Mention(*match.span(), of_year=days, complete=complete)


def of_day(match: re.Match[str], days: OfDay) -> Mention:
    """A mention of days that are reckoned from the day of reading."""
    return Mention(*match.span(), of_day=days)


def always(match: re.Match[str], days: DateRange) -> Mention:
    """A mention of the same days whenever it is read."""
    return Mention(*match.span(), of_year=lambda _: days, year=days.first.year)


def without_overlaps(mentions: Iterator[Mention]) -> list[Mention]:
    """In order; of those that overlap the one that begins first, then the longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.start, -each.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
