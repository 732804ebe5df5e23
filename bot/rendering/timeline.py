"""The timeline: when a matter was reported, as a sparkline and one line a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.button_data import Act, data
from bot.rendering.citation import SEPARATOR, is_web_address, one_line
from bot.rendering.excerpt import ELLIPSIS, trimmed, window
from bot.rendering.fragments import Fragment, bold, joined, link, plain
from bot.rendering.message import Button, Message
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from retrieval.answer import Excerpt
    from retrieval.timeline import Day, Timeline

DAYS_A_PAGE = 20

_BARS = "▁▂▃▄▅▆▇█"
_MOST_BARS = 24
_QUESTION_UNITS = 200
_EXCERPT_UNITS = 90
_SOURCE_UNITS = 30


def render_timeline(timeline: Timeline, first: int, key: str, offset: int, words: Words) -> Message:
    """The days on which a matter was reported, newest first.

    Args:
        timeline: all of them.
        first: the first day to show, from 0.
        key: of the reply it belongs to.
        offset: the page of the answer to go back to.
        words: the language of everything that is not quoted.
    """
    days = timeline.days
    first = min(max(0, first), max(0, len(days) - 1))
    page = days[first : first + DAYS_A_PAGE]
    text = bold(plain(one_line(timeline.question.text, _QUESTION_UNITS)))
    if not days:
        text = joined("\n\n", (text, plain(words.gettext("No dated news is about this."))))
    else:
        lines = (_line(day) for day in page)
        text = joined("\n\n", (text, _overview(days, words), joined("\n", lines)))
    if timeline.undated:
        said = words.ngettext(
            "{count} report has no date.", "{count} reports have no date.", timeline.undated
        )
        text = joined("\n\n", (text, plain(said.format(count=timeline.undated))))
    return Message(text.html, _keyboard(first, len(page), len(days), (key, offset), words))


def sparkline(days: Sequence[Day]) -> str:
    """How often it was reported, from the first day on the left to the last: at most 24 bars.

    Each bar is as many days as every other. One without reports is the lowest, and no other is.
    """
    oldest, newest = days[-1].day, days[0].day
    span = (newest - oldest).days + 1
    width = -(-span // _MOST_BARS)
    counts = [0] * -(-span // width)
    for day in days:
        # Counted from the newest day, so that it always has a whole bar.
        counts[-1 - (newest - day.day).days // width] += day.count
    most = max(*counts, 1)
    # With the lowest for none, seven are left.
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def _overview(days: Sequence[Day], words: Words) -> Fragment:
    reports = sum(day.count for day in days)
    counted = words.ngettext("{count} report", "{count} reports", reports).format(count=reports)
    oldest, newest = days[-1].day.isoformat(), days[0].day.isoformat()
    if oldest == newest:
        return plain(counted)
    return plain(f"{sparkline(days)}\n{oldest} – {newest}{SEPARATOR}{counted}")


def _line(day: Day) -> Fragment:
    """A day: its date, how many reports, and what one of them says."""
    parts = (
        bold(plain(day.day.isoformat())),
        plain(f"×{day.count}") if day.count > 1 else Fragment(),
        _quoted(day.excerpt),
        plain(one_line(day.excerpt.citation.source, _SOURCE_UNITS)),
    )
    return joined(SEPARATOR, parts)


def _quoted(excerpt: Excerpt) -> Fragment:
    """A stretch of one line of the excerpt in quotation marks, with "…" outside where it goes on."""
    text = excerpt.passage.text
    whole = trimmed(text, excerpt.span)
    line = _line_of(text, whole, excerpt.matches[0] if excerpt.matches else whole)
    anchors = tuple(each for each in excerpt.matches if each.start >= line.start)
    shown = window(text, line, anchors, _EXCERPT_UNITS)
    stretch = plain(text[shown.start : shown.end])
    if excerpt.citation.url is not None and is_web_address(excerpt.citation.url):
        stretch = link(stretch, excerpt.citation.url)
    before = ELLIPSIS if shown.start > whole.start else ""
    after = ELLIPSIS if shown.end < whole.end else ""
    return plain(f"{before}“") + stretch + plain(f"”{after}")


def _line_of(text: str, whole: Span, match: Span) -> Span:
    """The line of the text on which the match begins, as far as it lies in `whole`."""
    place = whole.start
    for line in text[whole.start : whole.end].splitlines(keepends=True):
        if place + len(line) > match.start and line.strip():
            return trimmed(text, Span(place, place + len(line)))
        place += len(line)
    return whole


def _keyboard(
    first: int, shown: int, count: int, place: tuple[str, int], words: Words
) -> tuple[tuple[Button, ...], ...]:
    key, offset = place
    row = []
    if first:
        before = max(0, first - DAYS_A_PAGE)
        row.append(Button(words.gettext("◀ newer"), data(Act.TIMELINE, key, offset, before)))
    if first + shown < count:
        row.append(Button(words.gettext("older ▶"), data(Act.TIMELINE, key, offset, first + shown)))
    back = (Button(words.gettext("↩ Back to the answer"), data(Act.BACK, key, offset)),)
    return (tuple(row), back) if row else (back,)
