"""What a reader asked in a chat: a page of questions, newest first, each to be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.rendering.chips import chip_text
from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, bold, joined, moment, plain
from bot.rendering.message import Button, Message
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.reply import Reply

PREFIX = "his:"
PAGE = 10
"""Questions on a page."""

_ASK = "ask"
_A_ROW = 5
_QUESTION_UNITS = 160
_CHIPS_UNITS = 80
_LONGEST_OFFSET = 9


class Act(StrEnum):
    """What a button of the history does."""

    SHOW = "show"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the history: a page that begins at `offset`, or the reply whose question to ask again."""

    act: Act
    offset: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Questions `offset` to `offset + PAGE` of `total`, newest first."""

    entries: Sequence[Reply]
    offset: int
    total: int


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    if not data.startswith(PREFIX):
        return None
    name, _, key = data.removeprefix(PREFIX).partition(":")
    if name == _ASK and key:
        return Pressed(Act.ASK, key=key)
    if name.isascii() and name.isdigit() and len(name) <= _LONGEST_OFFSET and not key:
        return Pressed(Act.SHOW, int(name))
    return None


def render_history(page: HistoryPage, words: Words, view: View) -> Message:
    """A page of questions with when they were asked, and a button for each to ask it again."""
    if not page.entries:
        return Message(plain(words.gettext("You have not asked anything here yet.")).html)
    entries = page.entries[:PAGE]
    last = page.offset + len(entries)
    heading = bold(plain(words.gettext("My questions"))) + plain(f" · {_counted(page, last, words)}")
    lines = (_entry(page.offset + place, entry, words, view) for place, entry in enumerate(entries, 1))
    note = plain(words.gettext("Press a number to ask again; the answer is from today's news."))
    numbers = [
        Button(str(page.offset + place), f"{PREFIX}{_ASK}:{entry.key}")
        for place, entry in enumerate(entries, 1)
    ]
    rows = [tuple(numbers[start : start + _A_ROW]) for start in range(0, len(numbers), _A_ROW)]
    beside = []
    if page.offset > 0:
        beside.append(Button(words.gettext("◀ newer"), f"{PREFIX}{max(0, page.offset - PAGE)}"))
    if last < page.total:
        beside.append(Button(words.gettext("older ▶"), f"{PREFIX}{last}"))
    return Message(
        joined("\n\n", (heading, *lines, note)).html, (*rows, tuple(beside)) if beside else tuple(rows)
    )


def _counted(page: HistoryPage, last: int, words: Words) -> str:
    if page.offset == 0 and last == page.total:
        return words.ngettext("{count} question", "{count} questions", last).format(count=last)
    said = words.gettext("Questions {first} to {last} of {total}")
    return said.format(first=page.offset + 1, last=last, total=page.total)


def _entry(number: int, entry: Reply, words: Words, view: View) -> Fragment:
    inquiry = entry.inquiry
    asked = plain(f"{number}. ") + plain(
        one_line(inquiry.said, _QUESTION_UNITS) or words.gettext("(no words)")
    )
    at = entry.created.astimezone(view.zone)
    below = [moment(plain(at.strftime("%Y-%m-%d %H:%M")), at, "dt")]
    if entry.verdict is Verdict.NOTHING:
        below.append(plain(words.gettext("nothing found")))
    elif entry.verdict is Verdict.RELATED:
        below.append(plain(words.gettext("only related news found")))
    chips = " · ".join(chip_text(chip, words) for chip in inquiry.chips())
    if chips:
        below.append(plain(one_line(chips, _CHIPS_UNITS)))
    return joined("\n", (asked, joined(" · ", below)))
