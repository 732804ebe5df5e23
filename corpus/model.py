"""The records of the corpus: what a document and its passages are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class Precision(StrEnum):
    """How exactly a source dates its document."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


# How many characters of "2025-12-16 08:35:00" each precision has.
_WRITTEN = {
    Precision.YEAR: 4,
    Precision.MONTH: 7,
    Precision.DAY: 10,
    Precision.MINUTE: 16,
    Precision.SECOND: 19,
}


@dataclass(frozen=True, slots=True)
class Published:
    """When a document was published, no more exactly than its source says.

    `at` is aware; below `precision` its parts are the earliest possible ones
    (a document of 2025-12 has `at` 2025-12-01T00:00 in its zone) and are never shown.
    """

    at: datetime
    precision: Precision

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            msg = "a publication date needs a time zone"
            raise ValueError(msg)

    @property
    def day(self) -> date | None:
        """The calendar day in the document's own zone, if it is known that exactly."""
        if self.precision in (Precision.YEAR, Precision.MONTH):
            return None
        return self.at.date()

    def __str__(self) -> str:
        """The date as ISO 8601, cut at its precision and in the document's zone."""
        written = self.at.replace(tzinfo=None).isoformat(" ", "seconds")
        return written[: _WRITTEN[self.precision]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that can be found and cited.

    `id` is the document's id, the ordinal and a hash of the text, so that an edited
    passage is another passage and one read again is the same. `text` is verbatim.
    `section` is the group or heading it stands under; `marks` are the source's own
    reference marks, such as "[1]".
    """

    id: str
    ordinal: int
    text: str
    section: str | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One news item.

    `id` is stable: made from the url, or else from the path in the corpus folder
    (and the key within the file where a file holds many). `origin` is the file's path
    relative to the corpus folder, with forward slashes. `language` is "zh" or "en".
    `revision` is a hash of everything a reader could see, so equal revisions need no
    new indexing. Title, source, date and url are None where the document has none.
    """

    id: str
    origin: str
    title: str | None
    source: str | None
    published: Published | None
    url: str | None
    language: str
    topics: tuple[str, ...]
    revision: str
    passages: tuple[Passage, ...]
