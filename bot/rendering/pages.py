"""A document cut into pages that fit a message: whole passages where they fit, sentences where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.excerpt import trimmed
from bot.rendering.fragments import utf16_units
from bot.rendering.graphemes import end_within, is_boundary
from corpus.sentences import sentence_spans
from retrieval.answer import Span

if TYPE_CHECKING:
    from corpus.model import Document, Passage

PAGE_UNITS = 2800
MOST_PIECES = 40

SECTION_UNITS = 102
"""What the name of a section takes at most, with two isolates."""

# A passage that no page can hold begins on what is left of one if that is at least so much; one
# that the next page can hold is cut only where half a page would stay empty.
_LEAST = 600
_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage that stands on one page, without blanks at its ends."""

    passage: Passage
    span: Span


def pages_of(document: Document) -> tuple[tuple[Piece, ...], ...]:
    """The pages of a document; none if there is nothing in it to read.

    A page has at most `PAGE_UNITS` UTF-16 units of text and names of sections, and `MOST_PIECES` pieces.
    """
    pages: list[tuple[Piece, ...]] = []
    page: list[Piece] = []
    used = 0
    section = None
    for passage in document.passages:
        whole = trimmed(passage.text, Span(0, len(passage.text)))
        start = whole.start
        if passage.section != section and start < whole.end:
            section = passage.section
            used += SECTION_UNITS
        while start < whole.end:
            room = max(1, PAGE_UNITS - used)
            rest = utf16_units(passage.text[start : whole.end])
            least = _LEAST if rest > PAGE_UNITS - SECTION_UNITS else PAGE_UNITS // 2
            if page and (len(page) == MOST_PIECES or (rest > room and room < least)):
                pages.append(tuple(page))
                page, used = [], 0
                continue
            end = whole.end if rest <= room else _end(passage.text, start, whole.end, room)
            span = trimmed(passage.text, Span(start, end))
            if span.start < span.end:
                page.append(Piece(passage, span))
                used += utf16_units(passage.text[span.start : span.end]) + _BETWEEN
            start = end
            if start < whole.end:
                pages.append(tuple(page))
                page, used = [], 0
    return (*pages, tuple(page)) if page else tuple(pages)


def page_with(pages: tuple[tuple[Piece, ...], ...], passage_id: str, place: int) -> int:
    """The number of the page on which a place of a passage stands, from 0; 0 if it stands on none."""
    for number, page in enumerate(pages):
        if any(piece.passage.id == passage_id and place < piece.span.end for piece in page):
            return number
    return 0


def _end(text: str, start: int, end: int, units: int) -> int:
    """Where to cut: after the last sentence that fits, or else at the last place that does."""
    furthest = end_within(text, start, end, units)
    ends = [start + stop for _, stop in sentence_spans(text[start:furthest])]
    # The last of them ends only because the text was cut there.
    return max((place for place in ends[:-1] if is_boundary(text, place)), default=furthest)
