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

# Shares of the highest possible score. Measured: see "Not answering" in docs/architecture.md.
# Below the first a passage only happens to share words with the question; below the second
# it is more often about the same subject than an answer.
_RELATED_SHARE = 0.25
_ANSWERED_SHARE = 0.40

# An excerpt that scores less than this share of the first adds nothing to it. Measured on
# CMRC and XQuAD: it hides every other excerpt and not one answer.
_WORTH_SHOWING = 0.5


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
        if confidence < _RELATED_SHARE:
            return Answer(question, Verdict.NOTHING, confidence, (), _nearest(ranking))
        least = _WORTH_SHOWING * ranking.ranked[0].score
        excerpts = tuple(
            self._excerpt(ranking, ranked) for ranked in ranking.ranked[:limit] if ranked.score >= least
        )
        verdict = Verdict.ANSWERED if confidence >= _ANSWERED_SHARE else Verdict.RELATED
        return Answer(question, verdict, confidence, excerpts, ())

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
