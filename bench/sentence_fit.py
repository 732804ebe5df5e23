"""Fitting the choice of a sentence: which weights of the evidence choose one that holds an answer.

The right passage is given. `Excerpter.sought` says what a question looks for; `example_of`
turns a question over its passage into evidence; `fit` finds the weights.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from retrieval.sentence_scores import Evidence, gather
from retrieval.terms import unit_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrieval.passage_sentences import UnitWriter
    from retrieval.sought import Sought

    Array = npt.NDArray[np.float64]

WEIGHTS = Path(__file__).parents[1] / "retrieval" / "data" / "sentences.json"
_FOLDS = 5
# Ridge penalties of the two steps of the fit, chosen by cross-validation.
_FIRST_RIDGE = 2e-3
_SECOND_RIDGE = 1e-3
# From the first step to the second: how much surer of itself the choice is made.
_SHARPER = 1.5


@dataclass(frozen=True, slots=True)
class Example:
    """One question over its passage: evidence of shape (sentences, kinds), and which sentences are right.

    Examples of one `passage` are never on both sides of a cross-validation.
    """

    passage: str
    evidence: Array
    right: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Right:
    """The right passage of a question: a key of its own, its document's title or nothing, its text."""

    key: str
    title: str
    text: str


def example_of(
    writer: UnitWriter,
    passage: Right,
    asked: Sought,
    answers: Sequence[str],
    meaning: Sequence[float] | None = None,
) -> Example | None:
    """A question over a passage that answers it; a sentence is right if it holds an answer.

    Args:
        writer: writes unit strings.
        passage: the passage.
        asked: what the question looks for.
        answers: the expected answers, in the passage's language; None is returned if there
            is nothing in them.
        meaning: how close each sentence is to the question in meaning, where that is known.
    """
    wanted = [plain for answer in answers if (plain := _plain(writer, answer))]
    sentences = writer.sentences(passage.text)
    if not wanted or not sentences.spans:
        return None
    evidence = gather(sentences, asked, writer.string(writer.normalise(passage.title)), meaning)
    held = [_plain(writer, passage.text[start:end]) for start, end in sentences.spans]
    right = [any(answer in sentence for answer in wanted) for sentence in held]
    return Example(passage.key, np.array(evidence), np.array(right))


def fit(sets: Mapping[str, Sequence[Example]], kinds: Sequence[str] = Evidence._fields) -> dict[str, float]:
    """The weights that choose a right sentence most often; kinds left out get none.

    Two steps: weights under which right sentences are likely (softmax of the scores, negative
    log-likelihood), then from there those with the highest expected number of right choices,
    which questions that no weights can answer do not distort. Each set counts as much as any
    other. Evidence is brought to one scale for the fit.
    """
    columns = [Evidence._fields.index(kind) for kind in kinds]
    useful = [
        (each, 1.0 / len(one) / len(sets))
        for one in sets.values()
        for each in one
        if each.right.any() and not each.right.all()
    ]
    stacked = np.concatenate([each.evidence[:, columns] for each, _ in useful])
    scale = stacked.std(axis=0)
    scale[scale == 0] = 1.0
    sizes = np.array([len(each.right) for each, _ in useful])
    problem = _Problem(
        stacked / scale,
        np.concatenate([each.right for each, _ in useful]).astype(float),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]),
        np.repeat(np.arange(len(sizes)), sizes),
        np.array([share for _, share in useful]),
    )
    first = _minimum(problem.unlikelihood, np.zeros(len(columns)))
    second = _minimum(problem.missed, first * _SHARPER)
    found = dict(zip(kinds, second / scale, strict=True))
    return {kind: float(found.get(kind, 0.0)) for kind in Evidence._fields}


def share_right(examples: Sequence[Example], weights: Mapping[str, float]) -> float:
    """The share of questions whose best sentence is right."""
    vector = np.array([weights[kind] for kind in Evidence._fields])
    return float(np.mean([each.right[np.argmax(each.evidence @ vector)] for each in examples]))


def cross_validated(
    sets: Mapping[str, Sequence[Example]], kinds: Sequence[str] = Evidence._fields
) -> dict[str, float]:
    """For each set the share right when its passages were not among those fitted on: five folds."""
    hits = dict.fromkeys(sets, 0.0)
    for fold in range(_FOLDS):
        weights = fit({name: [e for e in one if _fold(e) != fold] for name, one in sets.items()}, kinds)
        for name, one in sets.items():
            held = [each for each in one if _fold(each) == fold]
            if held:
                hits[name] += share_right(held, weights) * len(held) / len(one)
    return hits


def write(same: Mapping[str, float], other: Mapping[str, float], path: Path = WEIGHTS) -> None:
    """Puts the weights for passages in the question's language and in the other where they are read."""
    record = {
        name: {kind: round(weight, 3) for kind, weight in weights.items()}
        for name, weights in (("same", same), ("other", other))
    }
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Problem:
    """All sentences of all examples below each other; `first` is where each example starts."""

    evidence: Array
    right: Array
    first: npt.NDArray[np.int_]
    example: npt.NDArray[np.int_]
    share: Array

    def unlikelihood(self, weights: Array) -> tuple[float, Array]:
        """The mean negative log-likelihood of a right sentence, with its gradient."""
        likely, hit = self._likely(weights)
        loss = -float(self.share @ np.log(hit)) + _FIRST_RIDGE * float(weights @ weights)
        pull = (likely - likely * self.right / hit[self.example]) * self.share[self.example]
        return loss, self.evidence.T @ pull + 2 * _FIRST_RIDGE * weights

    def missed(self, weights: Array) -> tuple[float, Array]:
        """The expected share of wrong sentences, with its gradient."""
        likely, hit = self._likely(weights)
        loss = 1 - float(self.share @ hit) + _SECOND_RIDGE * float(weights @ weights)
        pull = likely * (self.right - hit[self.example]) * self.share[self.example]
        return loss, 2 * _SECOND_RIDGE * weights - self.evidence.T @ pull

    def _likely(self, weights: Array) -> tuple[Array, Array]:
        """The probability of each sentence, and for each example that of its right ones together."""
        scores = self.evidence @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, self.first)[self.example])
        likely = raised / np.add.reduceat(raised, self.first)[self.example]
        return likely, np.add.reduceat(likely * self.right, self.first) + 1e-12


def _minimum(loss: Callable[[Array], tuple[float, Array]], start: Array) -> Array:
    found: Array = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def _fold(example: Example) -> int:
    return zlib.crc32(example.passage.encode()) % _FOLDS


def _plain(writer: UnitWriter, text: str) -> str:
    return "".join(unit for unit, _, _ in unit_matches(writer.normalise(text)))
