"""Explaining a score: what each term of the question, and nearness in meaning, added to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.crosslingual import concept_signals
from retrieval.signals import INTERVAL, interval_signal, kind_signals
from retrieval.terms import BAR, Counter, Kind, is_cjk
from retrieval.weights import TERM_WEIGHTS, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrieval.analyzer import Word
    from retrieval.ranking import Ranked, Ranking

_MEANING = "meaning"
# Characters with which hardly a word ends that has a meaning of its own.
_NO_ENDS = frozenset("的了在是和与及或被把有几吗呢")
_SPACED = BAR + BAR


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term added to a score.

    Attributes:
        kind: "word", "character", "bigram", "pair", "date", "quantity", "concept", "together"
            (concepts in one sentence, one pair or the title) or "meaning".
        text: the term, readable; of a concept, as the question has it; empty for meaning.
        points: what it added.
    """

    kind: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage has its score: contributions, largest first, that add up to it.

    `missing` are terms of the question that the whole corpus lacks.
    """

    score: float
    confidence: float
    direction: Direction
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]


def explain(
    ranking: Ranking, ranked: Ranked, signal_weights: Mapping[str, float], mean_length: float
) -> Explanation:
    """Takes a score apart.

    Args:
        ranking: the ranking.
        ranked: one of its passages that was looked into.
        signal_weights: the weights it was made with, of the passage's direction.
        mean_length: the mean length of the index's passages, in units.
    """
    parts = [
        *_terms(ranking, ranked, signal_weights, mean_length),
        *_concepts(ranking, ranked, signal_weights, mean_length),
        Contribution(
            _MEANING,
            "",
            sum(
                signal_weights.get(name, 0.0) * value
                for name, value in ranked.signals.items()
                if name.startswith(_MEANING)
            ),
        ),
    ]
    if ranking.query.intervals:
        inside = interval_signal([ranked.candidate.forms], ranking.query.intervals, INTERVAL)
        parts.append(Contribution("quantity", "", signal_weights.get("quantity", 0.0) * float(inside[0])))
    parts.sort(key=lambda each: (-abs(each.points), each.kind, each.text))
    return Explanation(
        ranked.score,
        ranked.confidence,
        ranked.direction,
        tuple(each for each in parts if each.points),
        missing_words(ranking),
    )


def missing_words(ranking: Ranking) -> tuple[str, ...]:
    """The words of a question that the corpus lacks altogether, as the reader wrote them.

    A word that is there in parts, translated, or as what a typing error was mended to is not missing,
    nor is what ends with a character like 有: that is no word, but a cut in the wrong place.
    """
    query = ranking.query
    translated = [each.concept.text for each in ranking.concepts if each.searched]
    missing = dict.fromkeys(
        _as_written(word.raw, query.question.text)
        for word in query.subject
        if not _is_there(word, ranking)
        and word.raw[-1] not in _NO_ENDS
        and (query.read_as is None or _stands_in(word.raw, query.read_as))
        and not any(word.raw in text for text in translated)
    )
    return tuple(missing)


def is_code(word: str) -> bool:
    """Whether a word names one thing and no other: Latin letters with digits, as in "GR1803"."""
    return any(map(str.isdigit, word)) and any(each.isascii() and each.isalpha() for each in word)


def _is_there(word: Word, ranking: Ranking) -> bool:
    pairs = (Kind.BIGRAM + word.raw[at : at + 2] for at in range(len(word.raw) - 1) if is_cjk(word.raw[at]))
    return any(term in ranking.values for term in (Kind.WORD + word.form, *pairs))


def _stands_in(raw: str, text: str) -> bool:
    """Whether a word stands in a normal form, and not only as a part of a Latin word or a number."""
    edges = [rf"(?<![^\W_]){re.escape(raw)}(?![^\W_])", re.escape(raw)]
    return re.search(edges[is_cjk(raw[0])], text, re.ASCII) is not None


def _as_written(raw: str, text: str) -> str:
    """A word of the normal form as a text has it, where their letters differ in case alone."""
    start = text.lower().find(raw)
    return raw if start < 0 else text[start : start + len(raw)]


def readable(term: str) -> str:
    """A term as a person reads it: without its kind and without bars."""
    return term[1:].replace(_SPACED, " ").replace(BAR, " ").strip()


def _terms(
    ranking: Ranking, ranked: Ranked, weights: Mapping[str, float], mean_length: float
) -> Iterator[Contribution]:
    """What each term added: of alternatives the best one, under its own name."""
    forms, values = ranked.candidate.forms, ranking.values
    counter = Counter(values)
    counts = counter.count(forms)
    lines: list[tuple[float, frozenset[str]]] = []
    if ranked.direction is Direction.SAME:
        title, *sentences = counter.sentences(forms, counts)
        best = max(sentences, key=lambda terms: sum(_worth(term, values) for term in terms), default=[])
        lines = [
            (weights.get("title", 0.0), frozenset(title)),
            (weights.get("sentence", 0.0), frozenset(best)),
        ]
    grouped = {term: group for group in ranking.query.alternatives for term in group}
    for group in dict.fromkeys(grouped.get(term, (term,)) for term in counts):
        present = [term for term in group if term in counts]
        points = {term: _bm25(term, counts[term], ranking, ranked, weights, mean_length) for term in present}
        term = max(points, key=lambda each: points[each])
        inside = sum(weight * _worth(term, values) for weight, line in lines if term in line)
        yield Contribution(Kind(term[0]).name.lower(), readable(term), points[term] + inside)


def _bm25(
    term: str,
    count: int,
    ranking: Ranking,
    ranked: Ranked,
    weights: Mapping[str, float],
    mean_length: float,
) -> float:
    name = Kind(term[0]).name.lower()
    alone = {term: ranking.values[term]}
    signals = kind_signals([{term: count}], [ranked.candidate.forms], mean_length, alone, ())
    return weights.get(name, 0.0) * float(signals[name][0])


def _concepts(
    ranking: Ranking, ranked: Ranked, weights: Mapping[str, float], mean_length: float
) -> Iterator[Contribution]:
    """What each concept added by itself, and what their standing together did."""
    if ranked.direction is not Direction.OTHER or not ranking.concepts:
        return
    total = sum(
        weights.get(name, 0.0) * ranked.signals.get(name, 0.0)
        for name in ("concept", "concept_pair", "sentence", "title")
    )
    for concept in ranking.concepts:
        signal = concept_signals([concept], [ranked.candidate.forms], mean_length)["concept"]
        points = weights.get("concept", 0.0) * float(signal[0])
        total -= points
        yield Contribution("concept", concept.concept.text, points)
    yield Contribution("together", "", total)


def _worth(term: str, values: Mapping[str, float]) -> float:
    """What a term counts within one sentence; dates and quantities are never counted there."""
    return TERM_WEIGHTS[Kind(term[0])] * values[term]
