"""The Chinese calendar: on which day a lunar date falls, from 1949 to 2050.

Source: the Hong Kong Observatory's conversion tables (Gregorian-lunar calendar), which two
independent programs were checked against when this table was made.
"""

from __future__ import annotations

from datetime import date, timedelta

_FIRST_YEAR = 1949
_NEW_YEAR = date(1949, 1, 29)

# A year each, in hexadecimal. The last digit is the month that a leap month follows, or 0;
# the first is 1 when that one has 30 days. Of the twelve bits between, the highest is the
# first month's: set when it has 30 days and not 29.
_YEARS = tuple(
    int(year, 16)
    for year in """
    0b557 06ca0 0b550 15355 04da0 0a5b0 14573 052b0 0a9a8 0e950
    06aa0 0aea6 0ab50 04b60 0aae4 0a570 05260 0f263 0d950 05b57
    056a0 096d0 04dd5 04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b6a0
    195a6 095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60
    09570 04af5 04970 064b0 074a3 0ea50 06b58 05ac0 0ab60 096d5
    092e0 0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0 092d0
    0cab5 0a950 0b4a0 0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0
    0a930 07954 06aa0 0ad50 05b52 04b60 0a6e6 0a4e0 0d260 0ea65
    0d530 05aa0 076a3 096d0 04afb 04ad0 0a4d0 1d0b6 0d250 0d520
    0dd45 0b5a0 056d0 055b2 049b0 0a577 0a4b0 0aa50 1b255 06d20
    0ada0 14b63
    """.split()
)


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of a lunar date; `day` 0 is the eve of the month. Leap months are not asked for.

    None outside the table, or for the 30th of a month that has 29 days.
    """
    index = year - _FIRST_YEAR
    if not 0 <= index < len(_YEARS) or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return None
    if day > _length(_YEARS[index], month):
        return None
    before = sum(_year_length(each) for each in _YEARS[:index])
    leap = _YEARS[index] & 0xF
    before += sum(_length(_YEARS[index], each) for each in range(1, month))
    if 0 < leap < month:
        before += _leap_length(_YEARS[index])
    return _NEW_YEAR + timedelta(before + day - 1)


def lunar_day_within(year: int, month: int, day: int) -> date | None:
    """The day of a lunar date that lies in a Gregorian year, if there is one."""
    for lunar_year in (year, year - 1):
        found = lunar_day(lunar_year, month, day)
        if found is not None and found.year == year:
            return found
    return None


def _length(year: int, month: int) -> int:
    return 30 if year >> (16 - month) & 1 else 29


def _leap_length(year: int) -> int:
    if not year & 0xF:
        return 0
    return 30 if year >> 16 else 29


def _year_length(year: int) -> int:
    return sum(_length(year, month) for month in range(1, 13)) + _leap_length(year)
