"""The records of asking: a question, and the answer with its excerpts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.scope import Scope

if TYPE_CHECKING:
    from datetime import date, datetime

    from corpus.model import Passage, Published

MOST_EXCERPTS = 20
"""An answer has no more excerpts in all."""


class Order(StrEnum):
    """The order of an answer's excerpts."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and when (aware), since "this year" depends on it.

    `scope` is what it is confined to. `context` is the question that this one refines ("and in
    2024?"): its words count too, but for the dates and quantities that this one puts in their place.
    """

    text: str
    asked: datetime
    scope: Scope = field(default_factory=Scope)
    context: str | None = None
    order: Order = Order.BEST

    def __post_init__(self) -> None:
        if self.asked.tzinfo is None:
            msg = "the time of asking needs a time zone"
            raise ValueError(msg)


class Verdict(StrEnum):
    """What an answer claims about itself."""

    ANSWERED = "answered"
    RELATED = "related"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """The document an excerpt comes from, with what a reader needs to trust it."""

    document_id: str
    title: str | None
    source: str | None
    published: Published | None
    url: str | None
    language: str

    @property
    def day(self) -> date | None:
        """The day of publication, if it is known that exactly."""
        return self.published.day if self.published else None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim stretch of a passage that answers.

    `span` is the stretch and `matches` the matched terms, both as offsets into
    `passage.text`; matches lie inside the span, in order, and do not overlap.
    `score` orders the excerpts of one answer and means nothing beyond it. `answer` is the
    answer itself (a number, a date, a name) where it is certain; it lies inside the span.
    `also` are the other documents that have the same text, the earliest first; `corrects` is
    the document that this one corrects, `corrected_by` the one that corrects it. `reports` are
    other documents that report the same event in other words, the earliest first.
    """

    passage: Passage
    citation: Citation
    span: Span
    matches: tuple[Span, ...]
    score: float
    answer: Span | None = None
    also: tuple[Citation, ...] = ()
    corrects: Citation | None = None
    corrected_by: Citation | None = None
    reports: tuple[Citation, ...] = ()

    @property
    def text(self) -> str:
        """The excerpt itself, character for character as the source has it."""
        return self.passage.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question: excerpts in its order, at most as many as were asked for.

    `confidence` is in [0, 1]. With the verdict `NOTHING` there are no excerpts, and
    `nearest` holds the documents that come closest, if the corpus has any. `total` is how many
    excerpts there are in all, at most `MOST_EXCERPTS`; these begin with the one at `offset`.
    `missing` are words of the question that the corpus lacks, in normal form, where the answer
    is not sure.
    """

    question: Question
    verdict: Verdict
    confidence: float
    excerpts: tuple[Excerpt, ...]
    nearest: tuple[Citation, ...]
    total: int = 0
    offset: int = 0
    missing: tuple[str, ...] = ()
