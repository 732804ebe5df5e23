"""The scope: what a question is confined to, and which passages lie within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is confined to; what is empty confines nothing.

    `sources` are any of these, compared in normal form as a part of the source's name. `since`
    and `until` are the first and the last day of publication. `language` is "zh" or "en", what
    a passage is written in. Each of `phrases` must stand in the passage or its title, and none
    of `excluded` may. `document_id` is the one document to look into. All are as the reader wrote them.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    language: str | None = None
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    document_id: str | None = None

    def __bool__(self) -> bool:
        """Whether it confines anything."""
        return self != _EVERYTHING


_EVERYTHING = Scope()
