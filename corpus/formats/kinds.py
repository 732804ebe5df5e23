"""What kind of file a file is: its name says one thing, its first bytes prove it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from corpus import refusals
from corpus.errors import UnreadableFile

HEAD_BYTES: Final = 64 * 1024


class Kind(StrEnum):
    """A format, named as its reader's module is."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    JSON = "jsonfile"
    JSON_LINES = "jsonlines"
    FEED = "feed"


ENDINGS: Final[dict[str, Kind]] = {
    ".txt": Kind.PLAIN,
    ".text": Kind.PLAIN,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".jsonl.gz": Kind.JSON_LINES,
    ".ndjson.gz": Kind.JSON_LINES,
    ".rss": Kind.FEED,
    ".atom": Kind.FEED,
    ".xml": Kind.FEED,
}

_GZIP: Final = "a gzip archive"
_XML: Final = "XML"
_HTML: Final = "HTML"
_FEED: Final = "an RSS or Atom feed"
_PDF: Final = "a PDF"
_ZIP: Final = "a ZIP or Office file"

# What each kind is called in a refusal, and the contents its files may have. None: nothing
# that is recognised, as text is.
_NAMES: Final = {
    Kind.PLAIN: "plain text",
    Kind.MARKDOWN: "Markdown",
    Kind.HTML: _HTML,
    Kind.PDF: _PDF,
    Kind.DOCX: "a Word document",
    Kind.JSON: "JSON",
    Kind.JSON_LINES: "JSON Lines",
    Kind.FEED: _FEED,
}
_CONTENTS: Final[dict[Kind, frozenset[str | None]]] = {
    Kind.PLAIN: frozenset({None}),
    Kind.MARKDOWN: frozenset({None}),
    Kind.HTML: frozenset({_HTML, None}),
    Kind.PDF: frozenset({_PDF}),
    Kind.DOCX: frozenset({_ZIP}),
    Kind.JSON: frozenset({None}),
    Kind.JSON_LINES: frozenset({None}),
    Kind.FEED: frozenset({_FEED}),
}

_MAGIC: Final = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\x1f\x8b", _GZIP),
    (b"\xd0\xcf\x11\xe0", refusals.OLD_OFFICE),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_PDF_WITHIN: Final = 1024
_MARKUP: Final = (
    (re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE), _FEED),
    (re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE), _HTML),
)
_MARKUP_START: Final = re.compile(
    r"\s*(?:<\?xml|<!doctype\s|<!--|<html[\s>]|<rss[\s>]|<feed[\s>]|<rdf:RDF)", re.IGNORECASE
)
_XML_START: Final = re.compile(r"\s*<(?:\?xml|!doctype)", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<(?:head|body|main|article|section|div|p|h[1-6]|table|ul|ol|span|br|meta|title)[\s>/]", re.IGNORECASE
)


def kind_of(origin: str, head: bytes) -> Kind:
    """The kind of a file, by its name and its first `HEAD_BYTES` bytes.

    Raises:
        UnreadableFile: Files with such a name are not read, or the content is another
            kind's than the name says.
    """
    kind = _kind_by_name(origin)
    found = _content_of(head)
    expected = _CONTENTS[kind]
    if kind is Kind.JSON_LINES and origin.casefold().endswith(".gz"):
        expected = frozenset({_GZIP})
    if found not in expected:
        raise UnreadableFile(refusals.mismatch(_NAMES[kind], found))
    if kind is Kind.HTML and found is None and not _TAG.search(_readable(head)):
        raise UnreadableFile(refusals.mismatch(_HTML, None))
    return kind


def _kind_by_name(origin: str) -> Kind:
    name = origin.rpartition("/")[2].casefold()
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.endswith(ending):
            return ENDINGS[ending]
    raise UnreadableFile(
        refusals.unknown_kind(name.rpartition(".")[2] if "." in name else "", tuple(ENDINGS))
    )


def _content_of(head: bytes) -> str | None:
    """What the bytes are by their signature, or None if they have none."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return _PDF
    text = _readable(head)
    if not _MARKUP_START.match(text):
        return None
    found_at = [(match.start(), found) for form, found in _MARKUP if (match := form.search(text))]
    if found_at:
        return min(found_at)[1]
    return _XML if _XML_START.match(text) else None


def _readable(head: bytes) -> str:
    """Enough of the text to recognise markup in it, which is ASCII in every encoding met."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
