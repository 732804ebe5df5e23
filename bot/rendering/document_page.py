"""The whole document, page by page: every passage verbatim in a block quote of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.button_data import Act, data
from bot.rendering.citation import cited, one_line
from bot.rendering.excerpt import highlighted, marked_cuts, trimmed
from bot.rendering.fragments import MAX_ENTITIES, Fragment, bold, joined, plain, quote
from bot.rendering.message import Button, Message
from bot.rendering.pages import SECTION_UNITS, Piece, page_with, pages_of
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Document
    from retrieval.answer import Citation, Excerpt

_GAP = "\n\n"


def render_document_page(
    document: Document,
    excerpt: Excerpt,
    page: int | None,
    place: tuple[str, int, int],
    words: Words,
    view: View,
) -> Message:
    """A page of a document, with what answered in bold.

    Args:
        document: what is read.
        excerpt: what of it answered.
        page: its number from 0, the nearest that there is; None for the page of the excerpt.
        place: the key of the reply, the excerpt's place in it, and the offset to go back to.
        words: the language of everything around the quotes.
        view: when and where it is read.
    """
    pages = pages_of(document)
    if not pages:
        return Message(
            joined(
                _GAP, (_heading(excerpt.citation, words, view), plain(words.gettext("There is no text.")))
            ).html,
            _keyboard(0, 0, place, words),
        )
    if page is None:
        page = page_with(pages, excerpt.passage.id, excerpt.span.start)
    number = min(max(page, 0), len(pages) - 1)
    heading = _heading(excerpt.citation, words, view)
    if len(pages) > 1:
        counted = words.gettext("Page {page} of {pages}").format(page=number + 1, pages=len(pages))
        heading = joined("\n", (heading, plain(counted)))
    before = pages[number - 1][-1].passage.section if number else None
    text = joined(_GAP, (heading, *passages_of(pages[number], excerpt, before)))
    return Message(text.html, _keyboard(number, len(pages), place, words))


def passages_of(pieces: Iterable[Piece], excerpt: Excerpt, section: str | None) -> Iterator[Fragment]:
    """Pieces of a document as quotes, each section's name above its first; `section` was named before."""
    for piece in pieces:
        passage = piece.passage
        bolds = (excerpt.span,) if passage.id == excerpt.passage.id else ()
        shown = quote(highlighted(passage.text, piece.span, bolds, None, MAX_ENTITIES))
        whole = trimmed(passage.text, Span(0, len(passage.text)))
        # A heading of the source stands in the text of the passage that it opens, and is read there.
        named = passage.section == section or passage.text.startswith(passage.section or "", piece.span.start)
        name = "" if named else one_line(passage.section, SECTION_UNITS - 2)
        section = passage.section
        yield joined("\n", (bold(plain(name)), marked_cuts(shown, whole, piece.span)))


def _heading(citation: Citation, words: Words, view: View) -> Fragment:
    return cited(citation, words, view=view)


def _keyboard(
    number: int, count: int, place: tuple[str, int, int], words: Words
) -> tuple[tuple[Button, ...], ...]:
    key, excerpt, offset = place
    row = []
    if number > 0:
        row.append(
            Button(words.gettext("◀ Page before"), data(Act.DOCUMENT, key, excerpt, offset, number - 1))
        )
    if number + 1 < count:
        row.append(Button(words.gettext("Next page ▶"), data(Act.DOCUMENT, key, excerpt, offset, number + 1)))
    back = (Button(words.gettext("↩ Back to the answer"), data(Act.BACK, key, offset)),)
    return (tuple(row), back) if row else (back,)
