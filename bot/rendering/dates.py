"""Dates as readers see them: no more exact than the source, in their zone, with how old it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from babel.dates import format_timedelta

from bot.rendering.fragments import Fragment, moment, plain
from corpus.model import Precision

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.locale.catalogue import Words
    from corpus.model import Published

# Telegram's letters: a short date and a short time.
_SHORT_DATE_AND_TIME = "dt"
_TO_THE_MINUTE = (Precision.MINUTE, Precision.SECOND)
_FIRST_UNIX_TIME, _LAST_UNIX_TIME = 1, 2**31 - 1
# Above any count, so that Babel uses the unit it is told to.
_NEVER_LARGER = 10.0**9

_BESIDE_A_NUMBER = re.compile(r"([0-9])([\u4e00-\u9fff])")

_MINUTE = timedelta(minutes=1)
_MINUTES_SHOWN = timedelta(hours=1)
_HOURS_SHOWN = timedelta(days=1)
_DAYS_SHOWN = 60
_MONTHS_SHOWN = 24
_MONTHS = 12
_DAYS_A_MONTH = 30.44  # on average, as Babel counts too
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class View:
    """When and where a message is read: `now` is aware, `zone` is the reader's."""

    now: datetime
    zone: ZoneInfo


def dated(published: Published | None, words: Words, view: View) -> Fragment:
    """The date with how old it is: "2025-12-16 (8 days ago)".

    A moment known to the minute is shown in the reader's zone; a day, a month or a year belongs
    to no zone and stands as the source has it.
    """
    if published is None:
        return plain(words.gettext("no date given"))
    old = age(published, words, view)
    return _date(published, view) + plain(f" ({old})" if old else "")


def written(published: Published, view: View) -> str:
    """The date alone, as text: to the minute at most, and then in the reader's zone."""
    if published.precision not in _TO_THE_MINUTE:
        return str(published)
    return published.at.astimezone(view.zone).replace(tzinfo=None).isoformat(" ", "minutes")


def age(published: Published, words: Words, view: View) -> str:
    """How old news is, no more exactly than its date; empty for what is not yet."""
    if published.precision in _TO_THE_MINUTE:
        return _age_of_moment(published.at, words, view)
    here = view.now.astimezone(published.at.tzinfo)
    if published.precision is Precision.DAY:
        return _days_ago((here.date() - published.at.date()).days, words)
    years = here.year - published.at.year
    if published.precision is Precision.MONTH:
        return _months_ago(_MONTHS * years + here.month - published.at.month, words)
    if years == 0:
        return words.gettext("this year")
    return _ago(timedelta(days=_DAYS_A_YEAR * years), "year", words) if years > 0 else ""


def _date(published: Published, view: View) -> Fragment:
    text = plain(written(published, view))
    if (
        published.precision in _TO_THE_MINUTE
        and _FIRST_UNIX_TIME <= published.at.timestamp() <= _LAST_UNIX_TIME
    ):
        return moment(text, published.at, _SHORT_DATE_AND_TIME)
    return text


def _age_of_moment(at: datetime, words: Words, view: View) -> str:
    passed = view.now - at
    if timedelta() <= passed < _HOURS_SHOWN:
        if passed < _MINUTE:
            return words.gettext("just now")
        return _ago(passed, "minute" if passed < _MINUTES_SHOWN else "hour", words)
    return _days_ago((view.now.astimezone(view.zone).date() - at.astimezone(view.zone).date()).days, words)


def _days_ago(days: int, words: Words) -> str:
    if days < 0:
        return ""
    if days == 0:
        return words.gettext("today")
    if days == 1:
        return words.gettext("yesterday")
    if days < _DAYS_SHOWN:
        return _ago(timedelta(days=days), "day", words)
    return _months_ago(round(days / _DAYS_A_MONTH), words)


def _months_ago(months: int, words: Words) -> str:
    if months < 0:
        return ""
    if months == 0:
        return words.gettext("this month")
    if months < _MONTHS_SHOWN:
        return _ago(timedelta(days=_DAYS_A_MONTH * months), "month", words)
    return _ago(timedelta(days=_DAYS_A_YEAR * (months // _MONTHS)), "year", words)


def _ago(passed: timedelta, unit: Literal["minute", "hour", "day", "month", "year"], words: Words) -> str:
    said = format_timedelta(
        -passed, granularity=unit, threshold=_NEVER_LARGER, add_direction=True, locale=words.locale
    )
    # Between a number and a Chinese word stands a space, as in the bot's other texts.
    return _BESIDE_A_NUMBER.sub(r"\1 \2", said)
