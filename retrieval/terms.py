"""Terms: the units that questions and passages are matched by.

A term is a string whose first letter tells its kind, so that all kinds share one
inverted index and one set of document frequencies:

    w重庆      a word, or a shorter word inside a long one
    c庆        a character; for Latin script and numbers a stem or number
    b重庆      two adjacent characters (or stems)
    p重庆|国际 two adjacent words
    d2025-12   a date: a year, a year and month, a day, a day of any year (d--12-16), a range
    qCNY:102   a quantity: its unit and its value
    lzh        the language of the whole text

The forms of a text are what its terms are counted in. They are plain strings because
`str.count` over a hundred candidates is what a question's time is spent on.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# In the forms Latin units and words stand between bars, a space breaks adjacency, and a
# line's end ends a sentence.
BAR = "|"
BREAK = " "
SENTENCE = "\n"

# In a text these stand inside a word, or between words that belong together ("PD-1", "10.2 billion").
JOINERS = " -‐‑·"

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A comma belongs to a number only between thousands: in "10,20" it parts two of them.
_UNITS = re.compile(rf"[{_CJK}]|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)*|[^\W_{_CJK}]+(?:\.\d+)*")


class Kind(StrEnum):
    """The kinds of terms, by the letter that a term starts with."""

    WORD = "w"
    CHARACTER = "c"
    BIGRAM = "b"
    PAIR = "p"
    DATE = "d"
    QUANTITY = "q"
    LANGUAGE = "l"


_UNIT_KINDS = (Kind.CHARACTER, Kind.BIGRAM)


@dataclass(frozen=True, slots=True)
class Forms:
    """A text ready for counting.

    `units` are its characters and stems in order, a line for each sentence, the title being
    the first (empty if there is none). `words` are its words in the same lines, each line's
    followed by the shorter words inside long ones, each apart. `dates` and `quantities` are
    its terms of those kinds. `length` is the number of units.
    """

    units: str
    words: str
    dates: str
    quantities: str
    length: int

    @property
    def language(self) -> str:
        """The language, "zh" or "en", by the rule of `corpus.language`: characters against Latin words."""
        latin = self.units.count(BAR) // 2
        chinese = self.length - latin
        if 0 < chinese < latin:
            # Numbers are of no language.
            latin = sum(not unit[0].isdecimal() for unit in self.units.split(BAR)[1::2])
        return "zh" if chinese and chinese >= latin else "en"


class Counter:
    """Counts one question's terms in many forms. What can be prepared once is."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._units: list[tuple[str, str]] = []
        self._words: list[tuple[str, str]] = []
        self._dates: list[tuple[str, str]] = []
        self._quantities: list[tuple[str, str]] = []
        for term in terms:
            kind, body = Kind(term[0]), term[1:]
            match kind:
                case Kind.CHARACTER | Kind.BIGRAM:
                    self._units.append((term, body))
                case Kind.WORD | Kind.PAIR:
                    self._words.append((term, BAR + body.replace(BAR, BAR + BAR) + BAR))
                case Kind.DATE:
                    self._dates.append((term, BAR + body + BAR))
                case Kind.QUANTITY:
                    self._quantities.append((term, BAR + body + BAR))
        self._written = dict(self._units + self._words)

    def count(self, forms: Forms) -> dict[str, int]:
        """How often each term occurs; terms that do not are left out."""
        units, words, dates, quantities = forms.units, forms.words, forms.dates, forms.quantities
        counts = {term: units.count(body) for term, body in self._units if body in units}
        for term, body in self._words:
            if body in words:
                counts[term] = words.count(body)
        if dates:
            counts |= {term: count for term, body in self._dates if (count := dates.count(body))}
        if quantities:
            counts |= {term: count for term, body in self._quantities if (count := quantities.count(body))}
        return counts

    def sentences(self, forms: Forms, terms: Iterable[str]) -> list[list[str]]:
        """Which of some terms each sentence has, the title's first. Dates and quantities are passed over."""
        units, words = forms.units.split(SENTENCE), forms.words.split(SENTENCE)
        found: list[list[str]] = [[] for _ in units]
        for term in terms:
            body = self._written.get(term)
            if body is None:
                continue
            lines = units if term[0] in _UNIT_KINDS else words
            for sentence, line in zip(found, lines, strict=True):
                if body in line:
                    sentence.append(term)
        return found


def is_cjk(unit: str) -> bool:
    """Whether a unit is a Chinese character rather than a Latin word or a number."""
    first = unit[0]
    return "\u3400" <= first <= "\u9fff" or "\uf900" <= first <= "\ufaff" or first >= "\U00020000"


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
