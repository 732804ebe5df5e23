"""The passages for a question in parts: for each part the one that bears on it most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.sought import written_dates
from retrieval.terms import BAR, Kind, is_cjk
from retrieval.weights import TERM_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.passage_sentences import UnitWriter
    from retrieval.subquestions import Parts

_KINDS = (Kind.WORD, Kind.CHARACTER, Kind.BIGRAM, Kind.DATE)
# A part is borne on by a passage that has at least this share of it.
_FEWEST = 0.3
# Every further part must add so much to the share of the question that is borne on.
_EACH_PART = 0.02


@dataclass(frozen=True, slots=True)
class Paired:
    """The reading of a question that its passages bear out.

    `texts` are its parts; `places` says which passage bears on each most, by its place in
    the ranking, or None where none does. No passage is there twice.
    """

    texts: tuple[str, ...]
    places: tuple[int | None, ...]

    @property
    def found(self) -> tuple[int, ...]:
        """The passages that bear on a part, in the ranking's order."""
        return tuple(sorted(place for place in self.places if place is not None))


def paired(
    parts: Parts, values: Mapping[str, float], counts: Sequence[Mapping[str, int]], writer: UnitWriter
) -> Paired:
    """The passages for a question's parts.

    Args:
        parts: the question in parts.
        values: what each term of the whole question is worth.
        counts: for each passage of the ranking, in order, how often it has each term.
        writer: writes unit strings.
    """
    worth = {term: value * TERM_WEIGHTS[Kind(term[0])] for term, value in values.items() if term[0] in _KINDS}
    shares: dict[str, tuple[float, list[float]]] = {}
    best: tuple[float, Paired] | None = None
    for reading in parts.readings:
        for text in reading:
            if text not in shares:
                wanted = _part_of(worth, text, writer)
                shares[text] = (
                    sum(wanted.values()),
                    [sum(value for term, value in wanted.items() if term in each) for each in counts],
                )
        whole = sum(shares[text][0] for text in reading)
        taken: list[int | None] = []
        borne = 0.0
        for text in reading:
            wanted_worth, scores = shares[text]
            free = [place for place in range(len(scores)) if place not in taken]
            place = max(free, key=lambda each: (scores[each], -each), default=None)
            if place is None or scores[place] < _FEWEST * wanted_worth or not scores[place]:
                taken.append(None)
                continue
            taken.append(place)
            borne += scores[place]
        value = (borne / whole if whole else 0.0) - _EACH_PART * len(reading)
        if best is None or value > best[0]:
            best = (value, Paired(reading, tuple(taken)))
    return best[1] if best else Paired((), ())


def _part_of(worth: Mapping[str, float], text: str, writer: UnitWriter) -> dict[str, float]:
    """The terms of a question that one part of it has."""
    units = writer.string(text)
    return {term: value for term, value in worth.items() if _has(units, term, writer)}


def _has(units: str, term: str, writer: UnitWriter) -> bool:
    body = term[1:]
    if term[0] == Kind.DATE:
        return any(each in units for each in written_dates(writer, body))
    if term[0] == Kind.WORD and not is_cjk(body):
        return BAR + body + BAR in units
    return body in units
