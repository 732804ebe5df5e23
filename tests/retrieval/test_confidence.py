"""Confidence: features that are shares of what could be, and a probability that rises with them."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.confidence import confidence, features
from retrieval.weights import Logistic

SIGNALS = {"word": 6.0, "sentence": 4.0, "date": 1.0, "cosine": 0.4}
HIGHEST = {"word": 8.0, "sentence": 8.0, "date": 2.0, "quantity": 0.0}
WEIGHTS = {"word": 0.5, "sentence": 1.0, "date": 2.0, "quantity": 1.0, "meaning_clause": 3.0}


def test_signals_are_shares_of_their_highest() -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, 0.0)
    assert (given["word"], given["sentence"], given["date"]) == pytest.approx((0.75, 0.5, 0.5))


def test_the_whole_is_a_share_by_the_weights() -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, 0.0)
    assert given["share"] == pytest.approx((3.0 + 4.0 + 2.0) / (4.0 + 8.0 + 4.0))


def test_what_is_not_asked_for_has_no_share_and_dates_are_told() -> None:
    given = features({"word": 1.0, "date": 5.0}, {"word": 2.0, "date": 0.0}, WEIGHTS, 0.0)
    assert (given["date"], given["dated"]) == (0.0, 0.0)
    assert features(SIGNALS, HIGHEST, WEIGHTS, 0.0)["dated"] == 1.0


def test_a_signal_that_a_candidate_lacks_is_nought() -> None:
    given = features({}, HIGHEST, WEIGHTS, 0.0)
    assert (given["word"], given["share"], given["cosine"]) == (0.0, 0.0, 0.0)


def test_shares_are_clipped() -> None:
    given = features({"word": 80.0, "date": -1.0}, HIGHEST, WEIGHTS, 0.0)
    assert given["word"] == 1.5
    assert given["date"] == 0.0


def test_the_margin_is_a_share_of_the_highest_score_in_both_directions() -> None:
    for margin, expected in ((4.0, 0.25), (-4.0, -0.25), (100.0, 1.0), (-100.0, -1.0), (0.0, 0.0)):
        assert features(SIGNALS, HIGHEST, WEIGHTS, margin)["margin"] == pytest.approx(expected)


def test_where_nothing_can_be_had_all_shares_are_nought() -> None:
    given = features(SIGNALS, {"word": 0.0}, WEIGHTS, 3.0)
    assert (given["word"], given["share"], given["margin"], given["terms"]) == (0.0, 0.0, 0.0, 0.0)


def test_how_much_is_asked_with_in_words_or_concepts() -> None:
    assert features({}, {"word": 8.0}, WEIGHTS, 0.0)["terms"] == pytest.approx(math.log(9))
    assert features({}, {"word": 1.0, "concept": 3.0}, WEIGHTS, 0.0)["terms"] == pytest.approx(math.log(4))


def test_nearness_in_meaning_is_taken_as_it_is_and_its_absence_told() -> None:
    near, unknown = (features(signals, HIGHEST, WEIGHTS, 0.0) for signals in (SIGNALS, {"word": 6.0}))
    assert (near["cosine"], near["without_vectors"]) == (0.4, 0.0)
    assert (unknown["cosine"], unknown["without_vectors"]) == (0.0, 1.0)


MODEL = Logistic(-3.0, {"word": 2.0, "sentence": 1.0, "without_vectors": -0.5})


def test_is_the_logistic_of_the_weighted_sum() -> None:
    total = -3.0 + 2.0 * 0.75 + 1.0 * 0.5
    given = {"word": 0.75, "sentence": 0.5, "date": 9.0}
    assert confidence(given, MODEL) == pytest.approx(1 / (1 + math.exp(-total)))
    assert confidence({}, Logistic(0.0, {})) == 0.5


numbers = st.floats(-1e6, 1e6)


@given(
    given_features=st.dictionaries(st.sampled_from(["word", "sentence", "cosine"]), numbers),
    intercept=numbers,
)
@example(given_features={"word": 1e300}, intercept=0.0)
@example(given_features={"word": -1e300}, intercept=0.0)
def test_is_a_probability(given_features: dict[str, float], intercept: float) -> None:
    assert 0 <= confidence(given_features, Logistic(intercept, MODEL.features)) <= 1


shares = st.floats(0, 1.5)


@given(low=shares, high=shares, other=shares)
def test_rises_with_every_feature_that_has_a_positive_weight(low: float, high: float, other: float) -> None:
    low, high = sorted((low, high))
    for name in ("word", "sentence"):
        less, more = (
            confidence({"word": other, "sentence": other, name: each}, MODEL) for each in (low, high)
        )
        assert less <= more


@given(st.dictionaries(st.sampled_from(["word", "date", "cosine"]), numbers), st.floats(0, 1e6), numbers)
def test_features_are_finite_for_any_signals(signals: dict[str, float], most: float, margin: float) -> None:
    given_features = features(signals, {"word": most, "date": most}, WEIGHTS, margin)
    assert all(math.isfinite(value) for value in given_features.values())
    assert 0 <= given_features["share"] <= 1.5
    assert -1 <= given_features["margin"] <= 1
