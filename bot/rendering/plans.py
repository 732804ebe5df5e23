"""How a question is followed, in words and as buttons: how strictly, when, and with a sound or without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel.dates import get_day_names

from bot.locale.catalogue import N_
from bot.rendering.fragments import joined, plain
from bot.rendering.message import Button, Message
from bot.schedule import Cadence
from bot.zones import city_of, hours_from_utc
from retrieval.breadth import Breadth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.rendering.subscription_data import Plan
    from bot.schedule import Schedule

Row = tuple[Button, ...]

CHOSEN = "✓ "
BREADTHS = {Breadth.STRICT: N_("🎯 strict"), Breadth.BROAD: N_("🌐 broad")}
_CADENCES = {
    Cadence.AT_ONCE: N_("at once"),
    Cadence.HOURLY: N_("hourly"),
    Cadence.DAILY: N_("daily"),
    Cadence.WEEKLY: N_("weekly"),
}
_A_ROW = 2
_HOURS_A_ROW = 6
_HOUR = 60
_CLOCK = re.compile(r"\s*([01]?[0-9]|2[0-3])\s*[:：.]\s*([0-5][0-9])\s*", re.ASCII)


def schedule_text(schedule: Schedule, words: Words) -> str:
    """When something is told: "daily at 09:00"."""
    minute = schedule.minute or 0
    if schedule.cadence is Cadence.DAILY:
        return words.gettext("daily at {time}").format(time=clock(minute))
    if schedule.cadence is Cadence.WEEKLY:
        day = get_day_names("wide", locale=words.locale)[schedule.weekday or 0]
        return words.gettext("every {weekday} at {time}").format(weekday=day, time=clock(minute))
    return words.gettext(_CADENCES[schedule.cadence])


def breadth_text(breadth: Breadth, words: Words) -> str:
    """What a breadth sends."""
    if breadth is Breadth.STRICT:
        return words.gettext("strict: only what answers the question")
    return words.gettext("broad: also what is about the same matter")


def zone_text(words: Words, view: View) -> str:
    """The zone that times of day are in."""
    return zone_name(view.zone.key, words, view)


def zone_name(zone: str, words: Words, view: View) -> str:
    """A zone by its city, with how far it is from UTC: "Beijing (UTC+8)"."""
    city, hours = city_of(zone, words.locale), hours_from_utc(zone, view.now)
    return city if city == hours else f"{city} ({hours})"


def clock(minute: int) -> str:
    """A minute of the day: "09:00"."""
    hour, rest = divmod(minute, _HOUR)
    return f"{hour:02}:{rest:02}"


def clock_typed(text: str) -> int | None:
    """The minute of the day that a reader writes as "8:30" or "20：15"; None if it is no time of day."""
    match = _CLOCK.fullmatch(text)
    return None if match is None else int(match[1]) * _HOUR + int(match[2])


def breadth_row(plan: Plan, carry: Callable[[Plan], str], words: Words) -> Row:
    """To match strictly or broadly; `carry` makes the data that leads to a plan."""
    return tuple(
        _choice(words.gettext(said), carry(plan.having(breadth=breadth)), chosen=plan.breadth is breadth)
        for breadth, said in BREADTHS.items()
    )


def sound_button(plan: Plan, carry: Callable[[Plan], str], words: Words) -> Button:
    """Whether it comes with a sound; pressed, it comes the other way."""
    label = words.gettext("🔕 silently") if plan.silent else words.gettext("🔊 with sound")
    return Button(label, carry(plan.having(silent=not plan.silent)))


def when_button(plan: Plan, data: str, words: Words) -> Button:
    """To choose when it comes."""
    return Button(f"⏰ {schedule_text(plan.schedule, words)} ▸", data)


def render_when(
    plan: Plan, carry: Callable[[Plan], str], hours: str, back: str, words: Words, view: View
) -> Message:
    """The cadences to choose from, with the days and the time of those that have any.

    Args:
        plan: what is chosen now.
        carry: makes the data that leads to a plan.
        hours: the data that leads to the hours.
        back: the data that leads back.
        words: the language.
        view: in which zone the times of day are.
    """
    timed = plan.cadence in {Cadence.DAILY, Cadence.WEEKLY}
    lines = [
        words.gettext("When should I tell you? Now: {schedule}").format(
            schedule=schedule_text(plan.schedule, words)
        )
    ]
    if timed:
        lines.append(_typing(words, view))
    return Message(
        joined("\n\n", map(plain, lines)).html,
        (*_when_rows(plan, carry, hours, words), (Button(words.gettext("◀ Back"), back),)),
    )


def render_hours(plan: Plan, carry: Callable[[Plan], str], back: str, words: Words, view: View) -> Message:
    """The hours to choose from; any other time can be written."""
    said = words.gettext("At what time of the day? Now: {time}").format(time=clock(plan.minute))
    buttons = [
        _choice(
            clock(hour * _HOUR)[:2],
            carry(plan.having(minute=hour * _HOUR)),
            chosen=plan.minute == hour * _HOUR,
        )
        for hour in range(24)
    ]
    rows = (tuple(buttons[start : start + _HOURS_A_ROW]) for start in range(0, len(buttons), _HOURS_A_ROW))
    text = joined("\n\n", (plain(said), plain(_typing(words, view))))
    return Message(text.html, (*rows, (Button(words.gettext("◀ Back"), back),)))


def _typing(words: Words, view: View) -> str:
    said = words.gettext(
        "Times of day are those of {zone}. To choose any other time, reply to this message with it, "
        "for example 08:30."
    )
    return said.format(zone=zone_text(words, view))


def _when_rows(plan: Plan, carry: Callable[[Plan], str], hours: str, words: Words) -> Iterator[Row]:
    cadences = [
        _choice(words.gettext(said), carry(plan.having(cadence=cadence)), chosen=plan.cadence is cadence)
        for cadence, said in _CADENCES.items()
    ]
    yield from (tuple(cadences[start : start + _A_ROW]) for start in range(0, len(cadences), _A_ROW))
    if plan.cadence is Cadence.WEEKLY:
        names = get_day_names("abbreviated", locale=words.locale)
        days = [
            _choice(names[day], carry(plan.having(weekday=day)), chosen=plan.weekday == day)
            for day in range(7)
        ]
        yield tuple(days[:4])
        yield tuple(days[4:])
    if plan.cadence in {Cadence.DAILY, Cadence.WEEKLY}:
        label = words.gettext("🕘 at {time} ▸").format(time=clock(plan.minute))
        yield (Button(label, hours),)


def _choice(label: str, data: str, *, chosen: bool) -> Button:
    return Button(f"{CHOSEN if chosen else ''}{label}", data)
