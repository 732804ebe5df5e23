"""Reading a question: which terms it asks with, and how much each matters."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.dates import date_terms
from retrieval.question_words import CHINESE, ENGLISH
from retrieval.terms import Kind, is_cjk, pair_terms, unit_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrieval.analyzer import Analyzer, Word
    from retrieval.answer import Question

# What a term of each kind weighs. Words carry the question; characters and bigrams find
# it again where segmentation differs; pairs and bigrams reward words that stay together.
WEIGHTS: Mapping[Kind, float] = {
    Kind.WORD: 0.5,
    Kind.CHARACTER: 0.3,
    Kind.BIGRAM: 0.5,
    Kind.PAIR: 0.2,
    Kind.DATE: 0.6,
}

# "On the day X happened, what did Y do?": the answer is about Y, and X only dates it.
_OCCASION = re.compile(
    r"^(?P<chinese>.{4,}?)的?(?:当天|当日|同日|那天|当月|同月|当年|同年)[\s,,、]*(?=.{4,})"
    r"|^(?:on the (?:same )?day|in the (?:same )?(?:month|year)) (?P<english>.{8,}?), (?=.{8,})"
)
_OCCASION_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it.

    `weights` says for each term what it counts; `subject` is the words asked about,
    question words left out, in order.
    """

    question: Question
    weights: Mapping[str, float]
    subject: tuple[Word, ...]


class Interpreter:
    """Turns questions into queries."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def read(self, question: Question) -> Query:
        """The query of a question. A question of nothing but question words is taken literally."""
        normal = self._analyzer.normalise(question.text)
        occasion = _OCCASION.match(normal)
        clauses = (
            [(normal, 1.0)]
            if occasion is None
            else [(occasion.group(), _OCCASION_SHARE), (normal[occasion.end() :], 1.0)]
        )
        weights: defaultdict[str, float] = defaultdict(float)
        subject: list[Word] = []
        for clause, share in clauses:
            for run in self._runs(clause):
                subject.extend(run)
                for term in self._terms(run):
                    weights[term] += share * WEIGHTS[Kind(term[0])]
            for part in sorted(date_terms(clause, question.asked.date())):
                weights[Kind.DATE + part] += share * WEIGHTS[Kind.DATE]
        return Query(question, dict(weights), tuple(subject))

    def _runs(self, normal: str) -> list[list[Word]]:
        """Runs of words that say something; if none does, all of them."""
        runs = list(self._analyzer.runs(normal))
        kept = [part for run in runs for part in _without_question_words(run)]
        return kept or runs

    def _terms(self, run: list[Word]) -> Iterator[str]:
        for word in run:
            yield Kind.WORD + word.form
            yield from (Kind.WORD + part for part in self._analyzer.parts(word.form) if part not in CHINESE)
        yield from unit_terms([unit for word in run for unit in word.units])
        yield from pair_terms([word.form for word in run])


def _without_question_words(run: list[Word]) -> Iterator[list[Word]]:
    """Stretches of a run between its question words: what they part is not adjacent."""
    kept: list[Word] = []
    for word in run:
        if word.raw in (CHINESE if is_cjk(word.raw) else ENGLISH):
            if kept:
                yield kept
            kept = []
        else:
            kept.append(word)
    if kept:
        yield kept
