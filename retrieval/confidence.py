"""Confidence: the probability that a passage answers, from features that can be explained."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.weights import Logistic, Models

# What chance finds, the sixth has about as much of as the first.
_FIELD = 6
# The smallest corpus that was measured; of smaller ones nobody knows that chance finds less in them.
_SMALL = 240
# No more than this share of the highest counts: a signal may exceed what one mention of each term gives.
_MOST_SHARE = 1.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What is asked, and of how much.

    Attributes:
        compound: the question names dates or several events, of which a passage has one.
        passages: how many the corpus has; the more, the better the best one fits by chance.
        balance: the decimal logarithm of how many times as many passages there are in the other
            language as in the question's own.
        comparable: cosines are of the encoder that the models were fitted with. Those of
            another one mean something else.
    """

    compound: bool
    passages: int
    balance: float = 0.0
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How a score stands among the others.

    Attributes:
        margin: how far it is above the next; for one that is not first, how far below the
            first, as a negative number; None for one that stands alone.
        lead: how far it is above the field, that is the `_FIELD`th; None if there are fewer.
    """

    margin: float | None
    lead: float | None


def standing(scores: Sequence[float], place: int) -> Standing:
    """How the score at a place stands among all, the highest first."""
    if len(scores) == 1:
        return Standing(None, None)
    lead = scores[place] - scores[_FIELD - 1] if len(scores) >= _FIELD else None
    return Standing(scores[place] - (scores[0] if place else scores[1]), lead)


def features(
    signals: Mapping[str, float],
    highest: Mapping[str, float],
    weights: Mapping[str, float],
    standing: Standing,
    setting: Setting,
) -> dict[str, float]:
    """The features of one candidate.

    Args:
        signals: the candidate's.
        highest: what each signal would be in a passage that has all that the question asks
            of one passage.
        weights: what each signal counts in the score.
        standing: how its score stands among the others.
        setting: what was asked, and of how much.

    Returns:
        Each signal as a share of its highest (0 where the question asks for nothing of the
        kind); `share`, the same of all of them by their weights; `margin` and `lead` as shares of
        that highest, if they are known; `dated`, whether dates are asked for; `terms`, the logarithm of
        how much the question asks with, in idf; `cosine`, nearness in meaning, if it is known;
        `compound`; `size`, the decimal logarithm of the number of passages; the products of
        `size` with these two; and `balance`.
    """
    most = sum([weights.get(name, 0.0) * value for name, value in highest.items()])
    score = sum([weights.get(name, 0.0) * signals.get(name, 0.0) for name in highest])
    shares = {name: _share(signals.get(name, 0.0), value) for name, value in highest.items()}
    size = math.log10(max(setting.passages, _SMALL))
    given = {
        **shares,
        "share": _share(score, most),
        "dated": float(highest.get("date", 0.0) > 0),
        "terms": math.log1p(max(highest.get("word", 0.0), highest.get("concept", 0.0))),
        "compound": float(setting.compound),
        "size": size,
        "compound_size": size * setting.compound,
        "balance": setting.balance,
    }
    for name, ahead in (("margin", standing.margin), ("lead", standing.lead)):
        if ahead is not None:
            given[name] = max(min(ahead / most, 1.0), -1.0) if most > 0 else 0.0
    if setting.comparable and "cosine" in signals:
        given |= {"cosine": signals["cosine"], "cosine_size": size * signals["cosine"]}
    return given


def confidence(given: Mapping[str, float], models: Models) -> float:
    """The probability that a candidate with these features answers, in [0, 1]."""
    return probability(given, models.with_vectors if "cosine" in given else models.without_vectors)


def probability(given: Mapping[str, float], model: Logistic) -> float:
    """What a logistic model says of features, in [0, 1]; one that is not known counts as is usual."""
    usual = model.usual
    total = model.intercept + sum(
        [
            weight * (given[name] if name in given else usual.get(name, 0.0))
            for name, weight in model.features.items()
        ]
    )
    return 1.0 / (1.0 + math.exp(-max(min(total, 700.0), -700.0)))


def _share(value: float, most: float) -> float:
    return max(min(value / most, _MOST_SHARE), 0.0) if most > 0 else 0.0
