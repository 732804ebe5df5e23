"""Merging: passages in the question's language and in the other, in one order.

Scores of the two directions cannot be compared. A model of its own, fitted on a corpus in both
languages, tells which direction has the better first passage; the passages behind them follow
by the odds of their confidence, held to the same scale.
"""

from __future__ import annotations

from heapq import merge
from itertools import accumulate
from typing import TYPE_CHECKING

from retrieval.confidence import probability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.ranking import Ranked
    from retrieval.weights import Models

# What is compared of the two first passages, besides how much nearer in meaning one of them is.
COMPARED_FEATURES = (
    "share", "word", "concept", "pair", "sentence", "date", "quantity", "cosine", "margin",
    "lead",
)  # fmt: skip
COMMON_FEATURES = ("terms", "compound", "balance")
_SUREST = 1e-9


def choice_features(same: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """The features of a choice between the first passages of both directions.

    Args:
        same: the features (`retrieval.confidence.features`) of the first in the question's language.
        other: those of the first in the other.

    Returns:
        Theirs, named "same_..." and "other_..."; `nearer`, how much nearer in meaning the second
        is, and what both have in common: `terms` and `compound` of the question, `balance` of
        the corpus. What is not known is left out.
    """
    given = {f"same_{name}": same[name] for name in COMPARED_FEATURES if name in same}
    given |= {f"other_{name}": other[name] for name in COMPARED_FEATURES if name in other}
    given |= {name: same[name] for name in COMMON_FEATURES}
    if "cosine" in same and "cosine" in other:
        given["nearer"] = other["cosine"] - same["cosine"]
    return given


def choice(same: Mapping[str, float], other: Mapping[str, float], models: Models) -> float:
    """The probability that the passage in the other language is the better one, in [0, 1]."""
    given = choice_features(same, other)
    return probability(given, models.with_vectors if "nearer" in given else models.without_vectors)


def merged(same: Sequence[Ranked], other: Sequence[Ranked], models: Models) -> list[Ranked]:
    """Both directions in one order; within a direction the order stays."""
    if not same or not other:
        return [*same, *other]
    chosen = choice(same[0].features, other[0].features, models)
    # The odds of the two first are those of the choice; all behind them are held to the same scale.
    factor = _odds(chosen) * _odds(same[0].confidence) / _odds(other[0].confidence)
    # A passage can be no surer than the one before it, or it would hold it up.
    odds = {
        id(each): scale * _odds(bound)
        for one, scale in ((same, 1.0), (other, factor))
        for each, bound in zip(one, accumulate((each.confidence for each in one), min), strict=True)
    }
    return list(merge(same, other, key=lambda each: -odds[id(each)]))


def _odds(probability: float) -> float:
    return max(probability, _SUREST) / max(1.0 - probability, _SUREST)
