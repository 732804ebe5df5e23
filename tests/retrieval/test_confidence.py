"""Confidence: features that are shares of what could be, and a probability that rises with them."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.confidence import Setting, Standing, confidence, features, probability, standing
from retrieval.weights import Logistic, Models

SIGNALS = {"word": 6.0, "sentence": 4.0, "date": 1.0, "cosine": 0.4}
HIGHEST = {"word": 8.0, "sentence": 8.0, "date": 2.0, "quantity": 0.0}
EVEN, AHEAD = Standing(0.0, 0.0), Standing(3.0, 3.0)
SETTING = Setting(compound=False, passages=1_000)
WEIGHTS = {"word": 0.5, "sentence": 1.0, "date": 2.0, "quantity": 1.0, "meaning_clause": 3.0}


def test_signals_are_shares_of_their_highest() -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, EVEN, SETTING)
    assert (given["word"], given["sentence"], given["date"]) == pytest.approx((0.75, 0.5, 0.5))


def test_the_whole_is_a_share_by_the_weights() -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, EVEN, SETTING)
    assert given["share"] == pytest.approx((3.0 + 4.0 + 2.0) / (4.0 + 8.0 + 4.0))


def test_what_is_not_asked_for_has_no_share_and_dates_are_told() -> None:
    given = features({"word": 1.0, "date": 5.0}, {"word": 2.0, "date": 0.0}, WEIGHTS, EVEN, SETTING)
    assert (given["date"], given["dated"]) == (0.0, 0.0)
    assert features(SIGNALS, HIGHEST, WEIGHTS, EVEN, SETTING)["dated"] == 1.0


def test_a_signal_that_a_candidate_lacks_is_nought() -> None:
    given = features({}, HIGHEST, WEIGHTS, EVEN, SETTING)
    assert (given["word"], given["share"]) == (0.0, 0.0)


def test_shares_are_clipped() -> None:
    given = features({"word": 80.0, "date": -1.0}, HIGHEST, WEIGHTS, EVEN, SETTING)
    assert given["word"] == 1.5
    assert given["date"] == 0.0


def test_the_margin_is_a_share_of_the_highest_score_in_both_directions() -> None:
    for margin, expected in ((4.0, 0.25), (-4.0, -0.25), (100.0, 1.0), (-100.0, -1.0), (0.0, 0.0)):
        assert features(SIGNALS, HIGHEST, WEIGHTS, Standing(margin, margin), SETTING)[
            "margin"
        ] == pytest.approx(expected)


def test_where_nothing_can_be_had_all_shares_are_nought() -> None:
    given = features(SIGNALS, {"word": 0.0}, WEIGHTS, AHEAD, SETTING)
    assert (given["word"], given["share"], given["margin"], given["terms"]) == (0.0, 0.0, 0.0, 0.0)


def test_how_much_is_asked_with_in_words_or_concepts() -> None:
    assert features({}, {"word": 8.0}, WEIGHTS, EVEN, SETTING)["terms"] == pytest.approx(math.log(9))
    assert features({}, {"word": 1.0, "concept": 3.0}, WEIGHTS, EVEN, SETTING)["terms"] == pytest.approx(
        math.log(4)
    )


def test_nearness_in_meaning_is_taken_as_it_is_or_left_out() -> None:
    near, unknown = (
        features(signals, HIGHEST, WEIGHTS, EVEN, SETTING) for signals in (SIGNALS, {"word": 6.0})
    )
    assert near["cosine"] == 0.4
    assert near["cosine_size"] == pytest.approx(0.4 * 3.0)
    assert not {"cosine", "cosine_size"} & unknown.keys()


def test_cosines_of_another_encoder_are_not_known() -> None:
    other = Setting(compound=False, passages=1_000, comparable=False)
    assert not {"cosine", "cosine_size"} & features(SIGNALS, HIGHEST, WEIGHTS, EVEN, other).keys()


def test_how_one_that_stands_alone_stands_is_left_out() -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, standing([5.0], 0), SETTING)
    assert not {"margin", "lead"} & given.keys()


@pytest.mark.parametrize(
    ("place", "expected"), [(0, (1.0, 7.0)), (1, (-1.0, 6.0)), (5, (-7.0, 0.0)), (6, (-8.0, -1.0))]
)
def test_stands_above_the_next_and_above_the_sixth(place: int, expected: tuple[float, float]) -> None:
    scores = [9.0, 8.0, 6.0, 5.0, 4.0, 2.0, 1.0]
    assert standing(scores, place) == Standing(*expected)


def test_a_few_are_no_field() -> None:
    assert standing([9.0, 8.0, 6.0, 5.0, 4.0], 0) == Standing(1.0, None)


def test_how_large_the_corpus_is_and_whether_the_question_is_compound() -> None:
    simple, compound = (
        features(SIGNALS, HIGHEST, WEIGHTS, EVEN, Setting(compound, 10_000)) for compound in (False, True)
    )
    names = ("compound", "size", "compound_size")
    assert [simple[name] for name in names] == pytest.approx([0.0, 4.0, 0.0])
    assert [compound[name] for name in names] == pytest.approx([1.0, 4.0, 4.0])


@pytest.mark.parametrize("passages", [0, 1, 240])
def test_all_small_corpora_are_alike(passages: int) -> None:
    given = features(SIGNALS, HIGHEST, WEIGHTS, EVEN, Setting(compound=False, passages=passages))
    assert given["size"] == pytest.approx(math.log10(240))


MODEL = Logistic(-3.0, {"word": 2.0, "sentence": 1.0, "margin": 4.0}, {"margin": 0.25})


def test_is_the_logistic_of_the_weighted_sum() -> None:
    total = -3.0 + 2.0 * 0.75 + 1.0 * 0.5 + 4.0 * 0.1
    given = {"word": 0.75, "sentence": 0.5, "margin": 0.1, "date": 9.0}
    assert probability(given, MODEL) == pytest.approx(1 / (1 + math.exp(-total)))
    assert probability({}, Logistic(0.0, {})) == 0.5


def test_what_is_not_known_counts_as_is_usual() -> None:
    given = {"word": 0.75, "sentence": 0.5}
    assert probability(given, MODEL) == probability({**given, "margin": 0.25}, MODEL)


def test_has_a_model_of_its_own_where_nearness_in_meaning_is_not_known() -> None:
    models = Models(
        with_vectors=Logistic(1.0, {"cosine": 2.0}), without_vectors=Logistic(-1.0, {"word": 1.0})
    )
    assert confidence({"word": 3.0, "cosine": 0.5}, models) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert confidence({"word": 3.0}, models) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert confidence({"word": 1.0}, models) == pytest.approx(0.5)


numbers = st.floats(-1e6, 1e6)


@given(
    given_features=st.dictionaries(st.sampled_from(["word", "sentence", "cosine"]), numbers),
    intercept=numbers,
)
@example(given_features={"word": 1e300}, intercept=0.0)
@example(given_features={"word": -1e300}, intercept=0.0)
def test_is_a_probability(given_features: dict[str, float], intercept: float) -> None:
    assert 0 <= probability(given_features, Logistic(intercept, MODEL.features)) <= 1


shares = st.floats(0, 1.5)


@given(low=shares, high=shares, other=shares)
def test_rises_with_every_feature_that_has_a_positive_weight(low: float, high: float, other: float) -> None:
    low, high = sorted((low, high))
    for name in ("word", "sentence"):
        less, more = (
            probability({"word": other, "sentence": other, name: each}, MODEL) for each in (low, high)
        )
        assert less <= more


@given(st.dictionaries(st.sampled_from(["word", "date", "cosine"]), numbers), st.floats(0, 1e6), numbers)
def test_features_are_finite_for_any_signals(signals: dict[str, float], most: float, margin: float) -> None:
    given_features = features(
        signals, {"word": most, "date": most}, WEIGHTS, Standing(margin, margin), SETTING
    )
    assert all(math.isfinite(value) for value in given_features.values())
    assert 0 <= given_features["share"] <= 1.5
    assert -1 <= given_features["margin"] <= 1
