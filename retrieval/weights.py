"""Weights: what each signal of the ranking and of the confidence counts.

They are not chosen by hand. `bench/fit.py` fits them on question sets and writes
`retrieval/data/weights.json`, which this module reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from retrieval.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a term of each kind weighs where terms of all kinds are added up: in the search for
# candidates, and within one sentence.
TERM_WEIGHTS: Mapping[Kind, float] = {
    Kind.WORD: 0.5,
    Kind.CHARACTER: 0.3,
    Kind.BIGRAM: 0.5,
    Kind.PAIR: 0.2,
    Kind.DATE: 0.6,
    Kind.QUANTITY: 0.5,
}


class Direction(StrEnum):
    """Whether a passage is in the question's own language or in the other."""

    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: the probability is 1 / (1 + e^-(intercept + sum of weight times feature)).

    `usual` has what a feature counts as where it is not known; 0 for those it lacks.
    """

    intercept: float
    features: Mapping[str, float]
    usual: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one probability: where nearness in meaning is known, and where it is not."""

    with_vectors: Logistic
    without_vectors: Logistic


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted weights.

    Attributes:
        signals: for each direction, what each signal counts, by its name.
        confidence: for each direction, the models of the confidence.
        choice: the models of the probability that the other direction has the better passage.
        encoder: the fingerprint of the encoder whose cosines the models with vectors know.
        related: the confidence from which a passage is worth showing.
        answered: the confidence from which the verdict is "answered".
    """

    signals: Mapping[Direction, Mapping[str, float]]
    confidence: Mapping[Direction, Models]
    choice: Models
    encoder: str
    related: float
    answered: float


def read_weights(record: Mapping[str, Any]) -> Weights:
    """The weights that `bench/fit.py` wrote."""
    return Weights(
        signals={direction: record[direction]["signals"] for direction in Direction},
        confidence={direction: _models(record[direction]["confidence"]) for direction in Direction},
        choice=_models(record["choice"]),
        encoder=record["encoder"],
        related=record["related"],
        answered=record["answered"],
    )


def _models(record: Mapping[str, Any]) -> Models:
    return Models(Logistic(**record["with_vectors"]), Logistic(**record["without_vectors"]))


@cache
def fitted() -> Weights:
    """The weights that ship with the package."""
    return read_weights(json.loads((files("retrieval") / "data" / "weights.json").read_text("utf-8")))
