"""Confidence: the probability that a passage answers, from features that can be explained."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.weights import Logistic

# No more than this share of the highest counts: a signal may exceed what one mention of each term gives.
_MOST_SHARE = 1.5


def features(signals: Mapping[str, float], highest: Mapping[str, float]) -> dict[str, float]:
    """The features of one candidate: each signal as a share of its highest, and nearness in meaning.

    A share of nothing is 0: a question without dates agrees with none. `terms` is the
    logarithm of how much the question asks with, in units of idf.
    """
    shares = {
        name: min(signals.get(name, 0.0) / most, _MOST_SHARE) if most > 0 else 0.0
        for name, most in highest.items()
    }
    asked = max(highest.get("word", 0.0), highest.get("concept", 0.0))
    return {
        **shares,
        "dated": float(highest.get("date", 0.0) > 0),
        "terms": math.log1p(asked),
        "cosine": signals.get("cosine", 0.0),
        "without_vectors": float("cosine" not in signals),
    }


def confidence(signals: Mapping[str, float], highest: Mapping[str, float], model: Logistic) -> float:
    """The probability that a candidate answers, in [0, 1]."""
    given = features(signals, highest)
    total = model.intercept + sum(weight * given.get(name, 0.0) for name, weight in model.features.items())
    return 1.0 / (1.0 + math.exp(-max(min(total, 700.0), -700.0)))
