"""Examinations: a task from its folders to the outcomes, and an end to it at any time."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from corpus.reading import ReadOptions
from retrieval.answerer import Answerer
from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation_suite import Task
from retrieval.examination import Laboratory, examine, prepare
from tests.builders import ZONE
from tests.retrieval.beir import lines_of, write_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index
    from retrieval.question_set import QuestionSet

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)
QUERIES = [{"_id": f"q{number}", "text": f"{number}号基金募集多少"} for number in range(30)]


def write(folder: Path, text: str = "{}号基金募集30亿元。") -> Path:
    corpus = [{"_id": f"d{number}", "text": text.format(number)} for number in range(30)]
    return write_set(folder, corpus, QUERIES, [(f"q{number}", f"d{number}", 1) for number in range(30)])


class Told:
    """Keeps what it is told, and may do something when it is."""

    def __init__(
        self, on_indexing: Callable[[], object] = int, on_asking: Callable[[], object] = int
    ) -> None:
        self.indexed: list[int] = []
        self.asked: list[tuple[int, int]] = []
        self.on_indexing = on_indexing
        self.on_asking = on_asking

    def indexing(self, documents: int) -> None:
        self.indexed.append(documents)
        self.on_indexing()

    def asking(self, done: int, total: int) -> None:
        self.asked.append((done, total))
        self.on_asking()


@pytest.fixture
def laboratory(analyzer: Analyzer, tmp_path: Path) -> Laboratory:
    async def answerer(index: Index) -> Answerer:
        return Answerer(index, analyzer)

    return Laboratory(analyzer, answerer, ReadOptions(), tmp_path / "indexes", workers=1)


def prepared(task: Task) -> QuestionSet:
    return prepare(task, ReadOptions(), now=NOW)


def test_a_task_says_what_is_asked(tmp_path: Path) -> None:
    task = Task(
        source=write(tmp_path / "own"),
        name="mine",
        mix=(write(tmp_path / "more"),),
        unanswerable=(write(tmp_path / "nothing"), write(tmp_path / "naught")),
        every=10,
        asked=date(2025, 12, 16),
    )
    found = prepared(task)
    assert (found.name, found.corpus.name) == ("mine", "own")
    assert [corpus.name for corpus in found.mixed] == ["more"]
    assert [case.key for case in found.cases] == ["q0", "q10", "q20"]
    assert [case.key for case in found.unanswerable] == [
        f"{name}/q{number}" for name in ("nothing", "naught") for number in (0, 10, 20)
    ]
    asked = {case.question.asked for case in (*found.cases, *found.unanswerable)}
    assert asked == {datetime(2025, 12, 16, 12, tzinfo=ZONE)}


def test_a_file_of_questions_brings_its_own_unanswerable_ones(tmp_path: Path) -> None:
    news, questions = tmp_path / "news", tmp_path / "asked.jsonl"
    news.mkdir()
    (news / "deal.txt").write_text("授权金额7.12亿美元。", "utf-8")
    records = [
        {"question": "授权金额？", "origin": "deal.txt", "answer": "7.12", "group": "a"},
        {"question": "谁赢了？", "origin": None, "answer": None, "group": "a"},
        {"question": "谁输了？", "origin": None, "answer": None},
    ]
    questions.write_text(lines_of(records), "utf-8")
    found = prepared(Task(questions, news=news, groups=("a",), unanswerable=(write(tmp_path / "nothing"),)))
    assert found.name == "asked"
    assert [case.question.text for case in found.cases] == ["授权金额？"]
    assert [case.key for case in found.unanswerable][:2] == ["谁赢了？", "nothing/q0"]


def test_what_is_missing_is_told_before_anything_is_indexed(tmp_path: Path) -> None:
    own, empty = write(tmp_path / "own"), tmp_path / "empty"
    empty.mkdir()
    for task in (Task(empty), Task(own, mix=(empty,)), Task(own, unanswerable=(empty,))):
        with pytest.raises(InvalidQuestionSet, match="empty"):
            prepared(task)


async def test_an_examination_from_folders_to_outcomes(tmp_path: Path, laboratory: Laboratory) -> None:
    nothing = write(tmp_path / "nothing")
    queries = [{"_id": "n", "text": "Who won the marathon?"}]
    (nothing / "queries.jsonl").write_text(lines_of(queries), "utf-8")
    more = write(tmp_path / "more", "{}号列车准点。")
    found = prepared(Task(write(tmp_path / "own"), mix=(more,), unanswerable=(nothing,)))
    told = Told()
    run = await examine(found, laboratory, told)
    assert run.name == "own"
    assert [each.key for each in run.outcomes] == [query["_id"] for query in QUERIES]
    assert run.figures.success[1] == 1
    assert [each.key for each in run.unanswerable] == ["nothing/n"]
    assert told.indexed == [30, 60]
    assert told.asked == [(10, 31), (20, 31), (30, 31), (31, 31)]


async def test_an_index_is_kept_until_the_corpus_changes(tmp_path: Path, laboratory: Laboratory) -> None:
    found = prepared(Task(write(tmp_path / "own")))
    await examine(found, laboratory, Told())
    again = Told()
    run = await examine(found, laboratory, again)
    assert again.indexed == []
    assert run.figures.success[1] == 1
    found.corpus.place.write_text(lines_of([{"_id": "d0", "text": "0号基金"}]), "utf-8")
    changed = Told()
    await examine(found, laboratory, changed)
    assert changed.indexed == [1]
    # What is of no use any more is not kept.
    assert len(list(laboratory.folder.glob("*/*/meta.json"))) == 1


async def test_combinations_of_corpora_keep_their_indexes_side_by_side(
    tmp_path: Path, laboratory: Laboratory
) -> None:
    own, more = write(tmp_path / "own"), write(tmp_path / "more")
    tasks = [Task(own), Task(own, mix=(more,)), Task(own), Task(own, mix=(more,))]
    indexed = []
    for task in tasks:
        told = Told()
        await examine(prepared(task), laboratory, told)
        indexed.append(told.indexed)
    assert indexed == [[30], [30, 60], [], []]


async def test_a_cancelled_examination_ends_at_once_and_can_be_repeated(
    tmp_path: Path, laboratory: Laboratory
) -> None:
    found = prepared(Task(write(tmp_path / "own")))
    told = Told()
    task = asyncio.ensure_future(examine(found, laboratory, told))
    told.on_asking = task.cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told.asked == [(10, 30)]
    assert (await examine(found, laboratory, Told())).figures.questions == 30


async def test_cancelled_while_indexing_nothing_is_kept_half(tmp_path: Path, laboratory: Laboratory) -> None:
    found = prepared(Task(write(tmp_path / "own"), mix=(write(tmp_path / "more"),)))
    told = Told()
    task = asyncio.ensure_future(examine(found, laboratory, told))
    told.on_indexing = task.cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told.asked == []
    again = Told()
    await examine(found, laboratory, again)
    assert again.indexed == [30, 60]


async def test_what_is_examined_is_made_for_the_filled_index(tmp_path: Path, analyzer: Analyzer) -> None:
    held: list[int] = []

    async def answerer(index: Index) -> Answerer:
        await asyncio.sleep(0)
        held.append(index.snapshot().passages)
        return Answerer(index, analyzer)

    found = prepared(Task(write(tmp_path / "own")))
    await examine(found, Laboratory(analyzer, answerer, ReadOptions(), tmp_path / "i", workers=1), Told())
    assert held == [30]
