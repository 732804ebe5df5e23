"""An excerpt's surroundings: its passage whole, with the passages before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.button_data import Act, data
from bot.rendering.citation import cited
from bot.rendering.document_page import passages_of
from bot.rendering.excerpt import trimmed, window
from bot.rendering.fragments import joined, utf16_units
from bot.rendering.message import Button, Message
from bot.rendering.pages import Piece
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Document, Passage
    from retrieval.answer import Excerpt

AROUND_UNITS = 1800

_GAP = "\n\n"


def render_passage(
    document: Document,
    excerpt: Excerpt,
    ordinal: int | None,
    place: tuple[str, int, int],
    words: Words,
    view: View,
) -> Message:
    """A passage with its neighbours, what answered in bold, and buttons to read on.

    Args:
        document: what is read.
        excerpt: what of it answered.
        ordinal: of the passage in the middle, the nearest that there is; None for the excerpt's.
        place: the key of the reply, the excerpt's place in it, and the offset to go back to.
        words: the language of everything around the quotes.
        view: when and where it is read.
    """
    passages = document.passages
    middle = _index(passages, excerpt.passage.ordinal if ordinal is None else ordinal)
    first, last = _around(passages, middle)
    pieces = [_piece(passage, excerpt) for passage in passages[first : last + 1]]
    before = passages[first - 1].section if first else None
    heading = cited(excerpt.citation, words, view=view)
    text = joined(_GAP, (heading, *passages_of(filter(None, pieces), excerpt, before)))
    return Message(text.html, _keyboard(passages, first, last, place, words))


def _index(passages: Sequence[Passage], ordinal: int) -> int:
    """Where the passage with an ordinal stands, or the nearest one."""
    return min(range(len(passages)), key=lambda index: abs(passages[index].ordinal - ordinal), default=0)


def _around(passages: Sequence[Passage], middle: int) -> tuple[int, int]:
    """The first and last passage to show: neighbours only as far as they fit whole."""
    first = last = middle
    used = min(AROUND_UNITS, _units(passages[middle])) if passages else 0
    if middle + 1 < len(passages) and used + _units(passages[middle + 1]) <= AROUND_UNITS:
        last = middle + 1
        used += _units(passages[last])
    if middle and used + _units(passages[middle - 1]) <= AROUND_UNITS:
        first = middle - 1
    return first, last


def _units(passage: Passage) -> int:
    return utf16_units(passage.text)


def _piece(passage: Passage, excerpt: Excerpt) -> Piece | None:
    """The passage, or what stands around the excerpt in one that is too long; None if it is blank."""
    whole = trimmed(passage.text, Span(0, len(passage.text)))
    anchors = (excerpt.span,) if passage.id == excerpt.passage.id else ()
    shown = window(passage.text, whole, anchors, AROUND_UNITS)
    return Piece(passage, shown) if shown.start < shown.end else None


def _keyboard(
    passages: Sequence[Passage], first: int, last: int, place: tuple[str, int, int], words: Words
) -> tuple[tuple[Button, ...], ...]:
    key, excerpt, offset = place
    row = []
    if first > 0:
        ordinal = passages[first - 1].ordinal
        row.append(Button(words.gettext("◀ Before"), data(Act.AROUND, key, excerpt, offset, ordinal)))
    if last + 1 < len(passages):
        ordinal = passages[last + 1].ordinal
        row.append(Button(words.gettext("After ▶"), data(Act.AROUND, key, excerpt, offset, ordinal)))
    below = (
        Button(words.gettext("📄 Whole document"), data(Act.DOCUMENT, key, excerpt, offset)),
        Button(words.gettext("↩ Back to the answer"), data(Act.BACK, key, offset)),
    )
    return (tuple(row), below) if row else (below,)
