"""How well each sentence of a passage answers: evidence, and one weight for each kind of it."""

from __future__ import annotations

import json
import math
import operator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from retrieval.answer_signs import candidates, has_cue, is_firm
from retrieval.answer_type import AnswerType
from retrieval.sought import FRAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.passage_sentences import Sentences
    from retrieval.sought import Sought

_OPENING = 4
_NEAR = 4
_NEAR_IN_ENGLISH = 25


class Evidence(NamedTuple):
    """What speaks for one sentence. As weights: what each kind of it counts.

    Shares are of the roots of the worth of all that the question looks for.

    Attributes:
        characters: the share of its characters and stems that the sentence has.
        pairs: the share of its pairs of adjacent units.
        worth: the characters' worth itself, not as a share.
        clues: the share of its concepts, where the passage is in another language.
        before: how much of what stands before the question word, of four units.
        after: the same behind it.
        firm: something of the expected type that is seldom anything else (a date, a number).
        loose: something that may be of the expected type (a person, a reason, a name).
        unit: a number with the unit that is asked for.
        cue: a word that answers of the type stand beside.
        dates: the share of the question's dates.
        length: the logarithm of the length.
        opens: whether it is the passage's first sentence.
        opens_titled: the same times the share of the question that the title has already.
        begins: whether it begins with its title, or with the question's subject.
        previous: the share that the sentence before it has.
        leans: the share of the sentence before, if this one begins with a pronoun or connective.
        meaning: how close it is to the question in meaning, a cosine; 0 where nobody knows.
    """

    characters: float
    pairs: float
    worth: float
    clues: float
    before: float
    after: float
    firm: float
    loose: float
    unit: float
    cue: float
    dates: float
    length: float
    opens: float
    opens_titled: float
    begins: float
    previous: float
    leans: float
    meaning: float


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """What each kind of evidence counts, in passages of the question's language and of the other one."""

    same: Evidence
    other: Evidence


@cache
def fitted() -> SentenceWeights:
    """The weights that ship with the package, as `bench/sentence_fit.py` finds them."""
    record = json.loads((files("retrieval") / "data" / "sentences.json").read_text("utf-8"))
    return SentenceWeights(Evidence(**record["same"]), Evidence(**record["other"]))


def gather(
    passage: Sentences, question: Sought, heading: str, meaning: Sequence[float] | None = None
) -> list[Evidence]:
    """The evidence for each sentence.

    Args:
        passage: the passage.
        question: what is looked for.
        heading: the unit string of the document's title, or nothing.
        meaning: how close each sentence is to the question in meaning, where that is known.
    """
    asked, titled = question.below(heading)
    characters = _shares(passage.units, asked.characters)
    pairs = _shares(passage.units, asked.pairs)
    whole = sum(worth for _, worth in asked.characters)
    all_clues = sum(clue.worth for clue in asked.clues)
    clues = [
        sum(clue.found(units) for clue in asked.clues) / all_clues if all_clues else 0.0
        for units in passage.units
    ]
    near = [max((c + p) / 2, k) for c, p, k in zip(characters, pairs, clues, strict=True)]
    subject = heading[:_OPENING] or question.opening
    evidence = []
    for index, ((start, end), units) in enumerate(zip(passage.spans, passage.units, strict=True)):
        firm, loose, unit, cue = _signs(passage, asked, start, end)
        previous = near[index - 1] if index else 0.0
        evidence.append(
            Evidence(
                characters=characters[index],
                pairs=pairs[index],
                worth=characters[index] * whole,
                clues=clues[index],
                before=_reach(asked.before, units),
                after=_reach(asked.after, units),
                firm=firm,
                loose=loose,
                unit=unit,
                cue=cue,
                dates=_dates(units, asked.dates),
                length=math.log1p(len(units)),
                opens=float(index == 0),
                opens_titled=titled * (index == 0),
                begins=float(bool(subject) and units.startswith(subject)),
                previous=previous,
                leans=previous * passage.leaning[index],
                meaning=meaning[index] if meaning else 0.0,
            )
        )
    return evidence


def score(evidence: Evidence, weights: Evidence) -> float:
    """The weighted sum."""
    return math.fsum(map(operator.mul, evidence, weights))


def _shares(sentences: Sequence[str], wanted: Sequence[tuple[str, float]]) -> list[float]:
    """For each unit string, the share of the wanted worth that it has."""
    whole = sum(worth for _, worth in wanted) or 1.0
    return [sum(worth for body, worth in wanted if body in units) / whole for units in sentences]


def _reach(frame: Sequence[str], units: str) -> float:
    """How much of a frame, from the question word outwards, a sentence has side by side."""
    reached = 0
    while reached < len(frame) and frame[reached] in units:
        reached += 1
    return reached / FRAME


def _signs(passage: Sentences, asked: Sought, start: int, end: int) -> tuple[float, float, float, float]:
    """Whether there is something of the expected type that the question did not say itself."""
    kind = asked.expected.type
    if kind in (AnswerType.OTHER, AnswerType.YES_NO):
        return 0.0, 0.0, 0.0, 0.0
    found = counted = False
    unit = asked.expected.unit
    for first, last in candidates(kind, passage.text, passage.normal, start, end):
        if passage.normal[first:last] in asked.said:
            continue
        found = True
        if unit and kind is AnswerType.QUANTITY:
            reach = _NEAR_IN_ENGLISH if unit.isascii() else _NEAR
            counted = counted or unit in passage.normal[last : min(last + reach, end)]
    firm = is_firm(kind)
    return (
        float(found and firm),
        float(found and not firm),
        float(counted),
        float(has_cue(kind, passage.normal, start, end)),
    )


def _dates(units: str, wanted: Sequence[Sequence[str]]) -> float:
    return (
        sum(any(each in units for each in writings) for writings in wanted) / len(wanted) if wanted else 0.0
    )
