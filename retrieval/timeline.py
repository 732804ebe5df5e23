"""The timeline: what was reported of a matter, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from retrieval.answer import Excerpt, Question


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
