"""Corpus statistics: how rare terms are in a generation of an index, for passages not in it yet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from retrieval.ranking import BACKGROUND, idf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy.typing as npt

    from retrieval.engines.base import Snapshot

# The language at large is asked for in corpora up to this size, as in the ranking.
_LARGE = 5_000
_REMEMBERED = 200_000


class CorpusStatistics:
    """The rarity of terms. Thread-safe.

    A term that the corpus lacks is as rare as the language at large says: the ranking takes it for
    the rarest there is, because no passage has it; a new passage may.

    Args:
        snapshot: the generation.
        usual: the share of passages of the language at large that have a term; None takes all
            terms for rare.

    Attributes:
        generation: the snapshot's.
        passages: how many it has.
    """

    def __init__(self, snapshot: Snapshot, usual: Callable[[str], float] | None = None) -> None:
        self._snapshot = snapshot
        self._usual = usual if snapshot.passages <= _LARGE else None
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()
        self.generation = snapshot.generation
        self.passages = snapshot.passages

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """In how many passages of the corpus each term is."""
        with self._lock:
            missing = [term for term in terms if term not in self._known]
            if missing:
                if len(self._known) > _REMEMBERED:
                    self._known.clear()
                    missing = list(terms)
                self._known |= self._snapshot.document_frequencies(missing)
            return {term: self._known[term] for term in terms}

    def idf(self, frequency: float, term: str) -> float:
        """The inverse document frequency of what so many passages have.

        Args:
            frequency: how many have it.
            term: what it is called for short; in a small corpus it counts how many passages of
                the language at large have that.
        """
        at_large = BACKGROUND * self._usual(term) if self._usual else 0.0
        return idf(frequency + at_large, self.passages + BACKGROUND)

    def idfs(
        self, frequencies: npt.NDArray[np.float64], terms: Callable[[], Sequence[str]]
    ) -> npt.NDArray[np.float64]:
        """As `idf`, for many at once.

        Args:
            frequencies: how many passages have each.
            terms: gives what each is called for short, where that counts.
        """
        usual = self._usual
        if usual is not None:
            shares: dict[str, float] = {}
            at_large = np.empty(len(frequencies))
            for place, term in enumerate(terms()):
                if term not in shares:
                    shares[term] = BACKGROUND * usual(term)
                at_large[place] = shares[term]
            frequencies = frequencies + at_large
        lacking = np.maximum(self.passages + BACKGROUND - frequencies, 0.0) + 0.5
        return np.log1p(lacking / (frequencies + 0.5))
