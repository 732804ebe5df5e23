"""The reference engine: all passages in memory, scored by rank-bm25 one after the other.

Its cost grows with the corpus, and nothing of it outlives the process. It is here for
small corpora, for tests, and to hold the other engines to.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.analyzer import distinct_terms
from retrieval.engines.base import EVERYTHING, Filter
from retrieval.errors import IndexLocked
from retrieval.ranking import idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.engines.base import Candidate, IndexedPassage
    from retrieval.terms import Forms


@dataclass(frozen=True, slots=True)
class _Held:
    """A passage in memory, with its distinct terms."""

    indexed: IndexedPassage
    terms: frozenset[str]

    @property
    def passage_id(self) -> str:
        return self.indexed.passage.id

    @property
    def forms(self) -> Forms:
        return self.indexed.forms

    def record(self) -> IndexedPassage:
        return self.indexed


class MemorySnapshot:
    """A generation held in memory."""

    def __init__(self, held: tuple[_Held, ...], generation: int | None) -> None:
        self._held = held
        self._frequencies = Counter(term for each in held for term in each.terms)
        self.generation = generation
        self.passages = len(held)
        self.mean_length = max(sum(each.forms.length for each in held) / len(held), 1.0) if held else 1.0

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term occurs."""
        return {term: self._frequencies[term] for term in terms}

    def candidates(
        self, weights: Mapping[str, float], limit: int, allowed: Filter = EVERYTHING
    ) -> Sequence[Candidate]:
        """The passages whose distinct terms weigh most, by weight times idf."""
        value = {
            term: weight * idf(self._frequencies[term], self.passages) for term, weight in weights.items()
        }
        scored = (
            (math.fsum(value[term] for term in value.keys() & each.terms), each.passage_id, each)
            for each in self._held
            if _allows(allowed, each)
        )
        best = heapq.nlargest(limit, (entry for entry in scored if entry[0] > 0), key=lambda entry: entry[:2])
        return [each for _, _, each in best]


def _allows(allowed: Filter, held: _Held) -> bool:
    """Whether a passage passes a filter."""
    indexed = held.indexed
    if allowed.document_id is not None and indexed.citation.document_id != allowed.document_id:
        return False
    if not allowed.required <= held.terms:
        return False
    if allowed.language is not None and indexed.forms.language != allowed.language:
        return False
    if allowed.published is None:
        return True
    day = indexed.citation.day
    first, last = allowed.published
    return day is not None and first <= day <= last


class MemoryIndex:
    """An index that lives and dies with the process."""

    def __init__(self) -> None:
        self._snapshot = MemorySnapshot((), None)
        self._lock = threading.Lock()

    def snapshot(self) -> MemorySnapshot:
        """The newest complete generation."""
        return self._snapshot

    def writer(self) -> MemoryWriter:
        """Begins to write."""
        if not self._lock.acquire(blocking=False):
            msg = "Another load is writing to the index."
            raise IndexLocked(msg)
        return MemoryWriter(self)

    def close(self) -> None:
        """Forgets everything."""
        self._snapshot = MemorySnapshot((), None)


class MemoryWriter:
    """Collects changes and swaps the snapshot."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self._kept = {each.passage_id: each for each in index._snapshot._held}  # noqa: SLF001 - its own module
        self._added: dict[str, _Held] = {}

    def add(self, passages: Sequence[IndexedPassage]) -> None:
        """Adds passages."""
        for each in passages:
            self._added[each.passage.id] = _Held(each, frozenset(distinct_terms(each.forms)))

    def remove(self, document_ids: Sequence[str]) -> None:
        """Removes all passages of these documents."""
        gone = set(document_ids)
        for held in (self._kept, self._added):
            for key in [key for key, each in held.items() if each.indexed.citation.document_id in gone]:
                del held[key]

    def clear(self) -> None:
        """Removes what was there before."""
        self._kept.clear()

    def commit(self, generation: int) -> None:
        """Swaps the snapshot."""
        held = tuple((self._kept | self._added).values())
        self._index._snapshot = MemorySnapshot(held, generation)  # noqa: SLF001 - its own module
        self._index._lock.release()  # noqa: SLF001 - its own module

    def rollback(self) -> None:
        """Forgets the changes."""
        self._index._lock.release()  # noqa: SLF001 - its own module
