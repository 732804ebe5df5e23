"""Relevance: how likely a passage, judged alone, is what a subscription asks for, and what is enough."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.breadth import Breadth
from retrieval.confidence import probability
from retrieval.demand import FEATURES
from retrieval.weights import Direction, Logistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrieval.demand import Bound, Demand


@dataclass(frozen=True, slots=True)
class Relevance:
    """The fitted models and thresholds. No feature that is a share counts less than nothing.

    Attributes:
        models: by direction, the model of the score.
        thresholds: by direction and breadth, the score from which a passage matches.
    """

    models: Mapping[Direction, Logistic]
    thresholds: Mapping[Direction, Mapping[Breadth, float]]

    def __post_init__(self) -> None:
        for direction, model in self.models.items():
            if any(model.features.get(name, 0.0) < 0 for name in FEATURES[direction]):
                msg = "a share that counts against a passage leaves no bound to search by"
                raise ValueError(msg)

    def score(self, features: Mapping[str, float], direction: Direction) -> float:
        """The score of a passage with these features, in [0, 1]."""
        return probability(features, self.models[direction])

    def matches(self, score: float, direction: Direction, breadth: Breadth) -> bool:
        """Whether a score is enough."""
        return score >= self.thresholds[direction][breadth]

    def bounds(self, demand: Demand) -> list[Bound]:
        """Everything in a demand that can add to the logit of a score."""
        return demand.bounds(self.models[demand.direction].features)

    def needed(self, demand: Demand, breadth: Breadth) -> float:
        """What a passage's terms must add to the logit together, so that it can match."""
        terms = self.models[demand.direction].features.get("terms", 0.0)
        return self._logit(demand.direction, breadth) - terms * demand.terms

    def needed_for(
        self, terms: npt.NDArray[np.float64], breadths: Sequence[Breadth], direction: Direction
    ) -> npt.NDArray[np.float64]:
        """The same for many demands in one direction.

        Args:
            terms: each demand's `terms`.
            breadths: how much a passage must have of each.
            direction: the direction.
        """
        logits = {breadth: self._logit(direction, breadth) for breadth in Breadth}
        weight = self.models[direction].features.get("terms", 0.0)
        return np.array([logits[breadth] for breadth in breadths]) - weight * terms

    def _logit(self, direction: Direction, breadth: Breadth) -> float:
        """The threshold's logit but for the model's intercept."""
        threshold = self.thresholds[direction][breadth]
        return math.log(threshold / (1 - threshold)) - self.models[direction].intercept


def read_relevance(record: Mapping[str, Any]) -> Relevance:
    """What `bench/percolation_fit.py` wrote."""
    return Relevance(
        {direction: Logistic(**record[direction]["model"]) for direction in Direction},
        {direction: {breadth: record[direction][breadth] for breadth in Breadth} for direction in Direction},
    )


@cache
def fitted() -> Relevance:
    """The models and thresholds that ship with the package."""
    return read_relevance(json.loads((files("retrieval") / "data" / "relevance.json").read_text("utf-8")))
