"""Reading a question: which terms it asks with, and how much each matters."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.language import language_of
from retrieval.dates import QuestionDates, question_dates
from retrieval.followup import refined
from retrieval.quantities import asked_terms, quantities
from retrieval.question_words import CHINESE, ENGLISH
from retrieval.subquestions import parts_of
from retrieval.terms import Kind, is_cjk, pair_terms, unit_terms
from retrieval.typos import apply, mended

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from corpus.language import Language
    from retrieval.analyzer import Analyzer, Word
    from retrieval.answer import Question
    from retrieval.concepts import Concept
    from retrieval.quantities import Quantity
    from retrieval.translation import Translator
    from retrieval.typos import Change

LANGUAGES: tuple[Language, ...] = ("zh", "en")

# What happens late in a day is in the next day's papers.
_REPORTED_LATE = timedelta(days=1)

# "On the day X happened, what did Y do?": the answer is about Y, and X only dates it.
_OCCASION = re.compile(
    r"^(?P<chinese>.{4,}?)的?(?:当天|当日|同日|那天|当月|同月|当年|同年)[\s,,、]*(?=.{4,})"
    r"|^(?:on the (?:same )?day|in the (?:same )?(?:month|year)) (?P<english>.{8,}?), (?=.{8,})"
)
_OCCASION_SHARE = 0.1
# What only the question before asks counts so much beside what is asked now.
_CONTEXT_SHARE = 0.5
# What parts words, so that none beside it seem adjacent.
_BREAK = ","


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it.

    `weights` says for each term how much it counts: 1 for what is asked once. Of each group
    in `alternatives` only the term that fits best counts. `subject` is the words asked
    about, question words left out, in order. `dates` is what the question says of time,
    `concepts` what it asks with in the other language. `read_as` is the normal form that
    typing errors were mended to, if there were any. `compound` questions name dates or several
    events; what such a sentence means as a whole is not what its answer is about. `parts` is
    how many events or times it compares: a passage is expected to speak of one. `intervals` are
    the quantities that are not exact ("over 100", "5 to 10 billion yuan"). Of a question with a
    context, `question` is both put together, and `said` is the question itself.
    """

    question: Question
    weights: Mapping[str, float]
    subject: tuple[Word, ...]
    alternatives: tuple[tuple[str, ...], ...]
    dates: QuestionDates
    language: Language
    concepts: tuple[Concept, ...] = ()
    read_as: str | None = None
    compound: bool = False
    parts: int = 1
    intervals: tuple[Quantity, ...] = ()
    said: Question | None = None

    @property
    def asked(self) -> Question:
        """The question as the reader asked it."""
        return self.said or self.question

    @property
    def other_language(self) -> Language:
        """The language that the question is not in."""
        return "en" if self.language == "zh" else "zh"

    @property
    def published(self) -> tuple[date, date] | None:
        """The first and last day of publication that the question demands, if it does."""
        demanded = self.dates.published
        return (demanded.first, demanded.last + _REPORTED_LATE) if demanded else None


class Interpreter:
    """Turns questions into queries."""

    def __init__(self, analyzer: Analyzer, translator: Translator | None = None) -> None:
        self._analyzer = analyzer
        self._translator = translator

    def read(self, question: Question, languages: Collection[str] = LANGUAGES) -> Query:
        """The query of a question. A question of nothing but question words is taken literally.

        Args:
            question: the question.
            languages: those of the passages; it is translated only where they have the other one.
        """
        if question.context:
            return self._refined(question, question.context, languages)
        normal = self._analyzer.normalise(question.text)
        occasion = _OCCASION.match(normal)
        clauses = (
            [(normal, 1.0)]
            if occasion is None
            else [(occasion.group(), _OCCASION_SHARE), (normal[occasion.end() :], 1.0)]
        )
        dates = question_dates(normal, question.asked)
        weights: defaultdict[str, float] = defaultdict(float)
        alternatives: list[tuple[str, ...]] = []
        subject: list[Word] = []
        for clause, share in clauses:
            clause_dates = question_dates(clause, question.asked)
            for run in self._runs(_without_dates(clause, clause_dates, relative=True)):
                subject.extend(run)
                for term in self._terms(run):
                    weights[term] += share
            for part in sorted(asked_terms(_without_dates(clause, clause_dates, relative=False))):
                weights[Kind.QUANTITY + part] += share
            for part, weight in sorted(clause_dates.terms.items()):
                weights[Kind.DATE + part] += share * weight
            alternatives += [tuple(Kind.DATE + part for part, _ in group) for group in clause_dates.groups]
        parted = parts_of(normal)
        language = language_of(normal)
        query = Query(
            question,
            dict(weights),
            tuple(subject),
            tuple(dict.fromkeys(alternatives)),
            dates,
            language,
            compound=bool(occasion or dates.expressions or parted),
            parts=max(map(len, parted.readings)) if parted else 1,
            intervals=tuple(each for each in quantities(normal) if each.low != each.high),
        )
        if self._translator is None or query.other_language not in languages:
            return query
        return replace(query, concepts=self._translator.concepts(normal, language))

    def _refined(self, question: Question, context: str, languages: Collection[str]) -> Query:
        """The query of a question with the one that it refines: what both ask, the new part above all."""
        both = refined(question.text, context, question.asked, self._analyzer.normalise)
        whole = self.read(replace(question, text=both.text, context=None), languages)
        if both.new:
            new = self.read(replace(question, text=both.new, context=None), ())
            shares = {
                term: weight
                if term in new.weights or term[0] in (Kind.DATE, Kind.QUANTITY)
                else weight * _CONTEXT_SHARE
                for term, weight in whole.weights.items()
            }
            whole = replace(whole, weights=shares)
        return replace(whole, said=question)

    def mend(
        self,
        query: Query,
        changes: Sequence[Change],
        languages: Collection[str] = LANGUAGES,
    ) -> Query:
        """The query with typing errors mended: what only the mended one asks counts as far as it is sure."""
        meant = apply(self._analyzer.normalise(query.question.text), changes)
        other = self.read(replace(query.question, text=meant), languages)
        return replace(
            query,
            weights=mended(query.weights, other.weights, changes),
            subject=query.subject + other.subject,
            alternatives=tuple(dict.fromkeys((*query.alternatives, *other.alternatives))),
            concepts=other.concepts,
            read_as=meant,
        )

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


def _without_dates(clause: str, dates: QuestionDates, *, relative: bool) -> str:
    """A clause without the words of its dates, unless it is nothing else.

    Of relative dates only, where the rest is looked for as words: a passage that says "last
    August" itself was written in another year.
    """
    kept = list(clause)
    for found in dates.expressions:
        if (found.relative or not relative) and not _cuts(clause, found.start, found.end):
            kept[found.start : found.end] = _BREAK * (found.end - found.start)
    rest = "".join(kept)
    return rest if rest.strip(_BREAK + " ?？") else clause


def _cuts(clause: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends inside a Latin word or a number."""
    return any(
        all(each.isalnum() and not is_cjk(each) for each in clause[edge - 1 : edge + 1])
        for edge in (start, end)
        if 0 < edge < len(clause)
    )


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
