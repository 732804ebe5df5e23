"""When something is told: in the chat's zone, outside its quiet hours, also when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import (
    IN_TIME,
    MINUTES_A_DAY,
    Cadence,
    Quiet,
    Schedule,
    at_minute,
    lateness,
)

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
AT_ONCE, HOURLY = Schedule(Cadence.AT_ONCE), Schedule(Cadence.HOURLY)
DAILY_AT_NINE = Schedule(Cadence.DAILY, 540)
ZONES = (
    SHANGHAI,
    NEW_YORK,
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/Santiago"),
    ZoneInfo("Pacific/Apia"),
)
NIGHT = Quiet(22 * 60, 7 * 60)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def of_new_york(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("cadence", "minute", "weekday"),
    [
        (Cadence.AT_ONCE, 540, None),
        (Cadence.HOURLY, 0, None),
        (Cadence.HOURLY, None, 0),
        (Cadence.DAILY, None, None),
        (Cadence.DAILY, -1, None),
        (Cadence.DAILY, MINUTES_A_DAY, None),
        (Cadence.DAILY, 540, 1),
        (Cadence.WEEKLY, 540, None),
        (Cadence.WEEKLY, None, 1),
        (Cadence.WEEKLY, 540, 7),
        (Cadence.WEEKLY, 540, -1),
    ],
)
def test_a_schedule_has_what_its_cadence_needs_and_no_more(
    cadence: Cadence, minute: int | None, weekday: int | None
) -> None:
    with pytest.raises(ValueError, match=cadence.value):
        Schedule(cadence, minute, weekday)


def test_only_what_is_told_at_once_is_no_digest() -> None:
    assert not AT_ONCE.is_digest
    assert HOURLY.is_digest
    assert DAILY_AT_NINE.is_digest


def test_at_once_is_now() -> None:
    now = datetime(2026, 1, 5, 17, 0, tzinfo=SHANGHAI)
    due = AT_ONCE.next_due(now, SHANGHAI, None)
    assert due == now
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        (SHANGHAI, "2026-01-05T09:00:00+00:00", "2026-01-05T10:00:00+00:00"),
        (SHANGHAI, "2026-01-05T09:59:59.999999+00:00", "2026-01-05T10:00:00+00:00"),
        (ZoneInfo("Asia/Kathmandu"), "2026-01-05T09:00:00+00:00", "2026-01-05T09:15:00+00:00"),
        (ZoneInfo("Asia/Kolkata"), "2026-01-05T09:00:00+00:00", "2026-01-05T09:30:00+00:00"),
        # The hour that comes twice is two hours.
        (NEW_YORK, "2026-11-01T05:10:00+00:00", "2026-11-01T06:00:00+00:00"),
    ],
)
def test_an_hour_is_full_on_the_clock_of_the_zone(zone: ZoneInfo, after: str, due: str) -> None:
    assert HOURLY.next_due(utc(after), zone, None) == utc(due)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-01-05T08:59:59+08:00", "2026-01-05T09:00:00+08:00"),
        ("2026-01-05T09:00:00+08:00", "2026-01-06T09:00:00+08:00"),
        ("2026-01-05T23:59:00+08:00", "2026-01-06T09:00:00+08:00"),
        ("2026-02-28T10:00:00+08:00", "2026-03-01T09:00:00+08:00"),
    ],
)
def test_daily_is_the_next_time_that_it_is_so_late(after: str, due: str) -> None:
    assert DAILY_AT_NINE.next_due(utc(after), SHANGHAI, None) == utc(due)


@pytest.mark.parametrize(
    ("weekday", "due"),
    [(0, "2026-01-12"), (1, "2026-01-06"), (6, "2026-01-11")],  # it is a Monday
)
def test_weekly_is_on_the_weekday(weekday: int, due: str) -> None:
    weekly = Schedule(Cadence.WEEKLY, 540, weekday)
    after = utc("2026-01-05T12:00:00+08:00")
    assert weekly.next_due(after, SHANGHAI, None) == utc(f"{due}T09:00:00+08:00")


def test_the_weekday_is_the_chats_not_utcs() -> None:
    monday_at_one = Schedule(Cadence.WEEKLY, 60, 0)  # in UTC it is Sunday then
    assert monday_at_one.next_due(utc("2026-01-03T00:00:00+08:00"), SHANGHAI, None) == utc(
        "2026-01-04T17:00:00+00:00"
    )


def test_a_time_that_does_not_exist_is_the_first_moment_after_it() -> None:
    # On 8 March 2026 the clocks of New York go from 2:00 to 3:00.
    at_half_past_two = Schedule(Cadence.DAILY, 150)
    first = at_half_past_two.next_due(of_new_york("2026-03-07T12:00"), NEW_YORK, None)
    assert first == of_new_york("2026-03-08T03:00") == utc("2026-03-08T07:00:00+00:00")
    assert at_half_past_two.next_due(first, NEW_YORK, None) == of_new_york("2026-03-09T02:30")
    at_two, before = Schedule(Cadence.DAILY, 120), of_new_york("2026-03-08T01:59")
    assert at_two.next_due(before, NEW_YORK, None) == first


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    # On 1 November 2026 they go from 2:00 back to 1:00.
    at_half_past_one = Schedule(Cadence.DAILY, 90)
    first = at_half_past_one.next_due(of_new_york("2026-10-31T12:00"), NEW_YORK, None)
    assert first == of_new_york("2026-11-01T01:30") == utc("2026-11-01T05:30:00+00:00")
    # And is not told a second time an hour later.
    assert at_half_past_one.next_due(first, NEW_YORK, None) == of_new_york("2026-11-02T01:30")


def test_nine_is_nine_on_both_sides_of_the_change() -> None:
    days = [of_new_york("2026-03-06T12:00")]
    for _ in range(3):
        days.append(DAILY_AT_NINE.next_due(days[-1], NEW_YORK, None))
    assert [day.hour for day in days[1:]] == [14, 13, 13]
    assert {day.astimezone(NEW_YORK).hour for day in days[1:]} == {9}


def test_a_day_that_a_zone_left_out_is_told_of_when_the_next_one_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011 there
    after = datetime(2011, 12, 29, 12, tzinfo=apia)
    due = DAILY_AT_NINE.next_due(after, apia, None)
    assert due == datetime(2011, 12, 31, 0, 0, tzinfo=apia)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-01-05T21:59:59+08:00", None),
        ("2026-01-05T22:00:00+08:00", "2026-01-06T07:00:00+08:00"),
        ("2026-01-05T23:30:00+08:00", "2026-01-06T07:00:00+08:00"),
        ("2026-01-06T00:00:00+08:00", "2026-01-06T07:00:00+08:00"),
        ("2026-01-06T06:59:59+08:00", "2026-01-06T07:00:00+08:00"),
        ("2026-01-06T07:00:00+08:00", None),
        ("2026-01-06T12:00:00+08:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(moment: str, ends: str | None) -> None:
    assert NIGHT.ends_after(utc(moment), SHANGHAI) == (None if ends is None else utc(ends))
    due = AT_ONCE.next_due(utc(moment), SHANGHAI, NIGHT)
    assert due == utc(ends or moment)


def test_quiet_hours_of_a_day_do_not_reach_into_the_next() -> None:
    noon = Quiet(12 * 60, 14 * 60)
    assert noon.ends_after(utc("2026-01-05T13:00:00+08:00"), SHANGHAI) == utc("2026-01-05T14:00:00+08:00")
    assert noon.ends_after(utc("2026-01-05T02:00:00+08:00"), SHANGHAI) is None
    assert noon.ends_after(utc("2026-01-05T23:00:00+08:00"), SHANGHAI) is None


def test_a_digest_in_quiet_hours_comes_when_they_end() -> None:
    at_six = Schedule(Cadence.DAILY, 6 * 60)
    after = utc("2026-01-05T12:00:00+08:00")
    assert at_six.next_due(after, SHANGHAI, NIGHT) == utc("2026-01-06T07:00:00+08:00")
    assert HOURLY.next_due(utc("2026-01-05T22:30:00+08:00"), SHANGHAI, NIGHT) == utc(
        "2026-01-06T07:00:00+08:00"
    )
    assert DAILY_AT_NINE.next_due(after, SHANGHAI, NIGHT) == utc("2026-01-06T09:00:00+08:00")


def test_quiet_hours_are_as_long_as_the_night_is_in_new_york() -> None:
    assert NIGHT.ends_after(of_new_york("2026-03-07T23:00"), NEW_YORK) == of_new_york("2026-03-08T07:00")
    assert NIGHT.ends_after(of_new_york("2026-10-31T23:00"), NEW_YORK) == of_new_york("2026-11-01T07:00")


def test_quiet_hours_that_end_in_the_missing_hour_end_after_it() -> None:
    late = Quiet(22 * 60, 150)
    assert late.ends_after(of_new_york("2026-03-08T01:00"), NEW_YORK) == of_new_york("2026-03-08T03:00")
    assert late.ends_after(of_new_york("2026-03-08T03:00"), NEW_YORK) is None


def test_quiet_hours_that_end_in_the_doubled_hour_end_once() -> None:
    late = Quiet(22 * 60, 90)
    first, second = of_new_york("2026-11-01T01:30"), of_new_york("2026-11-01T01:10", fold=1)
    assert late.ends_after(of_new_york("2026-11-01T01:10"), NEW_YORK) == first
    assert late.ends_after(second, NEW_YORK) is None


@pytest.mark.parametrize(("start", "end"), [(60, 60), (-1, 60), (60, MINUTES_A_DAY)])
def test_hours_that_make_no_sense_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="quiet hours"):
        Quiet(start, end)


def test_a_chat_that_changes_zone_is_told_at_its_new_time() -> None:
    after = utc("2026-01-05T12:00:00+00:00")  # 20:00 in Shanghai, 7:00 in New York
    assert DAILY_AT_NINE.next_due(after, SHANGHAI, NIGHT) == utc("2026-01-06T01:00:00+00:00")
    assert DAILY_AT_NINE.next_due(after, NEW_YORK, NIGHT) == utc("2026-01-05T14:00:00+00:00")


def test_a_digest_is_late_when_the_server_was_down_at_its_hour() -> None:
    due = utc("2026-01-05T01:00:00+00:00")
    assert lateness(due, due) is None
    assert lateness(due, due + IN_TIME) is None
    assert lateness(due, due + timedelta(hours=5)) == timedelta(hours=5)
    assert lateness(due, due - timedelta(hours=1)) is None


minutes = st.integers(0, MINUTES_A_DAY - 1)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
schedules = st.one_of(
    st.just(AT_ONCE),
    st.just(HOURLY),
    st.builds(Schedule, st.just(Cadence.DAILY), minutes),
    st.builds(Schedule, st.just(Cadence.WEEKLY), minutes, st.integers(0, 6)),
)
quiets = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))


@given(schedules, moments, st.sampled_from(ZONES), st.none() | quiets)
def test_what_is_due_is_never_in_the_past_nor_in_quiet_hours_nor_far_away(
    schedule: Schedule, after: datetime, zone: ZoneInfo, quiet: Quiet | None
) -> None:
    due = schedule.next_due(after, zone, quiet)
    assert due >= after
    assert due - after <= timedelta(days=10)
    if quiet is not None:
        assert quiet.ends_after(due, zone) is None


@given(moments, st.sampled_from(ZONES), minutes)
def test_a_minute_of_a_day_is_that_minute_or_none_is(moment: datetime, zone: ZoneInfo, minute: int) -> None:
    day = moment.astimezone(zone).date()
    found = at_minute(day, minute, zone)
    wall = found.astimezone(zone)
    asked = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - what a clock shows
    assert wall.fold == 0
    if wall.replace(tzinfo=None) != asked:
        # No clock ever shows it, and a moment before they show less.
        before = (found - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < asked < wall.replace(tzinfo=None)
