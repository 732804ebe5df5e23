"""Answering: from a question to verbatim excerpts. Everything that asks goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.answer import Answer, Citation, Excerpt, Question, Verdict
from retrieval.excerpt import Excerpter
from retrieval.question import Interpreter
from retrieval.ranking import Ranked, Ranking, rank

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index

NEAREST = 3

# Below this share of the highest possible score a passage only happens to share words
# with the question. Measured: see "Not answering" in docs/architecture.md.
_ANSWERED_SHARE = 0.18


class Answerer:
    """Answers questions from an index. Thread-safe; a call takes milliseconds and no I/O but the index's."""

    def __init__(self, index: Index, analyzer: Analyzer) -> None:
        self._index = index
        self._interpreter = Interpreter(analyzer)
        self._excerpter = Excerpter(analyzer)

    def answer(self, question: Question, limit: int = 3) -> Answer:
        """The answer to a question, with at most `limit` excerpts.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        return self.compose(self.rank(question), limit)

    def rank(self, question: Question) -> Ranking:
        """The passages that come closest to a question, in order.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        return rank(self._interpreter.read(question), self._index.snapshot())

    def compose(self, ranking: Ranking, limit: int) -> Answer:
        """An answer from the first passages of a ranking."""
        question = ranking.query.question
        confidence = ranking.share
        if confidence < _ANSWERED_SHARE:
            return Answer(question, Verdict.NOTHING, confidence, (), _nearest(ranking))
        excerpts = tuple(self._excerpt(ranking, ranked) for ranked in ranking.ranked[:limit])
        return Answer(question, Verdict.ANSWERED, confidence, excerpts, ())

    def _excerpt(self, ranking: Ranking, ranked: Ranked) -> Excerpt:
        indexed = ranked.candidate.record()
        span, matches = self._excerpter.cut(
            indexed.passage.text, indexed.citation.title, ranking.query, ranking.values
        )
        return Excerpt(indexed.passage, indexed.citation, span, matches, ranked.score)


def _nearest(ranking: Ranking) -> tuple[Citation, ...]:
    """The first documents of a ranking, each once."""
    nearest: dict[str, Citation] = {}
    for ranked in ranking.ranked:
        citation = ranked.candidate.record().citation
        nearest.setdefault(citation.document_id, citation)
        if len(nearest) == NEAREST:
            break
    return tuple(nearest.values())
