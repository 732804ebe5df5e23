"""Examinations: a task of evaluation from its folders to the outcomes, in one go.

It may be cancelled at any time: no thread and no worker process outlives it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from corpus.uninterrupted import uninterrupted
from retrieval.engines import open_index
from retrieval.evaluation import Evaluation, Examiner
from retrieval.evaluation_index import fingerprint, index_set, kept_in
from retrieval.excerpt import Excerpter
from retrieval.question_file import read_question_file
from retrieval.question_set import QuestionSet, open_corpus, read_question_set, read_unanswerable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from corpus.reading import ReadOptions
    from retrieval.analyzer import Analyzer
    from retrieval.answerer import Answerer
    from retrieval.engines.base import Index
    from retrieval.evaluation_suite import Task
    from retrieval.figures import Outcome

_NOON = time(12)
# Asked at once in a thread: few enough that a cancellation is followed soon.
_QUESTIONS = 10


class Watcher(Protocol):
    """Is told how an examination goes."""

    def indexing(self, documents: int) -> None:
        """So many documents are taken for the index."""

    def asking(self, done: int, total: int) -> None:
        """So many questions are asked."""


@dataclass(frozen=True, slots=True)
class Laboratory:
    """What examinations are done with.

    Attributes:
        analyzer: the analysis.
        answerer: makes what is examined from an index that has just been filled; it may take
            its time, to prepare what else answering needs.
        options: how corpora are read.
        folder: where indexes are made, a folder each, and found again.
        excerpts: how many excerpts a reader is shown.
        workers: how many processes analyse bulk; 0 means as many as there are cores.
    """

    analyzer: Analyzer
    answerer: Callable[[Index], Awaitable[Answerer]]
    options: ReadOptions
    folder: Path
    excerpts: int = 3
    workers: int = 0


def prepare(task: Task, options: ReadOptions, *, now: datetime) -> QuestionSet:
    """Reads the questions of a task, and sees that its corpora are there.

    Args:
        task: what to evaluate.
        options: how corpora are read.
        now: the time of asking for questions that name none, where the task names none either.

    Raises:
        InvalidQuestionSet: something is missing or not what it should be.
    """
    if task.asked is not None:
        now = datetime.combine(task.asked, _NOON, tzinfo=now.tzinfo)
    if task.news is None:
        found = read_question_set(task.source, now=now)
    else:
        found = read_question_file(task.source, task.news, options, now=now)
    chosen = found.chosen(task.every, task.groups)
    more = [case for folder in task.unanswerable for case in read_unanswerable(folder, now=now)]
    unanswerable = (*chosen.unanswerable, *more[:: task.every])
    mixed = tuple(map(open_corpus, task.mix))
    return replace(chosen, name=task.name or found.name, unanswerable=unanswerable, mixed=mixed)


async def examine(question_set: QuestionSet, laboratory: Laboratory, watcher: Watcher) -> Evaluation:
    """Indexes the corpora of a task, unless an index of them is there, and asks its questions.

    Raises:
        UnreadableFile: a corpus cannot be read.
        InvalidQuestionSet: a record has no key.
        IndexUnavailable: the index cannot be made.
        LoadInProgress: another process is making the same one.
    """
    analyzer, options, corpora = laboratory.analyzer, laboratory.options, question_set.corpora
    mark = await asyncio.to_thread(fingerprint, analyzer, corpora, options)
    index = open_index(f"tantivy:{kept_in(laboratory.folder, corpora)}", mark)
    try:
        searched = await index_set(
            question_set,
            index,
            analyzer,
            options,
            workers=laboratory.workers,
            progress=watcher.indexing,
        )
        answerer = await laboratory.answerer(index)
        examiner = Examiner(answerer, Excerpter(analyzer), analyzer, searched, laboratory.excerpts)
        cases = (*question_set.cases, *question_set.unanswerable)
        waiting = map(examiner.ask, cases)
        outcomes: list[Outcome] = []
        while batch := await uninterrupted(asyncio.to_thread(list, islice(waiting, _QUESTIONS))):
            outcomes += batch
            watcher.asking(len(outcomes), len(cases))
    finally:
        index.close()
    count = len(question_set.cases)
    return Evaluation(question_set.name, tuple(outcomes[:count]), tuple(outcomes[count:]))
