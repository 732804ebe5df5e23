"""Operators: what a question is confined to by its own words, in short form and in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.scope import Scope


@dataclass(frozen=True, slots=True)
class Problem:
    """An operator that could not be read: its name as written ("since"), and its value."""

    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question parted from its operators.

    `text` is what is left to ask, empty if nothing is; the words of an exact phrase stay in it.
    `problems` are the operators that could not be read; they are left out of the text.
    """

    text: str
    scope: Scope
    problems: tuple[Problem, ...] = ()
