"""The lines of a passage: which term stands in which, so that many questions can be held to it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from retrieval.analyzer import distinct_terms
from retrieval.terms import BAR, SENTENCE, Forms, Kind, written

if TYPE_CHECKING:
    from collections.abc import Sequence

# Two adjacent units are one term; of more the term of the first two tells nothing of the rest.
_ONE_TERM = 2


class PassageLines:
    """A passage taken apart once, for all the subscriptions it is held to.

    Sets of lines are numbers with a bit for each: the lowest is the title's, the next that of
    the first sentence. Quantities stand in no line, and have a bit above all of them.

    Attributes:
        count: how many lines there are, the title's included.
        terms: for each term the lines that have it.
    """

    __slots__ = ("_lines", "count", "terms")

    def __init__(self, forms: Forms) -> None:
        self._lines = forms.units.split(SENTENCE)
        self.count = len(self._lines)
        self.terms: dict[str, int] = {}
        for number, (units, words) in enumerate(zip(self._lines, forms.words.split(SENTENCE), strict=True)):
            for term in distinct_terms(Forms(units, words, "", "", 1)):
                if term[0] != Kind.LANGUAGE:
                    self.terms[term] = self.terms.get(term, 0) | 1 << number
        for part in forms.quantities.split(BAR):
            if part:
                self.terms[Kind.QUANTITY + part] = 1 << self.count

    @property
    def titled(self) -> bool:
        """Whether there is a title."""
        return bool(self._lines[0])

    @property
    def title(self) -> list[str]:
        """The terms that stand in the title."""
        return [term for term, lines in self.terms.items() if lines & 1] if self.titled else []

    def having(self, terms: Sequence[str], body: str) -> int:
        """The lines that have a writing.

        Args:
            terms: the terms that it is made of.
            body: it itself, as it stands in `Forms.units`.
        """
        found = -1
        for term in terms:
            found &= self.terms.get(term, 0)
            if not found:
                return 0
        if len(terms) < _ONE_TERM:
            return found
        return sum(1 << at for at, line in enumerate(self._lines) if found >> at & 1 and body in line)


def writing_terms(units: Sequence[str]) -> tuple[str, ...]:
    """The terms of a sequence of units: it itself, or its pairs."""
    forms = [written(unit) for unit in units]
    if len(forms) == 1:
        return (Kind.CHARACTER + forms[0],)
    return tuple(Kind.BIGRAM + first + second for first, second in itertools.pairwise(forms))
