"""A page of the newest documents as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import SEPARATOR, source_of, title_of
from bot.rendering.dates import dated
from bot.rendering.fragments import MAX_UNITS, Fragment, bold, joined, plain
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Document

PAGE = 10
DATA_PREFIX = "latest:"

# The first that makes the page fit; with the last it always does.
_TITLE_UNITS = (300, 200, 120)


def render_documents(
    documents: Sequence[Document], offset: int, total: int, words: Words, view: View
) -> Message:
    """Documents `offset` to `offset + PAGE` of `total`, with buttons to the pages beside it."""
    if not documents:
        return Message(plain(words.gettext("There is no news here yet.")).html)
    first, last = offset + 1, offset + len(documents)
    heading = plain(
        words.gettext("Newest news, {first} to {last} of {total}").format(first=first, last=last, total=total)
    )
    for title_units in _TITLE_UNITS:
        page = _page(heading, documents[:PAGE], title_units, words, view)
        if page.units <= MAX_UNITS:
            break
    return Message(page.html, _keyboard(offset, last, total, words))


def _page(
    heading: Fragment, documents: Sequence[Document], title_units: int, words: Words, view: View
) -> Fragment:
    entries = (_entry(document, title_units, words, view) for document in documents)
    return joined("\n\n", (bold(heading), *entries))


def _entry(document: Document, title_units: int, words: Words, view: View) -> Fragment:
    below = joined(SEPARATOR, (source_of(document.source, words), dated(document.published, words, view)))
    return joined("\n", (title_of(document.title, document.url, words, title_units), below))


def _keyboard(offset: int, last: int, total: int, words: Words) -> tuple[tuple[Button, ...], ...]:
    row = []
    if offset > 0:
        row.append(Button(words.gettext("◀ newer"), f"{DATA_PREFIX}{max(0, offset - PAGE)}"))
    if last < total:
        row.append(Button(words.gettext("older ▶"), f"{DATA_PREFIX}{offset + PAGE}"))
    return (tuple(row),) if row else ()
