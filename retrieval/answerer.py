"""Answering: from a question to verbatim excerpts. Everything that asks goes through here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.answer import Answer, Citation, Excerpt, Question, Verdict
from retrieval.composing import Shown, compose, related_ones
from retrieval.confining import confined
from retrieval.events import Events
from retrieval.excerpt import Excerpter
from retrieval.explanation import Explanation, explain, is_code, missing_words
from retrieval.question import LANGUAGES, Interpreter
from retrieval.ranking import Ranker
from retrieval.terms import Kind
from retrieval.timeline import Day, Timeline, by_day
from retrieval.weights import Direction, fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index, Snapshot
    from retrieval.ranking import Ranked, Ranking, Semantics
    from retrieval.suggestions import Suggester, Suggestion
    from retrieval.translation import Translator
    from retrieval.typos import Mender
    from retrieval.weights import Weights

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Aids:
    """What helps an answerer; it does without any that is None.

    Attributes:
        translator: finds passages in the other language.
        semantics: tells nearness in meaning.
        mender: mends typing errors.
        usual: the share of passages of the language at large that have a term.
        suggester: finds the nearest terms for those that the corpus lacks.
    """

    translator: Translator | None = None
    semantics: Semantics | None = None
    mender: Mender | None = None
    usual: Callable[[str], float] | None = None
    suggester: Suggester | None = None


class Answerer:
    """Answers questions from an index. Thread-safe; a call takes milliseconds and no I/O but the index's.

    Args:
        index: the passages.
        analyzer: the one they were indexed with.
        aids: what else helps.
        weights: what everything counts; those that ship if none are given.
    """

    def __init__(
        self, index: Index, analyzer: Analyzer, aids: Aids | None = None, weights: Weights | None = None
    ) -> None:
        aids = aids or Aids()
        self._index = index
        self._analyzer = analyzer
        self._mender = aids.mender
        self._suggester = aids.suggester
        self._semantics = aids.semantics
        self._interpreter = Interpreter(analyzer, aids.translator)
        self._weights = weights or fitted()
        self._ranker = Ranker(self._weights, aids.semantics, aids.usual)
        self._excerpter = Excerpter(analyzer)
        self._events = Events(aids.usual)

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        """The answer to a question, with at most `limit` excerpts from the one at `offset` on.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        return self.compose(self.rank(question), limit, offset)

    def rank(self, question: Question) -> Ranking:
        """The passages that come closest to a question, in order.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        snapshot = confined(self._index.snapshot(), question.scope, self._analyzer)
        languages = _languages(snapshot)
        query = self._interpreter.read(question, languages)
        if self._mender is not None:
            normal = self._analyzer.normalise(query.question.text)
            changes = self._mender.changes(normal, snapshot.document_frequencies)
            if changes:
                query = self._interpreter.mend(query, changes, languages)
        return self._ranker.rank(query, snapshot)

    def explain(self, ranking: Ranking, ranked: Ranked) -> Explanation:
        """Why a passage of a ranking that was looked into has its score, term by term."""
        return explain(ranking, ranked, self._weights.signals[ranked.direction], ranking.mean_length)

    def compose(self, ranking: Ranking, limit: int, offset: int = 0) -> Answer:
        """An answer from a ranking: `limit` of its excerpts from the one at `offset` on.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        question = ranking.query.asked
        confidence = ranking.confidence
        missing = missing_words(ranking)
        if confidence < self._weights.related or not ranking.ranked:
            nearest = _nearest(ranking)
            return Answer(question, Verdict.NOTHING, confidence, (), nearest, missing=missing)
        shown = self._shown(ranking)
        # What is said of another code than the one asked about is no answer, however like it.
        doubtful = ranking.relaxed or any(map(is_code, missing))
        sure = confidence >= self._weights.answered and not doubtful
        verdict = Verdict.ANSWERED if sure else Verdict.RELATED
        page = shown[offset : offset + limit]
        excerpts = tuple(self._excerpts(ranking, page))
        return Answer(
            question, verdict, confidence, excerpts, (), len(shown), offset, () if sure else missing
        )

    def timeline(self, question: Question) -> Timeline:
        """What was reported of a matter day by day.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        ranking = self.rank(question)
        days, undated = by_day(related_ones(ranking, self._weights.related))
        excerpts = self._excerpts(ranking, [Shown(best) for _, _, best in days])
        return Timeline(
            question,
            tuple(Day(day, count, excerpt) for (day, count, _), excerpt in zip(days, excerpts, strict=True)),
            undated,
        )

    def suggestions(self, question: Question, limit: int = 4) -> tuple[Suggestion, ...]:
        """For terms of a question that the corpus lacks the nearest it has; none without a suggester.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        if self._suggester is None:
            return ()
        frequencies = self._index.snapshot().document_frequencies
        return self._suggester.suggestions(question.text, frequencies, limit)

    def _shown(self, ranking: Ranking) -> list[Shown]:
        snapshot = self._index.snapshot()
        return compose(
            ranking,
            self._weights.related,
            self._excerpter.writer,
            lambda passages: self._events.leaders(passages, snapshot),
        )

    def _excerpts(self, ranking: Ranking, shown: Sequence[Shown]) -> Iterator[Excerpt]:
        # What is looked for in a passage depends on its language.
        asked = {
            direction: self._excerpter.sought(
                ranking.query, ranking.values, ranking.concepts if direction is Direction.OTHER else ()
            )
            for direction in {each.ranked.direction for each in shown}
        }
        for each in shown:
            indexed = each.ranked.candidate.record()
            text, direction = indexed.passage.text, each.ranked.direction
            meaning = (
                self._semantics.sentences(ranking.query.question.text, text) if self._semantics else None
            )
            cutting = self._excerpter.excerpt(text, indexed.citation.title, asked[direction], meaning)
            yield Excerpt(
                indexed.passage,
                indexed.citation,
                cutting.span,
                cutting.matches,
                each.ranked.score,
                # Across languages what looks certain is wrong too often.
                cutting.answer if direction is Direction.SAME else None,
                each.also,
                each.corrects,
                each.corrected_by,
                each.reports,
            )


def _languages(snapshot: Snapshot) -> frozenset[str]:
    """The languages that an index has passages in."""
    found = snapshot.document_frequencies([Kind.LANGUAGE + language for language in LANGUAGES])
    return frozenset(term[1:] for term, frequency in found.items() if frequency)


def _nearest(ranking: Ranking) -> tuple[Citation, ...]:
    """The first documents of a ranking, each once."""
    nearest: dict[str, Citation] = {}
    for ranked in ranking.ranked:
        citation = ranked.candidate.record().citation
        nearest.setdefault(citation.document_id, citation)
        if len(nearest) == NEAREST:
            break
    return tuple(nearest.values())
