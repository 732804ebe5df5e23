"""Paired tests: whether two runs over the same questions differ by more than chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

# So few questions are tried with every combination of signs; more with a sample of them.
_EXACT = 14
_SAMPLES = 20_000
_SAMPLES_AT_ONCE = 500
_SEED = 20251216
# Sums of floating-point numbers that are equal on paper differ by less than this.
_TOLERANCE = 1e-9


def mcnemar(better: int, worse: int) -> float:
    """The two-sided p-value of the exact McNemar test.

    Under the null hypothesis each question whose outcome changed is as likely to have become
    better as worse: a sign test over them (Q. McNemar, Psychometrika 12, 1947; exact by the
    binomial distribution).

    Args:
        better: how many questions became right.
        worse: how many became wrong.
    """
    changed = better + worse
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, count) for count in range(min(better, worse) + 1))
    # Python divides integers of any size exactly, where floats of them would overflow.
    return min(1.0, 2 * tail / (1 << changed))


def randomization(differences: Sequence[float]) -> float:
    """The two-sided p-value of the paired randomization test of the mean (Fisher, Pitman).

    Under the null hypothesis each difference is as likely with either sign. With few
    differences every combination of signs is tried; otherwise 20,000 of them, always the same,
    and the p-value is (hits + 1) / (samples + 1) (Phipson and Smyth 2010), never 0.

    Args:
        differences: after less before, for each question; zeros change nothing.
    """
    changed = np.array([each for each in differences if each], dtype=np.float64)
    if not changed.size:
        return 1.0
    least = abs(float(changed.sum())) - _TOLERANCE
    if changed.size <= _EXACT:
        codes = np.arange(2**changed.size)[:, None] >> np.arange(changed.size)
        sums = np.abs((1 - 2 * (codes & 1)) @ changed)
        return float((sums >= least).mean())
    dice = np.random.default_rng(_SEED)
    hits = 0
    for _ in range(_SAMPLES // _SAMPLES_AT_ONCE):
        signs = dice.integers(0, 2, (_SAMPLES_AT_ONCE, changed.size), dtype=np.int8) * 2 - 1
        hits += int((np.abs(signs @ changed) >= least).sum())
    return (hits + 1) / (_SAMPLES + 1)
