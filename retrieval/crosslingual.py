"""Matching across languages: a question's concepts, counted by what they are called in the other language.

All variants of a concept are one term, as in Pirkola's structured query (SIGIR 1998): their
occurrences add, each by its weight, and the concept is as rare as all its variants together.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrieval.signals import K1, B
from retrieval.terms import SENTENCE, Kind, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrieval.concepts import Concept
    from retrieval.engines.base import Snapshot
    from retrieval.terms import Forms


@dataclass(frozen=True, slots=True)
class WeighedConcept:
    """A concept with its value: its weight times its idf.

    `bodies` are its variants as they stand in `Forms.units`, with their weights; `searched`
    are index terms that find them.
    """

    concept: Concept
    value: float
    bodies: tuple[tuple[str, float], ...]
    searched: Mapping[str, float]


def weigh(
    concepts: Sequence[Concept], snapshot: Snapshot, idf: Callable[[int], float]
) -> tuple[WeighedConcept, ...]:
    """Concepts with their values in an index. One that the index lacks is worth most and finds nothing."""
    terms = [[_index_terms(variant.units) for variant in concept.variants] for concept in concepts]
    frequencies = snapshot.document_frequencies(
        {term for variants in terms for variant in variants for term in variant}
    )
    weighed = []
    for concept, variants in zip(concepts, terms, strict=True):
        bodies = []
        searched: dict[str, float] = {}
        union = 0.0
        for variant, found in zip(concept.variants, variants, strict=True):
            # A longer variant is at most as frequent as its rarest part.
            rarest = min(found, key=lambda term: frequencies[term])
            if not frequencies[rarest]:
                continue
            union += variant.weight * frequencies[rarest]
            bodies.append(("".join(map(written, variant.units)), variant.weight))
            searched[rarest] = max(searched.get(rarest, 0.0), variant.weight)
        value = concept.weight * idf(min(round(union), snapshot.passages))
        weighed.append(
            WeighedConcept(concept, value, tuple(bodies), {t: value * w for t, w in searched.items()})
        )
    return tuple(weighed)


def concept_signals(
    weighed: Sequence[WeighedConcept], forms: Sequence[Forms], mean_length: float
) -> dict[str, npt.NDArray[np.float64]]:
    """What concepts say of each candidate.

    Returns:
        Arrays of shape (candidates,): `concept`, the BM25 score; `concept_pair`, the worth of
        neighbouring concepts that stand in one sentence; `sentence` and `title`, the worth
        of the concepts in the best sentence and in the title.
    """
    size = len(forms)
    signals = {name: np.zeros(size) for name in ("concept", "concept_pair", "sentence", "title")}
    for index, each in enumerate(forms):
        lines = each.units.split(SENTENCE)
        norm = K1 * (1 - B + B * each.length / mean_length)
        # For each concept the worth of its best variant in each sentence.
        inside = []
        score = 0.0
        for concept in weighed:
            count = 0.0
            row = [0.0] * len(lines)
            for body, weight in concept.bodies:
                if body not in each.units:
                    continue
                worth = weight * concept.value
                for column, line in enumerate(lines):
                    found = line.count(body)
                    if found:
                        count += weight * found
                        row[column] = max(row[column], worth)
            if count:
                score += concept.value * count * (K1 + 1) / (count + norm)
            inside.append(row)
        if not score:
            continue
        signals["concept"][index] = score
        sums = [sum(column) for column in zip(*inside, strict=True)]
        signals["title"][index] = sums[0]
        signals["sentence"][index] = max(sums[1:], default=0.0)
        pairs = [
            max(map(min, first[1:], second[1:]), default=0.0) for first, second in itertools.pairwise(inside)
        ]
        signals["concept_pair"][index] = np.sum(pairs)
    return signals


def _index_terms(units: tuple[str, ...]) -> list[str]:
    """The index terms that a sequence of units contains: it itself, or its pairs."""
    forms = [written(unit) for unit in units]
    if len(forms) == 1:
        return [Kind.CHARACTER + forms[0]]
    return [Kind.BIGRAM + first + second for first, second in itertools.pairwise(forms)]
