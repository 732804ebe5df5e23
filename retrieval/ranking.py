"""The final order of candidates: a weighted sum of signals, for every engine alike."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retrieval.confidence import Setting, confidence, features, standing
from retrieval.crosslingual import WeighedConcept, concept_signals, weigh
from retrieval.engines.base import Filter
from retrieval.merging import merged
from retrieval.passage_vectors import Closeness
from retrieval.signals import INTERVAL, interval_signal, kind_signals, sentence_signals, standardised
from retrieval.terms import Counter, Kind
from retrieval.weights import TERM_WEIGHTS, Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrieval.engines.base import Candidate, Snapshot
    from retrieval.question import Query
    from retrieval.weights import Weights

    Signals = dict[str, npt.NDArray[np.float64]]

# As if this many more passages of the language at large stood by. In a corpus of a few
# passages a word that all of them have would be worth nothing, though it is no common word.
BACKGROUND = 200
# In a corpus of more passages these few change nothing that is worth looking terms up for.
_LARGE = 5_000

# A hundred found a right passage first for no more questions of any development set, and cost 3 ms more.
CANDIDATES = 70
# Of those found by translation so many: more cost time and are seldom looked into.
TRANSLATED = 50
# The best so many candidates are looked at sentence by sentence.
LOOKED_INTO = 30
# Of these so many are compared in meaning, by direction: where words find little, more of them.
COMPARED = {Direction.SAME: 10, Direction.OTHER: LOOKED_INTO}
# A pasted page has hundreds of terms; the rarest of them find it.
_SEARCHED_TERMS = 64
_RANKED_TERMS = 256
# Variants beyond these are the doubtful ones of common concepts.
_SEARCHED_VARIANTS = 64
# What is written alike in every language.
_SHARED_KINDS = (Kind.DATE, Kind.QUANTITY)
_SEARCHED_KINDS = (Kind.WORD, Kind.BIGRAM, Kind.DATE, Kind.QUANTITY)


def idf(frequency: float, passages: int) -> float:
    """Inverse document frequency, never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Robertson and Spärck Jones's weight with one added inside the logarithm, as in Lucene's
    BM25Similarity. `frequency` may exceed `passages` by a few where an engine still counts
    removed passages.
    """
    return math.log1p(max(passages - frequency, 0.0) / (frequency + 0.5) + 0.5 / (frequency + 0.5))


class Semantics(Protocol):
    """How close passages are to a question in meaning."""

    @property
    def fingerprint(self) -> str:
        """The encoder's."""

    def compare(self, question: str, texts: Sequence[str]) -> Sequence[Closeness | None]:
        """The closeness of each passage, None for those whose vectors are not made yet."""

    def sentences(self, question: str, text: str) -> Sequence[float] | None:
        """The closeness of each of a passage's `sentence_spans`, None without vectors."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and what makes it up.

    `signals` are unweighted. `confidence` is the probability that this passage answers, and
    `features` what it was told from; they are empty for one that was not looked into.
    """

    candidate: Candidate
    score: float
    signals: Mapping[str, float]
    direction: Direction
    confidence: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in their final order, with what each term was worth.

    `values` has the terms that the corpus has, each with its share in the question times its
    idf. `concepts` are the question's terms in the other language, if it was looked into.
    `highest` is, for each direction, what each signal would be in a passage of mean length
    that has all of the question once in one sentence, what the corpus lacks included; of a
    question in parts, one of them.
    `mean_length` is that of the passages, in units; `setting` is what the confidence takes account of.
    `relaxed` tells that nothing was published in the time that the question demands, and that
    these are of other times.
    """

    query: Query
    values: Mapping[str, float]
    concepts: tuple[WeighedConcept, ...]
    ranked: tuple[Ranked, ...]
    highest: Mapping[Direction, Mapping[str, float]]
    mean_length: float
    setting: Setting
    relaxed: bool = False

    @property
    def confidence(self) -> float:
        """The probability that the first passage answers, in [0, 1]."""
        return self.ranked[0].confidence if self.ranked else 0.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query with what its terms are worth; fields as in `Ranking`."""

    query: Query
    mean_length: float
    values: Mapping[str, float]
    concepts: tuple[WeighedConcept, ...]
    highest: Mapping[Direction, Mapping[str, float]]
    setting: Setting


class Ranker:
    """Finds and orders passages.

    Args:
        weights: what each signal counts.
        semantics: tells nearness in meaning; None does without.
        usual: the share of passages of the language at large that have a term; None takes all
            terms for rare.
    """

    def __init__(
        self,
        weights: Weights,
        semantics: Semantics | None = None,
        usual: Callable[[str], float] | None = None,
    ) -> None:
        self._weights = weights
        self._semantics = semantics
        self._usual = usual

    def rank(self, query: Query, snapshot: Snapshot, limit: int = CANDIDATES) -> Ranking:
        """The best passages for a query, at most `limit` and those found by translation, best first."""
        frequencies = snapshot.document_frequencies(query.weights)
        size = snapshot.passages + BACKGROUND
        every = {
            term: weight * idf(self._smoothed(term, frequencies[term], snapshot.passages), size)
            for term, weight in query.weights.items()
        }
        # Terms that the corpus lacks are worth most and find nothing: they only count in the highest.
        known = sorted(
            (term for term in every if frequencies[term]), key=lambda term: -_importance(term, every)
        )
        values = {term: every[term] for term in known[:_RANKED_TERMS]}
        concepts = weigh(query.concepts, snapshot, lambda frequency: idf(frequency, size))
        candidates = self._candidates(query, snapshot, values, concepts, limit)
        relaxed = not candidates and query.published is not None
        if relaxed:
            # Better what is near in time than nothing: "two months ago" may be ten weeks.
            candidates = self._candidates(
                replace(query, dates=replace(query.dates, published=None)), snapshot, values, concepts, limit
            )
        highest = {
            Direction.SAME: _highest(every, query.alternatives),
            Direction.OTHER: _highest(
                {term: value for term, value in every.items() if term[0] in _SHARED_KINDS}, query.alternatives
            )
            | dict.fromkeys(("concept", "sentence"), sum(each.value for each in concepts)),
        }
        highest = {
            direction: {name: value / query.parts for name, value in one.items()}
            for direction, one in highest.items()
        }
        parts: dict[Direction, list[Candidate]] = {Direction.SAME: [], Direction.OTHER: []}
        for each in candidates:
            alike = each.forms.language == query.language
            parts[Direction.SAME if alike else Direction.OTHER].append(each)
        comparable = self._semantics is not None and self._semantics.fingerprint == self._weights.encoder
        setting = Setting(query.compound, snapshot.passages, _balance(query, snapshot), comparable)
        asked = _Asked(query, snapshot.mean_length, values, concepts, highest, setting)
        same, other = (
            self._ordered(asked, part, direction) if part else [] for direction, part in parts.items()
        )
        ranked = merged(same, other, self._weights.choice)
        return Ranking(
            query, values, concepts, tuple(ranked), highest, snapshot.mean_length, setting, relaxed
        )

    def _smoothed(self, term: str, frequency: int, passages: int) -> float:
        """A document frequency, in a small corpus with those of the background passages added."""
        if self._usual is None or not frequency or passages > _LARGE:
            return frequency
        return frequency + BACKGROUND * self._usual(term)

    def _candidates(
        self,
        query: Query,
        snapshot: Snapshot,
        values: Mapping[str, float],
        concepts: Sequence[WeighedConcept],
        limit: int,
    ) -> list[Candidate]:
        """Passages that share terms with the question, and those in the other language with its concepts."""
        searched = [term for term in values if term[0] in _SEARCHED_KINDS][:_SEARCHED_TERMS]
        weights = {term: query.weights[term] * TERM_WEIGHTS[Kind(term[0])] for term in searched}
        found = list(snapshot.candidates(weights, limit, Filter(published=query.published)))
        translated: dict[str, float] = {}
        for concept in concepts:
            for term, weight in concept.searched.items():
                translated[term] = max(weight, translated.get(term, 0.0))
        if translated:
            best = sorted(translated, key=lambda term: -translated[term])[:_SEARCHED_VARIANTS]
            seen = {each.passage_id for each in found}
            others = snapshot.candidates(
                {term: translated[term] for term in best},
                min(limit, TRANSLATED),
                Filter(language=query.other_language, published=query.published),
            )
            found += [each for each in others if each.passage_id not in seen]
        return found

    def _ordered(self, asked: _Asked, candidates: Sequence[Candidate], direction: Direction) -> list[Ranked]:
        """Candidates of one direction in order: all by their terms, then the best of them more closely."""
        weights = self._weights.signals[direction]
        forms = [candidate.forms for candidate in candidates]
        counter = Counter(asked.values)
        counts = [counter.count(each) for each in forms]
        signals: Signals = kind_signals(
            counts, forms, asked.mean_length, asked.values, asked.query.alternatives
        )
        if direction is Direction.OTHER:
            signals |= concept_signals(asked.concepts, forms, asked.mean_length)
        if asked.query.intervals:
            signals["quantity"] += interval_signal(forms, asked.query.intervals, INTERVAL)
        first = _weighted(signals, weights, len(candidates))
        order = sorted(range(len(candidates)), key=lambda i: (-first[i], candidates[i].passage_id))
        near = order[:LOOKED_INTO]
        closer: Signals = {}
        if direction is Direction.SAME:
            closer = sentence_signals(
                counter, [counts[i] for i in near], [forms[i] for i in near], asked.values
            )
        closer |= self._semantic(asked.query, [candidates[i] for i in near], COMPARED[direction])
        second = first[near] + _weighted(closer, weights, len(near))
        places = sorted(range(len(near)), key=lambda at: (-second[at], candidates[near[at]].passage_id))
        scores = second[places].tolist()
        each_first, each_closer = _by_candidate(signals), _by_candidate(closer)
        ranked = []
        for rank, place in enumerate(places):
            i = near[place]
            found = each_first[i] | each_closer[place] if closer else each_first[i]
            given = features(found, asked.highest[direction], weights, standing(scores, rank), asked.setting)
            sure = confidence(given, self._weights.confidence[direction])
            ranked.append(Ranked(candidates[i], scores[rank], found, direction, sure, given))
        # What was not looked into stays behind, whatever the first round said of it.
        last = ranked[-1]
        for i in order[LOOKED_INTO:]:
            score = min(float(first[i]), last.score)
            ranked.append(Ranked(candidates[i], score, each_first[i], direction, 0.0, {}))
        return ranked

    def _semantic(self, query: Query, candidates: Sequence[Candidate], compared: int) -> Signals:
        """Closeness in meaning at three levels, as z-scores among these candidates, and its mean as it is.

        A passage that has no vectors yet, or comes after those compared, is taken for average.
        """
        if self._semantics is None:
            return {}
        texts = [each.record().passage.text for each in candidates[:compared]]
        found = list(self._semantics.compare(query.question.text, texts))
        found += [None] * (len(candidates) - len(found))
        known = [each for each in found if each is not None]
        if not known:
            return {}
        levels = zip(*((each.clause, each.sentence, each.passage) for each in known), strict=True)
        average = Closeness(*(sum(level) / len(known) for level in levels))
        filled = [each or average for each in found]
        means = np.array([each.mean for each in filled])
        if query.compound:
            return {"cosine": means, "meaning_compound": standardised(means)}
        return {
            "cosine": means,
            "meaning_clause": standardised(np.array([each.clause for each in filled])),
            "meaning_sentence": standardised(np.array([each.sentence for each in filled])),
            "meaning_passage": standardised(np.array([each.passage for each in filled])),
        }


def _balance(query: Query, snapshot: Snapshot) -> float:
    """How many times as many passages are in the other language as in the query's, as a decimal logarithm."""
    own, other = Kind.LANGUAGE + query.language, Kind.LANGUAGE + query.other_language
    counts = snapshot.document_frequencies((own, other))
    return math.log10((counts[other] + 1) / (counts[own] + 1))


def _weighted(signals: Signals, weights: Mapping[str, float], size: int) -> npt.NDArray[np.float64]:
    """The weighted sum of signals; one without a weight does not count."""
    total = np.zeros(size)
    for name, signal in signals.items():
        total += weights.get(name, 0.0) * signal
    return total


def _by_candidate(signals: Signals) -> list[dict[str, float]]:
    """Signals candidate by candidate."""
    rows = zip(*(signal.tolist() for signal in signals.values()), strict=True)
    return [dict(zip(signals, row, strict=True)) for row in rows]


def _importance(term: str, values: Mapping[str, float]) -> float:
    return values[term] * TERM_WEIGHTS[Kind(term[0])]


def _highest(every: Mapping[str, float], alternatives: Sequence[Sequence[str]]) -> dict[str, float]:
    """What each signal is in a passage of mean length that has each term once, all in one sentence."""
    grouped = {term for group in alternatives for term in group}
    singles = [[term] for term in every if term not in grouped]
    highest = dict.fromkeys((*(kind.name.lower() for kind in Kind), "sentence"), 0.0)
    for group in (*singles, *alternatives):
        value = max((every[term] for term in group if term in every), default=0.0)
        kind = Kind(group[0][0])
        highest[kind.name.lower()] += value
        if kind not in _SHARED_KINDS:
            highest["sentence"] += value * TERM_WEIGHTS[kind]
    return highest
