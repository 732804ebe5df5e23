"""Time zones by the names that readers give them: IANA's, a city's in either language, or hours from UTC."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location

from bot.locale.catalogue import LOCALES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

COMMON = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "Etc/UTC",
)
"""The zones to choose from without typing."""

LONGEST = 64
"""Characters of a name that is looked up."""

# China's zone is named after Shanghai, and nobody there calls its time so.
_CHINA = "Asia/Shanghai"
_BEIJING = {"en": "Beijing", "zh": "北京", "zh_Hant": "北京"}
_UTC = "Etc/UTC"
_HOURS = re.compile(r"(?:utc|gmt)\s*([+\-−])\s*(\d{1,2})(?::?00)?", re.ASCII)
_MOST_HOURS = {"+": 14, "-": 12}
_MINUTES_AN_HOUR = 60


def zone_named(name: str) -> str | None:
    """The IANA name of the zone a reader means; None if there is none of that name.

    "Asia/Tokyo", "tokyo", "东京", "北京时间", "New York" and "UTC+8" are understood.
    """
    written = " ".join(name.split()).casefold()
    if not written or len(written) > LONGEST:
        return None
    if (hours := _HOURS.fullmatch(written)) is not None:
        return _at_hours(hours[1].replace("−", "-"), int(hours[2]))
    city = _bare(written)
    if city in {"utc", "gmt"}:
        return _UTC
    known = (*COMMON, *sorted(zone for zone in available_timezones() if "/" in zone))
    return _of_iana(city.replace(" ", "_"), known) or _of_city(city, known)


def city_of(zone: str, locale: str) -> str:
    """The city that a zone is named after, in a language of the bot's."""
    if zone == _CHINA:
        return _BEIJING[locale]
    if zone.startswith("Etc/"):
        return "UTC" if zone == _UTC else hours_of_fixed(zone)
    return get_timezone_location(zone, locale=locale, return_city=True)


def hours_from_utc(zone: str, now: datetime) -> str:
    """How far a zone is from UTC at a moment: "UTC+8", "UTC−3:30"."""
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / _MINUTES_AN_HOUR)
    hours, rest = divmod(abs(minutes), _MINUTES_AN_HOUR)
    sign = "−" if minutes < 0 else "+"
    return "UTC" if minutes == 0 else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def hours_of_fixed(zone: str) -> str:
    """What a zone of fixed hours is called. IANA counts them the other way round: "Etc/GMT-8" is UTC+8."""
    sign, hours = zone.removeprefix("Etc/GMT")[:1], zone.removeprefix("Etc/GMT")[1:]
    return f"UTC{'+' if sign == '-' else '−'}{hours}" if hours.isdigit() else zone


def _at_hours(sign: str, hours: int) -> str | None:
    if hours == 0:
        return _UTC
    if hours > _MOST_HOURS[sign]:
        return None
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


def _of_iana(name: str, known: Sequence[str]) -> str | None:
    """The zone with an IANA name, or with a last part of it."""
    whole = (zone for zone in known if zone.casefold() == name)
    last = (zone for zone in known if zone.casefold().rpartition("/")[2] == name)
    return next(chain(whole, last), None)


def _of_city(city: str, known: Sequence[str]) -> str | None:
    """The zone named after a city in any language of the bot's."""
    return _cities(tuple(known)).get(city)


@cache
def _cities(known: tuple[str, ...]) -> Mapping[str, str]:
    """The zones by the names of their cities in every language; making it takes a third of a second."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        for zone in known:
            location = get_timezone_location(zone, locale=locale, return_city=True)
            for name in (location, city_of(zone, locale)):
                found.setdefault(name.casefold(), zone)
    return found


def _bare(written: str) -> str:
    """A city's name without the "time" after it."""
    for ending in ("时间", "時間", " time"):
        written = written.removesuffix(ending)
    return written.strip().replace("臺", "台")
