"""Evaluation: what becomes of questions whose answers are known, by hand and by ir-measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import ir_measures
import pytest

from corpus.reading import ReadOptions
from retrieval.answerer import Answerer
from retrieval.engines import open_index
from retrieval.evaluation import Evaluation, Examiner, evaluate, index_set
from retrieval.excerpt import Excerpter
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


async def examined(
    chosen: QuestionSet, index: Index, analyzer: Analyzer, excerpts: int = 3, done: list[int] | None = None
) -> Evaluation:
    searched = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    examiner = Examiner(Answerer(index, analyzer), Excerpter(analyzer), analyzer, searched, excerpts)
    return evaluate(chosen, examiner, None if done is None else done.append)


@pytest.fixture(params=["memory:", "tantivy:index"])
def index(request: pytest.FixtureRequest, analyzer: Analyzer) -> Index:
    return open_index(request.param, analyzer.fingerprint)


async def test_the_outcomes_by_hand(chosen: QuestionSet, index: Index, analyzer: Analyzer) -> None:
    done: list[int] = []
    result = await examined(chosen, index, analyzer, done=done)
    assert done == [1, 2, 3, 4, 5, 6, 7]
    assert result.name == "byhand"
    assert [each.key for each in result.outcomes] == [case.key for case in chosen.cases]
    assert [each.text for each in result.outcomes] == [text for text, *_ in CASES]
    assert [each.rank for each in result.outcomes] == [rank for *_, rank, _ in CASES]
    assert [each.excerpt for each in result.outcomes] == [shown for *_, shown in CASES]
    assert all(0 < each.seconds < 1 for each in result.outcomes)
    figures = result.figures
    assert figures.success == {1: 3 / 7, 3: 4 / 7, 10: 5 / 7}
    assert figures.reciprocal_rank == pytest.approx((1 + 1 / 3 + 1 / 10 + 1 + 1) / 7)
    assert figures.excerpt == 3 / 5


async def test_confidence_and_verdict_are_those_of_the_answer(
    chosen: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    result = await examined(chosen, index, analyzer)
    answers = [Answerer(index, analyzer).answer(case.question) for case in chosen.cases]
    assert [each.confidence for each in result.outcomes] == [answer.confidence for answer in answers]
    assert [each.verdict for each in result.outcomes] == [answer.verdict for answer in answers]
    assert len({answer.verdict for answer in answers}) > 1


async def test_the_figures_are_those_of_ir_measures(
    chosen: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    ours = (await examined(chosen, index, analyzer)).figures.as_object()
    keys = (await index_set(chosen, index, analyzer, ReadOptions())).keys
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
    for name, measure in measures.items():
        assert ours[name] == pytest.approx(theirs[measure], abs=0.0001)


async def test_the_best_sentence_of_the_right_document_is_judged_wherever_that_is_ranked(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    corpus = [
        {"_id": "right", "text": "园区今日迎来参观者。海灯药业首付款为7.12亿元。食堂照常开放。"},
        {"_id": "loud", "text": "海灯药业首付款海灯药业首付款海灯药业首付款。"},
    ]
    queries = [
        {"_id": "said", "text": "海灯药业首付款", "metadata": {"answers": ["7.12亿元"]}},
        {"_id": "elsewhere", "text": "海灯药业首付款", "metadata": {"answers": ["照常开放"]}},
        {"_id": "unknown", "text": "海灯药业首付款"},
        {"_id": "absent", "text": "海灯药业首付款", "metadata": {"answers": ["7.12亿元"]}},
    ]
    judgements = [
        ("said", "right", 1),
        ("elsewhere", "right", 1),
        ("unknown", "right", 1),
        ("absent", "gone", 1),
    ]
    chosen = read_question_set(write_set(tmp_path / "set", corpus, queries, judgements), now=NOW)
    result = await examined(chosen, open_index("memory:", analyzer.fingerprint), analyzer)
    assert [each.rank for each in result.outcomes] == [2, 2, 2, None]
    assert [each.one_sentence for each in result.outcomes] == [True, False, None, False]


async def test_unanswerable_questions_are_asked_after_the_others(
    chosen: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    nothing = tuple(replace(case, relevant=frozenset(), answers=()) for case in chosen.cases[:2])
    done: list[int] = []
    result = await examined(replace(chosen, unanswerable=nothing), index, analyzer, done=done)
    assert done[-1] == 9
    assert len(result.outcomes) == 7
    assert [each.text for each in result.unanswerable] == ["授权", "授权"]
    assert [each.rank for each in result.unanswerable] == [None, None]
    assert [each.one_sentence for each in result.unanswerable] == [None, None]


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
    result = await examined(chosen, index, analyzer)
    assert index.snapshot().passages > 10
    assert result.figures.reciprocal_rank == 1 / 2


@pytest.mark.parametrize(("excerpts", "found"), [(1, 0.0), (3, 1.0)])
async def test_only_shown_excerpts_count(
    tmp_path: Path, analyzer: Analyzer, excerpts: int, found: float
) -> None:
    queries = [{"_id": "q", "text": "授权", "metadata": {"answers": ["园区"]}}]
    corpus = [{"_id": "a", "text": "授权，授权，授权。"}, {"_id": "b", "text": "授权，园区，园区。"}]
    chosen = read_question_set(write_set(tmp_path / "set", corpus, queries, [("q", "a", 1)]), now=NOW)
    index = open_index("memory:", analyzer.fingerprint)
    assert (await examined(chosen, index, analyzer, excerpts)).figures.excerpt == found


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
    assert (await examined(chosen, index, analyzer)).figures.success[1] == 1
