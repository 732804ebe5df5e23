"""Where a text may be cut without breaking what a reader sees as one character."""

from __future__ import annotations

import unicodedata

from bot.rendering.fragments import utf16_units

_JOINER = "\u200d"
_BREAKS = "\r\n"
_VIRAMA = 9  # the canonical combining class


def is_boundary(text: str, index: int) -> bool:
    """Whether a cut before `index` leaves every visible character whole.

    Every boundary is one of Unicode's grapheme clusters (UAX #29); in sequences that no language
    writes it may miss one.
    """
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before in _BREAKS or after in _BREAKS:
        return (before, after) != ("\r", "\n")
    if _extends(after) or before == _JOINER:
        return False
    if _is_regional(before) and _is_regional(after):
        return _run_of_regional(text, index) % 2 == 0
    return not _conjoin(before, after)


def boundary_before(text: str, index: int) -> int:
    """The last place at or before `index` where the text may be cut."""
    while not is_boundary(text, index):
        index -= 1
    return index


def boundary_after(text: str, index: int) -> int:
    """The first place at or after `index` where the text may be cut."""
    while not is_boundary(text, index):
        index += 1
    return index


def end_within(text: str, start: int, end: int, units: int) -> int:
    """The furthest place up to `end` such that `text[start:place]` has at most `units` UTF-16 units.

    It is a place where the text may be cut, unless a single pile of combining marks is longer
    than that: no reader would see it as one character, and it is cut anywhere.
    """
    place, used = start, 0
    while place < end:
        used += 2 if text[place] > "\uffff" else 1
        if used > units:
            break
        place += 1
    if place == end:
        return end
    boundary = boundary_before(text, place)
    return boundary if boundary > start else place


def shortened(text: str, units: int) -> str:
    """The text, cut and ended with "…" if it has more than `units` UTF-16 units."""
    if utf16_units(text) <= units:
        return text
    return text[: end_within(text, 0, len(text), units - 1)].rstrip() + "…"


def _extends(character: str) -> bool:
    """Whether a character only modifies the one before it."""
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character in {_JOINER, "\u200c"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the tags of flags
        or "\uff9e" <= character <= "\uff9f"  # half-width voicing marks
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _run_of_regional(text: str, index: int) -> int:
    start = index
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return index - start


def _conjoin(before: str, after: str) -> bool:
    """Whether two letters melt into one: Hangul jamo, what follows a virama, prefixed signs."""
    if "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7ff":
        return True
    if "\u1100" <= before <= "\u115f" or "\ua960" <= before <= "\ua97f":
        return "\u1100" <= after <= "\u115f" or "\ua960" <= after <= "\ua97f" or "\uac00" <= after <= "\ud7a3"
    if unicodedata.combining(before) == _VIRAMA:
        return unicodedata.category(after) == "Lo"
    return "\u0600" <= before <= "\u0605" or before in "\u06dd\u070f\u08e2"
