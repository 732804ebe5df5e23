"""The line that says where an excerpt comes from: source, date, title.

Titles and sources come from the news and may hold anything. They stand on one line with the
bot's own words, so line breaks become spaces, invisible directional controls are taken out,
and what is written from right to left is isolated, lest it turns the rest of the line around.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.rendering.dates import dated
from bot.rendering.fragments import Fragment, joined, link, plain
from bot.rendering.graphemes import shortened

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Published
    from retrieval.answer import Citation

TITLE_UNITS = 300
SOURCE_UNITS = 100
SEPARATOR = " · "

_MAX_URL = 2000
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_IN_URL = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\^`{|}]")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def cited(
    citation: Citation, words: Words, title_units: int = TITLE_UNITS, view: View | None = None
) -> Fragment:
    """Source, date and title; what the document lacks is said to be missing, never left out.

    Args:
        citation: the document.
        words: the language of what is said to be missing.
        title_units: the longest title, in UTF-16 units.
        view: when and where it is read; without it the date has no age.
    """
    published = citation.published
    return joined(
        SEPARATOR,
        (
            source_of(citation.source, words),
            date_of(published, words) if view is None else dated(published, words, view),
            title_of(citation.title, citation.url, words, title_units),
        ),
    )


def source_of(source: str | None, words: Words) -> Fragment:
    """The name of the source."""
    return plain(one_line(source, SOURCE_UNITS) or words.gettext("no source given"))


def date_of(published: Published | None, words: Words) -> Fragment:
    """The date, exactly as far as the document gives it."""
    return plain(str(published) if published else words.gettext("no date given"))


def title_of(title: str | None, url: str | None, words: Words, units: int = TITLE_UNITS) -> Fragment:
    """The title, linked where the document has an address on the web."""
    shown = plain(one_line(title, units) or words.gettext("untitled"))
    return link(shown, url) if url is not None and is_web_address(url) else shown


def one_line(text: str | None, units: int) -> str:
    """A text of the news made fit to stand on a line with others, at most `units` (and isolates) long."""
    if text is None:
        return ""
    clean = shortened(_BLANKS.sub(" ", _CONTROLS.sub("", text)).strip(), units)
    if not clean.isascii() and any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in clean
    ):
        return f"{_FIRST_STRONG_ISOLATE}{clean}{_POP_ISOLATE}"
    return clean


def is_web_address(url: str) -> bool:
    """Whether Telegram would make a link of it: http or https, with a host, and nothing odd in it."""
    if len(url) > _MAX_URL or _NOT_IN_URL.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
