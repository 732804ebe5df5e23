"""Composing: which passages of a ranking an answer shows, in what order, and what belongs with each.

Copies become one, reports of the same event stand together, a question over two events gets a
passage for each, a correction stands with what it corrects, and what is asked of the latest or
in the order of time is put so. The order does not depend on how many of them a page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.answer import MOST_EXCERPTS, Order
from retrieval.corrections import corrections
from retrieval.dates import TimeRelation
from retrieval.grouping import earliest_first, groups
from retrieval.pairing import paired
from retrieval.subquestions import parts_of
from retrieval.terms import Counter

if TYPE_CHECKING:
    from retrieval.answer import Citation
    from retrieval.engines.base import IndexedPassage
    from retrieval.passage_sentences import UnitWriter
    from retrieval.ranking import Ranked, Ranking
    from retrieval.subquestions import Parts

# So many of the best are looked through for copies and corrections.
CONSIDERED = 20
# The second event of a question may be far behind the first.
CONSIDERED_FOR_PARTS = 40
# An excerpt that scores less than this share of the first adds nothing to it. Measured on
# CMRC and XQuAD: it hides every other excerpt and not one answer.
_WORTH_SHOWING = 0.5
# What scores as high as this beside the first is about the same, so the newer one may come first.
_AS_GOOD = 0.8
# Of so many of the best the newest comes first where a question asks for the latest.
_REORDERED = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage to show.

    `also` are the other documents that have the same text, the earliest first; `corrects` is
    what it corrects, and `corrected_by` what corrects it. `reports` are other documents that
    report the same event in other words, the earliest first.
    """

    ranked: Ranked
    also: tuple[Citation, ...] = ()
    corrects: Citation | None = None
    corrected_by: Citation | None = None
    reports: tuple[Citation, ...] = ()


Leaders = Callable[[Sequence["IndexedPassage"]], Sequence[int | None]]
"""For each of some passages the place of the earlier one that reports the same event, or None."""


def compose(ranking: Ranking, related: float, writer: UnitWriter, leaders: Leaders) -> list[Shown]:
    """The passages to show, at most `MOST_EXCERPTS`, best first unless the question asks for another order.

    Args:
        ranking: what was found; not empty.
        related: the confidence from which a passage is related: one in another language than the
            first is shown then, and any where the newest come first.
        writer: writes unit strings.
        leaders: tells reports of the same event.
    """
    newest = ranking.query.question.order is Order.NEWEST
    parts = None if newest else parts_of(writer.normalise(ranking.query.question.text))
    considered = related_ones(ranking, related) if newest else ranking.ranked[: _depth(parts)]
    grouped = groups([each.candidate.forms for each in considered])
    places = [group.first for group in grouped]
    records = [each.candidate.record() for each in considered]
    corrected = {each.earlier: each.later for each in corrections(records)}
    correcting = {later: earlier for earlier, later in corrected.items()}
    pair = [place for place in _pair(parts, ranking, considered, writer) if place in places] if parts else []
    if newest:
        chosen = _newest_first(places, _by_day(considered))
    else:
        chosen = _best_first(ranking, considered, places, pair, related)
        if parts and parts.relation.over_time:
            chosen = [*sorted(pair, key=_by_day(considered)), *chosen[len(pair) :]]
        chosen = _with_corrections(chosen, corrected, places)
    apart = {*corrected, *correcting, *pair}
    led = _led(chosen, leaders([records[place] for place in chosen]), apart)
    copies = {group.first: group.copies for group in grouped}

    def cited(*members: int) -> list[Citation]:
        return earliest_first(
            [records[each].citation for place in members for each in (place, *copies[place])]
        )

    return [
        Shown(
            considered[place],
            tuple(earliest_first([records[copy].citation for copy in copies[place]])),
            records[correcting[place]].citation if place in correcting else None,
            records[corrected[place]].citation if place in corrected else None,
            _others(cited(*following), cited(place)),
        )
        for place, following in led.items()
    ][:MOST_EXCERPTS]


def related_ones(ranking: Ranking, related: float) -> list[Ranked]:
    """The passages of a ranking that are as sure as that."""
    return [each for each in ranking.ranked if each.confidence >= related]


def _depth(parts: Parts | None) -> int:
    return CONSIDERED if parts is None else CONSIDERED_FOR_PARTS


def _best_first(
    ranking: Ranking, considered: Sequence[Ranked], places: Sequence[int], pair: Sequence[int], related: float
) -> list[int]:
    """What is worth showing: the passages for the parts of a question, then by their score."""
    first = considered[0]
    worth = [
        place
        for place in places
        if (
            considered[place].score >= _WORTH_SHOWING * first.score
            if considered[place].direction is first.direction
            else considered[place].confidence >= related
        )
    ]
    chosen = [*pair, *(place for place in worth if place not in pair)]
    if pair or ranking.query.dates.relation is not TimeRelation.LATEST:
        return chosen
    best, rest = chosen[:_REORDERED], chosen[_REORDERED:]
    good = [
        place
        for place in best
        if considered[place].direction is considered[best[0]].direction
        and considered[place].score >= _AS_GOOD * considered[best[0]].score
    ]
    ordered = _newest_first(good, _by_day(considered))
    return [*ordered, *(place for place in best if place not in good), *rest]


def _led(chosen: Sequence[int], leaders: Sequence[int | None], apart: set[int]) -> dict[int, list[int]]:
    """The places that lead, in order, each with those that report the same event.

    Args:
        chosen: the places to show.
        leaders: for each of them the place among them of the one that it follows.
        apart: what stands for itself, whatever it reports.
    """
    led: dict[int, list[int]] = {}
    for place, leader in zip(chosen, leaders, strict=True):
        if leader is None or place in apart or chosen[leader] not in led:
            led[place] = []
        else:
            led[chosen[leader]].append(place)
    return led


def _others(citations: Sequence[Citation], but: Sequence[Citation]) -> tuple[Citation, ...]:
    """The documents of some citations, each once, without those that are cited already."""
    cited = {each.document_id for each in but}
    distinct = {each.document_id: each for each in reversed(citations) if each.document_id not in cited}
    return tuple(reversed(distinct.values()))


def _pair(
    parts: Parts, ranking: Ranking, considered: Sequence[Ranked], writer: UnitWriter
) -> tuple[int, ...]:
    """The places of the passages for the parts of the question, if there is one for more than one."""
    counter = Counter(ranking.values)
    counts = [counter.count(each.candidate.forms) for each in considered]
    found = paired(parts, ranking.values, counts, writer).found
    return found if len(found) > 1 else ()


def _by_day(considered: Sequence[Ranked]) -> Callable[[int], tuple[bool, float]]:
    """Orders places by publication, the undated last."""

    def key(place: int) -> tuple[bool, float]:
        published = considered[place].candidate.record().citation.published
        return (published is None, published.at.timestamp() if published else 0.0)

    return key


def _newest_first(places: Sequence[int], by_day: Callable[[int], tuple[bool, float]]) -> list[int]:
    """Places by publication, the newest first and the undated last."""
    dated = sorted((place for place in places if not by_day(place)[0]), key=lambda place: -by_day(place)[1])
    return [*dated, *(place for place in places if place not in dated)]


def _with_corrections(chosen: list[int], corrected: dict[int, int], places: Sequence[int]) -> list[int]:
    """A correction right behind what it corrects, unless it comes before."""
    ordered: list[int] = []
    for place in chosen:
        if place not in ordered:
            ordered.append(place)
        later = corrected.get(place)
        if later is not None and later in places and later not in ordered:
            ordered.append(later)
    return ordered
