"""Dates as terms: what days, months and years a text speaks of.

A date becomes one term for each precision it has (2025, 2025-12, 2025-12-16) and one for
the day of any year (--12-16), so that a question about a month meets a passage about a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.model import Precision, Published

_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_MONTHS: tuple[str, ...] = tuple(
    "january february march april may june july august september october november december".split()
)
_MONTH = "|".join((*(f"{name}|{name[:3]}" for name in _MONTHS), "sept"))

# What only looks like a year away is the end of one word and the beginning of another:
# "目前年产", "年轻" after "如今", "基本年薪", "说明年份".
_RELATIVE_YEAR = (
    "今年(?![轻龄纪货])|(?<![基资成日版样])本年|(?<![过失])去年|(?<![说证声])明年"
    "|(?<![目此之以])前年(?![均产度化薪])"
)
_CHINESE = re.compile(
    rf"(?:(?<!\d)(?P<year>\d{{4}})\s*年|(?P<relative>{_RELATIVE_YEAR}))?的?\s*"
    r"(?:(?P<month>\d{1,2})\s*月份?(?!龄))?\s*(?:(?P<day>\d{1,2})\s*[日号])?"
)
_ISO = re.compile(
    r"(?<![\d.])(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?(?!\d)"
)
# With points only a whole date is one: "2025.6" is a number.
_POINTED = re.compile(r"(?<![\d.])(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?!\.?\d)")
_ENGLISH = re.compile(
    rf"\b(?:(?P<before>\d{{1,2}})(?P<ordinal>st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\b\.?"
    r"(?:\s+(?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<year>\d{4})\b)?"
)
_ENGLISH_YEAR = re.compile(r"\b(?:in|of|by|since|during|for)\s+(?P<year>(?:19|20)\d{2})\b")
_BEFORE_A_DAY = re.compile(r"\b(?:on|from|since|until|till|by|before|after|through|to)\s+\Z")

_YEARS_AWAY = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}


@dataclass(frozen=True, slots=True)
class _Span:
    """Consecutive days that a relative expression means, and how exactly it says so."""

    first: date
    last: date


def _month_of(day: date) -> _Span:
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return _Span(first, following - timedelta(days=1))


def _week_of(day: date) -> _Span:
    monday = day - timedelta(days=day.weekday())
    return _Span(monday, monday + timedelta(days=6))


def _year_of(year: int) -> _Span:
    return _Span(date(year, 1, 1), date(year, 12, 31))


_Date = tuple[int | None, int | None, int | None]
_Resolve = Callable[[date], _Span]

# Expressions that are read against the day of asking or of publication.
_RELATIVE: tuple[tuple[re.Pattern[str], _Resolve], ...] = (
    (re.compile("今天|今日(?!本)|\\btoday\\b"), lambda day: _Span(day, day)),
    (re.compile("昨天|昨日|昨晚|\\byesterday\\b"), lambda day: _Span(day - timedelta(1), day - timedelta(1))),
    (
        re.compile("(?<![目此之以])前[天日](?![本均])"),
        lambda day: _Span(day - timedelta(2), day - timedelta(2)),
    ),
    (re.compile("(?<![基资日样版])本周(?![期边转])|这周(?![期边围])|\\bthis week\\b"), _week_of),
    (
        re.compile("(?<![以网线])上个?(?:周|星期|礼拜)(?![一二三四五六日末期边年])|\\blast week\\b"),
        lambda day: _week_of(day - timedelta(7)),
    ),
    (re.compile("(?<![日样版])本月|这个月|\\bthis month\\b"), _month_of),
    (
        re.compile("(?<![以网])上个?月(?!球)|\\blast month\\b"),
        lambda day: _month_of(day.replace(day=1) - timedelta(1)),
    ),
    (re.compile("\\bthis year\\b"), lambda day: _year_of(day.year)),
    (re.compile("\\blast year\\b"), lambda day: _year_of(day.year - 1)),
)


def published_terms(published: Published | None) -> set[str]:
    """The date terms, without their kind, of a publication date."""
    if published is None:
        return set()
    at = published.at
    if published.precision is Precision.YEAR:
        return set(_parts(at.year, None, None))
    if published.precision is Precision.MONTH:
        return set(_parts(at.year, at.month, None))
    return set(_parts(at.year, at.month, at.day))


def date_terms(normal: str, anchor: date | None) -> set[str]:
    """The date terms, without their kind, of a normal form.

    Relative expressions, and months and days without a year, are read against `anchor`:
    the day of asking for a question, of publication for a passage. Without one they are
    left out, never guessed.
    """
    if anchor is not None and not _FIRST_YEAR <= anchor.year <= _LAST_YEAR:
        anchor = None  # a slip of the pen; nothing can be reckoned from it
    found: set[str] = set()
    for year, month, day in _absolute(normal, anchor):
        found.update(_parts(year, month, day))
    if anchor is not None:
        for pattern, resolve in _RELATIVE:
            if pattern.search(normal):
                found.update(_span_parts(resolve(anchor)))
    return found


def _absolute(normal: str, anchor: date | None) -> Iterator[_Date]:
    """Every written date. A month without a year takes the last year named before it."""
    named = anchor.year if anchor else None
    for match in _CHINESE.finditer(normal):
        year = int(match["year"]) if match["year"] else None
        month, day = _number(match["month"]), _number(match["day"])
        if match["relative"]:
            if anchor is None:
                yield None, month, day if month else None
                continue
            year = anchor.year + _YEARS_AWAY[match["relative"]]
        if year and not _FIRST_YEAR <= year <= _LAST_YEAR:
            continue
        named = year or named
        if year or month:
            yield named, month, day if month else None
    for pattern in (_ISO, _POINTED):
        for match in pattern.finditer(normal):
            yield int(match["year"]), int(match["month"]), _number(match["day"])
    yield from _english(normal, named)


def _english(normal: str, named: int | None) -> Iterator[_Date]:
    for match in _ENGLISH.finditer(normal):
        if match["month"] == "may" and not _means_the_month(match):
            continue
        month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"][:3]))
        day = _number(match["before"]) or _number(match["after"])
        yield int(match["year"]) if match["year"] else named, month, day
    for match in _ENGLISH_YEAR.finditer(normal):
        yield int(match["year"]), None, None


def _means_the_month(may: re.Match[str]) -> bool:
    """Whether "may" is the month and not the verb, as it is in "phase 3 may begin"."""
    if may["year"] or may["after"] or may["ordinal"]:
        return True
    before = may.string[max(may.start() - 10, 0) : may.start()]
    return bool(may["before"] and _BEFORE_A_DAY.search(before))


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _parts(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    """One term for each precision; nothing for what no calendar has."""
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        return
    try:
        # 2024 has every day that any year has.
        date(year or 2024, month or 1, day or 1)
    except ValueError:
        return
    if year is not None:
        yield f"{year:04d}"
        if month:
            yield f"{year:04d}-{month:02d}"
            if day:
                yield f"{year:04d}-{month:02d}-{day:02d}"
    if month and day:
        yield f"--{month:02d}-{day:02d}"


def _span_parts(span: _Span) -> Iterator[str]:
    """The terms of a span: its days when there are few, else its months or its year."""
    days = (span.last - span.first).days + 1
    if days > 31:  # noqa: PLR2004 - longer than any month
        yield f"{span.first:%Y}"
        return
    yield from (f"{span.first:%Y}", f"{span.first:%Y-%m}", f"{span.last:%Y-%m}")
    if days <= 7:  # noqa: PLR2004 - a week
        for offset in range(days):
            yield f"{span.first + timedelta(offset):%Y-%m-%d}"
