"""Confidence: the probability that a passage answers, from features that can be explained."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.weights import Logistic

# No more than this share of the highest counts: a signal may exceed what one mention of each term gives.
_MOST_SHARE = 1.5


def features(
    signals: Mapping[str, float], highest: Mapping[str, float], weights: Mapping[str, float], margin: float
) -> dict[str, float]:
    """The features of one candidate.

    Args:
        signals: the candidate's.
        highest: what each signal would be in a passage that has all that the question asks
            of one passage.
        weights: what each signal counts in the score.
        margin: how far its score is above the next; for one that is not first, how far below
            the first, as a negative number.

    Returns:
        Each signal as a share of its highest (0 where the question asks for nothing of the
        kind); `share`, the same of all of them by their weights; `margin` as a share of that
        highest; `dated`, whether dates are asked for; `terms`, the logarithm of how much the
        question asks with, in idf; `cosine`, nearness in meaning, and `without_vectors`.
    """
    most = sum(weights.get(name, 0.0) * value for name, value in highest.items())
    score = sum(weights.get(name, 0.0) * signals.get(name, 0.0) for name in highest)
    shares = {name: _share(signals.get(name, 0.0), value) for name, value in highest.items()}
    return {
        **shares,
        "share": _share(score, most),
        "margin": max(min(margin / most, 1.0), -1.0) if most > 0 else 0.0,
        "dated": float(highest.get("date", 0.0) > 0),
        "terms": math.log1p(max(highest.get("word", 0.0), highest.get("concept", 0.0))),
        "cosine": signals.get("cosine", 0.0),
        "without_vectors": float("cosine" not in signals),
    }


def confidence(given: Mapping[str, float], model: Logistic) -> float:
    """The probability that a candidate with these features answers, in [0, 1]."""
    total = model.intercept + sum(weight * given.get(name, 0.0) for name, weight in model.features.items())
    return 1.0 / (1.0 + math.exp(-max(min(total, 700.0), -700.0)))


def _share(value: float, most: float) -> float:
    return max(min(value / most, _MOST_SHARE), 0.0) if most > 0 else 0.0
