"""Date expressions: mentions resolved, on the day of reading, into ranges of days."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from retrieval.dates import chinese, digits, english
from retrieval.dates.mentions import Mention, without_overlaps
from retrieval.dates.ranges import FIRST_YEAR, LAST_YEAR, DateRange, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A text is read word by word for English only if it has words.
_LATIN = re.compile(r"[a-z]{3}|\b[qh][1-4]\b|\dq\d")


class Preference(Enum):
    """Which year is meant where a text leaves it open."""

    PAST = auto()
    """The last one that has begun: a question of March about "5月" asks of last May."""
    FUTURE = auto()
    """The next one that is not over: "what will happen in May"."""
    NEAREST = auto()
    """A report's own year, but the year before for what lies more than half a year ahead."""


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date or period that a text names at `start` to `end` of its normal form.

    `range` is the days meant. `named` is the days of the words themselves, from which
    terms are made: "2020年以来" means all since 2020, and names the year 2020.
    `parts` are the two dates that a range was put together from, or none.
    `relative` tells that it was reckoned from the day of reading.
    """

    range: DateRange
    named: DateRange
    start: int
    end: int
    relative: bool
    parts: tuple[DateRange, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyYear:
    """A day of a month in a text that tells no year and has no day of reading."""

    month: int
    day: int
    start: int
    end: int


_JOIN = re.compile(r"\s*(?:至|到|-|--|—{1,2}|–|~|to|through|until|till)\s*")
_JOIN_AFTER_BETWEEN = re.compile(r"\s*(?:and|与|和|至|到)\s*")
_BETWEEN = re.compile(r"(?:between|在)\s*(?:the\s+)?\Z")
_SINCE_BEFORE = re.compile(r"(?:\bsince|\bafter)(?: the)? \Z")
_SINCE_BEHIND = re.compile(
    r"\s*(?:份|时期)?(?:以来|至今|迄今|起(?![诉草点因源跌涨伏步])|(?:之后|以后)|开始|onwards?\b)"
)
_FROM_BEFORE = re.compile("(?:自|从|from )\\Z")
_BEFORE_BEHIND = re.compile(r"(?:之?前|以前)(?![夕后往提景途瞻沿三两二几一\d])")
_BEFORE_BEFORE = re.compile(r"(?:\bbefore|\bprior to|\buntil|\btill)(?: the)? \Z")
_SENTENCE_END = re.compile(r"[。!?;\n]")

_HALF_A_YEAR = 184
_NEW_YEAR_AHEAD = 45


def find(normal: str, anchor: date | None, preference: Preference) -> list[DateExpression | AnyYear]:
    """Every date of a normal form, in order, read on a day.

    Args:
        normal: the normal form.
        anchor: the day of asking or of publication. Without one, what needs it is left
            out, never guessed.
        preference: which year is meant where none is named.
    """
    mentions = [*digits.mentions(normal), *chinese.mentions(normal)]
    if _LATIN.search(normal):
        mentions += english.mentions(normal)
    if not mentions:
        return []
    return list(_Reader(normal, anchor, preference).read(without_overlaps(iter(mentions))))


class _Reader:
    """Reads the mentions of one text in order; later ones lean on those before them."""

    def __init__(self, normal: str, anchor: date | None, preference: Preference) -> None:
        if anchor is not None and not FIRST_YEAR < anchor.year < LAST_YEAR:
            anchor = None  # a slip of the pen; nothing can be reckoned from it
        self._normal = normal
        self._anchor = anchor
        self._preference = preference
        self._named_year: int | None = None
        self._named_until = 0
        self._last: DateRange | None = None

    def read(self, mentions: list[Mention]) -> Iterator[DateExpression | AnyYear]:
        """The expressions of mentions; two that belong together make one."""
        index = 0
        while index < len(mentions):
            first = mentions[index]
            second = mentions[index + 1] if index + 1 < len(mentions) else None
            index += 1
            if second is not None and self._joined(first, second):
                parts = self._range(first, second)
                if parts is not None:
                    index += 1
                    self._remember(replace(second, year=parts[1].last.year))
                    self._last = parts[0].to(parts[1])
                    whole = replace(first, end=second.end)
                    found = self._bounded(whole, self._last, relative=_is_relative(second))
                    yield replace(found, parts=parts)
                    continue
            yield from self._one(first)

    def _one(self, mention: Mention) -> Iterator[DateExpression | AnyYear]:
        found = _quietly(lambda: self._days(mention))
        self._remember(mention)
        if found is not None:
            self._last = found
            yield self._bounded(mention, found, relative=_is_relative(mention))
        elif mention.month_day and mention.year is None and self._anchor is None and _exists(mention):
            yield AnyYear(*mention.month_day, mention.start, mention.end)

    def _days(self, mention: Mention) -> DateRange | None:
        anchor = self._anchor
        if mention.day is not None:
            return self._day_of_month(mention.day)
        if mention.of_day is not None:
            if anchor is None:
                return None
            if mention.same_period and self._last is not None:
                return self._last.years_away(-1)
            return mention.of_day(anchor)
        return self._days_of_year(mention)

    def _days_of_year(self, mention: Mention) -> DateRange | None:
        year = self._year(mention)
        if year is None:
            return self._in_an_open_year(mention)
        if not FIRST_YEAR <= year <= LAST_YEAR or mention.of_year is None:
            return None
        return mention.of_year(year)

    def _year(self, mention: Mention) -> int | None:
        """The year that a mention states, or that was named before it in its sentence."""
        if mention.year is not None:
            return mention.year
        if mention.away is not None:
            return self._anchor.year + mention.away if self._anchor else None
        if self._named_year is None:
            return None
        if self._anchor and _SENTENCE_END.search(self._normal, self._named_until, mention.start):
            return None
        return self._named_year

    def _in_an_open_year(self, mention: Mention) -> DateRange | None:
        anchor, of_year = self._anchor, mention.of_year
        if anchor is None or of_year is None or mention.away is not None:
            return None
        this = _quietly(lambda: of_year(anchor.year))
        before = _quietly(lambda: of_year(anchor.year - 1))
        after = _quietly(lambda: of_year(anchor.year + 1))
        match self._preference:
            case Preference.FUTURE:
                return this if this is not None and this.last >= anchor else after
            case Preference.PAST:
                over = this is not None and this.first <= anchor
                if over and mention.complete and this is not None:
                    over = (this.last.year, this.last.month) <= (anchor.year, anchor.month)
                return this if over else before
            case Preference.NEAREST:
                return _nearest(anchor, this, before, after)

    def _day_of_month(self, day: int) -> DateRange | None:
        """Reads "16日": of the month spoken of, or the last one before the day of reading."""
        if self._anchor is None:
            return None
        month = self._anchor.replace(day=1)
        if day > self._anchor.day:
            month = (month - timedelta(1)).replace(day=1)
        return day_of(month.replace(day=day))

    def _joined(self, first: Mention, second: Mention) -> bool:
        gap = self._normal[first.end : second.start]
        if len(gap) > 12:  # noqa: PLR2004 - no connective is longer
            return False
        if _JOIN.fullmatch(gap):
            return True
        before = self._normal[max(first.start - 14, 0) : first.start]
        return bool(_JOIN_AFTER_BETWEEN.fullmatch(gap) and _BETWEEN.search(before))

    def _range(self, first: Mention, second: Mention) -> tuple[DateRange, DateRange] | None:
        """Where it begins and ends; a year that only one of them names is the other's too."""
        begins, ends = first, second
        if _open(first) and not _open(second) and second.of_year is not None:
            begins = replace(first, year=second.year, away=second.away)
        elif _open(first) and _open(second):
            ends = replace(second, complete=True)
        last = _quietly(lambda: self._days(ends))
        if last is None:
            return None
        if _open(first) and _open(second):
            begins = replace(first, year=last.first.year)
        elif _open(second):
            year = _quietly(lambda: self._days(begins))
            ends = replace(second, year=year.first.year) if year else second
            last = _quietly(lambda: self._days(ends)) or last
        start = _quietly(lambda: self._days(begins))
        if start is not None and start.first > last.last and _open(first) and begins.year is not None:
            begins = replace(begins, year=begins.year - 1)
            start = _quietly(lambda: self._days(begins))
        if start is None or start.first > last.last:
            return None
        return start, last

    def _remember(self, mention: Mention) -> None:
        """The year named last holds for what follows; one that cannot be reckoned holds for nothing."""
        if mention.year is not None:
            self._named_year = mention.year
        elif mention.away is not None:
            self._named_year = self._anchor.year + mention.away if self._anchor else None
        else:
            return
        self._named_until = mention.end

    def _bounded(self, mention: Mention, named: DateRange, *, relative: bool) -> DateExpression:
        """Takes in "since" and "before", which make a range of what they stand by."""
        before = self._normal[max(mention.start - 14, 0) : mention.start]
        start, end = mention.start, mention.end
        meant = named
        behind = _SINCE_BEHIND.match(self._normal, end)
        if behind is not None and behind.group().endswith(("开始", "onward", "onwards")):
            behind = behind if _FROM_BEFORE.search(before) else None
        opened = _SINCE_BEFORE.search(before)
        if mention.since or behind is not None or opened is not None:
            last = self._anchor or named.last
            after = (behind is not None and "后" in behind.group()) or (opened and "after" in opened.group())
            first = named.last + timedelta(1) if after else named.first
            meant = DateRange(first, last) if first <= last else named
        elif not mention.deadline and (
            _BEFORE_BEFORE.search(before) or _BEFORE_BEHIND.match(self._normal, end)
        ):
            meant = DateRange(date.min, named.first - timedelta(1))
        return DateExpression(meant, named, start, end, relative)


def _open(mention: Mention) -> bool:
    return mention.of_year is not None and mention.year is None and mention.away is None


def _is_relative(mention: Mention) -> bool:
    return mention.year is None


def _exists(mention: Mention) -> bool:
    # 2024 has every day that any year has.
    return (
        mention.of_year is not None
        and _quietly(lambda: mention.of_year and mention.of_year(2024)) is not None
    )


def _nearest(
    anchor: date, this: DateRange | None, before: DateRange | None, after: DateRange | None
) -> DateRange | None:
    if this is None:
        return before
    if (this.first - anchor).days > _HALF_A_YEAR:
        return before
    # In December "1月5日" is more often the coming one.
    if after is not None and after.days == 1 and (after.first - anchor).days <= _NEW_YEAR_AHEAD:
        return after
    return this


def _quietly(days: Callable[[], DateRange | None]) -> DateRange | None:
    """None for what no calendar has, such as 30 February or a year beyond the last."""
    try:
        return days()
    except (ValueError, OverflowError):
        return None
