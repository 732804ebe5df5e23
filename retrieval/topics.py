"""Topics: what the corpus is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with how many documents it has.

    `key` is at most 16 ASCII letters and digits, made from the name: the same name has the same
    key in every corpus.
    """

    key: str
    name: str
    documents: int
