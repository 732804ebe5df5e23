"""The final order: rank-bm25's formula with the corpus's statistics, the same every time."""

from __future__ import annotations

import math
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.question import Interpreter
from retrieval.ranking import BACKGROUND, K1, B, Ranking, TermBM25, idf, rank
from tests.builders import build_document
from tests.retrieval.indexed import ask, index_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Document
    from retrieval.analyzer import Analyzer

TERMS = ("甲", "乙", "丙", "丁")


@pytest.mark.parametrize(
    ("frequency", "passages", "expected"),
    [(0, 0, math.log(2)), (0, 1, math.log(4)), (1, 1, math.log(4 / 3)), (3, 10, math.log(1 + 7.5 / 3.5))],
)
def test_idf(frequency: int, passages: int, expected: float) -> None:
    assert idf(frequency, passages) == pytest.approx(expected)


@given(passages=st.integers(0, 10**7), frequency=st.integers(0, 10**7))
def test_idf_is_positive_and_falls_as_a_term_gets_common(passages: int, frequency: int) -> None:
    assert idf(frequency, passages) > idf(frequency + 1, passages) > 0


counts = st.lists(st.dictionaries(st.sampled_from(TERMS), st.integers(1, 5)), min_size=1, max_size=6)
positive = st.floats(0.01, 100)


@given(
    counts=counts, data=st.data(), mean=positive, values=st.fixed_dictionaries(dict.fromkeys(TERMS, positive))
)
def test_scores_are_okapis_formula(
    counts: list[dict[str, int]], data: st.DataObject, mean: float, values: dict[str, float]
) -> None:
    lengths = [data.draw(st.integers(sum(each.values()), 200)) for each in counts]
    expected = [
        sum(
            value * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean))
            for term, value in values.items()
            if (tf := each.get(term, 0))
        )
        for each, length in zip(counts, lengths, strict=True)
    ]
    assert TermBM25(counts, lengths, mean, values).scores() == pytest.approx(expected)


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
    assert ours.scores() == pytest.approx(plain.get_scores(list(plain.idf)).tolist())


def test_more_of_a_term_and_less_of_all_else_is_better() -> None:
    scores = TermBM25([{"甲": 1}, {"甲": 2}, {"甲": 2}, {}], [10, 10, 20, 10], 10, {"甲": 1.0}).scores()
    assert scores[1] > scores[2] > scores[0] > scores[3] == 0


DOCUMENTS = (
    build_document(
        "a", title="授权", passages=["重庆国际生物城的GR1803授权金额超过10亿美元。", "园区新建实验中心。"]
    ),
    build_document("b", title="融资", passages=["云汐生物谷一季度融资总额20.7亿元，授权两项。"]),
    build_document("c", title="指数", published="2024-05-01", passages=["医药指数收报3120点。"]),
)


def ranking_of(analyzer: Analyzer, documents: Sequence[Document], text: str, limit: int = 100) -> Ranking:
    index = index_of(analyzer, documents)
    return rank(Interpreter(analyzer).read(ask(text)), index.snapshot(), limit)


def ids(ranking: Ranking) -> list[str]:
    return [each.candidate.passage_id for each in ranking.ranked]


def test_the_passage_that_says_it_is_first(analyzer: Analyzer) -> None:
    assert ids(ranking_of(analyzer, DOCUMENTS, "GR1803的授权金额是多少"))[0] == DOCUMENTS[0].passages[0].id
    assert ids(ranking_of(analyzer, DOCUMENTS, "2024年5月1日的消息"))[0] == DOCUMENTS[2].passages[0].id


def test_only_passages_that_share_something_are_ranked(analyzer: Analyzer) -> None:
    assert ids(ranking_of(analyzer, DOCUMENTS, "指数")) == [DOCUMENTS[2].passages[0].id]
    assert ids(ranking_of(analyzer, DOCUMENTS, "qwerty")) == []


def test_scores_fall(analyzer: Analyzer) -> None:
    scores = [each.score for each in ranking_of(analyzer, DOCUMENTS, "授权金额融资总额").ranked]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_at_most_the_limit_is_ranked(analyzer: Analyzer) -> None:
    documents = [build_document(f"d{number}", passages=[f"授权第{number}项。"]) for number in range(12)]
    assert len(ids(ranking_of(analyzer, documents, "授权"))) == 12
    assert len(ids(ranking_of(analyzer, documents, "授权", limit=5))) == 5


def test_equals_stand_in_the_order_of_their_ids_whatever_order_they_came_in(analyzer: Analyzer) -> None:
    twins = [build_document(name, passages=["授权金额超过10亿美元。"]) for name in ("z", "a", "m")]
    for order in permutations(twins):
        found = ranking_of(analyzer, order, "授权金额")
        assert ids(found) == sorted(document.passages[0].id for document in twins)
        assert len({each.score for each in found.ranked}) == 1


def test_the_share_of_the_highest_score(analyzer: Analyzer) -> None:
    told, partly, unknown = (
        ranking_of(analyzer, DOCUMENTS, text).share
        for text in ("重庆国际生物城的GR1803授权金额超过10亿美元", "重庆国际生物城的水下考古", "水下考古")
    )
    assert 1 >= told > partly > unknown == 0


def test_words_the_corpus_lacks_are_in_the_highest_score_at_the_highest_idf(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, DOCUMENTS, "指数 xyz")
    assert "wxyz" not in found.values
    once = {"w指数", "c指", "c数", "b指数"}
    assert found.highest == pytest.approx(
        sum(
            weight * idf(1 if term in once else 0, 4 + BACKGROUND)
            for term, weight in found.query.weights.items()
        )
    )


def test_in_a_tiny_corpus_a_word_that_all_passages_have_still_counts(analyzer: Analyzer) -> None:
    documents = [build_document(name, passages=[f"授权金额{name}。"]) for name in ("a", "b")]
    assert ranking_of(analyzer, documents, "授权金额").share > 0.8
    assert ranking_of(analyzer, documents, "授权金额和里程碑").share > 0.4


def test_nothing_is_found_in_nothing(analyzer: Analyzer) -> None:
    found = ranking_of(analyzer, [], "授权")
    assert (found.ranked, found.share) == ((), 0.0)
    assert ranking_of(analyzer, DOCUMENTS, "？").share == 0.0


def test_a_pasted_page_finds_its_passage(analyzer: Analyzer) -> None:
    page = "".join(f"{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 11 * number)}号，" for number in range(1000))
    documents = [*DOCUMENTS, build_document("page", passages=[page])]
    found = ranking_of(analyzer, documents, f"GR1803授权金额{page}")
    assert len(found.query.weights) > 2000
    assert len(found.values) <= 256
    assert ids(found)[0] == documents[-1].passages[0].id


def test_a_pasted_page_of_unknown_words_finds_what_it_names(analyzer: Analyzer) -> None:
    page = "".join(f"{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 11 * number)}号，" for number in range(1000))
    found = ranking_of(analyzer, DOCUMENTS, f"{page}GR1803授权金额")
    assert ids(found)[0] == DOCUMENTS[0].passages[0].id
