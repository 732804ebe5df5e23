"""The excerpt: the one to three sentences of a passage that answer, and what in them matches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.sentences import sentence_spans
from retrieval.answer import Span
from retrieval.terms import JOINERS, Kind, is_cjk, unit_matches, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.analyzer import Analyzer
    from retrieval.question import Query

_MOST_SENTENCES = 3
# A neighbour joins the best sentence when it scores at least this share of it. Measured on
# CMRC: a lower share shows more answers and longer excerpts (docs/architecture.md).
_JOINING_SHARE = 0.1
# About three printed lines; a longer excerpt is no longer one.
_MOST_UNITS = 130
# Sentences shorter than this (a heading, "据悉。") never stand alone.
_FEWEST_UNITS = 6


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    units: tuple[str, ...]
    score: float


class Excerpter:
    """Cuts excerpts out of passages."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def cut(
        self, text: str, title: str | None, query: Query, values: Mapping[str, float]
    ) -> tuple[Span, tuple[Span, ...]]:
        """The excerpt of a passage and the matches inside it.

        Args:
            text: the passage, verbatim.
            title: its document's title. Words that it shares with the question are left
                out of the choice: every sentence below it is about them.
            query: the question.
            values: what each of its terms is worth.

        Returns:
            The excerpt's span and its matches, both as offsets into `text`.
        """
        normal = self._analyzer.normalise(text)
        sentences = self._sentences(text, normal, self._choosing(title, values))
        if not sentences:
            return Span(0, 0), ()
        span = _window(sentences)
        start, end = _trimmed(text, span)
        return Span(start, end), tuple(self._matches(normal, Span(start, end), query))

    def _choosing(self, title: str | None, values: Mapping[str, float]) -> dict[str, float]:
        """The root of the worth of each character and bigram that the title does not have."""
        heading = "".join(
            written(self._form(unit)) for unit, _, _ in unit_matches(self._analyzer.normalise(title or ""))
        )
        kept = {
            term: math.sqrt(value)
            for term, value in values.items()
            if term[0] in (Kind.CHARACTER, Kind.BIGRAM) and term[1:] not in heading
        }
        return kept or {
            term: math.sqrt(v) for term, v in values.items() if term[0] in (Kind.CHARACTER, Kind.BIGRAM)
        }

    def _form(self, unit: str) -> str:
        return unit if is_cjk(unit) else self._analyzer.stem(unit)

    def _sentences(self, text: str, normal: str, worth: Mapping[str, float]) -> list[_Sentence]:
        sentences = []
        for start, end in sentence_spans(text):
            units = tuple(self._form(unit) for unit, _, _ in unit_matches(normal[start:end]))
            joined = "".join(map(written, units))
            score = sum(value for term, value in worth.items() if term[1:] in joined)
            sentences.append(_Sentence(Span(start, end), units, score))
        return sentences

    def _matches(self, normal: str, span: Span, query: Query) -> list[Span]:
        """Stretches of the excerpt that the question has too: stems, words, and bigrams of characters."""
        bodies = {term[1:] for term in query.weights if term[0] in (Kind.CHARACTER, Kind.BIGRAM)}
        words = {term[1:] for term in query.weights if term[0] == Kind.WORD}
        units = [
            (written(self._form(unit)), span.start + start, span.start + end)
            for unit, start, end in unit_matches(normal[span.start : span.end])
        ]
        found: list[Span] = []
        for index, (unit, start, end) in enumerate(units):
            following = units[index + 1] if index + 1 < len(units) else None
            if following and unit + following[0] in bodies and _adjoin(normal[end : following[1]]):
                found.append(Span(start, following[2]))
            elif (unit in bodies and not is_cjk(unit)) or (unit in words and unit in bodies):
                found.append(Span(start, end))
        merged = _merged(found)
        # A lone character ("件", "位") is noise beside longer matches, and a match where it is all there is.
        longer = [each for each in merged if each.end - each.start > 1 or not is_cjk(normal[each.start])]
        return longer or merged


def _window(sentences: Sequence[_Sentence]) -> Span:
    """The best sentence, with neighbours that say something of it while there is room."""
    best = max(range(len(sentences)), key=lambda index: sentences[index].score)
    first = last = best
    room = _MOST_UNITS - len(sentences[best].units)
    while last - first + 1 < _MOST_SENTENCES:
        neighbours = [index for index in (first - 1, last + 1) if 0 <= index < len(sentences)]
        fitting = [index for index in neighbours if len(sentences[index].units) <= room]
        if not fitting:
            break
        chosen = max(fitting, key=lambda index: sentences[index].score)
        short = sum(len(each.units) for each in sentences[first : last + 1]) < _FEWEST_UNITS
        if not short and sentences[chosen].score < _JOINING_SHARE * sentences[best].score:
            break
        room -= len(sentences[chosen].units)
        first, last = min(first, chosen), max(last, chosen)
    return Span(sentences[first].span.start, sentences[last].span.end)


def _adjoin(gap: str) -> bool:
    """Whether what stands between two units leaves them one expression: nothing, or one space or hyphen."""
    return not gap or (len(gap) == 1 and gap in JOINERS)


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    """The span without white space at its ends."""
    stretch = text[span.start : span.end]
    start = span.start + len(stretch) - len(stretch.lstrip())
    return start, max(start, span.end - (len(stretch) - len(stretch.rstrip())))


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping and touching spans as one."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
