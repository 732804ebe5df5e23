"""What a load tells: how far it is, and at its end what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
    are what is served now.
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
