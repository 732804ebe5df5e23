"""Evaluation: questions with known answers, asked of the very code that answers readers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.language import language_of
from retrieval.evaluation_index import index_set
from retrieval.figures import DEPTHS, Figures, Outcome, figures_of
from retrieval.terms import unit_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrieval.analyzer import Analyzer
    from retrieval.answerer import Answerer
    from retrieval.evaluation_index import Searched
    from retrieval.excerpt import Excerpter
    from retrieval.question_set import Case, QuestionSet
    from retrieval.ranking import Ranking

__all__ = ["Evaluation", "Examiner", "evaluate", "index_set"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A set, and what became of each of its questions, in their order."""

    name: str
    outcomes: tuple[Outcome, ...]
    unanswerable: tuple[Outcome, ...] = ()

    @property
    def figures(self) -> Figures:
        """What the outcomes come to."""
        return figures_of(self.outcomes, self.unanswerable)


class Examiner:
    """Asks cases and judges the answers.

    Args:
        answerer: what is examined.
        excerpter: its chooser of sentences, to be asked about right documents too.
        analyzer: brings texts and expected answers into one spelling.
        searched: the corpus, indexed; the answerer answers from it.
        excerpts: how many excerpts a reader is shown.
    """

    def __init__(
        self,
        answerer: Answerer,
        excerpter: Excerpter,
        analyzer: Analyzer,
        searched: Searched,
        excerpts: int = 3,
    ) -> None:
        self._answerer = answerer
        self._excerpter = excerpter
        self._analyzer = analyzer
        self._searched = searched
        self._excerpts = excerpts

    def ask(self, case: Case) -> Outcome:
        """Asks one question.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        started = time.perf_counter()
        ranking = self._answerer.rank(case.question)
        answer = self._answerer.compose(ranking, self._excerpts)
        seconds = time.perf_counter() - started
        expected = [plain for text in case.answers if (plain := self._plain(text))]
        return Outcome(
            key=case.key,
            text=case.question.text,
            group=case.group,
            rank=_first_right(ranking, self._searched.keys, case.relevant),
            excerpt=self._contain((each.text for each in answer.excerpts), expected),
            one_sentence=self._contain(self._sentences(case, ranking), expected),
            confidence=answer.confidence,
            verdict=answer.verdict,
            seconds=seconds,
        )

    def _sentences(self, case: Case, ranking: Ranking) -> Iterator[str]:
        """The best sentence of each right document, wherever that was ranked."""
        for key in sorted(case.relevant):
            right = self._searched.right.get(key)
            if right is not None:
                crossing = language_of(right.text) != ranking.query.language
                concepts = ranking.concepts if crossing else ()
                asked = self._excerpter.sought(ranking.query, ranking.values, concepts)
                span = self._excerpter.best_sentence(right.text, right.title, asked)
                yield right.text[span.start : span.end]

    def _contain(self, texts: Iterable[str], expected: Sequence[str]) -> bool | None:
        if not expected:
            return None
        plain = [self._plain(text) for text in texts]
        return any(answer in text for answer in expected for text in plain)

    def _plain(self, text: str) -> str:
        """A text without spaces and punctuation, so that an answer is found however it is typed."""
        return "".join(unit for unit, _, _ in unit_matches(self._analyzer.normalise(text)))


def evaluate(
    question_set: QuestionSet, examiner: Examiner, progress: Callable[[int], None] | None = None
) -> Evaluation:
    """Asks every question of a set, one after the other.

    Args:
        question_set: the set.
        examiner: asks and judges.
        progress: is told how many questions are done.
    """
    outcomes = []
    for number, case in enumerate((*question_set.cases, *question_set.unanswerable), 1):
        outcomes.append(examiner.ask(case))
        if progress is not None:
            progress(number)
    count = len(question_set.cases)
    return Evaluation(question_set.name, tuple(outcomes[:count]), tuple(outcomes[count:]))


def _first_right(ranking: Ranking, keys: Mapping[str, str], relevant: frozenset[str]) -> int | None:
    """The rank, from 1, of the first right document; passages of one document count once."""
    seen: dict[str, None] = {}
    for ranked in ranking.ranked:
        seen[ranked.candidate.record().citation.document_id] = None
        if len(seen) == max(DEPTHS):
            break
    # What is mixed in has no key, and is never right.
    return next((rank for rank, each in enumerate(seen, 1) if keys.get(each) in relevant), None)
