"""An answer's permanent address, and the answer that it opens.

The address opens the excerpts as they were given. A document may have changed since or be gone:
then that is said, and what was quoted stands as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.rendering.button_data import Act, data
from bot.rendering.citation import cited, one_line
from bot.rendering.excerpt import marked_cuts, trimmed, window
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, Fragment, bold, joined, plain, quote
from bot.rendering.message import Button, Message
from bot.rendering.notices import EXPIRED
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Citation

_PAYLOAD = re.compile(r"r_([A-Za-z0-9]{1,24})(?:_([0-9]{1,3}))?", re.ASCII)
_GAP = "\n\n"
_QUESTION_UNITS = 200
_TITLE_UNITS = 120
_QUOTE_UNITS = 600
_RESERVED_UNITS, _RESERVED_ENTITIES = 100, 4  # the line on what is left out; one excerpt more


def address(username: str, key: str, offset: int = 0) -> str:
    """The address of a page of an answer: whoever opens it in Telegram is shown the same excerpts."""
    return f"https://t.me/{username}?start=r_{key}" + (f"_{offset}" if offset else "")


def place_of(payload: str) -> tuple[str, int] | None:
    """The key of the reply that `/start` was called with, and the page's offset; None if it is no address."""
    match = _PAYLOAD.fullmatch(payload)
    return (match[1], int(match[2] or 0)) if match else None


class Since(Enum):
    """What became of a document since it was quoted."""

    SAME = auto()
    CHANGED = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Opened:
    """One excerpt of an answer that is opened again.

    `text` is what was quoted, verbatim; `citation` is the document as it is now, or as it was
    where it is gone.
    """

    text: str
    citation: Citation
    since: Since


def render_opened(said: str, key: str, excerpts: Sequence[Opened], words: Words, view: View) -> Message:
    """The excerpts of an earlier answer to the question `said`, with what has changed since."""
    text = bold(plain(one_line(said, _QUESTION_UNITS)))
    again = ((Button(words.gettext("🔄 Ask again"), data(Act.BACK, key, 0)),),)
    if not excerpts:
        nothing = plain(words.gettext("I found nothing about this in the news I have."))
        return Message(joined(_GAP, (text, nothing)).html, again)
    for index, each in enumerate(excerpts):
        longer = joined(_GAP, (text, joined("\n", _lines(each, words, view))))
        units, entities = longer.units + _RESERVED_UNITS, longer.entities + _RESERVED_ENTITIES
        if units > MAX_UNITS or entities > MAX_ENTITIES:
            left = len(excerpts) - index
            more = words.ngettext("{count} more excerpt", "{count} more excerpts", left)
            text = joined(_GAP, (text, plain(more.format(count=left))))
            break
        text = longer
    return Message(text.html, again)


def render_expired(words: Words) -> Message:
    """The reply to an address or a button whose answer is no longer kept."""
    return Message(plain(words.gettext(EXPIRED)).html)


def _lines(opened: Opened, words: Words, view: View) -> Iterator[Fragment]:
    changed = words.gettext("The document has changed since. It said:")
    gone = words.gettext("The document is no longer in the news. It said:")
    if opened.since is not Since.SAME:
        yield plain(f"⚠️ {changed if opened.since is Since.CHANGED else gone}")
    whole = trimmed(opened.text, Span(0, len(opened.text)))
    shown = window(opened.text, whole, (), _QUOTE_UNITS)
    yield marked_cuts(quote(plain(opened.text[shown.start : shown.end])), whole, shown)
    yield cited(opened.citation, words, _TITLE_UNITS, view)
