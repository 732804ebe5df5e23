"""The similarity of questions: which ask about the same, by the words they share."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from retrieval.question_words import CHINESE, ENGLISH
from retrieval.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrieval.analyzer import Analyzer, Word

ALIKE: Final = 0.6
"""What two questions about the same share at least of the worth of their words (Dice's coefficient)."""

_QUESTION_WORDS: Final = CHINESE | ENGLISH
# A word that half of all news have is still worth this much.
_LEAST_WORTH: Final = 0.5
_PART_SHARE: Final = 0.5


class Similarity:
    """Groups questions.

    Args:
        analyzer: cuts them into words.
        usual: the share of all texts that have a term, as language at large has it.
    """

    def __init__(self, analyzer: Analyzer, usual: Callable[[str], float]) -> None:
        self._analyzer = analyzer
        self._usual = usual

    def grouped(self, texts: Sequence[str]) -> list[list[int]]:
        """The places of the texts, those together that are alike; both are in the order they came in.

        Each is compared with the first of a group, so that groups do not drift from one matter to another.
        """
        groups: list[list[int]] = []
        firsts: list[Mapping[str, float]] = []
        same: dict[str, int] = {}
        having: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            plain = " ".join(self._analyzer.normalise(text).split())
            group = same.get(plain)
            if group is None:
                worth = self._worth(plain)
                group = _nearest(worth, firsts, having)
                if group is None:
                    group = len(groups)
                    groups.append([])
                    firsts.append(worth)
                    for word in worth:
                        having[word].append(group)
                same[plain] = group
            groups[group].append(place)
        return groups

    def _worth(self, normal: str) -> dict[str, float]:
        """What each word of a question is worth; of a question without any, what it has."""
        words = [word for run in self._analyzer.runs(normal) for word in run]
        asked = [word for word in words if word.raw not in _QUESTION_WORDS] or words
        worth: dict[str, float] = {}
        for form, share in self._parts(asked):
            worth[form] = max(worth.get(form, 0.0), share * self._weight(form))
        return worth

    def _parts(self, words: Sequence[Word]) -> Iterator[tuple[str, float]]:
        for word in words:
            yield word.form, 1.0
            for part in self._analyzer.parts(word.form):
                yield part, _PART_SHARE

    def _weight(self, form: str) -> float:
        frequency = self._usual(Kind.WORD + form)
        return max(_LEAST_WORTH, -math.log10(frequency)) if frequency else 5.0


def _nearest(
    worth: Mapping[str, float], firsts: Sequence[Mapping[str, float]], having: Mapping[str, Sequence[int]]
) -> int | None:
    shared: dict[int, float] = defaultdict(float)
    for word, value in worth.items():
        for group in having.get(word, ()):
            shared[group] += value + firsts[group][word]
    total = sum(worth.values())
    best, most = None, ALIKE
    for group, both in shared.items():
        share = both / (total + sum(firsts[group].values()))
        if share >= most:
            best, most = group, share
    return best
