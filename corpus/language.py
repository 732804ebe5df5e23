"""The language of a text: Chinese or English, by the share of CJK characters."""

from __future__ import annotations

import re
from typing import Final, Literal

Language = Literal["zh", "en"]

_CJK: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+")

# One Chinese word is about two characters, so at equal shares of words there are twice
# as many characters; a Chinese sentence full of English names still counts as Chinese.
_CHARACTERS_A_WORD: Final = 2

# The beginning of a text says enough, and a whole corpus is asked.
_SAMPLE: Final = 1000


def language_of(text: str) -> Language:
    """The language a text is mostly in; "en" when it has neither Chinese nor Latin script."""
    sample = text[:_SAMPLE]
    characters = sum(map(len, _CJK.findall(sample)))
    if not characters:
        return "en"
    words = len(_LATIN_WORD.findall(sample))
    return "zh" if characters >= _CHARACTERS_A_WORD * words / 2 else "en"
