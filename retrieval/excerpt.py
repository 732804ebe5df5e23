"""The excerpt: the sentence that answers, with what it needs beside it, and what in it matches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.answer import Span
from retrieval.answer_span import certain_answer
from retrieval.passage_sentences import Sentences, UnitWriter
from retrieval.sentence_layout import layout
from retrieval.sentence_scores import SentenceWeights, fitted, gather, score
from retrieval.sought import Sought, sought
from retrieval.terms import JOINERS, is_cjk, unit_matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.analyzer import Analyzer
    from retrieval.crosslingual import WeighedConcept
    from retrieval.question import Query
    from retrieval.sentence_layout import Layout

_MOST_SENTENCES = 3
# About three printed lines; a longer excerpt is no longer one.
_MOST_UNITS = 130
# Sentences shorter than this (a heading, "据悉。") never stand alone.
_FEWEST_UNITS = 6
# A neighbour that scores within this of the best joins it: either may be the one that answers.
NEARLY = 6.0


@dataclass(frozen=True, slots=True)
class Cutting:
    """An excerpt cut out of a passage, all as offsets into the passage's text.

    `answer` is the answer itself where it is certain. It lies inside `span`; it may
    overlap `matches`.
    """

    span: Span
    matches: tuple[Span, ...]
    answer: Span | None


class Excerpter:
    """Cuts excerpts out of passages.

    Args:
        analyzer: the analyzer the passages were analysed with.
        weights: what each kind of evidence counts; those that ship if none are given.

    Attributes:
        writer: writes texts as unit strings, in which everything is looked for.
    """

    def __init__(self, analyzer: Analyzer, weights: SentenceWeights | None = None) -> None:
        self.writer = UnitWriter(analyzer)
        self._weights = weights or fitted()

    def sought(
        self, query: Query, values: Mapping[str, float], concepts: Sequence[WeighedConcept] = ()
    ) -> Sought:
        """What a question looks for: made once, for all the passages it is cut from.

        Args:
            query: the question.
            values: what each of its terms is worth.
            concepts: its concepts, for passages in the other language.
        """
        return sought(self.writer, query, values, concepts)

    def excerpt(
        self, text: str, title: str | None, asked: Sought, meaning: Sequence[float] | None = None
    ) -> Cutting:
        """The excerpt of a passage.

        Args:
            text: the passage, verbatim.
            title: its document's title. What it shares with the question is left out of the
                choice: every sentence below it is about that.
            asked: what is looked for.
            meaning: how close each of the text's `sentence_spans` is to the question in meaning,
                a cosine, where that is known.
        """
        sentences, heading = self._taken_apart(text, title)
        if not sentences.spans:
            return Cutting(Span(0, 0), (), None)
        scores = self._scores(sentences, heading, asked, meaning)
        best = scores.index(max(scores))
        first, last = _window(sentences, layout(sentences), scores, best)
        span = _trimmed(text, Span(sentences.spans[first][0], sentences.spans[last][1]))
        return Cutting(
            span,
            tuple(_matches(self.writer, sentences.normal, span, asked)),
            certain_answer(text, sentences.normal, sentences.spans[best], asked),
        )

    def best_sentence(
        self, text: str, title: str | None, asked: Sought, meaning: Sequence[float] | None = None
    ) -> Span:
        """The one sentence that answers best, without the space around it. Arguments as in `excerpt`."""
        sentences, heading = self._taken_apart(text, title)
        if not sentences.spans:
            return Span(0, 0)
        scores = self._scores(sentences, heading, asked, meaning)
        return _trimmed(text, Span(*sentences.spans[scores.index(max(scores))]))

    def _taken_apart(self, text: str, title: str | None) -> tuple[Sentences, str]:
        heading = self.writer.string(self.writer.normalise(title)) if title else ""
        return self.writer.sentences(text), heading

    def _scores(
        self, sentences: Sentences, heading: str, asked: Sought, meaning: Sequence[float] | None
    ) -> list[float]:
        weights = self._weights.other if asked.clues else self._weights.same
        return [score(each, weights) for each in gather(sentences, asked, heading, meaning)]


def _matches(writer: UnitWriter, normal: str, span: Span, asked: Sought) -> list[Span]:
    """Stretches of an excerpt that the question has too: stems, words, and bigrams of characters."""
    units = [
        (writer.written(unit), span.start + start, span.start + end)
        for unit, start, end in unit_matches(normal[span.start : span.end])
    ]
    units.append(("", span.end, span.end))
    found: list[Span] = []
    for (unit, start, end), (following, next_start, next_end) in pairwise(units):
        if following and unit + following in asked.marked and _adjoin(normal[end:next_start]):
            found.append(Span(start, next_end))
        elif unit in asked.marked:
            found.append(Span(start, end))
    merged = _merged(found)
    # A lone character ("件", "位") is noise beside longer matches, and a match where it is all there is.
    longer = [each for each in merged if each.end - each.start > 1 or not is_cjk(normal[each.start])]
    return longer or merged


def _window(sentences: Sentences, shape: Layout, scores: Sequence[float], best: int) -> tuple[int, int]:
    """The first and the last sentence: the best, and neighbours that it needs, while there is room."""
    first = last = best
    # A table or a list is one thing however many lines it has.
    opening = shape.opening(best)
    if sentences.size(opening, best) <= _MOST_UNITS:
        first = opening
    while shape.goes_on(last) and sentences.size(first, last + 1) <= _MOST_UNITS:
        last += 1
    while last - first + 1 < _MOST_SENTENCES:
        joining = _joining(shape, scores, first, last, short=sentences.size(first, last) < _FEWEST_UNITS)
        if joining is None:
            break
        wider = min(first, joining), max(last, joining)
        if sentences.size(*wider) > _MOST_UNITS:
            break
        first, last = wider
    return first, last


def _joining(shape: Layout, scores: Sequence[float], first: int, last: int, *, short: bool) -> int | None:
    """The neighbour that belongs to sentences `first` to `last`, or None if they can stand alone."""
    if shape.awaits_more(last):
        return last + 1
    if shape.opening(first) < first:
        return first - 1
    neighbours = [index for index in (first - 1, last + 1) if 0 <= index < len(scores)]
    if not neighbours:
        return None
    nearest = max(neighbours, key=lambda index: scores[index])
    return nearest if short or scores[nearest] >= max(scores) - NEARLY else None


def _adjoin(gap: str) -> bool:
    """Whether what stands between two units leaves them one expression: nothing, or one space or hyphen."""
    return not gap or (len(gap) == 1 and gap in JOINERS)


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    stretch = text[span.start : span.end]
    start = span.start + len(stretch) - len(stretch.lstrip())
    return Span(start, max(start, span.end - (len(stretch) - len(stretch.rstrip()))))


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping and touching spans as one."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
