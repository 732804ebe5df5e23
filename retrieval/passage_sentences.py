"""A passage in sentences, each as a string of units that a question can be looked for in.

In a *unit string* the units (characters, stems, numbers) stand one after the other as
`retrieval.terms.written` writes them, without what stands between them in the text: every
comparison is `in`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.sentences import sentence_spans
from retrieval.sentence_layout import leans
from retrieval.terms import is_cjk, unit_matches, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.analyzer import Analyzer

# The units of `unit_matches`, but Chinese characters that adjoin in one piece: there are far fewer.
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECES = re.compile(rf"[{_CJK}]+|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)*|[^\W_{_CJK}]+(?:\.\d+)*")

# Distinct units that are remembered as unit strings have them: the stems of a large vocabulary.
_REMEMBERED = 30_000


@dataclass(frozen=True, slots=True)
class Sentences:
    """A passage in sentences.

    Attributes:
        text: the passage, verbatim.
        normal: its normal form.
        spans: where each sentence stands.
        units: the unit string of each.
        sizes: the number of units of each.
        leaning: whether each leans on the one before.
    """

    text: str
    normal: str
    spans: Sequence[tuple[int, int]]
    units: Sequence[str]
    sizes: Sequence[int]
    leaning: Sequence[bool]

    def size(self, first: int, last: int) -> int:
        """How many units the sentences from `first` to `last` have, both included."""
        return sum(self.sizes[first : last + 1])


class UnitWriter:
    """Writes unit strings, and remembers the stems. Thread-safe."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.written = lru_cache(_REMEMBERED)(self._written)

    def normalise(self, text: str) -> str:
        """The normal form of a text, exactly as long."""
        return self._analyzer.normalise(text)

    def units(self, normal: str) -> list[str]:
        """The units of a normal form, each as a unit string has it."""
        return [self.written(unit) for unit, _, _ in unit_matches(normal)]

    def string(self, normal: str) -> str:
        """The unit string of a normal form."""
        return self._string(normal, 0, len(normal))[0]

    def sentences(self, text: str) -> Sentences:
        """A text in sentences."""
        normal = self.normalise(text)
        spans = sentence_spans(text)
        strings = [self._string(normal, start, end) for start, end in spans]
        return Sentences(
            text,
            normal,
            spans,
            [string for string, _ in strings],
            [size for _, size in strings],
            [leans(normal, start) for start, _ in spans],
        )

    def _string(self, normal: str, start: int, end: int) -> tuple[str, int]:
        """The unit string of a stretch, and its number of units."""
        parts = []
        size = 0
        for piece in _PIECES.findall(normal, start, end):
            if is_cjk(piece):
                parts.append(piece)
                size += len(piece)
            else:
                parts.append(self.written(piece))
                size += 1
        return "".join(parts), size

    def _written(self, unit: str) -> str:
        return unit if is_cjk(unit) else written(self._analyzer.stem(unit))
