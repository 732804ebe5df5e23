"""Figures: by hand, by ir-measures and scikit-learn, and that nothing is said of what was not measured."""

from __future__ import annotations

from dataclasses import replace

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from retrieval.answer import Verdict
from retrieval.figures import Outcome, figures_of, percentile, refusal

SHARES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.75, 1.0])


def outcome(
    rank: int | None = 1,
    *,
    excerpt: bool | None = None,
    one_sentence: bool | None = None,
    confidence: float = 0.5,
    verdict: Verdict = Verdict.ANSWERED,
    seconds: float = 0.001,
) -> Outcome:
    return Outcome("q", "授权", "", rank, excerpt, one_sentence, confidence, verdict, seconds)


def grouped(group: str, rank: int | None, verdict: Verdict = Verdict.ANSWERED) -> Outcome:
    return replace(outcome(rank, verdict=verdict), group=group)


def test_the_object_that_is_printed() -> None:
    outcomes = [
        outcome(1, excerpt=True, one_sentence=False, confidence=0.9, seconds=0.002),
        outcome(None, verdict=Verdict.RELATED, confidence=0.3, seconds=0.004),
    ]
    unanswerable = [
        outcome(None, verdict=Verdict.NOTHING, confidence=0.3),
        outcome(None, verdict=Verdict.ANSWERED, confidence=0.1),
        outcome(None, verdict=Verdict.RELATED, confidence=0.1),
        outcome(None, verdict=Verdict.RELATED, confidence=0.1),
    ]
    assert figures_of(outcomes, unanswerable).as_object() == {
        "questions": 2,
        "R@1": 0.5,
        "R@3": 0.5,
        "R@10": 0.5,
        "MRR@10": 0.5,
        "excerpt": 1.0,
        "one_sentence": 0.0,
        "answered": 0.5,
        "related": 0.5,
        "nothing": 0.0,
        "unanswerable": 4,
        "AUROC": 0.9375,
        "answered_at_90": 0.5,
        "answered_at_95": 0.5,
        "refused": 0.75,
        "unanswerable_answered": 0.25,
        "unanswerable_related": 0.5,
        "unanswerable_nothing": 0.25,
        "p50_ms": 2.0,
        "p95_ms": 4.0,
    }


def test_without_expected_answers_nothing_is_said_of_excerpts_and_sentences() -> None:
    found = figures_of([outcome(2)]).as_object()
    assert found["excerpt"] is None
    assert found["one_sentence"] is None
    assert "AUROC" not in found
    assert "unanswerable" not in found


def test_each_group_has_figures_of_its_own() -> None:
    outcomes = [
        grouped("zh-zh", 1),
        grouped("zh-zh", 2),
        grouped("en-zh", 3),
        outcome(None),
    ]
    unanswerable = [grouped("zh-none", None, Verdict.NOTHING)]
    groups = figures_of(outcomes, unanswerable).as_object()["groups"]
    assert list(groups) == ["en-zh", "zh-none", "zh-zh"]
    assert (groups["zh-zh"]["questions"], groups["zh-zh"]["R@1"]) == (2, 0.5)
    assert (groups["en-zh"]["R@1"], groups["en-zh"]["R@3"]) == (0.0, 1.0)
    assert groups["zh-none"]["refused"] == 1.0
    assert "R@1" not in groups["zh-none"]


@given(ranks=st.lists(st.none() | st.integers(1, 10), min_size=1, max_size=30))
def test_any_ranks_are_measured_as_ir_measures_does(ranks: list[int | None]) -> None:
    result = figures_of([outcome(rank) for rank in ranks])
    judged = [ir_measures.Qrel(f"q{number}", "right", 1) for number in range(len(ranks))]
    run = [
        ir_measures.ScoredDoc(f"q{number}", "right" if place == rank else f"wrong{place}", float(-place))
        for number, rank in enumerate(ranks)
        for place in range(1, 11)
    ]
    names = ("Success@1", "Success@3", "Success@10", "RR@10")
    measures = [ir_measures.parse_measure(name) for name in names]
    theirs = ir_measures.calc_aggregate(measures, judged, run)
    ours = [*result.success.values(), result.reciprocal_rank]
    assert ours == pytest.approx([theirs[measure] for measure in measures])


@given(
    answerable=st.lists(SHARES, min_size=1, max_size=30),
    unanswerable=st.lists(SHARES, min_size=1, max_size=30),
)
def test_auroc_is_that_of_scikit_learn(answerable: list[float], unanswerable: list[float]) -> None:
    truth = [1] * len(answerable) + [0] * len(unanswerable)
    theirs = roc_auc_score(truth, [*answerable, *unanswerable])
    assert refusal(answerable, unanswerable).auroc == pytest.approx(theirs)


def test_answered_at_a_threshold_that_refuses_enough() -> None:
    unanswerable = [number / 100 for number in range(100)]  # 90 of them are at most .89, 95 at most .94
    result = refusal([0.10, 0.89, 0.90, 0.94, 0.95, 0.99, 1.0, 1.0, 1.0, 1.0], unanswerable)
    assert result.answered_at_90 == 0.8
    assert result.answered_at_95 == 0.6


def test_a_tie_at_the_threshold_is_refused_on_both_sides() -> None:
    result = refusal([0.5, 0.5, 0.6], [0.5] * 10)
    assert result.auroc == pytest.approx(2 / 3)
    assert result.answered_at_90 == result.answered_at_95 == pytest.approx(1 / 3)


@given(
    answerable=st.lists(SHARES, min_size=1, max_size=30),
    unanswerable=st.lists(SHARES, min_size=1, max_size=30),
)
def test_no_threshold_that_refuses_enough_answers_more(
    answerable: list[float], unanswerable: list[float]
) -> None:
    result = refusal(answerable, unanswerable)
    for refused, claimed in ((0.9, result.answered_at_90), (0.95, result.answered_at_95)):
        shares = [
            sum(each > threshold for each in answerable) / len(answerable)
            for threshold in [*unanswerable, -1.0]
            if sum(each <= threshold for each in unanswerable) >= refused * len(unanswerable) - 1e-9
        ]
        assert claimed == max(shares)


@pytest.mark.parametrize(
    ("milliseconds", "p50", "p95"),
    [([], 0, 0), ([7], 7, 7), ([1, 3], 1, 3), ([*range(1, 101)], 50, 95), ([*range(1, 21)], 10, 19)],
)
def test_percentiles_are_measured_values(milliseconds: list[int], p50: float, p95: float) -> None:
    assert (percentile(milliseconds, 0.5), percentile(milliseconds, 0.95)) == (p50, p95)


def test_times_are_in_milliseconds_whatever_their_order() -> None:
    found = figures_of([outcome(seconds=each / 1000) for each in (9, 1, 5)])
    assert (found.p50_ms, found.p95_ms) == (pytest.approx(5), pytest.approx(9))
