"""What a question looks for in a sentence: made once for a question, compared as unit strings."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.answer_signs import candidates
from retrieval.answer_type import Expected, expected_answer
from retrieval.terms import BAR, Kind, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.crosslingual import WeighedConcept
    from retrieval.passage_sentences import UnitWriter
    from retrieval.question import Query

    Worths = tuple[tuple[str, float], ...]

# How far beside the question word its surroundings are compared, in units.
FRAME = 4
_OPENING = 3

_DATE = re.compile(r"(?P<year>\d{4}|-)?(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?\Z")
_MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A concept as the other language writes it: unit strings with their weights in (0, 1]."""

    writings: Worths
    worth: float

    def found(self, units: str) -> float:
        """What a unit string has of it: the worth times the weight of its heaviest writing."""
        return self.worth * max(
            (weight for writing, weight in self.writings if writing in units), default=0.0
        )


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question looks for.

    Attributes:
        normal: the question's normal form.
        expected: the type of its answer.
        characters: units with the root of their worth.
        pairs: pairs of adjacent units with the root of their worth.
        clues: its concepts, where the passages are in the other language.
        before: the last one, two, ... units before the question word, as unit strings.
        after: the first one, two, ... behind it.
        opening: its first units.
        said: what it names itself of the type that it asks for, and so cannot be asking for.
        dates: for each of its dates, how a sentence may write it.
        marked: the unit strings that are matches.
    """

    normal: str
    expected: Expected
    characters: Worths
    pairs: Worths
    clues: tuple[Clue, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    opening: str
    said: frozenset[str]
    dates: tuple[tuple[str, ...], ...]
    marked: frozenset[str]

    @property
    def worth(self) -> float:
        """All of it together."""
        worths = itertools.chain(self.characters, self.pairs)
        return sum(worth for _, worth in worths) + sum(clue.worth for clue in self.clues)

    def below(self, heading: str) -> tuple[Sought, float]:
        """What is left to look for under a title, and which share of the question's worth the title has.

        Args:
            heading: the title's unit string. Every sentence below it is about what it says.
        """
        every = self.worth
        if not heading or not every:
            return self, 0.0
        kept = replace(
            self,
            characters=tuple(each for each in self.characters if each[0] not in heading),
            pairs=tuple(each for each in self.pairs if each[0] not in heading),
            clues=tuple(clue for clue in self.clues if not clue.found(heading)),
            # Words of the title beside the question word say nothing of the answer's surroundings.
            before=tuple(itertools.takewhile(lambda frame: frame not in heading, self.before)),
            after=tuple(itertools.takewhile(lambda frame: frame not in heading, self.after)),
        )
        rest = kept.worth
        if not rest:
            kept = replace(kept, characters=self.characters, pairs=self.pairs, clues=self.clues)
        return kept, 1.0 - rest / every


def sought(
    writer: UnitWriter,
    query: Query,
    values: Mapping[str, float],
    concepts: Sequence[WeighedConcept] = (),
) -> Sought:
    """What a question looks for.

    Args:
        writer: writes unit strings as the passages' are written.
        query: the question.
        values: what each of its terms is worth.
        concepts: its concepts, if the passages are in the other language.
    """
    normal = writer.normalise(query.question.text)
    expected = expected_answer(normal)
    before = writer.units(normal[: expected.start])
    after = writer.units(normal[expected.end :])
    return Sought(
        normal,
        expected,
        _roots(values, Kind.CHARACTER),
        _roots(values, Kind.BIGRAM),
        tuple(Clue(each.bodies, math.sqrt(each.value)) for each in concepts if each.value > 0),
        tuple("".join(before[-count:]) for count in range(1, min(len(before), FRAME) + 1)),
        tuple("".join(after[:count]) for count in range(1, min(len(after), FRAME) + 1)),
        "".join(before[:_OPENING]),
        frozenset(
            normal[start:end]
            for start, end in candidates(expected.type, query.question.text, normal, 0, len(normal))
        ),
        tuple(
            writings
            for term in query.weights
            if term[0] == Kind.DATE and (writings := tuple(written_dates(writer, term[1:])))
        ),
        _marked(query, concepts),
    )


def _roots(values: Mapping[str, float], kind: Kind) -> Worths:
    return tuple((term[1:], math.sqrt(value)) for term, value in values.items() if term[0] == kind)


def _marked(query: Query, concepts: Sequence[WeighedConcept]) -> frozenset[str]:
    """Pairs of units, words of one character and Latin units, of the question or of what it may be called."""
    words = {term[1:] for term in query.weights if term[0] == Kind.WORD}
    marked = {term[1:] for term in query.weights if term[0] == Kind.BIGRAM}
    for term in query.weights:
        if term[0] == Kind.CHARACTER and (term[1] == BAR or term[1:] in words):
            marked.add(term[1:])
    for concept in concepts:
        for variant in concept.concept.variants:
            units = [written(unit) for unit in variant.units]
            marked.update(map("".join, itertools.pairwise(units)) if len(units) > 1 else units)
    return frozenset(marked)


def written_dates(writer: UnitWriter, term: str) -> Iterator[str]:
    """How a sentence may write the finest part of a date term (without its kind), as unit strings."""
    found = _DATE.match(term)
    if found is None:
        return
    if found["month"] is None:
        if found["year"]:
            yield written(term)
        return
    month = int(found["month"])
    name = writer.written(_MONTHS[month - 1])
    if found["day"] is None:
        yield f"{written(str(month))}月"
        yield name
        return
    day = written(str(int(found["day"])))
    yield f"{written(str(month))}月{day}"
    yield name + day
    yield day + name
