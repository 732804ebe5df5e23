"""The demand: what a subscription's profile asks of a passage in one language, with what each part is worth.

A passage is judged alone: there is no field of others to stand out from, so all features are
shares of what the question asks for. Each grows with what the passage has, so the most that a
term can add to the score is known beforehand; `retrieval.postings` lives by that.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.passage_lines import writing_terms
from retrieval.terms import Kind, written
from retrieval.weights import TERM_WEIGHTS, Direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.corpus_statistics import CorpusStatistics
    from retrieval.passage_lines import PassageLines
    from retrieval.profile import Profile

FEATURES: Mapping[Direction, tuple[str, ...]] = {
    Direction.SAME: ("word", "written", "sentence", "title", "rarest", "quantity"),
    Direction.OTHER: ("concept", "together", "sentence", "title", "rarest"),
}
"""The features that are shares, by direction. Beside them stands `terms`."""

_MASSES: Mapping[str, float] = {str(kind): weight for kind, weight in TERM_WEIGHTS.items()}
# The rarest so many words are what a question is about.
_RAREST = 2


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that a passage's having any of some terms adds to the logit of its score.

    `most` comes of having one anywhere, `titled` of its standing in the title besides; both
    times the weight of the heaviest that it has, in [0, 1].
    """

    terms: Mapping[str, float]
    most: float
    titled: float


class Demand(Protocol):
    """What is asked of a passage. `terms` is the logarithm of how much it asks with, in idf."""

    @property
    def direction(self) -> Direction:
        """Whether it is of passages in the question's own language."""

    @property
    def terms(self) -> float:
        """The logarithm of all that its words are worth."""

    def bounds(self, weights: Mapping[str, float]) -> list[Bound]:
        """Everything that can add to a score, by what each feature counts."""

    def features(self, lines: PassageLines) -> dict[str, float] | None:
        """The features of a passage, shares in [0, 1] and `terms`; None if it has nothing of the demand."""


def demand_of(profile: Profile, direction: Direction, statistics: CorpusStatistics) -> Demand:
    """The demand of a profile in a direction."""
    if direction is Direction.SAME:
        return OwnDemand(profile.terms, statistics)
    return OtherDemand(profile, statistics)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term with its shares: of all that is written, of words, of the rarest words, of quantities."""

    term: str
    mass: float
    word: float
    rarest: float
    quantity: float


class OwnDemand:
    """A demand of passages in the question's own language: its terms."""

    direction = Direction.SAME

    def __init__(self, weights: Mapping[str, float], statistics: CorpusStatistics) -> None:
        frequencies = statistics.frequencies(weights)
        values = {term: weight * statistics.idf(frequencies[term], term) for term, weight in weights.items()}
        masses = {term: _MASSES[term[0]] * value for term, value in values.items()}
        words = {term: value for term, value in values.items() if term[0] == Kind.WORD}
        quantities = {term: value for term, value in values.items() if term[0] == Kind.QUANTITY}
        rarest = dict(sorted(words.items(), key=lambda each: (-each[1], each[0]))[:_RAREST])
        written_mass, word, rare, quantity = (
            sum(each.values()) or 1.0 for each in (masses, words, rarest, quantities)
        )
        self.terms = math.log1p(sum(words.values()))
        self._terms = tuple(
            _Term(
                term,
                mass / written_mass,
                words.get(term, 0.0) / word,
                rarest.get(term, 0.0) / rare,
                quantities.get(term, 0.0) / quantity,
            )
            for term, mass in masses.items()
            if mass
        )

    def bounds(self, weights: Mapping[str, float]) -> list[Bound]:
        """Its terms."""
        word, written_, sentence, title, rarest, quantity = (
            weights.get(name, 0.0) for name in FEATURES[self.direction]
        )
        bounds = []
        for each in self._terms:
            lined = each.term[0] != Kind.QUANTITY
            most = word * each.word + rarest * each.rarest + quantity * each.quantity
            most += (written_ + sentence * lined) * each.mass
            bounds.append(Bound({each.term: 1.0}, most, title * each.mass * lined))
        return bounds

    def features(self, lines: PassageLines) -> dict[str, float] | None:
        """The features of a passage."""
        having = lines.terms
        found = [(each, having[each.term]) for each in self._terms if each.term in having]
        if not found:
            return None
        by_line = [
            sum([each.mass for each, where in found if where >> line & 1]) for line in range(lines.count)
        ]
        return {
            "word": sum([each.word for each, _ in found]),
            "written": sum([each.mass for each, _ in found]),
            "sentence": max(by_line[1:], default=0.0),
            "title": by_line[0],
            "rarest": sum([each.rarest for each, _ in found]),
            "quantity": sum([each.quantity for each, _ in found]),
            "terms": self.terms,
        }


@dataclass(frozen=True, slots=True)
class _Writing:
    """One way to write a concept: its terms, itself as the units form has it, how likely it is meant."""

    terms: tuple[str, ...]
    body: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """A concept with its shares: of all concepts, of the rarest, and half of what its pairs are worth."""

    writings: tuple[_Writing, ...]
    share: float
    rarest: float
    pairs: float


class OtherDemand:
    """A demand of passages in the other language: the question's concepts by any of their names."""

    direction = Direction.OTHER

    def __init__(self, profile: Profile, statistics: CorpusStatistics) -> None:
        terms = [[writing_terms(each.units) for each in concept.variants] for concept in profile.concepts]
        frequencies = statistics.frequencies({term for every in terms for each in every for term in each})
        # The rarest term first: it is the one to look for.
        writings = [
            tuple(
                _Writing(
                    tuple(sorted(found, key=lambda term: frequencies[term])),
                    "".join(map(written, each.units)),
                    each.weight,
                )
                for each, found in zip(concept.variants, every, strict=True)
            )
            for concept, every in zip(profile.concepts, terms, strict=True)
        ]
        values = []
        for concept, every in zip(profile.concepts, writings, strict=True):
            # A longer writing is at most as frequent as its rarest part; all of them are one term.
            union = sum(each.weight * frequencies[each.terms[0]] for each in every)
            name = every[0].terms[0]
            values.append(concept.weight * statistics.idf(min(union, statistics.passages), name))
        whole = sum(values)
        rarest = sorted(range(len(values)), key=lambda at: (-values[at], at))[:_RAREST]
        rare = sum(values[at] for at in rarest) or 1.0
        self.terms = math.log1p(whole)
        pairs = [min(pair) for pair in itertools.pairwise(values)]
        self._pairs = [each / (sum(pairs) or 1.0) for each in pairs]
        around = [0.0, *self._pairs, 0.0]
        self._concepts = tuple(
            _Asked(
                every,
                value / (whole or 1.0),
                value / rare if at in rarest else 0.0,
                (around[at] + around[at + 1]) / 2,
            )
            for at, (every, value) in enumerate(zip(writings, values, strict=True))
        )

    def bounds(self, weights: Mapping[str, float]) -> list[Bound]:
        """Its concepts."""
        concept, together, sentence, title, rarest = (
            weights.get(name, 0.0) for name in FEATURES[self.direction]
        )
        return [
            Bound(
                # The heaviest comes first, so it must be put in last.
                {writing.terms[0]: writing.weight for writing in reversed(each.writings)},
                (concept + sentence) * each.share + together * each.pairs + rarest * each.rarest,
                title * each.share,
            )
            for each in self._concepts
        ]

    def features(self, lines: PassageLines) -> dict[str, float] | None:
        """The features of a passage."""
        # For each concept how well its best writing fits, in each line.
        fits = [_fit(each.writings, lines) for each in self._concepts]
        if not any(map(any, fits)):
            return None
        best = [max(row, default=0.0) for row in fits]
        by_line = [
            sum([each.share * row[line] for each, row in zip(self._concepts, fits, strict=True) if row])
            for line in range(lines.count)
        ]
        together = 0.0
        for pair, (one, other) in zip(self._pairs, itertools.pairwise(fits), strict=True):
            if one and other:
                together += pair * max(map(min, one[1:], other[1:]), default=0.0)
        return {
            "concept": sum([each.share * fit for each, fit in zip(self._concepts, best, strict=True)]),
            "together": together,
            "sentence": max(by_line[1:], default=0.0),
            "title": by_line[0],
            "rarest": sum([each.rarest * fit for each, fit in zip(self._concepts, best, strict=True)]),
            "terms": self.terms,
        }


def _fit(writings: Sequence[_Writing], lines: PassageLines) -> list[float]:
    """How well a concept's best writing fits each line, in [0, 1]; nothing if no line has any."""
    row: list[float] = []
    for writing in writings:
        found = lines.having(writing.terms, writing.body)
        if found:
            row = row or [0.0] * lines.count
            for line in range(lines.count):
                if found >> line & 1:
                    row[line] = max(row[line], writing.weight)
    return row
