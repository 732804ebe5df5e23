"""Corrections: which passages correct which, by what their titles and first sentences say of themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from retrieval.terms import BAR, BREAK, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.engines.base import IndexedPassage
    from retrieval.terms import Forms

T = TypeVar("T")

# In a title; "corrected" and "clarifi" are stems in the units form.
_IN_TITLE = re.compile(
    r"更正|勘误|订正|更改说明|致歉声明|澄清|\|correct\||\|correction\||\|clarif\w*\||\|erratum\||\|retract\w*\|"
)
# In the first sentence of a text whose title does not say so.
_IN_TEXT = re.compile(
    r"(?:本[报刊网社台]|此前|日前|上期)[^\n]{0,40}(?:有误|失实|更正|勘误|不准确)|\A[^\n]{0,12}更正[^\n]{0,6}"
    r"|an earlier version|\|earlier\|\|version\|"
)
_QUOTED = re.compile(r"《([^《》]{4,80})》|“([^“”]{8,120})”|\"([^\"]{8,120})\"")
_SHORTEST_TITLE = 6
# Of the pairs of units in a correction's title, its marks left out, what a corrected text has
# at least where its title is not quoted.
_SHARED = 0.5
# The same of its units, where its text names the day that the other was published.
_SHARED_OF_NAMED = 0.4
_LATIN_OR_CJK = re.compile(rf"\{BAR}[^{BAR}]*\{BAR}|[^{BAR}{BREAK}]")


@dataclass(frozen=True, slots=True)
class Correction:
    """That one passage, by its place, corrects another."""

    later: int
    earlier: int


def is_correction(forms: Forms) -> bool:
    """Whether a passage says of itself that it corrects something."""
    title, _, text = forms.units.partition(SENTENCE)
    first = text.partition(SENTENCE)[0].replace(BREAK, "")
    return bool(_IN_TITLE.search(title.replace(BREAK, "")) or _IN_TEXT.search(first))


def corrections(passages: Sequence[IndexedPassage]) -> list[Correction]:
    """Which passages correct which among some.

    A correction is of another, not later document: one whose title it quotes, or one from
    the same source that its own title is about. Of several passages of that document it is
    of the one nearest to it in words. What one passage of a correction is of, all are of.
    """
    found: dict[int, tuple[float, int]] = {}
    of_document: dict[str, tuple[float, int]] = {}
    for place, passage in enumerate(passages):
        if not is_correction(passage.forms):
            continue
        scored = [(_corrected(passage, earlier), -other) for other, earlier in enumerate(passages)]
        best = max(scored)
        found[place] = best
        document = passage.citation.document_id
        of_document[document] = max(best, of_document.get(document, best))
    return [
        Correction(place, -best[1])
        for place, own in found.items()
        if (best := own if own[0] else of_document[passages[place].citation.document_id])[0]
    ]


def _corrected(correction: IndexedPassage, earlier: IndexedPassage) -> float:
    """How surely a passage is the one that is corrected; 0 if it is not."""
    mine, its = correction.citation, earlier.citation
    if mine.document_id == its.document_id or is_correction(earlier.forms):
        return 0.0
    if mine.published and its.published and its.published.at > mine.published.at:
        return 0.0
    title = _IN_TITLE.sub("", correction.forms.units.partition(SENTENCE)[0])
    shared = _share(_pairs(title), _pairs(earlier.forms.units))
    if _quotes(correction.passage.text, its.title):
        return 1.0 + shared
    if mine.source is None or mine.source != its.source:
        return 0.0
    named = its.day is not None and f"{BAR}{its.day}{BAR}" in correction.forms.dates
    units = _share(set(_LATIN_OR_CJK.findall(title)), set(_LATIN_OR_CJK.findall(earlier.forms.units)))
    return max(shared, units / 2) if shared >= _SHARED or (named and units >= _SHARED_OF_NAMED) else 0.0


def _share(wanted: set[T], there: set[T]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _quotes(text: str, title: str | None) -> bool:
    """Whether a text quotes a title."""
    if title is None or len(title.strip()) < _SHORTEST_TITLE:
        return False
    wanted = title.strip()
    return any(
        wanted in quoted or quoted in wanted for found in _QUOTED.findall(text) for quoted in found if quoted
    )


def _pairs(units: str) -> set[tuple[str, str]]:
    return {pair for line in units.split(SENTENCE) for pair in pairwise(_LATIN_OR_CJK.findall(line))}
