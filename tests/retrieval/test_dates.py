"""Dates as terms: a table of what a text says, read on a day, and the terms that come of it.

Add a row when a date is read wrongly. The day is that of asking (of a question) or of
publication (of a passage); None where it is unknown. Terms stand in any order.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.model import Precision, Published
from retrieval.dates import date_terms, published_terms
from tests.builders import build_published
from tests.retrieval.texts import any_text

DAY = date(2025, 12, 16)  # a Tuesday

# (text as it stands in a normal form, read on, terms)
CHINESE = [
    ("2025年12月16日", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025年12月16日", DAY, "2025 2025-12 2025-12-16 --12-16"),
    ("2025 年 12 月 16 日", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025年2月3号", None, "2025 2025-02 2025-02-03 --02-03"),
    ("2025年12月", None, "2025 2025-12"),
    ("2025年12月份", None, "2025 2025-12"),
    ("2025年的12月", None, "2025 2025-12"),
    ("2025年", None, "2025"),
    ("2024年和2025年", None, "2024 2025"),
    ("2024年2月29日", None, "2024 2024-02 2024-02-29 --02-29"),
    ("2024年5月签约,7月8日获批", None, "2024 2024-05 2024-07 2024-07-08 --07-08"),
    ("12月16日", DAY, "2025 2025-12 2025-12-16 --12-16"),
    ("12月16日", None, "--12-16"),
    ("12月", DAY, "2025 2025-12"),
    ("12月", None, ""),
    ("16日", DAY, ""),
    ("去年12月16日", DAY, "2024 2024-12 2024-12-16 --12-16"),
    ("去年12月16日", None, "--12-16"),
    ("今年", DAY, "2025"),
    ("本年", DAY, "2025"),
    ("去年", DAY, "2024"),
    ("前年3月", DAY, "2023 2023-03"),
    ("明年", DAY, "2026"),
    ("截至今年底", DAY, "2025"),
    ("今年", None, ""),
    # A relative year that cannot be reckoned is not the year named before it either.
    ("2020年成立,去年5月3日获批", None, "2020 --05-03"),
    ("2020年成立,去年5月3日获批", DAY, "2020 2024 2024-05 2024-05-03 --05-03"),
]

RELATIVE = [
    ("今天", DAY, "2025 2025-12 2025-12-16"),
    ("今日", DAY, "2025 2025-12 2025-12-16"),
    ("昨晚", DAY, "2025 2025-12 2025-12-15"),
    ("昨天", date(2026, 1, 1), "2025 2025-12 2025-12-31"),
    ("前天", DAY, "2025 2025-12 2025-12-14"),
    ("本月", DAY, "2025 2025-12"),
    ("上个月", DAY, "2025 2025-11"),
    ("上月", date(2026, 1, 31), "2025 2025-12"),
    ("上月", date(2024, 3, 31), "2024 2024-02"),
    (
        "本周",
        DAY,
        "2025 2025-12 2025-12-15 2025-12-16 2025-12-17 2025-12-18 2025-12-19 2025-12-20 2025-12-21",
    ),
    (
        "上个星期",
        DAY,
        "2025 2025-12 2025-12-08 2025-12-09 2025-12-10 2025-12-11 2025-12-12 2025-12-13 2025-12-14",
    ),
    (
        "这周",
        date(2025, 12, 31),
        "2025 2025-12 2026-01 2025-12-29 2025-12-30 2025-12-31 2026-01-01 2026-01-02 2026-01-03 2026-01-04",
    ),
    ("上周三", DAY, ""),
    ("today", DAY, "2025 2025-12 2025-12-16"),
    ("yesterday", DAY, "2025 2025-12 2025-12-15"),
    ("last month", DAY, "2025 2025-11"),
    ("this year", DAY, "2025"),
    ("last year", DAY, "2024"),
    ("昨天,上个月,去年,today, last week", None, ""),
]

WRITTEN_IN_DIGITS = [
    ("2025-12-16", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025-12-16t08:35", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025/12/16", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025/2/3", None, "2025 2025-02 2025-02-03 --02-03"),
    ("2025.12.16", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025.12.16.", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025-12", None, "2025 2025-12"),
    ("2024-2025", None, ""),
    ("2024/25赛季", None, ""),
    ("2025.6亿元", None, ""),
    ("1998.12点", None, ""),
    ("1.2025.12.16", None, ""),
    ("12025-12-16", None, ""),
]

ENGLISH = [
    ("december 16, 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("dec. 16, 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("dec 16 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("december 16th, 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("16 december 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("the 16th of december 2025", None, "2025 2025-12 2025-12-16 --12-16"),
    ("december 2025", None, "2025 2025-12"),
    ("sept. 5, 2025", None, "2025 2025-09 2025-09-05 --09-05"),
    ("sep 5", DAY, "2025 2025-09 2025-09-05 --09-05"),
    ("december 16", None, "--12-16"),
    ("in march", DAY, "2025 2025-03"),
    ("may 5", DAY, "2025 2025-05 2025-05-05 --05-05"),
    ("may 2025", None, "2025 2025-05"),
    ("on 5 may", DAY, "2025 2025-05 2025-05-05 --05-05"),
    ("the 5th of may", DAY, "2025 2025-05 2025-05-05 --05-05"),
    ("it may begin", DAY, ""),
    ("phase 3 may begin", DAY, ""),
    ("pd-1 may help", DAY, ""),
    ("in 2025", None, "2025"),
    ("since 2019", None, "2019"),
    ("in 2025 patients", None, "2025"),  # not told from a year; harmless
    ("marchand, junior, decade", DAY, ""),
]

# What only looks like a date.
NO_DATES = [
    ("2025年13月", None, ""),
    ("2025年2月30日", None, ""),
    ("2025-13-01", None, ""),
    ("3025年", None, ""),
    ("0999年", None, ""),
    ("20251年", None, ""),
    ("5个月", DAY, ""),
    ("12月龄婴儿", DAY, ""),
    ("目前年产能500万支", DAY, ""),
    ("目前年增长约一成", DAY, ""),
    ("如今年轻人", DAY, ""),
    ("过去年份", DAY, ""),
    ("基本年薪", DAY, ""),
    ("说明年份", DAY, ""),
    ("目前日本市场", DAY, ""),
    ("如今日本市场", DAY, ""),
    ("基本周期", DAY, ""),
    ("日本周边", DAY, ""),
    ("一年以上周期", DAY, ""),
    ("日本月球探测", DAY, ""),
    ("", DAY, ""),
]


@pytest.mark.parametrize(
    ("text", "day", "terms"), [*CHINESE, *RELATIVE, *WRITTEN_IN_DIGITS, *ENGLISH, *NO_DATES]
)
def test_date_terms(text: str, day: date | None, terms: str) -> None:
    assert date_terms(text, day) == set(terms.split())


@pytest.mark.parametrize("text", ["{}年", "{}-05", "{}年5月", "in {}"])
def test_a_date_in_the_middle_of_a_text_is_found(text: str) -> None:
    assert "2025" in date_terms(f"据悉,{text.format(2025)} ,授权金额", None)


@pytest.mark.parametrize(
    ("published", "terms"),
    [
        ("2025", "2025"),
        ("2025-12", "2025 2025-12"),
        ("2025-12-16", "2025 2025-12 2025-12-16 --12-16"),
        ("2025-12-16 23:59", "2025 2025-12 2025-12-16 --12-16"),
        ("0999-12-16", ""),
    ],
)
def test_published_terms(published: str, terms: str) -> None:
    assert published_terms(build_published(published)) == set(terms.split())


def test_nothing_is_published_on_no_day() -> None:
    assert published_terms(None) == set()


def test_a_publication_day_is_that_of_its_own_zone() -> None:
    at = datetime(2025, 12, 16, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    assert "2025-12-16" in published_terms(Published(at, Precision.MINUTE))


WRITINGS = (
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y.%m.%d}",
    "{0:%B} {0.day}, {0.year}",
    "{0:%b}. {0.day}, {0.year}",
    "{0.day} {0:%B} {0.year}",
)


@given(day=st.dates(date(1000, 1, 1), date(2999, 12, 31)), writing=st.sampled_from(WRITINGS))
def test_every_day_is_read_back(day: date, writing: str) -> None:
    found = date_terms(writing.format(day).lower(), None)
    assert found == {f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}", f"--{day:%m-%d}"}


@given(day=st.dates(date(1001, 1, 1), date(2998, 12, 31)))
def test_relative_days_are_counted_over_months_and_years(day: date) -> None:
    assert f"{day - timedelta(1):%Y-%m-%d}" in date_terms("昨天", day)
    assert f"{day.replace(day=1) - timedelta(1):%Y-%m}" in date_terms("上个月", day)
    week = {term for term in date_terms("本周", day) if len(term) == len("2025-12-16")}
    assert len(week) == 7
    assert f"{day}" in week


@given(text=any_text, day=st.none() | st.dates())
@example(text="昨天,上个月,本周,明年,last year", day=date.min)
@example(text="昨天,上个月,本周,明年,last year", day=date.max)
def test_any_text_on_any_day_gives_only_dates(text: str, day: date | None) -> None:
    for term in date_terms(text, day):
        assert re.fullmatch(r"[12]\d{3}(-\d\d(-\d\d)?)?|--\d\d-\d\d", term)
