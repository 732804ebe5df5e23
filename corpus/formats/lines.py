"""Lines of a laid-out text put back together into paragraphs."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FULL: Final = 0.78
_ENDINGS: Final = '。！？；.!?;…”」』"）)：'
_SOFT_HYPHEN: Final = "\u00ad"
_NARROWEST: Final = 30


def joint(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: nothing beside a wide character, else a space."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    if is_wide(before[-1]) or is_wide(after[0]) or before[-1] == "-":
        return ""
    return " "


def is_wide(character: str) -> bool:
    """Whether a character is as wide as a Chinese one."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’…—"


def width_of(line: str) -> int:
    """The width of a line in narrow characters."""
    return sum(2 if is_wide(character) else 1 for character in line)


def joined_lines(lines: Sequence[str]) -> Iterator[str]:
    """The paragraphs that lines of a page were: a line as wide as the page goes on in the next.

    The line breaks of a page are the printer's, not the author's, so they are the only
    thing that is changed.
    """
    widths = [width_of(line.strip()) for line in lines]
    page = _page_width(widths)
    paragraph = ""
    previous = 0
    for line, width in zip(lines, widths, strict=True):
        text = line.strip()
        if not text:
            if paragraph:
                yield paragraph
            paragraph = ""
            continue
        indented = line.startswith(("\u3000\u3000", "    "))
        goes_on = paragraph and not indented and _goes_on(paragraph, previous, text, page)
        if paragraph and not goes_on:
            yield paragraph
            paragraph = ""
        if paragraph.endswith(_SOFT_HYPHEN):
            paragraph = paragraph[:-1] + text
        else:
            paragraph += joint(paragraph, text) + text
        previous = width
    if paragraph:
        yield paragraph


def _goes_on(paragraph: str, previous: int, text: str, page: int) -> bool:
    if paragraph[-1] not in _ENDINGS and text[0].islower() and previous > page / 2:
        return True
    return previous >= page * _FULL


def _page_width(widths: Sequence[int]) -> int:
    """The width of the text on the page: of its wide lines, not of the one that sticks out."""
    filled = sorted(width for width in widths if width)
    if not filled:
        return _NARROWEST
    return max(_NARROWEST, filled[min(len(filled) - 1, len(filled) * 9 // 10)])
