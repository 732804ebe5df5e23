"""Evaluation: its figures on a set that can be computed by hand, and by ir-measures on any."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading import ReadOptions
from retrieval.answerer import Answerer
from retrieval.engines import open_index
from retrieval.evaluation import Evaluation, _evaluation, _Outcome, evaluate, index_set
from retrieval.question_set import QuestionSet, read_question_set
from tests.builders import ZONE
from tests.retrieval.beir import write_set

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)

# Each passage says "授权" once more than the next, and is as long; so they rank p0, p1, … p11.
LADDER = [
    {"_id": f"p{number}", "title": "", "text": "授权，" * (12 - number) + "园区，" * number + "公告。"}
    for number in range(12)
]
OTHERS = [
    {"_id": "deal", "title": "", "text": "GR1803的海外许可总额7.12亿 美元！此外一切照常。"},
    {"_id": "index", "title": "", "text": "The Yunxi index closed at 3,120 points."},
]
CASES = [
    # question, right documents, expected answers, rank of the first right one, whether it is shown
    ("授权", ["p0"], ["授权，授权"], 1, True),
    ("授权", ["p2", "p5"], ["没有这样的话"], 3, False),
    ("授权", ["p9"], [], 10, None),
    ("授权", ["p10"], [], None, None),
    ("GR1803海外许可总额", ["deal"], ["7.12亿美元"], 1, True),  # punctuation and spaces do not count
    ("Where did the Yunxi index close?", ["deal", "index"], ["3,120 Points"], 1, True),
    ("qwerty", ["deal"], ["7.12"], None, False),
]  # fmt: skip


@pytest.fixture
def chosen(tmp_path: Path) -> QuestionSet:
    queries = [
        {"_id": f"q{number}", "text": text, "metadata": {"answers": answers}}
        for number, (text, _, answers, _, _) in enumerate(CASES)
    ]
    judgements = [(f"q{number}", key, 1) for number, case in enumerate(CASES) for key in case[1]]
    return read_question_set(write_set(tmp_path / "byhand", [*LADDER, *OTHERS], queries, judgements), now=NOW)


@pytest.fixture(params=["memory:", "tantivy:index"])
def index(request: pytest.FixtureRequest, analyzer: Analyzer) -> Index:
    return open_index(request.param, analyzer.fingerprint)


async def test_the_figures_by_hand(chosen: QuestionSet, index: Index, analyzer: Analyzer) -> None:
    keys = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    done: list[int] = []
    result = evaluate(chosen, index, analyzer, keys, progress=done.append)
    assert done == [1, 2, 3, 4, 5, 6, 7]
    assert (result.name, result.questions) == ("byhand", 7)
    assert result.success == {1: 3 / 7, 3: 4 / 7, 10: 5 / 7}
    assert result.reciprocal_rank == pytest.approx((1 + 1 / 3 + 1 / 10 + 1 + 1) / 7)
    assert result.excerpt == 3 / 5
    assert 0 < result.p50_ms <= result.p95_ms < 1000


async def test_the_figures_are_those_of_ir_measures(
    chosen: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    keys = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    answerer = Answerer(index, analyzer)
    run = [
        ir_measures.ScoredDoc(case.key, keys[each.candidate.record().citation.document_id], each.score)
        for case in chosen.cases
        for each in answerer.rank(case.question).ranked
    ]
    judged = [ir_measures.Qrel(case.key, key, 1) for case in chosen.cases for key in sorted(case.relevant)]
    names = {"R@1": "Success@1", "R@3": "Success@3", "R@10": "Success@10", "MRR@10": "RR@10"}
    measures = {name: ir_measures.parse_measure(measure) for name, measure in names.items()}
    theirs = ir_measures.calc_aggregate(measures.values(), judged, run)
    ours = evaluate(chosen, index, analyzer, keys).as_object()
    for name, measure in measures.items():
        assert ours[name] == pytest.approx(theirs[measure], abs=0.0001)


async def test_passages_of_one_document_are_one_place(tmp_path: Path, analyzer: Analyzer) -> None:
    paragraphs = "\n\n".join(
        f"授权协议的第{number}部分。" + "双方约定分期付款并共同开发。" * 12 for number in range(12)
    )
    corpus = [
        {"_id": "long", "title": "", "text": paragraphs},
        {
            "_id": "right",
            "title": "",
            "text": "某企业在公告中提到授权，更多篇幅谈的是园区的班车和食堂。",
        },
    ]
    folder = write_set(tmp_path / "set", corpus, [{"_id": "q", "text": "授权协议部分"}], [("q", "right", 1)])
    chosen = read_question_set(folder, now=NOW)
    index = open_index("memory:", analyzer.fingerprint)
    keys = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    assert index.snapshot().passages > 10
    assert evaluate(chosen, index, analyzer, keys).reciprocal_rank == 1 / 2


@pytest.mark.parametrize(("excerpts", "found"), [(1, 0.0), (3, 1.0)])
async def test_only_shown_excerpts_count(
    tmp_path: Path, analyzer: Analyzer, excerpts: int, found: float
) -> None:
    queries = [{"_id": "q", "text": "授权", "metadata": {"answers": ["园区"]}}]
    corpus = [{"_id": "a", "text": "授权，授权，授权。"}, {"_id": "b", "text": "授权，园区，园区。"}]
    chosen = read_question_set(write_set(tmp_path / "set", corpus, queries, [("q", "a", 1)]), now=NOW)
    index = open_index("memory:", analyzer.fingerprint)
    keys = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    assert evaluate(chosen, index, analyzer, keys, excerpts=excerpts).excerpt == found


async def test_a_question_is_asked_on_its_day(tmp_path: Path, analyzer: Analyzer) -> None:
    corpus = [
        {"_id": str(year), "text": "授权金额公布。", "metadata": {"date": f"{year}-05-01"}}
        for year in (2022, 2023, 2024)
    ]
    queries = [
        {"_id": f"q{year}", "text": "去年的授权金额", "metadata": {"asked": f"{year + 1}-06-01"}}
        for year in (2022, 2023, 2024)
    ]
    judgements = [(f"q{year}", str(year), 1) for year in (2022, 2023, 2024)]
    chosen = read_question_set(write_set(tmp_path / "set", corpus, queries, judgements), now=NOW)
    index = open_index("memory:", analyzer.fingerprint)
    keys = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    assert evaluate(chosen, index, analyzer, keys).success[1] == 1


async def test_a_failed_indexing_leaves_the_index_free(
    chosen: QuestionSet, analyzer: Analyzer, index: Index
) -> None:
    with (chosen.folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write("{\n")
    with pytest.raises(Exception, match="line 15"):
        await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    assert index.snapshot().generation is None
    index.writer().rollback()


def test_the_object_that_is_printed() -> None:
    outcomes = [_Outcome(1, found=True, seconds=0.002), _Outcome(None, found=None, seconds=0.004)]
    assert _evaluation("set", outcomes).as_object() == {
        "set": "set",
        "questions": 2,
        "R@1": 0.5,
        "R@3": 0.5,
        "R@10": 0.5,
        "MRR@10": 0.5,
        "excerpt": 1.0,
        "p50_ms": 2.0,
        "p95_ms": 4.0,
    }


def test_without_expected_answers_nothing_is_said_of_excerpts() -> None:
    result = _evaluation("set", [_Outcome(2, found=None, seconds=0.001)])
    assert result.excerpt is None
    assert result.as_object()["excerpt"] is None


@given(ranks=st.lists(st.none() | st.integers(1, 10), min_size=1, max_size=30))
def test_any_ranks_are_measured_as_ir_measures_does(ranks: list[int | None]) -> None:
    result: Evaluation = _evaluation("set", [_Outcome(rank, found=None, seconds=0.001) for rank in ranks])
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


@pytest.mark.parametrize(
    ("milliseconds", "p50", "p95"),
    [([7], 7, 7), ([3, 1], 1, 3), ([*range(1, 101)], 50, 95), ([*range(1, 21)], 10, 19)],
)
def test_percentiles_are_measured_values(milliseconds: list[int], p50: float, p95: float) -> None:
    result = _evaluation("set", [_Outcome(1, found=None, seconds=each / 1000) for each in milliseconds])
    assert (result.p50_ms, result.p95_ms) == (pytest.approx(p50), pytest.approx(p95))
