from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Precision
from corpus.published import find_published, published_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2025-12-16", "2025-12-16T00:00:00+08:00", "day"),
        (" 2025-12-16 08:35 ", "2025-12-16T08:35:00+08:00", "minute"),
        ("2025-12-16T08:35", "2025-12-16T08:35:00+08:00", "minute"),
        ("2025-12-16T08:35:10+09:00", "2025-12-16T08:35:10+09:00", "second"),
        ("2025-12-16T08:35:10.123456Z", "2025-12-16T08:35:10+00:00", "second"),
        ("2025-12-16 08:35 -0530", "2025-12-16T08:35:00-05:30", "minute"),
        ("20251216", "2025-12-16T00:00:00+08:00", "day"),
        ("20251216T083500Z", "2025-12-16T08:35:00+00:00", "second"),
        ("2025年12月16日", "2025-12-16T00:00:00+08:00", "day"),
        ("2025年12月16日 8:35", "2025-12-16T08:35:00+08:00", "minute"),
        ("2025 年 12 月 16 日 上午8时35分", "2025-12-16T08:35:00+08:00", "minute"),
        ("2025年12月16日下午3时", "2025-12-16T15:00:00+08:00", "minute"),
        ("2025年12月16日中午12:30", "2025-12-16T12:30:00+08:00", "minute"),
        ("2025年12月16日8时35分10秒", "2025-12-16T08:35:10+08:00", "second"),
        ("2025/12/16", "2025-12-16T00:00:00+08:00", "day"),
        ("2025.12.6 08:35", "2025-12-06T08:35:00+08:00", "minute"),
        ("Dec 16, 2025", "2025-12-16T00:00:00+08:00", "day"),
        ("December 16th, 2025 at 3:05 p.m.", "2025-12-16T15:05:00+08:00", "minute"),
        ("Dec. 16, 2025 12:05 am", "2025-12-16T00:05:00+08:00", "minute"),
        ("16 December 2025", "2025-12-16T00:00:00+08:00", "day"),
        ("Tue, 16 Dec 2025 08:35:00 +0800", "2025-12-16T08:35:00+08:00", "second"),
        ("Tue, 16 Dec 2025 08:35:00 GMT", "2025-12-16T08:35:00+00:00", "second"),
        ("2025-12-16 08:35 EST", "2025-12-16T08:35:00-05:00", "minute"),
        ("2025-12-16 08:35 CST", "2025-12-16T08:35:00+08:00", "minute"),
        ("2025-12", "2025-12-01T00:00:00+08:00", "month"),
        ("2025年12月", "2025-12-01T00:00:00+08:00", "month"),
        ("December 2025", "2025-12-01T00:00:00+08:00", "month"),
        ("2025", "2025-01-01T00:00:00+08:00", "year"),
        ("2025年", "2025-01-01T00:00:00+08:00", "year"),
    ],
)
def test_dates_as_sources_write_them(text: str, at: str, precision: str) -> None:
    published = published_of(text, SHANGHAI)
    assert published is not None
    assert (published.at.isoformat(), published.precision) == (at, precision)


@pytest.mark.parametrize("text", ["", "soon", "1/2/2025", "16 Dec 25", "12025", "1850", "99:99"])
@pytest.mark.parametrize("addition", ["", " and more"])
def test_what_is_no_date_is_none(text: str, addition: str) -> None:
    assert published_of(text + addition, SHANGHAI) is None


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025-02-30", "2025年0月3日", "2025-12-16 25:00", "2025-12-16 08:61"]
)
def test_a_date_that_does_not_exist_is_none(text: str) -> None:
    assert published_of(text, SHANGHAI) is None


def test_a_named_zone_wins_over_the_usual_one() -> None:
    published = published_of("2025-12-16 08:35 CST", ZoneInfo("Europe/Berlin"))
    assert published is not None
    assert published.at.utcoffset() == timedelta(hours=-6)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001  hypothesis wants them naive
def test_iso_dates_come_back(moment: datetime) -> None:
    text = moment.replace(microsecond=0).isoformat()
    published = published_of(text, UTC)
    assert published is not None
    assert published.precision is Precision.SECOND
    assert published.at.replace(tzinfo=None).isoformat() == text


@given(st.text(alphabet="0123456789-/.: 年月日时分TZ+", max_size=24))
def test_any_text_is_a_date_or_none(text: str) -> None:
    published = published_of(text, SHANGHAI)
    assert published is None or published.at.tzinfo is not None


def test_a_date_in_a_line_is_found_with_its_place() -> None:
    line = "Xin Hua Cai Jing· 2025-12-16 08:35"
    found = find_published(line, SHANGHAI)
    assert found is not None
    assert (str(found[0]), line[: found[1]], line[found[2] :]) == (
        "2025-12-16 08:35",
        "Xin Hua Cai Jing· ",
        "",
    )


@pytest.mark.parametrize(
    "line", ["融资2025年回顾", "2025年12月大事", "电话 2025-12345678", "2025-13-40", "版本 1.2025.12.16.3"]
)
def test_less_than_a_day_in_a_line_is_not_when_it_was_published(line: str) -> None:
    assert find_published(line, SHANGHAI) is None
