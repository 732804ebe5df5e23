"""Composing: which passages of a ranking an answer shows, in what order, and what belongs with each.

Copies become one, a question over two events gets a passage for each, a correction stands
with what it corrects, and what is asked of the latest or in the order of time is put so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.corrections import corrections
from retrieval.dates import TimeRelation
from retrieval.grouping import earliest_first, groups
from retrieval.pairing import paired
from retrieval.subquestions import parts_of
from retrieval.terms import Counter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.answer import Citation
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage to show.

    `also` are the other documents that have the same text, the earliest first; `corrects` is
    what it corrects, and `corrected_by` what corrects it.
    """

    ranked: Ranked
    also: tuple[Citation, ...] = ()
    corrects: Citation | None = None
    corrected_by: Citation | None = None


def compose(ranking: Ranking, limit: int, related: float, writer: UnitWriter) -> list[Shown]:
    """The passages to show, at most `limit`, best first unless the question asks for another order.

    Args:
        ranking: what was found; not empty.
        limit: the most passages to show.
        related: the confidence from which a passage in another language than the first is shown.
        writer: writes unit strings.
    """
    parts = parts_of(writer.normalise(ranking.query.question.text))
    considered = ranking.ranked[: CONSIDERED if parts is None else CONSIDERED_FOR_PARTS]
    grouped = groups([each.candidate.forms for each in considered])
    places = [group.first for group in grouped]
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
    pair = _pair(parts, ranking, considered, writer) if parts else ()
    led = [place for place in pair if place in places]
    chosen = [*led, *(place for place in worth if place not in led)][:limit]
    by_day = _by_day(considered)
    if led and parts and parts.relation.over_time:
        chosen = [*sorted(chosen[: len(led)], key=by_day), *chosen[len(led) :]]
    elif ranking.query.dates.relation is TimeRelation.LATEST:
        chosen = _newest_first(considered, chosen, by_day)
    records = [each.candidate.record() for each in considered]
    corrected = {each.earlier: each.later for each in corrections(records)}
    correcting = {later: earlier for earlier, later in corrected.items()}
    chosen = _with_corrections(chosen, corrected, places)[: max(limit, 1)]
    copies = {group.first: group.copies for group in grouped}
    return [
        Shown(
            considered[place],
            tuple(earliest_first([records[copy].citation for copy in copies[place]])),
            records[correcting[place]].citation if place in correcting else None,
            records[corrected[place]].citation if place in corrected else None,
        )
        for place in chosen
    ]


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


def _newest_first(
    considered: Sequence[Ranked], chosen: list[int], by_day: Callable[[int], tuple[bool, float]]
) -> list[int]:
    """What is as good as the first, the newest first; then the rest as it was."""
    if not chosen:
        return chosen
    first = considered[chosen[0]]
    good = [
        place
        for place in chosen
        if considered[place].direction is first.direction
        and considered[place].score >= _AS_GOOD * first.score
    ]
    dated = sorted((place for place in good if not by_day(place)[0]), key=lambda place: -by_day(place)[1])
    ordered = [*dated, *(place for place in good if place not in dated)]
    return [*ordered, *(place for place in chosen if place not in good)]


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
