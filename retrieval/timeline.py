"""The timeline: what was reported of a matter, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrieval.answer import Excerpt, Question
    from retrieval.ranking import Ranked


@dataclass(frozen=True, slots=True)
class Day:
    """What was reported on a day: how many documents, copies included, and the best excerpt."""

    day: date
    count: int
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days on which a matter was reported, the newest first.

    `undated` is how many documents have no day of publication.
    """

    question: Question
    days: tuple[Day, ...]
    undated: int


def by_day(ranked: Sequence[Ranked]) -> tuple[list[tuple[date, int, Ranked]], int]:
    """The days of some passages, the newest first, and how many of their documents have no day.

    Args:
        ranked: the passages, best first.

    Returns:
        For each day how many documents it has and its best passage; the documents without one.
    """
    documents: dict[date, set[str]] = {}
    best: dict[date, Ranked] = {}
    undated: set[str] = set()
    for each in ranked:
        citation = each.candidate.record().citation
        if citation.day is None:
            undated.add(citation.document_id)
            continue
        documents.setdefault(citation.day, set()).add(citation.document_id)
        best.setdefault(citation.day, each)
    return [(day, len(documents[day]), best[day]) for day in sorted(best, reverse=True)], len(undated)
