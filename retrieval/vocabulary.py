"""The vocabulary: terms as numbers, with how rare a generation of the corpus has them, in arrays."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from retrieval.passage_lines import writing_terms
from retrieval.terms import Kind
from retrieval.weights import TERM_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from retrieval.corpus_statistics import CorpusStatistics
    from retrieval.passage_lines import PassageLines

_MASSES = {str(kind): weight for kind, weight in TERM_WEIGHTS.items()}


class Vocabulary:
    """Numbers terms, from 0 on in the order they come. Not thread-safe.

    Args:
        statistics: the generation.

    Attributes:
        frequencies: for each number in how many passages of the corpus its term is.
        masses: for each number how much what is written counts that is of its kind.
        words: for each number whether its term is a word.
        quantities: for each number whether its term is a quantity.
    """

    def __init__(self, statistics: CorpusStatistics) -> None:
        self.statistics = statistics
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._writings: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._terms: list[str] = []
        self.frequencies = np.empty(0, np.int64)
        self.masses = np.empty(0)
        self.words = np.empty(0, np.bool_)
        self.quantities = np.empty(0, np.bool_)

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers of terms; new ones are numbered. `count` must follow before arrays are used."""
        numbers = self._numbers
        return [numbers[term] for term in terms]

    def writing(self, units: tuple[str, ...]) -> tuple[int, ...]:
        """The numbers of the terms that a writing is made of."""
        found = self._writings.get(units)
        if found is None:
            found = self._writings[units] = tuple(self.numbers(writing_terms(units)))
        return found

    def known(self, lines: PassageLines) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The numbers of those terms of a passage that have one, and of those that stand in its title."""
        number = self._numbers.get
        found = [(at, where) for term, where in lines.terms.items() if (at := number(term)) is not None]
        titled = [at for at, where in found if where & 1] if lines.titled else []
        return np.array([at for at, _ in found], np.int64), np.array(titled, np.int64)

    def count(self) -> None:
        """Looks up what was numbered since the last time."""
        fresh = list(self._numbers)[len(self._terms) :]
        if not fresh:
            return
        self._terms += fresh
        found = self.statistics.frequencies(fresh)
        kinds = [term[0] for term in fresh]
        self.frequencies = np.append(self.frequencies, [found[term] for term in fresh])
        self.masses = np.append(self.masses, [_MASSES.get(kind, 0.0) for kind in kinds])
        self.words = np.append(self.words, [kind == Kind.WORD for kind in kinds])
        self.quantities = np.append(self.quantities, [kind == Kind.QUANTITY for kind in kinds])

    def idf(
        self, frequencies: npt.NDArray[np.float64], numbers: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """As `CorpusStatistics.idf`, for many at once.

        Args:
            frequencies: how many passages have each.
            numbers: what each is called for short.
        """
        terms: Sequence[str] = self._terms
        return self.statistics.idfs(frequencies, lambda: [terms[number] for number in numbers.tolist()])
