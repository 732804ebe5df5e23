"""Holidays: which days of a year they are, in the Chinese and the English names of the news.

The periods are those usual on the mainland. The State Council moves working days around
them every year; a day more or less at an end is possible and does no harm to a search.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from retrieval.dates.lunar import lunar_day_within
from retrieval.dates.ranges import DateRange, day_of

Days = Callable[[int], DateRange | None]


def _fixed(month: int, day: int, length: int = 1) -> Days:
    def days(year: int) -> DateRange:
        first = date(year, month, day)
        return DateRange(first, first + timedelta(length - 1))

    return days


def _lunar(month: int, day: int, before: int = 0, after: int = 0) -> Days:
    def days(year: int) -> DateRange | None:
        found = lunar_day_within(year, month, day)
        return DateRange(found - timedelta(before), found + timedelta(after)) if found else None

    return days


def _clear_and_bright(year: int) -> DateRange:
    """Qingming: day = [Y * 0.2422 + C] - [Y / 4], C 5.59 in the 20th and 4.81 in the 21st century.

    Source: the common approximation of the solar terms; exact from 1901 to 2099.
    """
    of_century = year % 100
    constant = 5.59 if year < 2000 else 4.81  # noqa: PLR2004 - the turn of the century
    return day_of(date(year, 4, int(of_century * 0.2422 + constant) - of_century // 4))


def _thanksgiving(year: int) -> DateRange:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return day_of(first + timedelta((3 - first.weekday()) % 7 + 21))


def _black_friday(year: int) -> DateRange:
    return day_of(_thanksgiving(year).first, 1)


def long_weekend(days: DateRange) -> DateRange:
    """The three days off of a holiday of one day: with its weekend, or from it on."""
    if days.days > 1:
        return days
    day = days.first
    first = day - timedelta(max(day.weekday() - 5, 0)) if day.weekday() else day - timedelta(2)
    return DateRange(first, first + timedelta(2))


_SPRING_DAY, _SPRING = _lunar(1, 1), _lunar(1, 1, before=1, after=6)
_SUMMER_BREAK = _fixed(7, 1, 62)

# The day itself. A name that stands for a number of days is below.
CHINESE: dict[str, Days] = {
    "元旦": _fixed(1, 1), "新年": _fixed(1, 1),
    "大年初一": _SPRING_DAY, "除夕": _lunar(1, 0), "大年三十": _lunar(1, 0), "年三十": _lunar(1, 0),
    "元宵": _lunar(1, 15), "元宵节": _lunar(1, 15), "小年": _lunar(12, 23), "腊八": _lunar(12, 8),
    "清明": _clear_and_bright, "清明节": _clear_and_bright,
    "端午": _lunar(5, 5), "端午节": _lunar(5, 5), "七夕": _lunar(7, 7), "七夕节": _lunar(7, 7),
    "中元节": _lunar(7, 15), "中秋": _lunar(8, 15), "中秋节": _lunar(8, 15),
    "重阳": _lunar(9, 9), "重阳节": _lunar(9, 9),
    "情人节": _fixed(2, 14), "妇女节": _fixed(3, 8), "三八节": _fixed(3, 8), "植树节": _fixed(3, 12),
    "愚人节": _fixed(4, 1), "劳动节": _fixed(5, 1), "五一劳动节": _fixed(5, 1),
    "青年节": _fixed(5, 4), "五四青年节": _fixed(5, 4),
    "儿童节": _fixed(6, 1), "六一儿童节": _fixed(6, 1), "建党节": _fixed(7, 1), "建军节": _fixed(8, 1),
    "教师节": _fixed(9, 10), "国庆节": _fixed(10, 1), "国庆日": _fixed(10, 1),
    "万圣节": _fixed(10, 31), "光棍节": _fixed(11, 11), "感恩节": _thanksgiving, "黑色星期五": _black_friday,
    "双十一": _fixed(11, 11), "双11": _fixed(11, 11), "双十二": _fixed(12, 12), "双12": _fixed(12, 12),
    "国家公祭日": _fixed(12, 13), "平安夜": _fixed(12, 24), "圣诞": _fixed(12, 25), "圣诞节": _fixed(12, 25),
    "五一": _fixed(5, 1), "十一": _fixed(10, 1), "国庆": _fixed(10, 1), "春节": _SPRING_DAY,
}  # fmt: skip

# What is meant without "that day" behind it, or with "during" or "holiday".
CHINESE_PERIODS: dict[str, Days] = {
    "五一": _fixed(5, 1, 5), "劳动节": _fixed(5, 1, 5), "五一劳动节": _fixed(5, 1, 5),
    "十一": _fixed(10, 1, 7),
    "国庆": _fixed(10, 1, 7), "国庆节": _fixed(10, 1, 7), "春节": _SPRING,
    "暑假": _SUMMER_BREAK, "暑期": _SUMMER_BREAK,
}  # fmt: skip

# Names that are words, numbers or other countries' days as well need "holiday" or "during".
CHINESE_NEED_PERIOD = frozenset(("五一", "十一", "新年"))

ENGLISH: dict[str, Days] = {
    "new year's day": _fixed(1, 1), "new year's eve": _fixed(12, 31),
    "spring festival": _SPRING, "chinese new year": _SPRING, "lunar new year": _SPRING,
    "lantern festival": _lunar(1, 15), "valentine's day": _fixed(2, 14), "women's day": _fixed(3, 8),
    "qingming festival": _clear_and_bright, "tomb-sweeping day": _clear_and_bright,
    "tomb sweeping day": _clear_and_bright,
    "labor day holiday": _fixed(5, 1, 5), "labour day holiday": _fixed(5, 1, 5),
    "may day holiday": _fixed(5, 1, 5), "may day": _fixed(5, 1),
    "dragon boat festival": _lunar(5, 5), "mid-autumn festival": _lunar(8, 15),
    "national day holiday": _fixed(10, 1, 7), "national day holidays": _fixed(10, 1, 7),
    "national day golden week": _fixed(10, 1, 7), "national day": _fixed(10, 1),
    "halloween": _fixed(10, 31), "singles' day": _fixed(11, 11), "double 11": _fixed(11, 11),
    "double eleven": _fixed(11, 11), "thanksgiving": _thanksgiving, "black friday": _black_friday,
    "christmas eve": _fixed(12, 24), "christmas day": _fixed(12, 25), "christmas": _fixed(12, 25),
}  # fmt: skip
