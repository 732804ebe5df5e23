"""When a document was published: dates as sources write them, no more exact than they do.

Understood: ISO 8601, "2025年12月16日 8:35", "上午8时35分", "2025/12/16", "2025.12.16",
"Dec 16, 2025", "16 December 2025", RFC 822, a year and month, a year alone. A date that
does not exist (month 13) is no date. Nothing is ever taken from the clock or from the
file's own times: a source that gives no date has none.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from corpus.model import Precision, Published

if TYPE_CHECKING:
    from datetime import tzinfo

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_MONTH: Final = r"(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_ZONE: Final = r"(?P<zone>Z|UTC|GMT|[EPCM][SD]T|[+-]\d\d:?\d\d|[+-]\d\d)"
_TIME: Final = (
    r"(?:\s*(?P<half>上午|下午|晚上|凌晨|中午|早上|早晨|傍晚|晚间)?\s*"
    r"(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"|\s*[时点時點]\s*(?:(?P<cminute>\d{1,2})\s*分)?(?:\s*(?P<csecond>\d{1,2})\s*秒)?)"
    r"(?:\s*(?P<ampm>[ap]\.?m\b\.?))?"
    rf"(?:\s*{_ZONE}(?![A-Za-z0-9]))?)?"
)
_COMPACT: Final = rf"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:{_ZONE})?"
_AFTER_DAY: Final = r"(?:[T,，]|\s+at)?\s*"

# Tried in this order at each place; the first that fits is taken.
_FORMS: Final = (
    rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*[日号號]{_AFTER_DAY}{_TIME}",
    rf"{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?![\d.]*\d){_AFTER_DAY}{_TIME}",
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d){_AFTER_DAY}{_TIME}",
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+{_YEAR}(?!\d){_AFTER_DAY}{_TIME}",
    rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:T{_COMPACT})?(?!\d)",
    rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月(?:份)?",
    rf"{_YEAR}[-/.](?P<month>\d{{1,2}})(?![-/.\d])",
    rf"{_MONTH},?\s+{_YEAR}(?!\d)",
    rf"{_YEAR}\s*年?(?!\d)",
)
_DATES: Final = tuple(re.compile(rf"(?<![\d./-]){form}", re.IGNORECASE) for form in _FORMS)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")

_ZONE_HOURS: Final = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_AFTERNOON: Final = frozenset({"下午", "晚上", "傍晚", "晚间", "中午"})
_NOON: Final = 12
_A_WINTER_DAY: Final = datetime(2025, 1, 1)  # noqa: DTZ001  tzname wants it naive


def published_of(text: str, zone: tzinfo) -> Published | None:
    """The date that `text` is, or None if it is not exactly one date.

    Args:
        text: What a field such as "published" holds; white space around it is ignored.
        zone: The zone of a date that names none.
    """
    text = text.strip()
    if plain := _ISO_DAY.match(text):
        return _made(zone, Precision.DAY, *map(int, plain.groups()))
    for form in _DATES:
        if match := form.fullmatch(text):
            return _published(match, zone)
    return None


def find_published(text: str, zone: tzinfo) -> tuple[Published, int, int] | None:
    """The first exact day in a line of text, and where it stands, or None.

    Only full dates count: a year in a headline is not when it was published.
    """
    best: tuple[Published, int, int] | None = None
    for form in _DATES[:4]:
        match = form.search(text)
        if match and (best is None or match.start() < best[1]):
            found = _published(match, zone)
            if found is not None:
                best = (found, match.start(), match.end())
    return best


def _published(match: re.Match[str], zone: tzinfo) -> Published | None:
    parts = match.groupdict()
    year = int(parts["year"])
    name = parts.get("name")
    month = _MONTHS[name.lower()] if name else parts.get("month")
    day = parts.get("day")
    hour = parts.get("hour")
    if month is None:
        return _made(zone, Precision.YEAR, year)
    if day is None:
        return _made(zone, Precision.MONTH, year, int(month))
    if hour is None:
        return _made(zone, Precision.DAY, year, int(month), int(day))
    minute = parts.get("minute") or parts.get("cminute") or "0"
    second = parts.get("second") or parts.get("csecond")
    clock = _hour(int(hour), parts.get("half") or "", parts.get("ampm") or "")
    stated = _zone(parts.get("zone"), zone)
    precision = Precision.MINUTE if second is None else Precision.SECOND
    return _made(stated or zone, precision, year, int(month), int(day), clock, int(minute), int(second or 0))


def _hour(hour: int, half: str, ampm: str) -> int:
    if hour > _NOON:
        return hour
    if ampm:
        return hour % _NOON + (_NOON if ampm[0] in "pP" else 0)
    if half == "中午" and hour >= 11:  # noqa: PLR2004  11 o'clock at noon is before noon
        return hour
    return hour % _NOON + _NOON if half in _AFTERNOON else hour


def _zone(stated: str | None, usual: tzinfo) -> tzinfo | None:
    """The zone that letters or an offset name; None if they name none.

    CST is China's as well as Chicago's: a name that the usual zone bears is the usual zone's.
    """
    if stated is None:
        return None
    stated = stated.upper()
    if stated == usual.tzname(_A_WINTER_DAY):
        return usual
    if stated in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[stated]))
    digits = stated[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(days=1):
        return None
    return timezone(-offset if stated[0] == "-" else offset)


def _made(zone: tzinfo, precision: Precision, *parts: int) -> Published | None:
    """The record, or None for a day that is not in the calendar."""
    year, month, day, hour, minute, second = (*parts, *(1, 1, 1, 0, 0, 0)[len(parts) :])
    try:
        return Published(datetime(year, month, day, hour, minute, second, tzinfo=zone), precision)
    except (ValueError, OverflowError):
        return None
