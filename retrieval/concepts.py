"""Concepts: the terms of a question as they are written in the other language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a concept: units in order (Chinese characters, or stems and numbers).

    `weight` is how likely it is to be meant, relative to the likeliest: in (0, 1].
    """

    units: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One term of a question with everything it may be called in the other language.

    `text` is the term as the question's normal form has it. `variants` come heaviest first;
    the first weighs 1. `weight` is what the concept counts within the question: 1, or less
    for one that only repeats a part of another.
    """

    text: str
    variants: tuple[Variant, ...]
    weight: float = 1.0
