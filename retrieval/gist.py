"""The gist of a text: which of its sentences the news has most about.

Somebody who passes on a whole text wants news about it, and no passage answers all of it. So the
parts of it that most is found of are looked for first, then the sentences of these, each by itself,
and the one that most is found of stands for the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.sentences import sentence_spans
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.answer import Answer, Question
    from retrieval.answerer import Answerer

LONGEST = 300
"""Characters of the gist, and of a part of the text."""

MOST_PARTS = 20

_SHORTEST = 4
_PARTS_LOOKED_INTO = 3
# More foreign to the news than this, and what is left says nothing about the text.
_MOST_MISSING = 0.5


def gist(question: Question, answerer: Answerer) -> str:
    """The sentence of a question's text that the news has most about; the first, if it has nothing.

    Words that the news lacks are left out where nothing would be found with them.

    Raises:
        IndexUnavailable: the index cannot be read.
    """
    parts = list(_parts(question.text))[:MOST_PARTS]
    if len(parts) > _PARTS_LOOKED_INTO:
        # News says at its beginning what it is about.
        first, *others = parts
        much = [_found(_answered(question, " ".join(part), answerer, 1.0)) for part in others]
        best = sorted(range(len(others)), key=much.__getitem__, reverse=True)[: _PARTS_LOOKED_INTO - 1]
        parts = [first, *(others[place] for place in sorted(best))]
    sentences = [sentence for part in parts for sentence in part]
    whole = question.text.strip()
    candidates = [whole, *sentences] if len(sentences) > 1 and len(whole) <= LONGEST else sentences
    answers = [_answered(question, each, answerer, _MOST_MISSING) for each in candidates]
    best_answer = max(answers, key=lambda each: (_found(each), each.confidence), default=None)
    if best_answer is None:
        return whole[:LONGEST]
    return best_answer.question.text if best_answer.excerpts else candidates[0]


def _parts(text: str) -> Iterator[tuple[str, ...]]:
    """The sentences that say anything, each once, in runs of at most `LONGEST` characters."""
    stretches = (text[start:end].strip()[:LONGEST] for start, end in sentence_spans(text))
    run: list[str] = []
    for each in dict.fromkeys(stretches):
        if sum(map(str.isalnum, each)) < _SHORTEST:
            continue
        if run and sum(map(len, run)) + len(each) > LONGEST:
            yield tuple(run)
            run = []
        run.append(each)
    if run:
        yield tuple(run)


def _answered(question: Question, text: str, answerer: Answerer, most_missing: float) -> Answer:
    """The answer to a stretch of the text; to what the news knows of it, if there is none to all of it."""
    answer = answerer.answer(replace(question, text=text), 1)
    if answer.verdict is Verdict.NOTHING and (known := _without(text, answer.missing, most_missing)):
        return answerer.answer(replace(question, text=known), 1)
    return answer


def _without(text: str, missing: tuple[str, ...], most: float) -> str:
    """A stretch without the words that the news lacks; empty if they are more than a share of it."""
    if not missing or sum(map(len, missing)) > most * sum(map(str.isalnum, text)):
        return ""
    for word in sorted(missing, key=len, reverse=True):
        text = text.replace(word, " ")
    return " ".join(text.split())


def _found(answer: Answer) -> int:
    """How many characters of the best excerpt were looked for."""
    return sum(match.end - match.start for each in answer.excerpts[:1] for match in each.matches)
