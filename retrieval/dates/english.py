"""English dates: "the fourth quarter of 2025", "early last year", "in the past six months", "last Friday"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from retrieval.dates import holidays
from retrieval.dates.chinese_relative import decade, five_year_plan
from retrieval.dates.mentions import Mention, OfYear, Rules, always, of_day
from retrieval.dates.numerals import (
    ENGLISH_NUMBER,
    FEWEST,
    MOST,
    ORDINAL,
    english_number,
    ordinal_number,
)
from retrieval.dates.ranges import (
    DateRange,
    day_of,
    month_of,
    months_of,
    part_of_month,
    part_of_year,
    quarter_of,
    season_of,
    week_of,
    year_of,
)
from retrieval.dates.rules import compiled
from retrieval.dates.units import Unit, away, between_ago, coming, past

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS: tuple[str, ...] = tuple(
    "january february march april may june july august september october november december".split()
)
_MONTH = "(?:" + "|".join((*(f"{name}|{name[:3]}" for name in MONTHS), "sept")) + ")"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}
_UNIT = "(?P<unit>day|week|month|quarter|year)"

_YEAR = r"(?P<year>[12]\d{3}|(?:this|last|next|the|the same) year)"
_OF_YEAR = rf"(?:,?\s+(?:(?:of|in)\s+)?{_YEAR}\b)"
_PART = r"(?:(?P<part>early|mid|late|(?:the\s+)?(?:beginning|start|middle|end) of|year-end)[\s-]+(?:in\s+)?)"
_PARTS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2, "year-end": 2}

# Words that are months only where a date is spoken of: "phase 3 may begin", "a march on Rome".
_AMBIGUOUS = {"may", "march"}
_ABBREVIATED = 3
_BEFORE_A_MONTH = re.compile(
    r"(?:\b(?:in|of|by|since|from|during|last|this|next|early|mid|late|until|till|between|through"
    r"|before|after)"
    rf"|\b{_MONTH}\.?\s+(?:to|and|or|through)|(?:early|mid|late)-|{_MONTH}-)\s*\Z"
)
_BEFORE_A_DAY = re.compile(r"\b(?:on|from|since|until|till|by|before|after|through|to)\s+\Z")


def _years(written: str | None) -> tuple[int | None, int | None]:
    """The year that is written, or how many years away it is."""
    if written is None:
        return None, None
    if written.isdecimal():
        return int(written), None
    # "the year" and "the same year" lean on the year that was named before.
    return None, {"last": -1, "this": 0, "next": 1}.get(written.split()[0])


def _yearly(match: re.Match[str], days: OfYear, *, complete: bool = False) -> Mention:
    year, years_away = _years(match["year"])
    return Mention(*match.span(), of_year=days, year=year, away=years_away, complete=complete)


def _part_of(match: re.Match[str]) -> int | None:
    """Which part of it is meant: 0 the beginning, 1 the middle, 2 the end."""
    written = match["part"]
    return _PARTS[written.removeprefix("the ").split()[0]] if written else None


def _month(match: re.Match[str]) -> Mention | None:
    if (match["month"] in _AMBIGUOUS or len(match["month"]) == _ABBREVIATED) and not _means_the_month(match):
        return None
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(match["month"][:3]))
    day = int(match["before"] or match["after"] or 0)
    part = _part_of(match)
    if match["until"] or match["from"]:
        first, last = int(match["from"] or day), int(match["until"] or day)
        return _yearly(match, lambda year: DateRange(date(year, month, first), date(year, month, last)))
    if day:
        made = _yearly(match, lambda year: day_of(date(year, month, day)))
        return replace(made, month_day=(month, day))
    if part is not None:
        return _yearly(match, lambda year: part_of_month(year, month, part))
    return _yearly(match, lambda year: month_of(year, month))


def _means_the_month(match: re.Match[str]) -> bool:
    if match["year"] or match["after"] or match["ordinal"] or match["part"]:
        return True
    before = match.string[max(match.start() - 16, 0) : match.start()]
    if match["before"]:
        return bool(_BEFORE_A_DAY.search(before))
    return bool(_BEFORE_A_MONTH.search(before))


def _year(match: re.Match[str]) -> Mention:
    """A year behind a preposition, which tells it from a number and is not part of it."""
    return Mention(*match.span("year"), of_year=year_of, year=int(match["year"]))


def _part_of_the_year(match: re.Match[str]) -> Mention | None:
    part = _part_of(match)
    if part is None:
        return None
    return _yearly(match, lambda year: part_of_year(year, part))


def _half(match: re.Match[str]) -> Mention:
    second = match["half"] in {"second", "latter", "2nd", "2"}
    return _yearly(match, lambda year: months_of(year, 7, 12) if second else months_of(year, 1, 6))


_QUARTERS = {"last": 4, "final": 4}


def _quarter(match: re.Match[str]) -> Mention:
    written = match["quarter"]
    quarter = int(written) if written.isdecimal() else _QUARTERS.get(written) or ordinal_number(written)
    return _yearly(match, lambda year: quarter_of(year, quarter))


def _short_quarter(match: re.Match[str]) -> Mention:
    quarter, year = int(match["quarter"]), 2000 + int(match["short"])
    return Mention(*match.span(), of_year=lambda of: quarter_of(of, quarter), year=year)


def _first_months(match: re.Match[str]) -> Mention:
    count = english_number(match["count"]) * (3 if match["unit"] == "quarter" else 1)
    return _yearly(match, lambda year: months_of(year, 1, count), complete=True)


def _fiscal(match: re.Match[str]) -> Mention:
    year = int(match["fiscal"])
    return Mention(*match.span(), of_year=year_of, year=year if len(match["fiscal"]) > 2 else 2000 + year)  # noqa: PLR2004 - two digits


def _season(match: re.Match[str]) -> Mention:
    season = _SEASONS[match["season"]]
    return _yearly(match, lambda year: season_of(year, season))


def _step(match: re.Match[str]) -> Mention:
    """Reads "this week", "late last month", "next quarter"; a weekend, weekday or season too."""
    count = {"last": -1, "previous": -1, "next": 1, "coming": 1}.get(match["which"], 0)
    unit, part = match["unit"], _part_of(match)
    if unit in _SEASONS:
        season = _SEASONS[unit]
        return Mention(*match.span(), of_day=lambda day: _season_near(day, season, count))
    if unit in _WEEKDAYS:
        return of_day(match, lambda day: _weekday_near(day, _WEEKDAYS.index(unit), count))
    if unit == "weekend":
        return of_day(match, lambda day: _weekend(day, count))

    def days(day: date) -> DateRange:
        found = away(day, count, Unit(unit))
        if part is not None and unit == "year":
            return part_of_year(found.first.year, part)
        if part is not None and unit == "month":
            return part_of_month(found.first.year, found.first.month, part)
        return found

    if unit == "year":
        of_year: OfYear = year_of if part is None else lambda year: part_of_year(year, part)
        return Mention(*match.span(), of_year=of_year, away=count)
    return of_day(match, days)


def _season_near(day: date, season: int, count: int) -> DateRange:
    """The last season of its name that is over, the one under way or next of this year."""
    found = season_of(day.year, season)
    if count < 0 and found.last >= day:
        return season_of(day.year - 1, season)
    return season_of(day.year + 1, season) if count > 0 and found.first <= day else found


def _weekday_near(day: date, number: int, count: int) -> DateRange:
    """The last one before a day, the next one after it, or that of the same week."""
    if count < 0:
        return day_of(day, -((day.weekday() - number - 1) % 7 + 1))
    if count > 0:
        return day_of(day, (number - day.weekday() - 1) % 7 + 1)
    return day_of(week_of(day).first, number)


def _weekend(day: date, count: int) -> DateRange:
    return DateRange(week_of(day, count).first + timedelta(5), week_of(day, count).last)


def _weekday(match: re.Match[str]) -> Mention:
    number = _WEEKDAYS.index(match["weekday"])
    return of_day(match, lambda day: day_of(day, -((day.weekday() - number) % 7)))


def _span(match: re.Match[str]) -> Mention:
    """Reads "in the last six months", "the past week", "over the next two years"."""
    written, unit = match["count"] or "a", Unit(match["unit"])
    reckon = coming if match["how"] in {"next", "coming"} else past
    if written in {"few", "several", "couple of"}:
        count = 2 if written == "couple of" else MOST if unit is Unit.DAY else 3
    else:
        count = english_number(written)
    return of_day(match, lambda day: reckon(day, count, unit))


def _ago(match: re.Match[str]) -> Mention | None:
    written, unit = match["count"], Unit(match["unit"])
    if written == "half a":
        return of_day(match, lambda day: away(day, -6, Unit.MONTH)) if unit is Unit.YEAR else None
    if written in {"several", "a few", "a couple of"}:
        most = FEWEST if written == "a couple of" else MOST
        return of_day(match, lambda day: between_ago(day, FEWEST, most, unit))
    return of_day(match, lambda day: away(day, -english_number(written), unit))


_DAYS = {"today": 0, "tonight": 0, "this morning": 0, "yesterday": -1, "last night": -1, "tomorrow": 1,
         "the day before yesterday": -2, "the day after tomorrow": 2}  # fmt: skip


def _day(match: re.Match[str]) -> Mention:
    number = _DAYS[match.group()]
    return of_day(match, lambda day: day_of(day, number))


def _year_to_date(match: re.Match[str]) -> Mention:
    return Mention(*match.span(), of_year=year_of, away=0, since=True)


def _rest_of(match: re.Match[str]) -> Mention:
    """Reads "earlier this year" ends on the day of reading; "later this month" begins there."""
    unit, later = Unit(match["unit"]), match["which"] == "later"

    def days(day: date) -> DateRange:
        whole = away(day, 0, unit)
        return DateRange(day, whole.last) if later else DateRange(whole.first, day)

    return of_day(match, days)


def _edge_of(match: re.Match[str]) -> Mention:
    """Reads "the end of last month", "by the end of the year", "by year-end"."""
    part = _PARTS[match["edge"]] if match["edge"] else 2
    count = {"last": -1, "next": 1}.get(match["which"] or "", 0)
    unit = match["unit"] or "year"
    if unit == "year":
        of_year: OfYear = lambda year: part_of_year(year, part)  # noqa: E731 - a name for a lambda's type
        # "the end of the year" may be the last one's; "this year" and a deadline cannot.
        sure = match["which"] in {"this", "last", "next"} or match["by"]
        return Mention(*match.span(), of_year=of_year, away=count if sure else None, deadline=True)

    def days(day: date) -> DateRange:
        found = away(day, count, Unit(unit))
        if unit == "month":
            return part_of_month(found.first.year, found.first.month, part)
        return found

    return replace(of_day(match, days), deadline=True)


def _decade(match: re.Match[str]) -> Mention:
    part = {"early": "初", "mid": "中", "late": "末"}.get((match["part"] or "").strip("- "))
    if match["full"]:
        first = int(match["full"])
    elif match["tens"]:
        first = 1900 + int(match["tens"])
    else:
        first = 1920 + 10 * _DECADES.index(match["name"])
    return always(match, decade(first, part))


_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties".split()


def _plan(match: re.Match[str]) -> Mention:
    return always(match, five_year_plan(ordinal_number(match["number"])))


def _holiday(match: re.Match[str]) -> Mention:
    days = holidays.ENGLISH[match["holiday"]]
    year, years_away = _years(
        match["year"] or match["before"] or (match["whose"] and match["whose"] + " year")
    )
    return Mention(*match.span(), of_year=days, year=year, away=years_away)


_HOLIDAYS = "|".join(sorted(map(re.escape, holidays.ENGLISH), key=len, reverse=True))

RULES: Rules = {
    "the day before yesterday|the day after tomorrow|today|tonight|this morning|yesterday"
    "|last night|tomorrow": _day,
    rf"(?:(?P<whose>last|this|next) year's |(?P<before>20\d\d) )?(?P<holiday>{_HOLIDAYS})\b(?:"
    rf"(?: holidays?| break| period))?{_OF_YEAR}?": _holiday,
    rf"{_PART}?(?:(?:(?P<from>\d{{1,2}})\s?[-–]\s?)?(?P<before>\d{{1,2}})(?P<ordinal>st|nd|rd"
    r"|th)?\s+(?:of\s+)?)?"
    rf"(?P<month>{_MONTH})\b\.?(?:\s+(?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[-–]\s?"
    rf"(?P<until>\d{{1,2}}))?(?![\d%]|,\d|\.\d))?{_OF_YEAR}?": _month,
    rf"(?:the\s+)?(?P<half>first|second|latter|1st|2nd) half(?=\s+(?:of\s+)?(?:\d{{4}}|(?:this|last"
    rf"|next|the) year)){_OF_YEAR}": _half,
    rf"h(?P<half>[12])\b{_OF_YEAR}?": _half,
    r"(?P<year>20\d{2})[\s-]?h(?P<half>[12])\b": _half,
    r"(?:in|for|during|over) the (?P<half>first|second|latter) half\b(?! of the (?:game|match"
    r"|season|century))(?P<year>(?!))?": _half,
    rf"(?:the\s+)?(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th|final)"
    rf" quarter\b{_OF_YEAR}?": _quarter,
    rf"(?:the\s+)(?P<quarter>last) quarter(?=\s+of){_OF_YEAR}": _quarter,
    rf"q(?P<quarter>[1-4])\b{_OF_YEAR}?": _quarter,
    r"(?P<year>20\d{2})[\s-]?q(?P<quarter>[1-4])\b": _quarter,
    r"(?P<quarter>[1-4])q\s?(?:20)?(?P<short>\d{2})\b": _short_quarter,
    r"q(?P<quarter>[1-4])\s?(?:20)?'?(?P<short>\d{2})\b": _short_quarter,
    rf"(?:the\s+)?first (?P<count>{ENGLISH_NUMBER}) (?P<unit>month|quarter)s?\b{_OF_YEAR}?": _first_months,
    r"(?:fiscal(?:\s+year)?|fy)[\s-]?'?(?P<fiscal>20\d{2}|\d{2})\b": _fiscal,
    r"year[- ]to[- ]date|ytd\b|so far this year|this year so far|since the (?:start|beginning) of "
    r"(?:the|this) year": _year_to_date,
    r"(?P<which>earlier|later) this (?P<unit>week|month|quarter|year)\b": _rest_of,
    r"(?P<by>by )?(?:(?:the )?(?P<edge>end|start|beginning|middle) of (?P<which>the|this|last"
    r"|next) (?P<unit>year|month|quarter|week)\b|year[- ]end(?! \d{4}))": _edge_of,
    rf"{_PART}(?P<year>[12]\d{{3}}\b(?!s))": _part_of_the_year,
    rf"(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter){_OF_YEAR}": _season,
    rf"(?:the\s+)?(?P<how>past|last|previous|recent|next|coming) (?P<count>{ENGLISH_NUMBER}|few"
    rf"|several|couple of) {_UNIT}s?\b": _span,
    rf"(?:in|over|for|during|within) the (?P<how>past|last|coming) (?P<count>(?!))?{_UNIT}\b": _span,
    rf"(?:the\s+)?(?P<how>past) (?P<count>(?!))?{_UNIT}\b": _span,
    rf"(?P<count>half a|a couple of|a few|several|{ENGLISH_NUMBER}) {_UNIT}s? ago\b": _ago,
    rf"{_PART}?(?P<which>this|last|next|previous|current|coming) "
    rf"(?P<unit>week(?!end|ly)|weekend|month|quarter|year(?!'s (?:{_HOLIDAYS}))"
    rf"|{'|'.join(_WEEKDAYS)}|spring(?! festival)|summer|autumn|winter)\b": _step,
    r"(?P<part>early |mid-?|late )?(?:the )?(?:(?P<full>(?:1[0-9]|20)\d0)s|'(?P<tens>[2-9]0)s|"
    rf"(?P<name>{'|'.join(_DECADES)}))\b": _decade,
    rf"(?:the )?(?P<number>{ORDINAL}) five-year plan(?: period)?\b": _plan,
    r"(?:in|of|by|since|during|for|until|till|before|after|from|to|between|through|around) "
    r"(?P<year>[12]\d{3})\b(?![%,.]\d|-)": _year,
    rf"(?<!every )(?<!black )(?<!good )(?P<weekday>{'|'.join(_WEEKDAYS)})\b": _weekday,
}  # fmt: skip

_table = compiled(RULES)
_CANDIDATE = re.compile(r"(?<![a-z0-9$£€.,])(?=[a-z0-9'])")


def mentions(normal: str) -> Iterator[Mention]:
    """Every English date."""
    end = 0
    for candidate in _CANDIDATE.finditer(normal):
        start = candidate.start()
        if start >= end:
            mention = _table.read(normal, start)
            if mention is not None:
                yield mention
                end = mention.end
