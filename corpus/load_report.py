"""What a load tells: how far it is, and at its end what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is. `total` is None where it is not known."""

    stage: Literal["reading", "indexing", "publishing"]
    done: int
    total: int | None
    unit: Literal["files", "documents", "bytes"]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was refused, or some of whose documents were, and why, in words for a person."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load found.

    `generation` is None when no document has changed, and everything is served as before.
    `added`, `changed` and `removed` are origins; `unchanged` counts files, those among them
    that were written anew without a change to their documents. `documents` and `passages`
    are what is served now; `notified` is how many notifications the load makes.
    `withheld` are the origins whose state in the folder is not served because a load that took
    it was undone.

    Of a dry run, `generation` is the number that the load would have had, and `documents` and
    `passages` are what would be served.
    """

    generation: int | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    rejected: tuple[Rejection, ...]
    documents: int
    passages: int
    seconds: float
    notified: int = 0
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What going back from a load to the one before means.

    `generation` is what is served then, `undone` the load that is taken back, of the time
    `loaded`. `withdrawn` are the origins that it had added, `reverted` those of which
    something else is served again, `restored` those that it had removed. The documents are
    counted likewise; `titles` are of some that are not served any more as they were, newest
    first. `documents` and `passages` are what is served then; `notified` is how many
    notifications going back makes, such as of what is corrected by it.
    """

    generation: int
    undone: int
    loaded: datetime | None
    withdrawn: tuple[str, ...]
    reverted: tuple[str, ...]
    restored: tuple[str, ...]
    documents_withdrawn: int
    documents_reverted: int
    documents_restored: int
    titles: tuple[str, ...]
    documents: int
    passages: int
    seconds: float
    notified: int = 0
