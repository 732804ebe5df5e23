"""Quoting: the excerpt of a passage for a subscription, cut as an answer's is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.answer import Excerpt
from retrieval.crosslingual import WeighedConcept
from retrieval.excerpt import Excerpter
from retrieval.passage_lines import writing_terms
from retrieval.terms import Kind, written
from retrieval.weights import Direction

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.answer import Question
    from retrieval.concepts import Concept
    from retrieval.corpus_statistics import CorpusStatistics
    from retrieval.engines.base import IndexedPassage
    from retrieval.profile import Profiler
    from retrieval.sought import Sought


class Quoter:
    """Cuts excerpts for questions whose dates are left out. Thread-safe.

    Args:
        analyzer: the analyzer the passages were analysed with.
        profiler: reads the questions.
    """

    def __init__(self, analyzer: Analyzer, profiler: Profiler) -> None:
        self._profiler = profiler
        self._excerpter = Excerpter(analyzer)

    def sought(self, question: Question, direction: Direction, statistics: CorpusStatistics) -> Sought:
        """What a question looks for in passages of one direction; made once for all of them."""
        query = self._profiler.query(question)
        terms = [term for term in query.weights if term[0] != Kind.DATE]
        frequencies = statistics.frequencies(terms)
        values = {term: query.weights[term] * statistics.idf(frequencies[term], term) for term in terms}
        concepts = (
            tuple(_weighed(each, statistics) for each in query.concepts)
            if direction is Direction.OTHER
            else ()
        )
        return self._excerpter.sought(query, values, concepts)

    def excerpt(self, indexed: IndexedPassage, sought: Sought, direction: Direction, score: float) -> Excerpt:
        """The excerpt of a passage with its score."""
        cutting = self._excerpter.excerpt(indexed.passage.text, indexed.citation.title, sought)
        return Excerpt(
            indexed.passage,
            indexed.citation,
            cutting.span,
            cutting.matches,
            score,
            # As in an answer: across languages what looks certain is wrong too often.
            cutting.answer if direction is Direction.SAME else None,
        )


def _weighed(concept: Concept, statistics: CorpusStatistics) -> WeighedConcept:
    """A concept with all its writings: those that the corpus lacks may stand in a new passage."""
    terms = [writing_terms(each.units) for each in concept.variants]
    frequencies = statistics.frequencies({term for each in terms for term in each})
    rarest = [min(each, key=lambda term: frequencies[term]) for each in terms]
    union = sum(
        variant.weight * frequencies[term] for variant, term in zip(concept.variants, rarest, strict=True)
    )
    value = concept.weight * statistics.idf(min(union, statistics.passages), rarest[0])
    bodies = tuple(("".join(map(written, each.units)), each.weight) for each in concept.variants)
    return WeighedConcept(concept, value, bodies, {})
