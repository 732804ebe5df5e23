"""Signals: what speaks for each candidate, one number each, before anything is weighed.

Every signal is a sum over the question's terms, so an answer can be explained term by term.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from rank_bm25 import BM25Okapi

from retrieval.terms import BAR, Kind
from retrieval.weights import TERM_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrieval.quantities import Quantity
    from retrieval.terms import Counter, Forms

# Gentle saturation and little punishment of length: passages are short and alike.
K1 = 0.6
B = 0.4

# An amount inside an interval ("126" for "over 100") tells less than the very amount; in idf.
INTERVAL = 2.0

# The kinds of terms, by the name that their signal has.
KINDS: Mapping[str, Kind] = {kind.name.lower(): kind for kind in Kind}


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

    def scores(self, terms: Iterable[str]) -> npt.NDArray[np.float64]:
        """The score of each passage for some of the terms, shape (passages,)."""
        return np.asarray(self.get_scores([term for term in terms if term in self.idf]), dtype=np.float64)


def kind_signals(
    counts: Sequence[Mapping[str, int]],
    forms: Sequence[Forms],
    mean_length: float,
    values: Mapping[str, float],
    alternatives: Sequence[Sequence[str]],
) -> dict[str, npt.NDArray[np.float64]]:
    """The BM25 score of each candidate for each kind of terms.

    Args:
        counts: for each candidate, how often each term occurs in it.
        forms: the candidates' forms.
        mean_length: the mean length of a passage of the corpus, in units.
        values: what each term is worth.
        alternatives: groups of terms of which only the best counts, such as the days of a week.

    Returns:
        Arrays of shape (candidates,), by the kind's name.
    """
    bm25 = TermBM25(counts, [each.length for each in forms], mean_length, values)
    grouped = {term for group in alternatives for term in group}
    signals = {
        name: bm25.scores(term for term in values if term[0] == kind and term not in grouped)
        for name, kind in KINDS.items()
    }
    for group in alternatives:
        known = [term for term in group if term in bm25.idf]
        if known:
            name = Kind(known[0][0]).name.lower()
            signals[name] = signals[name] + np.max([bm25.scores([term]) for term in known], axis=0)
    return signals


def sentence_signals(
    counter: Counter,
    counts: Sequence[Mapping[str, int]],
    forms: Sequence[Forms],
    values: Mapping[str, float],
) -> dict[str, npt.NDArray[np.float64]]:
    """What the best sentence of each candidate has of the question, and what its title has.

    Returns:
        Arrays of shape (candidates,): the worth of the terms that occur, each once.
    """
    worth = {term: TERM_WEIGHTS[Kind(term[0])] * value for term, value in values.items()}
    title, best = np.zeros(len(forms)), np.zeros(len(forms))
    for index, (each, count) in enumerate(zip(forms, counts, strict=True)):
        sums = [sum(worth[term] for term in found) for found in counter.sentences(each, count)]
        title[index] = sums[0]
        best[index] = max(sums[1:], default=0.0)
    return {"sentence": best, "title": title}


def interval_signal(
    forms: Sequence[Forms], intervals: Sequence[Quantity], worth: float
) -> npt.NDArray[np.float64]:
    """What the amounts of each candidate inside the question's intervals are worth: "126" for "over 100".

    Args:
        forms: the candidates' forms.
        intervals: the question's quantities that are not exact.
        worth: of one interval that is met.

    Returns:
        An array of shape (candidates,).
    """
    found = np.zeros(len(forms))
    for index, each in enumerate(forms):
        terms = [term.rpartition(":") for term in each.quantities.split(BAR) if term]
        # A large amount is there a second time, without its unit.
        named = {number for unit, _, number in terms if unit}
        amounts = [(unit, number) for unit, _, number in terms if unit or number not in named]
        for interval in intervals:
            if any(
                unit == interval.unit and interval.low <= Decimal(number) <= interval.high
                for unit, number in amounts
            ):
                found[index] += worth
    return found


def standardised(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values less their mean, over their standard deviation: z-scores. All nought if they are alike."""
    deviation = float(np.std(values))
    if deviation < 1e-9:  # noqa: PLR2004 - alike, but for rounding
        return np.zeros_like(values)
    return (values - np.mean(values)) / deviation
