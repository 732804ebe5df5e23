"""Evaluation: how well a question set is answered, by the very code that answers readers."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.answerer import Answerer
from retrieval.indexing import Indexer
from retrieval.terms import unit_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.model import Document
    from corpus.reading import ReadOptions
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index
    from retrieval.question_set import Case, QuestionSet
    from retrieval.ranking import Ranking

_DEPTHS = (1, 3, 10)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    Attributes:
        name: the set.
        questions: how many questions.
        success: for each depth k, the share of questions with a right document among the
            first k (`Success@k` in ir-measures).
        reciprocal_rank: the mean of 1/rank of the first right document, 0 beyond 10.
        excerpt: the share of questions whose shown excerpts contain an expected answer,
            among those that have one; None if none has.
        p50_ms: the median time to answer, in milliseconds.
        p95_ms: the 95th percentile of it.
    """

    name: str
    questions: int
    success: dict[int, float]
    reciprocal_rank: float
    excerpt: float | None
    p50_ms: float
    p95_ms: float

    def as_object(self) -> dict[str, Any]:
        """What `wenxun evaluate --json` prints."""
        return {
            "set": self.name,
            "questions": self.questions,
            **{f"R@{depth}": round(share, 4) for depth, share in self.success.items()},
            "MRR@10": round(self.reciprocal_rank, 4),
            "excerpt": None if self.excerpt is None else round(self.excerpt, 4),
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    rank: int | None
    found: bool | None
    seconds: float


async def index_set(
    question_set: QuestionSet, index: Index, analyzer: Analyzer, options: ReadOptions, *, workers: int = 0
) -> dict[str, str]:
    """Indexes a set's corpus and returns the key of each document id.

    Raises:
        UnreadableFile: the corpus cannot be read.
        InvalidQuestionSet: a record of it has no key.
    """
    keys: dict[str, str] = {}
    indexer = Indexer(index, analyzer, workers)
    await indexer.begin()
    try:
        documents = question_set.documents(options)
        while batch := await asyncio.to_thread(_take, documents, keys):
            await indexer.add(batch)
        await indexer.publish(1)
    finally:
        await indexer.close()
    return keys


def evaluate(
    question_set: QuestionSet,
    index: Index,
    analyzer: Analyzer,
    keys: dict[str, str],
    *,
    excerpts: int = 3,
    progress: Callable[[int], None] | None = None,
) -> Evaluation:
    """Asks every question of a set, one after the other.

    Args:
        question_set: the set.
        index: its corpus, indexed.
        analyzer: the analyzer it was indexed with.
        keys: for each document id, the key that the judgements know it by.
        excerpts: how many excerpts a reader is shown.
        progress: is told how many questions are done.
    """
    answerer = Answerer(index, analyzer)
    outcomes = []
    for number, case in enumerate(question_set.cases, 1):
        outcomes.append(_ask(case, answerer, analyzer, keys, excerpts))
        if progress is not None:
            progress(number)
    return _evaluation(question_set.name, outcomes)


def _take(documents: Iterator[tuple[str, Document]], keys: dict[str, str]) -> list[Document]:
    batch = []
    for key, document in documents:
        keys[document.id] = key
        batch.append(document)
        if len(batch) == _BATCH:
            break
    return batch


def _ask(case: Case, answerer: Answerer, analyzer: Analyzer, keys: dict[str, str], excerpts: int) -> _Outcome:
    started = time.perf_counter()
    ranking = answerer.rank(case.question)
    answer = answerer.compose(ranking, excerpts)
    seconds = time.perf_counter() - started
    shown = [_plain(excerpt.text, analyzer) for excerpt in answer.excerpts]
    expected = [_plain(text, analyzer) for text in case.answers]
    found = any(text and text in excerpt for text in expected for excerpt in shown) if expected else None
    return _Outcome(_first_right(ranking, keys, case.relevant), found, seconds)


def _first_right(ranking: Ranking, keys: dict[str, str], relevant: frozenset[str]) -> int | None:
    """The rank, from 1, of the first right document; passages of one document count once."""
    seen: dict[str, None] = {}
    for ranked in ranking.ranked:
        seen[keys[ranked.candidate.record().citation.document_id]] = None
        if len(seen) == max(_DEPTHS):
            break
    return next((rank for rank, key in enumerate(seen, 1) if key in relevant), None)


def _plain(text: str, analyzer: Analyzer) -> str:
    """A text without spaces and punctuation, so that an answer is found however it is typed."""
    return "".join(unit for unit, _, _ in unit_matches(analyzer.normalise(text)))


def _evaluation(name: str, outcomes: Sequence[_Outcome]) -> Evaluation:
    count = len(outcomes)
    ranks = [outcome.rank for outcome in outcomes]
    judged = [outcome.found for outcome in outcomes if outcome.found is not None]
    times = sorted(outcome.seconds * 1000 for outcome in outcomes)
    return Evaluation(
        name=name,
        questions=count,
        success={
            depth: sum(rank is not None and rank <= depth for rank in ranks) / count for depth in _DEPTHS
        },
        reciprocal_rank=sum(1 / rank for rank in ranks if rank) / count,
        excerpt=sum(judged) / len(judged) if judged else None,
        p50_ms=_percentile(times, 0.50),
        p95_ms=_percentile(times, 0.95),
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of ascending values."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
