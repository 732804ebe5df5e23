"""The seam to the engines: what an index must do, and the records that pass.

An engine finds candidates: the best passages for some weighted terms. It does not decide
their order; `retrieval.ranking` does, the same way for every engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from corpus.model import Passage
    from retrieval.answer import Citation
    from retrieval.terms import Forms


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What an index keeps of a passage: enough to rank, to quote and to cite it."""

    passage: Passage
    citation: Citation
    forms: Forms


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages may be candidates; what is None or empty lets all pass.

    Those in a language, those published in a range of days, those of one document, and those
    that have every one of some terms.
    """

    language: str | None = None
    published: tuple[date, date] | None = None
    document_id: str | None = None
    required: frozenset[str] = frozenset()


EVERYTHING = Filter()


class Candidate(Protocol):
    """A passage that an engine found. The record is read only when it is asked for."""

    @property
    def passage_id(self) -> str:
        """The passage's id."""

    @property
    def forms(self) -> Forms:
        """What its terms are counted in."""

    def record(self) -> IndexedPassage:
        """The passage itself with its citation."""


class Snapshot(Protocol):
    """One complete generation of the index. It stays as it is while a question is answered."""

    @property
    def generation(self) -> int | None:
        """The generation of the corpus that it reflects; None before the first."""

    @property
    def passages(self) -> int:
        """How many passages it holds."""

    @property
    def mean_length(self) -> float:
        """The mean number of units of a passage; 1.0 when there are none."""

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term occurs (some that were just removed may still count)."""

    def candidates(
        self, weights: Mapping[str, float], limit: int, allowed: Filter = EVERYTHING
    ) -> Sequence[Candidate]:
        """The `limit` best passages for the weighted terms, best first. Only those that match any.

        A passage whose day of publication is not known is published in no range.
        """


class Writer(Protocol):
    """The one writer of an index. Nothing that it does is seen before `commit`."""

    def add(self, passages: Sequence[IndexedPassage]) -> None:
        """Adds passages."""

    def remove(self, document_ids: Sequence[str]) -> None:
        """Removes all passages of these documents, those that this writer has added included."""

    def clear(self) -> None:
        """Removes all that was there before this writer. It comes before anything is added."""

    def commit(self, generation: int) -> None:
        """Makes all of it visible at once, as this generation, and closes the writer."""

    def rollback(self) -> None:
        """Forgets all of it and closes the writer."""


class Index(Protocol):
    """An index of passages."""

    def snapshot(self) -> Snapshot:
        """The newest complete generation.

        Raises:
            IndexUnavailable: it cannot be read.
        """

    def writer(self) -> Writer:
        """Begins to write.

        Raises:
            IndexLocked: someone else is writing.
            IndexUnavailable: it cannot be written.
        """

    def close(self) -> None:
        """Gives back what it holds."""
