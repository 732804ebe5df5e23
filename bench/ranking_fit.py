"""Fitting a linear ranking: which weights of the signals put a right passage first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

# Keeps weights of signals that say little from growing; small beside the loss of a question.
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its candidates' signals, shape (candidates, signals), and which are right."""

    signals: Array
    right: npt.NDArray[np.bool_]


def fit(examples: Sequence[Sequence[Example]], names: Sequence[str]) -> dict[str, float]:
    """Weights, none negative, that make right candidates likely under a softmax of the scores.

    The loss is the negative log-likelihood that the candidate drawn is right (ListNet's
    top-one probability: Cao et al., ICML 2007). Each set counts as much as any other,
    however many questions it has. Signals are brought to one scale for the fit.
    """
    useful = [[each for each in one if each.right.any() and not each.right.all()] for one in examples]
    stacked = np.concatenate([each.signals for one in useful for each in one])
    scale = stacked.std(axis=0)
    scale[scale == 0] = 1.0
    parts = [(each.signals / scale, each.right, 1.0 / len(one)) for one in useful for each in one]

    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for signals, right, share in parts:
            scores = signals @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            hit = float(likely[right].sum()) + 1e-12
            total -= share * np.log(hit)
            gradient -= share * (signals.T @ (np.where(right, likely / hit, 0.0) - likely))
        return total, gradient

    found = minimize(
        loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(names)
    ).x
    return dict(zip(names, (found / scale).tolist(), strict=True))


def first_right(examples: Sequence[Example], weights: Mapping[str, float], names: Sequence[str]) -> float:
    """The share of questions whose best candidate is right. One without candidates is missed."""
    vector = np.array([weights[name] for name in names])
    hits = [bool(each.right[np.argmax(each.signals @ vector)]) for each in examples if len(each.right)]
    return sum(hits) / len(examples)


def cross_validated(examples: Mapping[str, Sequence[Example]], names: Sequence[str]) -> dict[str, float]:
    """For each set the share right when its questions were not among those fitted on: two folds."""
    hits: dict[str, float] = dict.fromkeys(examples, 0.0)
    for fold in (0, 1):
        weights = fit([one[1 - fold :: 2] for one in examples.values()], names)
        for name, one in examples.items():
            held = one[fold::2]
            hits[name] += first_right(held, weights, names) * len(held) / len(one)
    return hits
