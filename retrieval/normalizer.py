"""The normal form of a text: one in which equal things are spelled equally.

Width (NFKC), case and traditional characters are folded, and no character moves: the
normal form has the text's own length, so an offset into one is an offset into the other.
"""

from __future__ import annotations

import unicodedata

import opencc

# Half a character outside the basic plane, which JSON's escapes can write: no encoding has it.
_SURROGATES = (0xD800, 0xDFFF)
_UNKNOWN = "\ufffd"
_MOST_PASSES = 4


class _Fold(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = _UNKNOWN if _SURROGATES[0] <= code <= _SURROGATES[1] else chr(code)
        folded = unicodedata.normalize("NFKC", character).lower()
        if len(folded) != 1:
            # "½" would become three characters and move all that follow; of "Ⅲ" only the case is folded.
            lower = character.lower()
            folded = lower if len(lower) == 1 else character
        self[code] = folded
        return folded


class Normalizer:
    """Folds width, case and traditional characters without moving any."""

    def __init__(self) -> None:
        self._fold = _Fold()
        self._simplify = opencc.OpenCC("t2s")

    def normalise(self, text: str) -> str:
        """The normal form, exactly as long as `text`. The normal form of a normal form is itself."""
        folded = text.translate(self._fold)
        # "乾縣" becomes "乾县", which simplified texts write too, and which becomes "干县".
        for _ in range(_MOST_PASSES):
            simplified = self._simplified(folded)
            if simplified == folded:
                break
            folded = simplified
        return folded

    def _simplified(self, folded: str) -> str:
        simplified = str(self._simplify.convert(folded))
        if len(simplified) == len(folded):
            return simplified
        # A phrase rule changed the length; single characters cannot.
        return "".join(self._simplified_character(character) for character in folded)

    def _simplified_character(self, character: str) -> str:
        simplified = str(self._simplify.convert(character))
        return simplified if len(simplified) == 1 else character
