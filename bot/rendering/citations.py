"""Citations to copy: one line, at most 256 UTF-16 units, in the style that its readers use.

Documents in Chinese are cited by GB/T 7714-2015 (8.8.2 for what is online, 8.4 for newspapers),
all others in the author-date style of the APA (7th edition, 10.1 and 10.15: a work whose author
is not known begins with its title).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import is_web_address, one_line
from bot.rendering.fragments import sendable, utf16_units
from corpus.model import Precision

if TYPE_CHECKING:
    from datetime import date

    from corpus.model import Published
    from retrieval.answer import Citation

MAX_COPY_UNITS = 256

_SOURCE_UNITS = 60
# A title shorter than this says less than an address says more: the address is left out first.
_SHORTEST_TITLE = 40
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def citation_text(citation: Citation, accessed: date) -> str:
    """A citation of the document, read on the day `accessed`.

    A title that is too long is shortened; an address is given whole or not at all.
    """
    url = citation.url if citation.url is not None and is_web_address(citation.url) else None
    write = _gb7714 if citation.language == "zh" else _apa
    title = sendable(citation.title or "")
    for address in (url, None):
        around = utf16_units(write("", citation, address, accessed))
        room = MAX_COPY_UNITS - around
        shown = one_line(title, max(room - 2, 1))  # and two isolates around what runs from right to left
        if utf16_units(shown) <= room and (
            room >= _SHORTEST_TITLE or utf16_units(shown) >= utf16_units(one_line(title, MAX_COPY_UNITS))
        ):
            break
    return write(shown, citation, address, accessed)


def _gb7714(title: str, citation: Citation, url: str | None, accessed: date) -> str:
    source = _source(citation) or "[出版者不详]"
    published = str(citation.published)[:10] if citation.published else "[出版日期不详]"
    if url is None:
        return f"{title or '[题名不详]'}[N]. {source}, {published}."
    return f"{title or '[题名不详]'}[N/OL]. {source}, {published}[{accessed.isoformat()}]. {url}"


def _apa(title: str, citation: Citation, url: str | None, _: date) -> str:
    ended = title if title.endswith((".", "?", "!", "…")) else f"{title or '[Untitled]'}."
    source = _source(citation)
    parts = (ended, f"({_apa_date(citation.published)}).", f"{source}." if source else "", url or "")
    return " ".join(filter(None, parts))


def _apa_date(published: Published | None) -> str:
    if published is None:
        return "n.d."
    year, month = str(published.at.year), _MONTHS[published.at.month - 1]
    if published.precision is Precision.YEAR:
        return year
    if published.precision is Precision.MONTH:
        return f"{year}, {month}"
    return f"{year}, {month} {published.at.day}"


def _source(citation: Citation) -> str:
    return one_line(sendable(citation.source or ""), _SOURCE_UNITS)
