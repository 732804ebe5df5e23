"""The buttons under an answer, and what they need to know.

From top to bottom: what was assumed, what each excerpt offers, the pages, other views of the
results, and opinions. There are at most `MAX_ROWS` rows, and at most `MOST_ACTIONS` excerpts
have buttons of their own.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.locale.catalogue import N_
from bot.rendering.button_data import Act, data
from bot.rendering.chips import MOST_ROWS, chip_rows, label
from bot.rendering.citations import citation_text
from bot.rendering.deep_link import address
from bot.rendering.message import Button
from retrieval.answer import Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inquiry import Inquiry
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Answer, Excerpt
    from retrieval.suggestions import Suggestion

Row = tuple[Button, ...]

MOST_ACTIONS = 5
REASONS = (N_("Wrong news"), N_("Too old"), N_("Not what I asked"), N_("Badly cut"))
"""Why an answer may be no good; buttons carry the place in here, so the order never changes."""

_MOST_SUGGESTIONS = 4
_TERM_UNITS = 16
_WIDE = 3  # excerpts beside each other that leave room for words


@dataclass(frozen=True, slots=True)
class Shown:
    """The reply that a card shows, and what the reader has done about it.

    Attributes:
        key: of the reply.
        inquiry: what was asked.
        following: whether the chat follows the question.
        opinion: +1 or -1 where the reader has given one.
        username: the bot's, for the answer's address; without it none is offered.
        suggestions: terms that the news has, for those it lacks.
        missing: words of the question that the news lacks.
        asking_reason: offer reasons for the opinion instead of other results.
        repeat_question: put the question above, for an answer with no question in the chat.
    """

    key: str
    inquiry: Inquiry
    following: bool = False
    opinion: int | None = None
    username: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    missing: tuple[str, ...] = ()
    asking_reason: bool = False
    repeat_question: bool = False


def card_keyboard(
    excerpts: Sequence[Excerpt], answer: Answer, shown: Shown, words: Words, view: View
) -> tuple[Row, ...]:
    """The rows of buttons under a card that shows these excerpts of an answer."""
    rows: Iterable[Row]
    if not excerpts:
        rows = (
            *chip_rows(shown.inquiry, shown.key, words),
            *_terms(shown),
            _pages(0, answer, shown, words),
            (_follow(answer.offset, shown, words),),
        )
    else:
        reasons = _reasons(answer.offset, shown, words) if shown.asking_reason else ()
        terms = _terms(shown)[:1]
        rows = (
            *chip_rows(shown.inquiry, shown.key, words, MOST_ROWS - len(terms)),
            *terms,
            *_actions(excerpts, answer.offset, shown, words, view),
            *(reasons or (_pages(len(excerpts), answer, shown, words), _views(answer, shown, words))),
            _opinions(answer.offset, shown, words),
        )
    return tuple(row for row in rows if row)


def _actions(
    excerpts: Sequence[Excerpt], offset: int, shown: Shown, words: Words, view: View
) -> tuple[Row, ...]:
    """To read around each excerpt, and to copy its citation."""
    read, cite = words.gettext("📖 Read around"), words.gettext("📋 Copy citation")
    today = view.now.astimezone(view.zone).date()
    places = range(offset, offset + len(excerpts[:MOST_ACTIONS]))
    around = [data(Act.AROUND, shown.key, place, offset) for place in places]
    copied = [citation_text(each.citation, today) for each in excerpts[:MOST_ACTIONS]]
    if len(excerpts) == 1:
        return ((Button(read, around[0]), Button(cite, copy=copied[0])),)
    if len(excerpts) <= _WIDE:
        read, cite = words.gettext("📖 Read {number}"), words.gettext("📋 Cite {number}")
    else:
        read, cite = "📖 {number}", "📋 {number}"
    return (
        tuple(Button(read.format(number=p + 1), data=d) for p, d in zip(places, around, strict=True)),
        tuple(Button(cite.format(number=p + 1), copy=c) for p, c in zip(places, copied, strict=True)),
    )


def _pages(count: int, answer: Answer, shown: Shown, words: Words) -> Row:
    """To the page before, and to the one behind the last excerpt that is shown."""
    row = []
    behind = answer.offset + count
    if answer.offset:
        before = max(0, answer.offset - shown.inquiry.excerpts)
        row.append(Button(words.gettext("◀ Back"), data(Act.MORE, shown.key, before)))
    if count and behind < answer.total:
        more = words.gettext("More results ({count}) ▶").format(count=answer.total - behind)
        row.append(Button(more, data(Act.MORE, shown.key, behind)))
    return tuple(row)


def _views(answer: Answer, shown: Shown, words: Words) -> Row:
    """Another order, the timeline, and to follow the question."""
    row = []
    if answer.total > 1:
        if shown.inquiry.order is Order.NEWEST:
            row.append(Button(words.gettext("⭐ Best first"), data(Act.ORDER, shown.key, 0)))
        else:
            row.append(Button(words.gettext("🕒 Newest first"), data(Act.ORDER, shown.key, 1)))
        row.append(Button(words.gettext("📈 Timeline"), data(Act.TIMELINE, shown.key, answer.offset)))
    return (*row, _follow(answer.offset, shown, words))


def _follow(offset: int, shown: Shown, words: Words) -> Button:
    if shown.following:
        return Button(words.gettext("🔔 Following"), data(Act.FOLLOW, shown.key, 0, offset))
    return Button(words.gettext("🔔 Follow"), data(Act.FOLLOW, shown.key, 1, offset))


def _opinions(offset: int, shown: Shown, words: Words) -> Row:
    """What the reader thinks of it, why it was found, and its address."""
    ticked = {1: ("👍 ✓", "👎"), -1: ("👍", "👎 ✓")}
    up, down = ticked.get(shown.opinion or 0, ("👍", "👎"))
    row = (
        Button(up, data(Act.UP, shown.key, offset)),
        Button(down, data(Act.DOWN, shown.key, offset)),
        Button(words.gettext("Why this?"), data(Act.WHY, shown.key, offset)),
    )
    if shown.username is None:
        return row
    return (*row, Button(words.gettext("🔗 Link"), copy=address(shown.username, shown.key, offset)))


def _reasons(offset: int, shown: Shown, words: Words) -> tuple[Row, ...]:
    buttons = [
        Button(words.gettext(reason), data(Act.REASON, shown.key, index, offset))
        for index, reason in enumerate(REASONS)
    ]
    skip = Button(words.gettext("Skip"), data(Act.BACK, shown.key, offset))
    middle = (len(buttons) + 1) // 2
    return (tuple(buttons[:middle]), (*buttons[middle:], skip))


def mark_of(suggestion: Suggestion) -> int:
    """A number that tells a suggestion from others, so that a button outlives no change of them."""
    return zlib.crc32(f"{suggestion.written}\0{suggestion.meant}".encode(errors="surrogatepass")) % 10**6


def _terms(shown: Shown) -> tuple[Row, ...]:
    """A button for each term that may be meant, two a row."""
    buttons = [
        Button(
            f"{label(each.written, _TERM_UNITS)} → {label(each.meant, _TERM_UNITS)}",
            data(Act.TERM, shown.key, index, mark_of(each)),
        )
        for index, each in enumerate(shown.suggestions[:_MOST_SUGGESTIONS])
    ]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
