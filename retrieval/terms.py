"""Terms: the units that questions and passages are matched by.

A term is a string whose first letter tells its kind, so that all kinds share one
inverted index and one set of document frequencies:

    w重庆      a word, or a shorter word inside a long one
    c庆        a character; for Latin script and numbers a stem or number
    b重庆      two adjacent characters (or stems)
    p重庆|国际 two adjacent words
    d2025-12   a date: a year, a year and month, a day, or a day of any year (d--12-16)

The forms of a text are what its terms are counted in. They are plain strings because
`str.count` over a hundred candidates is what a question's time is spent on.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum

# In the forms Latin units and words stand between bars, and a space breaks adjacency.
BAR = "|"
BREAK = " "

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_UNITS = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[.,]\d+)*")


class Kind(StrEnum):
    """The kinds of terms, by the letter that a term starts with."""

    WORD = "w"
    CHARACTER = "c"
    BIGRAM = "b"
    PAIR = "p"
    DATE = "d"


@dataclass(frozen=True, slots=True)
class Forms:
    """A text ready for counting.

    `units` are its characters and stems in order, `words` its words, `parts` the shorter
    words inside long ones, `dates` its date terms. `length` is the number of units.
    """

    units: str
    words: str
    parts: str
    dates: str
    length: int

    def count(self, term: str) -> int:
        """How often a term occurs."""
        kind, body = term[0], term[1:]
        if kind == Kind.WORD:
            word = BAR + body + BAR
            return self.words.count(word) + self.parts.count(word)
        if kind == Kind.PAIR:
            return self.words.count(BAR + body.replace(BAR, BAR + BAR) + BAR)
        if kind == Kind.DATE:
            return self.dates.count(BAR + body + BAR)
        return self.units.count(body)


def is_cjk(unit: str) -> bool:
    """Whether a unit is a Chinese character rather than a Latin word or a number."""
    return unit[0] >= "\u3400"


def unit_matches(normal: str) -> list[tuple[str, int, int]]:
    """Units of a normal form with their offsets: `(unit, start, end)`, unstemmed."""
    return [(match.group(), match.start(), match.end()) for match in _UNITS.finditer(normal)]


def written(unit: str) -> str:
    """A unit as it stands in the units form: characters bare, the rest between bars."""
    return unit if is_cjk(unit) else BAR + unit + BAR


def unit_terms(run: list[str]) -> list[str]:
    """Characters and bigrams of adjacent units."""
    forms = [written(unit) for unit in run]
    terms = [Kind.CHARACTER + form for form in forms]
    terms += [Kind.BIGRAM + first + second for first, second in itertools.pairwise(forms)]
    return terms


def pair_terms(run: list[str]) -> list[str]:
    """Pairs of adjacent words."""
    return [Kind.PAIR + first + BAR + second for first, second in itertools.pairwise(run)]
