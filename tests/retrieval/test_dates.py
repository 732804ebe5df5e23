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
    ("截至今年底", DAY, "2025 2025-11~2025-12"),
    ("今年", None, ""),
    # A relative year that cannot be reckoned is not the year named before it either.
    ("2020年成立,去年5月3日获批", None, "2020 --05-03"),
    ("2020年成立;5月3日获批", DAY, "2020 2025 2025-05 2025-05-03 --05-03"),
    ("2020年成立;5月3日获批", None, "2020 2020-05 2020-05-03 --05-03"),
    ("12月28日", date(2026, 1, 5), "2025 2025-12 2025-12-28 --12-28"),
    ("1月3日", date(2025, 12, 30), "2026 2026-01 2026-01-03 --01-03"),
    ("3月", date(2025, 1, 5), "2025 2025-03"),
    ("昨日,13日上午", DAY, "2025 2025-12 2025-12-15 --12-15 2025-12-13 --12-13"),
    ("二〇二五年十二月十六日", None, "2025 2025-12 2025-12-16 --12-16"),
    ("2025年1-11月", None, "2025 2025-01~2025-11"),
    ("今年前11个月", DAY, "2025 2025-01~2025-11"),
    ("四季度", DAY, "2025 2025-10~2025-12"),
    ("2025年10-12月", None, "2025 2025-10~2025-12"),
    ("“十四五”期间", None, "2021 2025 2021~2025"),
    ("2021年至2025年", None, "2021 2025 2021~2025"),
    ("2024年3月5日至6月7日", None, "2024 2024-03 2024-03-05 --03-05 2024-06 2024-06-07 --06-07"),
    ("近三年,未来十年,过去90天", DAY, ""),
    ("十五规划,十五元,二十五五", DAY, "2001 2005 2001~2005"),
    ("10月1日至3日", DAY, "2025 2025-10 2025-10-01~2025-10-03 2025-10-01 2025-10-02 2025-10-03"),
    ("今年以来", DAY, "2025"),
    ("日前,近日,近年来", DAY, ""),
    ("2024欧洲杯", DAY, "2024"),
    ("2024元,2024人,第2024号", DAY, ""),
    ("2020年成立,去年5月3日获批", DAY, "2020 2024 2024-05 2024-05-03 --05-03"),
]

RELATIVE = [
    ("今天", DAY, "2025 2025-12 2025-12-16 --12-16"),
    ("今日", DAY, "2025 2025-12 2025-12-16 --12-16"),
    ("昨晚", DAY, "2025 2025-12 2025-12-15 --12-15"),
    ("昨天", date(2026, 1, 1), "2025 2025-12 2025-12-31 --12-31"),
    ("前天", DAY, "2025 2025-12 2025-12-14 --12-14"),
    ("本月", DAY, "2025 2025-12"),
    ("上个月", DAY, "2025 2025-11"),
    ("上月", date(2026, 1, 31), "2025 2025-12"),
    ("上月", date(2024, 3, 31), "2024 2024-02"),
    (
        "本周",
        DAY,
        (
            "2025 2025-12 2025-12-15~2025-12-21 "
            "2025-12-15 2025-12-16 2025-12-17 2025-12-18 2025-12-19 2025-12-20 2025-12-21"
        ),
    ),
    (
        "上个星期",
        DAY,
        (
            "2025 2025-12 2025-12-08~2025-12-14 "
            "2025-12-08 2025-12-09 2025-12-10 2025-12-11 2025-12-12 2025-12-13 2025-12-14"
        ),
    ),
    (
        "这周",
        date(2025, 12, 31),
        (
            "2025 2026 2025-12 2026-01 2025-12-29~2026-01-04 "
            "2025-12-29 2025-12-30 2025-12-31 2026-01-01 2026-01-02 2026-01-03 2026-01-04"
        ),
    ),
    ("上周三", DAY, "2025 2025-12 2025-12-10 --12-10"),
    ("today", DAY, "2025 2025-12 2025-12-16 --12-16"),
    ("yesterday", DAY, "2025 2025-12 2025-12-15 --12-15"),
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
    ("2024-2025", None, "2024 2025 2024~2025"),
    ("2025-2024", None, ""),
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
    ("to march on", DAY, ""),
    ("the fourth quarter of 2025", None, "2025 2025-10~2025-12"),
    ("q4 2025", None, "2025 2025-10~2025-12"),
    ("from january to november this year", DAY, "2025 2025-01~2025-11"),
    ("from january to november this year", None, ""),
    ("from 2021 to 2025", None, "2021 2025 2021~2025"),
    ("in march 2019 and december of the same year", DAY, "2019 2019-03 2019-12"),
    ("jan brueghel", DAY, ""),
    ("the 14th five-year plan", None, "2021 2025 2021~2025"),
    ("the 2024 season", None, "2024"),
    ("2,024 and $2024 and 2024%", None, ""),
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
    ("近年来,多年来,往年", DAY, ""),
    ("每周三,双周日,周一至周五", DAY, ""),
    ("今日头条,今日美国", DAY, ""),
    ("五月天演唱会,十月怀胎", DAY, ""),
    ("前一个月,前一季度,闰二月,王国庆", DAY, ""),
    ("xt2347-1,g2074/5", DAY, ""),
    ("30 年以来,千百年来,祖国的明天", DAY, ""),
    ("三个月,两年,连续两个季度", DAY, ""),
    ("三年内,前三名", DAY, ""),
    ("先天后天,明天系,说明天气", DAY, ""),
    ("一五一十,三八线,十一人", DAY, ""),
    ("第三季,四季如春,春运", DAY, ""),
    ("年终奖,中年初婚", DAY, ""),
    ("24小时,3日游,10日均线,为期5日,连续3日", DAY, ""),
    ("世纪大桥", DAY, ""),
    ("1-11岁,3-5人,q5", DAY, ""),
    ("a quarter of an hour, the second half", DAY, ""),
    ("every monday", DAY, ""),
    ("spring water, fall down, a decade", DAY, ""),
    ("two years later, three days old, the first day", DAY, ""),
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
        assert re.fullmatch(r"DAY(~DAY)?|--\d\d-\d\d".replace("DAY", r"[12]\d{3}(-\d\d(-\d\d)?)?"), term)
