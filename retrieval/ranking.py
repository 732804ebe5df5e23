"""The final order of candidates: rank-bm25 over the question's terms, for every engine alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rank_bm25 import BM25Okapi

from retrieval.terms import Counter, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.engines.base import Candidate, Snapshot
    from retrieval.question import Query

# Gentle saturation and little punishment of length: passages are short and alike.
K1 = 0.6
B = 0.4

# As if this many more passages stood by that have none of the terms. In a corpus of a few
# passages a word that all of them have would be worth nothing, though it is no common word.
BACKGROUND = 200

CANDIDATES = 100
# A pasted page has hundreds of terms; the rarest of them find it.
_SEARCHED_TERMS = 64
_RANKED_TERMS = 256
_SEARCHED_KINDS = (Kind.WORD, Kind.BIGRAM, Kind.DATE)


def idf(frequency: int, passages: int) -> float:
    """Inverse document frequency, never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Robertson and Spärck Jones's weight with one added inside the logarithm, as in Lucene's
    BM25Similarity. `frequency` may exceed `passages` by a few where an engine still counts
    removed passages.
    """
    return math.log1p(max(passages - frequency, 0.0) / (frequency + 0.5) + 0.5 / (frequency + 0.5))


class TermBM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 publishes no types
    """rank-bm25's Okapi formula with the whole corpus's statistics, not the candidates' own.

    Args:
        counts: for each passage, how often each term occurs in it.
        lengths: their lengths in units.
        mean_length: the mean length over the corpus, in units.
        values: what a term is worth: its weight times its idf.
    """

    def __init__(
        self,
        counts: Sequence[Mapping[str, int]],
        lengths: Sequence[int],
        mean_length: float,
        values: Mapping[str, float],
    ) -> None:
        self._values = values
        repeated = ([term for term, count in each.items() for _ in range(count)] for each in counts)
        super().__init__(repeated, k1=K1, b=B)
        self.doc_len = list(lengths)
        self.avgdl = mean_length

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        """Takes the values given instead of counting in the candidates; terms that none has add nothing."""
        self.idf = {term: self._values[term] for term in nd}

    def scores(self) -> list[float]:
        """The score of each passage."""
        return [float(score) for score in self.get_scores(list(self.idf))]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score."""

    candidate: Candidate
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in their final order, with what each term was worth.

    `values` has the terms that the corpus has. `highest` is what a passage of mean length
    would score that has every term once, those included that the corpus lacks.
    """

    query: Query
    values: Mapping[str, float]
    ranked: tuple[Ranked, ...]
    highest: float

    @property
    def share(self) -> float:
        """The top score as a share of the highest, in [0, 1]."""
        if not self.ranked or self.highest <= 0:
            return 0.0
        return min(self.ranked[0].score / self.highest, 1.0)


def rank(query: Query, snapshot: Snapshot, limit: int = CANDIDATES) -> Ranking:
    """Finds and orders the best passages for a query."""
    frequencies = snapshot.document_frequencies(query.weights)
    size = snapshot.passages + BACKGROUND
    every = {term: weight * idf(frequencies[term], size) for term, weight in query.weights.items()}
    # Terms that the corpus lacks are worth most and find nothing: they only count in the highest.
    known = sorted((term for term in every if frequencies[term]), key=lambda term: -every[term])
    values = {term: every[term] for term in known[:_RANKED_TERMS]}
    highest = sum(every.values())
    searched = [term for term in values if term[0] in _SEARCHED_KINDS][:_SEARCHED_TERMS]
    candidates = snapshot.candidates({term: query.weights[term] for term in searched}, limit)
    if not candidates:
        return Ranking(query, values, (), highest)
    forms = [candidate.forms for candidate in candidates]
    counter = Counter(values)
    counts = [counter.count(each) for each in forms]
    scores = TermBM25(counts, [each.length for each in forms], snapshot.mean_length, values).scores()
    ranked = sorted(
        map(Ranked, candidates, scores), key=lambda each: (-each.score, each.candidate.passage_id)
    )
    return Ranking(query, values, tuple(ranked), highest)
