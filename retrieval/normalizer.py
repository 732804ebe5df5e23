"""The normal form of a text: one in which equal things are spelled equally.

Width (NFKC), case and traditional characters are folded, and no character moves: the
normal form has the text's own length, so an offset into one is an offset into the other.
"""

from __future__ import annotations

import unicodedata

import opencc


class _Fold(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).lower()
        # "½" would become three characters and move all that follow: it stays as it is.
        result = folded if len(folded) == 1 else character
        self[code] = result
        return result


class Normalizer:
    """Folds width, case and traditional characters without moving any."""

    def __init__(self) -> None:
        self._fold = _Fold()
        self._simplify = opencc.OpenCC("t2s")

    def normalise(self, text: str) -> str:
        """The normal form, exactly as long as `text`."""
        folded = text.translate(self._fold)
        simplified = str(self._simplify.convert(folded))
        if len(simplified) == len(folded):
            return simplified
        # A phrase rule changed the length; single characters cannot.
        return "".join(self._simplified_character(character) for character in folded)

    def _simplified_character(self, character: str) -> str:
        simplified = str(self._simplify.convert(character))
        return simplified if len(simplified) == 1 else character
