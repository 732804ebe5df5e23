"""Suggestions: terms that the corpus has, for those of a question that it lacks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that the corpus lacks as the reader wrote it, the nearest it has, and the question with that."""

    written: str
    meant: str
    text: str
