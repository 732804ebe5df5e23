"""Quiet hours: as readers write them, as buttons carry them, and as a page to choose from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.rendering.citation import one_line
from bot.rendering.fragments import joined, plain
from bot.rendering.message import Button, Message
from bot.rendering.plans import CHOSEN, clock, clock_typed
from bot.schedule import Quiet

if TYPE_CHECKING:
    from bot.chats import Choices
    from bot.locale.catalogue import Words

OFF = "off"
"""What a button carries that ends something."""

# Of the hours that most people sleep in; any others can be written.
_NIGHTS = tuple(Quiet(60 * start % 1440, 60 * end) for start in (22, 23, 24) for end in (7, 8))
_DATA = re.compile(r"([0-9]{1,4})-([0-9]{1,4})", re.ASCII)
_QUIET = ("quiet", "勿扰", "勿擾", "免打扰", "免打擾")
_NONE = (OFF, "none", "关", "關", "关闭", "關閉", "无", "無")
_FROM_TO = re.compile(r"\s*(?:-|–|—|~|～|至|到|to)\s*")
_A_ROW = 2
_WRITTEN_UNITS = 64


def quiet_typed(arguments: str) -> str | None:
    """The hours that a reader writes after the command: "quiet 22:30-7:00"; None if it is not about them."""
    first, _, rest = arguments.strip().partition(" ")
    return rest.strip() if first.casefold() in _QUIET else None


def read_quiet(written: str) -> Choices | None:
    """What is chosen by "22:30-7:00", "22:30 至 7:00" or "off"; None if that cannot be read."""
    written = written.casefold().strip()
    if written in _NONE:
        return {"quiet": None}
    minutes = [clock_typed(part) for part in _FROM_TO.split(written)]
    if len(minutes) != len(("start", "end")) or minutes[0] is None or minutes[1] is None:
        return None
    return _choice(minutes[0], minutes[1])


def quiet_choice(data: str) -> Choices | None:
    """What is chosen by what a button carries, "1320-420" or "off"; None if no button carries that."""
    if data == OFF:
        return {"quiet": None}
    match = _DATA.fullmatch(data)
    return None if match is None else _choice(int(match[1]), int(match[2]))


def hours_text(quiet: Quiet) -> str:
    """From when to when: "22:00–07:00"."""
    return f"{clock(quiet.start)}–{clock(quiet.end)}"


def render_quiet_hours(chosen: Quiet | None, prefix: str, back: tuple[Button, ...], words: Words) -> Message:
    """The quiet hours to choose from, and how to write any others.

    Args:
        chosen: those that there are now.
        prefix: what the data of every choice begins with.
        back: the buttons that lead back.
        words: the language.
    """
    text = words.gettext(
        "When should I keep quiet? What comes meanwhile I send when the quiet hours are over; your "
        "questions I always answer."
    )
    others = words.gettext("To choose others, write for example: {example}").format(
        example="/settings quiet 21:30-6:45"
    )
    buttons = [
        Button(f"{CHOSEN if chosen == each else ''}{hours_text(each)}", f"{prefix}{each.start}-{each.end}")
        for each in _NIGHTS
    ]
    rows = (tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW))
    none = words.gettext("no quiet hours")
    never = Button(f"{CHOSEN if chosen is None else ''}{none}", f"{prefix}{OFF}")
    return Message(joined("\n\n", (plain(text), plain(others))).html, (*rows, (never, *back)))


def render_unknown_quiet(written: str, words: Words) -> Message:
    """The reply to quiet hours that cannot be read."""
    text = words.gettext("I cannot read “{written}” as quiet hours. Write for example: {first} or {second}")
    said = text.format(
        written=one_line(written, _WRITTEN_UNITS),
        first="/settings quiet 22:00-7:00",
        second="/settings quiet off",
    )
    return Message(plain(said).html)


def _choice(start: int, end: int) -> Choices | None:
    try:
        return {"quiet": Quiet(start, end)}
    except ValueError:
        return None
