"""Merging: which direction comes first, and that neither loses its order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.merging import COMMON_FEATURES, COMPARED_FEATURES, choice, choice_features, merged
from retrieval.ranking import Ranked
from retrieval.weights import Direction, Logistic, Models

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Named:
    """A candidate of which only the name matters here."""

    passage_id: str
    forms: Any = None

    def record(self) -> Any:  # noqa: ANN401 - never read
        """Nothing."""


def ranked(name: str, direction: Direction, sure: float, features: dict[str, float] | None = None) -> Ranked:
    """A passage that was looked into."""
    given = {"terms": 3.0, "compound": 0.0, "balance": 0.0, "cosine": 0.5, **(features or {})}
    return Ranked(Named(name), 1.0, {}, direction, sure, given)


def names(passages: Sequence[Ranked]) -> str:
    return "".join(each.candidate.passage_id for each in passages)


NEARER = Models(Logistic(0.0, {"nearer": 10.0}), Logistic(0.0, {"other_concept": 4.0, "same_word": -4.0}))


def test_the_nearer_in_meaning_comes_first_however_sure_the_other_is() -> None:
    same = [ranked("a", Direction.SAME, 0.9, {"cosine": 0.4})]
    other = [ranked("b", Direction.OTHER, 0.2, {"cosine": 0.6})]
    assert names(merged(same, other, NEARER)) == "ba"
    other = [ranked("b", Direction.OTHER, 0.2, {"cosine": 0.3})]
    assert names(merged(same, other, NEARER)) == "ab"


def test_without_vectors_of_either_the_other_model_chooses() -> None:
    features = choice_features(
        {"terms": 1.0, "compound": 0.0, "balance": 0.0, "word": 0.2},
        {"terms": 1.0, "compound": 0.0, "balance": 0.0, "concept": 0.9},
    )
    assert "nearer" not in features
    assert choice(
        {"terms": 1.0, "compound": 0.0, "balance": 0.0, "word": 0.2},
        {"terms": 1.0, "compound": 0.0, "balance": 0.0, "concept": 0.9},
        NEARER,
    ) == pytest.approx(1 / (1 + math.exp(-(4 * 0.9 - 4 * 0.2))))


def test_what_is_behind_the_first_is_held_to_the_same_scale() -> None:
    same = [ranked(name, Direction.SAME, sure) for name, sure in (("a", 0.9), ("b", 0.5), ("c", 0.1))]
    other = [ranked(name, Direction.OTHER, sure) for name, sure in (("x", 0.3), ("y", 0.1))]
    # Both first are as likely: 9 to 1 here is 3 to 7 there, so 1 to 9 there is 7 to 3 here.
    assert names(merged(same, other, Models(Logistic(-0.01, {}), Logistic(-0.01, {})))) == "axybc"


def test_one_direction_alone_stays_as_it_is() -> None:
    same = [ranked("a", Direction.SAME, 0.1), ranked("b", Direction.SAME, 0.9)]
    assert names(merged(same, [], NEARER)) == "ab"
    assert names(merged([], same, NEARER)) == "ab"
    assert merged([], [], NEARER) == []


def test_features_are_those_of_both_and_how_much_nearer_the_other_is() -> None:
    same = dict.fromkeys((*COMPARED_FEATURES, *COMMON_FEATURES), 0.25)
    other = dict.fromkeys((*COMPARED_FEATURES, *COMMON_FEATURES), 0.75)
    given = choice_features(same, other)
    assert given["nearer"] == 0.5
    assert (given["same_share"], given["other_share"], given["terms"]) == (0.25, 0.75, 0.25)


@given(
    st.lists(st.floats(0, 1), max_size=6),
    st.lists(st.floats(0, 1), max_size=6),
    st.one_of(st.floats(-50, -0.01), st.floats(0.01, 50)),
)
def test_each_direction_keeps_its_order_and_nothing_is_lost(
    same: list[float], other: list[float], intercept: float
) -> None:
    model = Logistic(intercept, {})
    ours = [ranked(f"s{place}", Direction.SAME, sure) for place, sure in enumerate(same)]
    theirs = [ranked(f"o{place}", Direction.OTHER, sure) for place, sure in enumerate(other)]
    found = merged(ours, theirs, Models(model, model))
    assert [each for each in found if each.direction is Direction.SAME] == ours
    assert [each for each in found if each.direction is Direction.OTHER] == theirs
    if ours and theirs:
        assert found[0].direction is (Direction.OTHER if intercept > 0 else Direction.SAME)
