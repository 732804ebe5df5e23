"""Dates: never more exact than the source, in the reader's zone, and as old as they are."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.dates import View, age, dated
from tests.builders import ZONE, build_published

EN, ZH = Words("en", {}), Words("zh", {})
VIEW = View(datetime(2026, 1, 5, 9, 0, tzinfo=ZONE), ZONE)


@pytest.mark.parametrize(
    ("published", "english", "chinese"),
    [
        ("2026-01-05 08:59:30", "just now", "just now"),
        ("2026-01-05 08:55", "5 minutes ago", "5 分钟前"),
        ("2026-01-05 06:00", "3 hours ago", "3 小时前"),
        ("2026-01-04 09:00", "yesterday", "yesterday"),
        ("2026-01-05", "today", "today"),
        ("2025-12-28", "8 days ago", "8 天前"),
        ("2025-11-07", "59 days ago", "59 天前"),
        ("2025-11-06", "2 months ago", "2 个月前"),
        ("2026-01", "this month", "this month"),
        ("2025-12", "1 month ago", "1 个月前"),
        ("2024-01", "2 years ago", "2 年前"),
        ("2026", "this year", "this year"),
        ("2025", "1 year ago", "1 年前"),
        ("2023-05-01", "2 years ago", "2 年前"),
        ("2026-01-06", "", ""),
        ("2026-01-05 09:01", "today", "today"),
        ("2026-02", "", ""),
        ("2027", "", ""),
    ],
)
def test_news_is_as_old_as_its_date_tells(published: str, english: str, chinese: str) -> None:
    assert age(build_published(published), EN, VIEW) == english
    assert age(build_published(published), ZH, VIEW) == chinese


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    london = View(VIEW.now, ZoneInfo("Europe/London"))
    parsed = parse_html(dated(build_published("2025-12-16 07:30"), EN, london).html)
    assert parsed.text == "2025-12-15 23:30 (21 days ago)"
    (entity,) = parsed.entities
    assert entity.type == "date_time"


def test_a_day_belongs_to_no_zone() -> None:
    honolulu = View(VIEW.now, ZoneInfo("Pacific/Honolulu"))
    assert dated(build_published("2025-12-16"), EN, honolulu).html == "2025-12-16 (20 days ago)"


def test_no_date_is_said() -> None:
    assert dated(None, EN, VIEW).html == "no date given"


def test_a_moment_before_telegrams_time_is_plain() -> None:
    assert dated(build_published("1912-01-01 09:30"), EN, VIEW).html == "1912-01-01 09:30 (114 years ago)"
