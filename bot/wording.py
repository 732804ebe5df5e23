"""Wording: what a text says, whatever its spacing and punctuation, so that two versions can be compared."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What stands in a number belongs to what it says: 1.5 is not 15, and -5 % is not 5.
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
# Between a date's parts it is a dash, and in a name a hyphen.
_MINUS = re.compile(r"(?<![A-Za-z0-9.年月日号时点])[-\u2212](?=\d)")
_SHARES = frozenset("%‰")
# Private characters, which no text in normal form has from elsewhere.
_KEPT_POINT, _KEPT_MINUS = "\ue000", "\ue001"
_LEFT_OUT = ("Z", "P", "C")
_DASHES = str.maketrans("", "", "~-\u2212")


def wording(text: str) -> str:
    """A text in NFKC without blanks, punctuation and invisible characters; numbers keep their value."""
    normal = unicodedata.normalize("NFKC", text).replace(_KEPT_POINT, "").replace(_KEPT_MINUS, "")
    marked = _MINUS.sub(_KEPT_MINUS, _DECIMAL_POINT.sub(_KEPT_POINT, normal)).translate(_DASHES)
    return "".join(
        character
        for character in marked
        if character in _SHARES
        or character in {_KEPT_POINT, _KEPT_MINUS}
        or not unicodedata.category(character).startswith(_LEFT_OUT)
    )


def stands_in(text: str, passages: Iterable[str]) -> bool:
    """Whether passages, one after another, say what a text says."""
    return wording(text) in "".join(map(wording, passages))
