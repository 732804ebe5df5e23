"""Signals: rank-bm25's formula for each kind of terms, sentences and titles, and z-scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.quantities import quantities, quantity_terms
from retrieval.signals import (
    K1,
    KINDS,
    B,
    TermBM25,
    interval_signal,
    kind_signals,
    sentence_signals,
    standardised,
)
from retrieval.terms import Counter, Forms, Kind
from retrieval.weights import TERM_WEIGHTS

TERMS = ("甲", "乙", "丙", "丁")

counts = st.lists(st.dictionaries(st.sampled_from(TERMS), st.integers(1, 5)), min_size=1, max_size=6)
positive = st.floats(0.01, 100)


def okapi(count: int, length: int, mean: float) -> float:
    """What a term of value 1 adds."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))


@given(
    counts=counts, data=st.data(), mean=positive, values=st.fixed_dictionaries(dict.fromkeys(TERMS, positive))
)
def test_scores_are_okapis_formula(
    counts: list[dict[str, int]], data: st.DataObject, mean: float, values: dict[str, float]
) -> None:
    lengths = [data.draw(st.integers(sum(each.values()), 200)) for each in counts]
    expected = [
        sum(values[term] * okapi(count, length, mean) for term, count in each.items())
        for each, length in zip(counts, lengths, strict=True)
    ]
    assert TermBM25(counts, lengths, mean, values).scores(TERMS) == pytest.approx(expected)


@given(passages=st.lists(st.lists(st.sampled_from(TERMS), min_size=1, max_size=8), min_size=1, max_size=8))
@example(passages=[["甲"], ["甲", "乙"], ["丙", "丙"]])
def test_is_rank_bm25_itself_where_the_candidates_are_the_corpus(passages: list[list[str]]) -> None:
    plain = BM25Okapi(passages, k1=K1, b=B)
    ours = TermBM25(
        [{term: passage.count(term) for term in passage} for passage in passages],
        [len(passage) for passage in passages],
        sum(map(len, passages)) / len(passages),
        plain.idf,
    )
    assert ours.scores(plain.idf) == pytest.approx(plain.get_scores(list(plain.idf)).tolist())


def test_more_of_a_term_and_less_of_all_else_is_better() -> None:
    scores = TermBM25([{"甲": 1}, {"甲": 2}, {"甲": 2}, {}], [10, 10, 20, 10], 10, {"甲": 1.0}).scores(["甲"])
    assert scores[1] > scores[2] > scores[0] > scores[3] == 0


def test_only_the_terms_asked_for_count() -> None:
    bm25 = TermBM25([{"甲": 1, "乙": 1}], [10], 10, {"甲": 1.0, "乙": 2.0, "丙": 4.0})
    assert bm25.scores(["甲"]) == pytest.approx([1.0])
    assert bm25.scores(["甲", "乙", "丙", "丁"]) == pytest.approx([3.0])
    assert bm25.scores([]) == pytest.approx([0.0])


def forms(length: int) -> Forms:
    return Forms("", "", "", "", length)


COUNTS = [
    {"w授权": 2, "c授": 3, "b授权": 2, "p海外|授权": 1, "d2025": 1},
    {"w授权": 1, "qCNY:102": 1},
    {},
]
VALUES = {
    "w授权": 1.5, "w没有": 9.0, "c授": 0.7, "b授权": 1.1, "p海外|授权": 2.0, "d2025": 0.4, "qCNY:102": 3.0,
}  # fmt: skip


def test_every_kind_has_a_signal_of_its_own() -> None:
    signals = kind_signals(COUNTS, [forms(30), forms(10), forms(20)], 20.0, VALUES, ())
    expected = {
        "word": [1.5 * okapi(2, 30, 20), 1.5 * okapi(1, 10, 20), 0],
        "character": [0.7 * okapi(3, 30, 20), 0, 0],
        "bigram": [1.1 * okapi(2, 30, 20), 0, 0],
        "pair": [2.0 * okapi(1, 30, 20), 0, 0],
        "date": [0.4 * okapi(1, 30, 20), 0, 0],
        "quantity": [0, 3.0 * okapi(1, 10, 20), 0],
        "language": [0, 0, 0],
    }
    assert signals.keys() == expected.keys() == KINDS.keys()
    for name, values in expected.items():
        assert signals[name] == pytest.approx(values), name


def test_of_alternatives_only_the_best_of_each_passage_counts() -> None:
    values = {"d2025": 1.0, "d2025-12-08~2025-12-14": 2.0, "d2025-12-08": 1.4, "d2025-12-09": 1.3}
    found = [
        {"d2025": 1, "d2025-12-08~2025-12-14": 1, "d2025-12-08": 1, "d2025-12-09": 1},
        {"d2025": 1, "d2025-12-08": 1, "d2025-12-09": 1},
        {"d2025": 1, "d2025-12-09": 1},
        {"d2025": 1},
        {},
    ]
    week = ("d2025-12-08~2025-12-14", "d2025-12-08", "d2025-12-09")
    signals = kind_signals(found, [forms(20)] * 5, 20.0, values, [("d2025",), week])
    assert signals["date"] == pytest.approx([3.0, 2.4, 2.3, 1.0, 0.0])
    # Were they no alternatives, all would count.
    assert kind_signals(found, [forms(20)] * 5, 20.0, values, ())["date"][0] == pytest.approx(5.7)


def test_alternatives_that_no_passage_has_and_those_without_a_value_add_nothing() -> None:
    signals = kind_signals(
        [{"d2025": 1}], [forms(20)], 20.0, {"d2025": 1.0}, [("d2024", "d2023"), ("d2025",)]
    )
    assert signals["date"] == pytest.approx([1.0])


def test_no_candidates_have_no_signals() -> None:
    with pytest.raises(ZeroDivisionError):  # as rank-bm25; the ranking never asks for it
        kind_signals([], [], 20.0, {}, ())


SENTENCES = [
    Forms(
        "授权 \n授权 海外 \n海外授权 ", "|授权| \n|授权| |海外| \n|海外||授权| ", "|2025|", "|CNY:102|", 10
    ),
    Forms(" \n海外 \n授 ", " \n|海外| \n|授| ", "", "", 3),
    Forms("授权 ", "|授权| ", "", "", 2),
]
ASKED = {
    "w授权": 2.0,
    "w海外": 1.0,
    "c授": 0.5,
    "b外授": 4.0,
    "p海外|授权": 3.0,
    "d2025": 9.0,
    "qCNY:102": 9.0,
}


def test_the_best_sentence_and_the_title() -> None:
    counter = Counter(ASKED)
    signals = sentence_signals(counter, [counter.count(each) for each in SENTENCES], SENTENCES, ASKED)
    word, character, bigram, pair = (
        TERM_WEIGHTS[kind] for kind in (Kind.WORD, Kind.CHARACTER, Kind.BIGRAM, Kind.PAIR)
    )
    title = 2.0 * word + 0.5 * character
    # The second sentence of the text has all that the first has, and the neighbours too.
    whole = 3.0 * word + 0.5 * character + 4.0 * bigram + 3.0 * pair
    assert signals["title"] == pytest.approx([title, 0.0, title])
    assert signals["sentence"] == pytest.approx([whole, max(word, 0.5 * character), 0.0])


def test_a_term_counts_once_in_a_sentence() -> None:
    twice = Forms(" \n授权 授权 ", " \n|授权| |授权| ", "", "", 4)
    counter = Counter(["w授权"])
    signals = sentence_signals(counter, [counter.count(twice)], [twice], {"w授权": 2.0})
    assert signals["sentence"] == pytest.approx([2.0 * TERM_WEIGHTS[Kind.WORD]])


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20))
@example([0.3, 0.3, 0.3])
def test_standardised_values_have_mean_nought_and_deviation_one_or_are_nought(values: list[float]) -> None:
    found = standardised(np.array(values))
    if np.std(values) < 1e-9:
        assert found.tolist() == [0.0] * len(values)
    else:
        assert float(np.mean(found)) == pytest.approx(0, abs=1e-6)
        assert float(np.std(found)) == pytest.approx(1, abs=1e-6)
        assert np.all(np.diff(found[np.argsort(values)]) >= 0)


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("over 100 drugs", (True, False, False)),
        ("fewer than 100 drugs", (False, True, False)),
        ("between 120 and 130 drugs", (True, False, False)),
        ("more than 100 million yuan", (False, False, True)),
    ],
)
def test_amounts_inside_an_interval_meet_it(question: str, met: tuple[bool, ...]) -> None:
    passages = [
        Forms("", "", "", "".join(f"|{term}|" for term in sorted(quantity_terms(text))), 1)
        for text in ("126 drugs", "42 drugs", "rmb 150 million")
    ]
    intervals = [each for each in quantities(question) if each.low != each.high]
    assert interval_signal(passages, intervals, 2.0).tolist() == [2.0 * each for each in met]
