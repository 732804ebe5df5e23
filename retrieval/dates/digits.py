"""Dates in digits, which every language writes alike: 2025-12-16, 2025/12, 2021-2025, 2024Q3."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from retrieval.dates.mentions import Mention
from retrieval.dates.ranges import DateRange, day_of, month_of, year_of, years_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_PERIOD = 60
_EARLIEST, _LATEST = 1900, 2099

_DATES = re.compile(
    r"(?<![\da-z.-])(?P<year>\d{4})(?:"
    r"(?P<mark>[-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?(?![\d年%])"
    # With points only a whole date is one: "2025.6" is a number.
    r"|\.(?P<pointed_month>\d{1,2})\.(?P<pointed_day>\d{1,2})(?!\.?\d)"
    r"|年?\s?[-–—~至到]\s?(?P<until>\d{4})(?:年(?!\s*\d)|(?![\d年./%-]))"
    r")"
)
# A number that stands where years stand: "2024欧洲杯", "the 2024 season". What is counted
# or measured is none: "2024元", "2,024", "2024人".
_COUNTED = (
    "[年月日号万亿千百余多个人名位家台辆件枚只支股次米吨公斤克度份页项张条套户点分秒款头架艘座所处场例起倍种类字本票期元平后至到]"
    "|[美欧日韩港]元|英镑|卢布"
)
_BARE = re.compile(
    r"(?<![\d.,$£€¥#/*+~–—a-z-])(?P<year>19[5-9]\d|20[0-4]\d)(?:'s)?"
    rf"(?![\da-z%/*+~–—:-]|[.,]\d|\s?(?:{_COUNTED}))"
)


def mentions(normal: str) -> Iterator[Mention]:
    """Every date in digits."""
    for match in _DATES.finditer(normal):
        yield _dated(match)
    for match in _BARE.finditer(normal):
        year = int(match["year"])
        yield Mention(*match.span(), of_year=year_of, year=year)


def _dated(match: re.Match[str]) -> Mention:
    year = int(match["year"])
    if match["until"]:
        until = int(match["until"])

        def period(_: int) -> DateRange | None:
            return years_of(year, until) if year < until <= year + _LONGEST_PERIOD else None

        return Mention(*match.span(), of_year=period, year=year)
    month = int(match["month"] or match["pointed_month"])
    day = int(match["day"] or match["pointed_day"] or 0)
    if not day:
        # A type ("2347-1") is written alike.
        of_year = (lambda of: month_of(of, month)) if _EARLIEST <= year <= _LATEST else None
        return Mention(*match.span(), of_year=of_year, year=year)
    return Mention(
        *match.span(), of_year=lambda of: day_of(date(of, month, day)), year=year, month_day=(month, day)
    )
