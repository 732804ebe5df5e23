"""Lines of a laid-out page put back together into paragraphs.

The line breaks of a page are the printer's, not the author's: they are the only thing that
is changed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A line of this share of the page's width is full, so its paragraph goes on.
_FULL: Final = 0.78
_ENDINGS: Final = '。！？；.!?;…”」』"）)：'
_SOFT_HYPHEN: Final = "\u00ad"
_NARROWEST: Final = 30
_LARGER: Final = 1.12
_WIDEST_HEADING: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line.

    `apart`: there is more space before it than between lines. `size`: of its letters, 0 if unknown.
    """

    text: str
    apart: bool = False
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines put together; a heading is printed larger than the rest."""

    text: str
    heading: bool = False


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


def width_of(text: str) -> int:
    """The width of a text in narrow characters."""
    return sum(2 if is_wide(character) else 1 for character in text)


def paragraphs_of(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The paragraphs that lines were, in order.

    A paragraph ends before space, before an indented line, where the letters change size,
    and after a line that does not fill the page.
    """
    widths = [width_of(line.text.strip()) for line in lines]
    page = _page_width(widths)
    usual = _usual_size(lines)
    text = ""
    last: Line | None = None
    width = 0
    for line, filled in zip(lines, widths, strict=True):
        full = width >= page * _FULL or (last is not None and _is_large(last, usual))
        if not filled or (last and not _goes_on(text, last, line, full=full, half=width > page / 2)):
            if last and text:
                yield Paragraph(text, heading=_is_heading(last, text, usual))
            text, last = "", None
        if not filled:
            continue
        added = line.text.strip()
        text = text[:-1] + added if text.endswith(_SOFT_HYPHEN) else text + joint(text, added) + added
        last, width = line, filled
    if last and text:
        yield Paragraph(text, heading=_is_heading(last, text, usual))


def _goes_on(text: str, last: Line, line: Line, *, full: bool, half: bool) -> bool:
    """Whether the paragraph `text`, whose last line is `last`, goes on in `line`."""
    if line.apart or line.text.startswith(("\u3000", "    ")):
        return False
    if abs(line.size - last.size) > 0.05 * max(line.size, last.size):
        return False
    return full or (half and text[-1] not in _ENDINGS and line.text.strip()[0].islower())


def _is_large(line: Line, usual: float) -> bool:
    return usual > 0 and line.size > usual * _LARGER


def _is_heading(line: Line, text: str, usual: float) -> bool:
    return _is_large(line, usual) and width_of(text) <= _WIDEST_HEADING


def _page_width(widths: Sequence[int]) -> int:
    """The width of the text on the page: of its wide lines, not of the one that sticks out."""
    filled = sorted(width for width in widths if width)
    if not filled:
        return _NARROWEST
    return max(_NARROWEST, filled[min(len(filled) - 1, len(filled) * 9 // 10)])


def _usual_size(lines: Sequence[Line]) -> float:
    """The size most of the text is printed in."""
    amounts: dict[float, int] = {}
    for line in lines:
        amounts[line.size] = amounts.get(line.size, 0) + len(line.text)
    return max(amounts, key=lambda size: amounts[size], default=0.0)
