from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest

from bot.locale.catalogue import LOCALES
from bot.zones import COMMON, city_of, hours_from_utc, zone_named

WINTER = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        (" asia/tokyo ", "Asia/Tokyo"),
        ("tokyo", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"),
        ("東京", "Asia/Tokyo"),
        ("new  york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("纽约", "America/New_York"),
        ("紐約時間", "America/New_York"),
        ("Beijing", "Asia/Shanghai"),
        ("Beijing time", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("Shanghai", "Asia/Shanghai"),
        ("臺北", "Asia/Taipei"),
        ("Kolkata", "Asia/Kolkata"),
        ("UTC", "Etc/UTC"),
        ("gmt", "Etc/UTC"),
        ("UTC+0", "Etc/UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("utc −03:00", "Etc/GMT+3"),
    ],
)
def test_a_zone_is_known_by_its_names(name: str, zone: str) -> None:
    assert zone_named(name) == zone


@pytest.mark.parametrize(
    "name", ["", " ", "Atlantis", "UTC+15", "UTC-13", "UTC+5:30", "../etc/passwd", "\0", "a" * 1000, "utc+²"]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def test_every_zone_is_known_by_its_own_name() -> None:
    zones = [zone for zone in available_timezones() if "/" in zone][::40]
    assert zones == [zone_named(zone) for zone in zones]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_common_zones_are_called_by_different_names_that_are_understood(locale: str) -> None:
    assert [zone_named(city_of(zone, locale)) for zone in COMMON] == list(COMMON)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Asia/Shanghai", "UTC+8"),
        ("Etc/UTC", "UTC"),
        ("Europe/London", "UTC"),
        ("America/New_York", "UTC−5"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/St_Johns", "UTC−3:30"),
        ("Etc/GMT-8", "UTC+8"),
    ],
)
def test_hours_from_utc(zone: str, hours: str) -> None:
    assert hours_from_utc(zone, WINTER) == hours


def test_summer_time_counts() -> None:
    assert hours_from_utc("Europe/London", datetime(2026, 7, 1, tzinfo=UTC)) == "UTC+1"


def test_zones_of_fixed_hours_are_called_by_them() -> None:
    assert [city_of(zone, "zh") for zone in ("Etc/GMT-8", "Etc/GMT+3", "Etc/UTC")] == [
        "UTC+8",
        "UTC−3",
        "UTC",
    ]
