"""Plain text: a title, perhaps a byline, then paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpus.encoding import decode
from corpus.formats import seed
from corpus.formats.base import Block, Draft
from corpus.formats.byline import head_of
from corpus.splitter import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from corpus.formats.base import SourceFile

_LINE: Final = re.compile(r"[^\n]*\n?")
_HEAD_LINES: Final = 12


def read(file: SourceFile) -> Iterator[Draft]:
    """Read a text file; one in the seed's shape is read as that.

    Raises:
        UnreadableFile: The file cannot be decoded or is too large.
    """
    text = decode(file.read())
    if "\r" in text:
        # Line ends are the file system's, not the author's.
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    zone = file.options.zone
    yield seed.draft_of(text, zone) or draft_of(text, zone)


def draft_of(text: str, zone: tzinfo) -> Draft:
    """The draft of a text: its head taken off, the rest its body."""
    lines: list[str] = []
    ends: list[int] = []
    for match in _LINE.finditer(text):
        if len(lines) == _HEAD_LINES or not match.group():
            break
        lines.append(match.group())
        ends.append(match.end())
    head = head_of(lines, zone)
    start = ends[head.lines - 1] if head.lines else 0
    body = text[start:]
    blocks: tuple[Block, ...] = paragraphs(body)
    return Draft(body, blocks, title=head.title, source=head.source, published=head.published)
