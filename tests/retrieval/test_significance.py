"""Paired tests: by hand, by enumeration, and by what p-values must look like when nothing changed."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.significance import mcnemar, randomization


@pytest.mark.parametrize(
    ("better", "worse", "p_value"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 5, 1.0),
        (6, 0, 0.03125),  # 2 / 2**6
        (8, 1, 20 / 512),  # 2 * (1 + 9) / 2**9
        (1, 8, 20 / 512),
        (10, 2, 158 / 4096),  # 2 * (1 + 12 + 66) / 2**12
    ],
)
def test_mcnemar_by_hand(better: int, worse: int, p_value: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p_value)


def test_mcnemar_counts_thousands() -> None:
    assert mcnemar(2500, 2500) == 1.0
    assert mcnemar(2000, 1000) < 1e-70
    assert mcnemar(1550, 1450) == pytest.approx(0.0706, abs=0.001)  # the normal distribution: z = 1.807


@given(differences=st.lists(st.integers(-3, 3), max_size=9))
def test_few_differences_are_tried_with_every_sign(differences: list[int]) -> None:
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    expected = sum(each >= observed for each in sums) / len(sums)
    assert randomization(differences) == pytest.approx(expected)


def test_many_differences_are_sampled_alike_each_time() -> None:
    dice = random.Random(7)  # noqa: S311 - nothing secret
    clear = [dice.gauss(0.3, 1) for _ in range(400)]
    assert randomization(clear) == randomization(clear) < 0.001
    assert randomization(clear) > 0
    assert randomization([-each for each in clear]) == randomization(clear)


def test_a_sample_of_signs_agrees_with_the_exact_test_of_ones() -> None:
    # Where all differences are 1 or -1, the test is McNemar's.
    assert randomization([1.0] * 60 + [-1.0] * 40) == pytest.approx(mcnemar(60, 40), abs=0.01)


def test_chance_is_called_chance() -> None:
    dice = random.Random(3)  # noqa: S311 - nothing secret
    p_values = [randomization([dice.gauss(0, 1) for _ in range(30)]) for _ in range(60)]
    assert sum(each < 0.05 for each in p_values) <= 8
    assert 0.3 < sum(p_values) / len(p_values) < 0.7


def test_zeros_change_nothing() -> None:
    assert randomization([]) == randomization([0.0] * 50) == 1.0
    assert randomization([0.5, 0.25, 0.5, 0.0, 0.0]) == randomization([0.5, 0.25, 0.5]) == 0.25
