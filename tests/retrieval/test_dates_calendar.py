"""The calendars under the dates: ranges and their names, the lunar year, holidays."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dates import DateRange, Precision
from retrieval.dates.chinese_relative import five_year_plan
from retrieval.dates.holidays import CHINESE, ENGLISH, long_weekend
from retrieval.dates.lunar import lunar_day, lunar_day_within
from retrieval.dates.ranges import day_of, month_away, quarter_away, season_of
from retrieval.dates.units import Unit, away, past


def _range(first: str, last: str) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


def test_a_range_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="2025-01-02"):
        DateRange(date(2025, 1, 2), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "term", "precision"),
    [
        ("2025-12-16", "2025-12-16", "2025-12-16", Precision.DAY),
        ("2025-12-01", "2025-12-31", "2025-12", Precision.MONTH),
        ("2024-02-01", "2024-02-28", "2024-02-01~2024-02-28", Precision.SPAN),
        ("2025-01-01", "2025-12-31", "2025", Precision.YEAR),
        ("2021-01-01", "2025-12-31", "2021~2025", Precision.SPAN),
        ("2025-10-01", "2025-12-31", "2025-10~2025-12", Precision.SPAN),
        ("2025-10-01", "2025-10-07", "2025-10-01~2025-10-07", Precision.SPAN),
    ],
)
def test_a_range_has_one_name(first: str, last: str, term: str, precision: Precision) -> None:
    days = _range(first, last)
    assert (days.term, days.precision) == (term, precision)


def test_a_year_earlier_the_end_of_february_is_its_end() -> None:
    assert _range("2025-01-01", "2025-02-28").years_away(-1) == _range("2024-01-01", "2024-02-29")
    assert _range("2024-02-01", "2024-02-29").years_away(1) == _range("2025-02-01", "2025-02-28")


@given(
    day=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    count=st.integers(-200, 200),
    unit=st.sampled_from(Unit),
)
def test_a_unit_away_and_back_is_the_same(day: date, count: int, unit: Unit) -> None:
    assert day in away(day, 0, unit)
    there = away(day, count, unit).first
    assert away(there, -count, unit) == away(day, 0, unit)


def test_the_last_month_of_a_short_one_is_whole() -> None:
    assert past(date(2025, 3, 31), 1, Unit.MONTH) == _range("2025-03-01", "2025-03-31")
    assert month_away(date(2025, 1, 31), -1).term == "2024-12"
    assert quarter_away(date(2025, 1, 31), -1).term == "2024-10~2024-12"
    assert season_of(2024, 3) == _range("2024-12-01", "2025-02-28")


# Published holidays of past and coming years: (new year, dragon boat, mid-autumn).
LUNAR = [
    ("1978-02-07", "1978-06-10", "1978-09-17"),
    ("2000-02-05", "2000-06-06", "2000-09-12"),
    ("2012-01-23", "2012-06-23", "2012-09-30"),
    ("2020-01-25", "2020-06-25", "2020-10-01"),
    ("2023-01-22", "2023-06-22", "2023-09-29"),
    ("2024-02-10", "2024-06-10", "2024-09-17"),
    ("2025-01-29", "2025-05-31", "2025-10-06"),
    ("2026-02-17", "2026-06-19", "2026-09-25"),
    ("2033-01-31", "2033-06-01", "2033-09-08"),
    ("2050-01-23", "2050-06-23", "2050-09-30"),
]


@pytest.mark.parametrize(("new_year", "dragon_boat", "mid_autumn"), LUNAR)
def test_lunar_holidays(new_year: str, dragon_boat: str, mid_autumn: str) -> None:
    year = int(new_year[:4])
    found = [lunar_day(year, month, day) for month, day in ((1, 1), (5, 5), (8, 15))]
    assert found == [date.fromisoformat(day) for day in (new_year, dragon_boat, mid_autumn)]


def test_lunar_days_at_the_edges() -> None:
    assert lunar_day(1948, 1, 1) is None
    assert lunar_day(2051, 1, 1) is None
    assert lunar_day(2025, 13, 1) is None
    assert lunar_day(2025, 12, 30) is None  # the month has 29 days
    assert lunar_day(2023, 2, 1) == date(2023, 2, 20)  # a leap second month follows
    assert lunar_day(2023, 3, 1) == date(2023, 4, 20)
    assert lunar_day_within(2025, 1, 0) == date(2025, 1, 28)
    assert lunar_day_within(2025, 12, 8) == date(2025, 1, 7)


def test_new_years_are_a_lunar_year_apart() -> None:
    days = [lunar_day(year, 1, 1) for year in range(1949, 2051)]
    known = [day for day in days if day is not None]
    assert len(known) == 102
    lengths = {(after - before).days for before, after in itertools.pairwise(known)}
    assert lengths <= {353, 354, 355, 383, 384, 385}


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("清明", 2023, "2023-04-05"),
        ("清明", 2024, "2024-04-04"),
        ("清明", 2025, "2025-04-04"),
        ("清明", 1999, "1999-04-05"),
        ("感恩节", 2025, "2025-11-27"),
        ("黑色星期五", 2024, "2024-11-29"),
        ("除夕", 2024, "2024-02-09"),
        ("元宵", 2025, "2025-02-12"),
        ("七夕", 2025, "2025-08-29"),
        ("重阳", 2025, "2025-10-29"),
    ],
)
def test_days_that_move(name: str, year: int, day: str) -> None:
    assert CHINESE[name](year) == _range(day, day)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2024-06-10", "2024-06-08", "2024-06-10"),  # a Monday
        ("2023-06-22", "2023-06-22", "2023-06-24"),  # a Thursday
        ("2022-06-03", "2022-06-03", "2022-06-05"),  # a Friday
        ("2025-05-31", "2025-05-31", "2025-06-02"),  # a Saturday
        ("2022-09-11", "2022-09-10", "2022-09-12"),  # a Sunday
    ],
)
def test_a_holiday_of_one_day_is_off_with_its_weekend(day: str, first: str, last: str) -> None:
    assert long_weekend(day_of(date.fromisoformat(day))) == _range(first, last)


@given(year=st.integers(1, 9998))
def test_every_holiday_of_any_year_lies_in_it_or_is_unknown(year: int) -> None:
    for days in (*CHINESE.values(), *ENGLISH.values()):
        found = days(year)
        assert found is None or year in (found.first.year, found.last.year)


def test_five_year_plans() -> None:
    assert [five_year_plan(number).term for number in (1, 2, 3, 14, 15)] == [
        "1953~1957",
        "1958~1962",
        "1966~1970",
        "2021~2025",
        "2026~2030",
    ]
