"""When feeds are asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.feed_schedule import FeedSchedule

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SCHEDULE = FeedSchedule()


@pytest.mark.parametrize(
    ("quiet", "minutes"),
    [
        (None, 30),
        (timedelta(0), 30),
        (4 * 60 * MINUTE, 30),
        (10 * 60 * MINUTE, 60),
        (DAY, 144),
        (30 * DAY, 360),
    ],
)
def test_a_quiet_feed_is_asked_less_often(quiet: timedelta | None, minutes: int) -> None:
    changed = None if quiet is None else NOW - quiet
    assert SCHEDULE.after_success(NOW, changed, 0.0) == NOW + minutes * MINUTE
    assert SCHEDULE.after_success(NOW, changed, 0.5) == NOW + minutes * 1.1 * MINUTE


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 15), (2, 30), (3, 60), (7, 960), (8, 1440), (999, 1440)]
)
def test_a_failing_feed_is_asked_half_as_often_each_time(failures: int, minutes: int) -> None:
    assert SCHEDULE.after_failure(NOW, failures, None, 0.5) == NOW + minutes * MINUTE


def test_what_its_host_asks_for_is_kept() -> None:
    assert SCHEDULE.after_failure(NOW, 1, 7200.0, 0.5) == NOW + timedelta(hours=2)
    assert SCHEDULE.after_failure(NOW, 9, 60.0, 0.5) == NOW + DAY


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_waits_are_spread_by_a_fifth(failures: int, chance: float) -> None:
    plain = SCHEDULE.after_failure(NOW, failures, None, 0.5) - NOW
    spread = SCHEDULE.after_failure(NOW, failures, None, chance) - NOW
    assert 0.79 < spread / plain < 1.21
    assert SCHEDULE.after_failure(NOW, failures, None, 0.0) < SCHEDULE.after_failure(NOW, failures, None, 0.9)


def test_what_keeps_failing_is_told_after_a_week_and_each_week() -> None:
    assert not SCHEDULE.is_to_report(NOW, NOW - 6 * DAY, None)
    assert SCHEDULE.is_to_report(NOW, NOW - 7 * DAY, None)
    assert not SCHEDULE.is_to_report(NOW, NOW - 13 * DAY, NOW - 6 * DAY)
    assert SCHEDULE.is_to_report(NOW, NOW - 14 * DAY, NOW - 7 * DAY)
