"""Weighing: what the terms of many subscriptions can add to their scores, all of them at once.

`retrieval.demand` says what one subscription asks for, and `bounds` what its parts can add; this
says the same of a hundred thousand in arrays, because each generation of the corpus weighs all.
"""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from retrieval.demand import FEATURES
from retrieval.postings import BoundTable, added_up
from retrieval.weights import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from retrieval.breadth import Breadth
    from retrieval.profile import Profile
    from retrieval.relevance import Relevance
    from retrieval.vocabulary import Vocabulary


def weighed(
    profiles: Iterable[Profile],
    breadths: Sequence[Breadth],
    direction: Direction,
    vocabulary: Vocabulary,
    relevance: Relevance,
) -> BoundTable:
    """The bounds of subscriptions in one direction.

    Args:
        profiles: what they ask with.
        breadths: how much a passage must have of each.
        direction: the direction of the passages.
        vocabulary: numbers the terms; it grows.
        relevance: the models and thresholds.
    """
    if direction is Direction.SAME:
        return _own(profiles, breadths, vocabulary, relevance)
    return _other(profiles, breadths, vocabulary, relevance)


def _own(
    profiles: Iterable[Profile], breadths: Sequence[Breadth], vocabulary: Vocabulary, relevance: Relevance
) -> BoundTable:
    """As `OwnDemand.bounds`."""
    size = len(breadths)
    numbers, asked, lengths = array("q"), array("d"), array("q")
    for profile in profiles:
        numbers.extend(vocabulary.numbers(profile.terms))
        asked.extend(profile.terms.values())
        lengths.append(len(profile.terms))
    vocabulary.count()
    terms, owners = _integers(numbers), np.repeat(np.arange(size), _integers(lengths))
    values = _numbers(asked) * vocabulary.idf(vocabulary.frequencies[terms].astype(np.float64), terms)
    masses = vocabulary.masses[terms] * values
    kept = masses != 0.0
    terms, owners, values, masses = terms[kept], owners[kept], values[kept], masses[kept]
    words = np.where(vocabulary.words[terms], values, 0.0)
    word, written, sentence, title, rarest, quantity = (
        relevance.models[Direction.SAME].features.get(name, 0.0) for name in FEATURES[Direction.SAME]
    )
    lined = ~vocabulary.quantities[terms]
    shares = _shares(masses, owners, size)
    most = word * _shares(words, owners, size) + rarest * _rarest(words, owners, size)
    most += quantity * _shares(np.where(lined, 0.0, values), owners, size)
    most += (written + sentence * lined) * shares
    rows = np.arange(len(terms))
    asks = np.log1p(added_up(words, owners, size))
    needed = relevance.needed_for(asks, breadths, Direction.SAME)
    return BoundTable(needed, owners, most, title * shares * lined, rows, terms, np.ones(len(rows)))


def _other(
    profiles: Iterable[Profile], breadths: Sequence[Breadth], vocabulary: Vocabulary, relevance: Relevance
) -> BoundTable:
    """As `OtherDemand.bounds`."""
    size = len(breadths)
    lengths, counted, variants = array("q"), array("d"), array("q")
    writings: list[tuple[int, ...]] = []
    likely = array("d")
    for profile in profiles:
        lengths.append(len(profile.concepts))
        for concept in profile.concepts:
            counted.append(concept.weight)
            variants.append(len(concept.variants))
            for variant in concept.variants:
                writings.append(vocabulary.writing(variant.units))
                likely.append(variant.weight)
    vocabulary.count()
    owners = np.repeat(np.arange(size), _integers(lengths))
    bounds = np.repeat(np.arange(len(counted)), _integers(variants))
    # The rarest term of a writing is the one to look for.
    parts = np.fromiter(map(len, writings), np.int64, len(writings))
    terms = np.fromiter(chain.from_iterable(writings), np.int64, int(parts.sum()))
    writing = np.repeat(np.arange(len(writings)), parts)
    order = np.lexsort((vocabulary.frequencies[terms], writing))
    starts = np.cumsum(parts) - parts
    terms = terms[order][starts]
    weights = _numbers(likely)
    union = added_up(weights * vocabulary.frequencies[terms], bounds, len(counted))
    union = np.minimum(union, vocabulary.statistics.passages)
    names = terms[np.cumsum(_integers(variants)) - _integers(variants)]
    values = _numbers(counted) * vocabulary.idf(union, names)
    shares = _shares(values, owners, size)
    # Half of what each pair of neighbours is worth goes to either of them.
    paired = np.where(owners[1:] == owners[:-1], np.minimum(values[1:], values[:-1]), 0.0)
    pairs = _shares(paired, owners[1:], size)
    around = (np.append(pairs, [0.0] * bool(len(values))) + np.append([0.0] * bool(len(values)), pairs)) / 2
    whole, together, sentence, title, rarest = (
        relevance.models[Direction.OTHER].features.get(name, 0.0) for name in FEATURES[Direction.OTHER]
    )
    most = (whole + sentence) * shares + together * around + rarest * _rarest(values, owners, size)
    asks = np.log1p(added_up(values, owners, size))
    needed = relevance.needed_for(asks, breadths, Direction.OTHER)
    return BoundTable(needed, owners, most, title * shares, bounds, terms, weights)


def _shares(
    values: npt.NDArray[np.float64], owners: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.float64]:
    """What share of all of its subscription each is."""
    whole = added_up(values, owners, size)
    return values / np.where(whole == 0.0, 1.0, whole)[owners]


def _rarest(
    values: npt.NDArray[np.float64], owners: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.float64]:
    """What share of the two rarest of its subscription each may be; of equals each may be one of the two."""
    order = np.lexsort((-values, owners))
    first = np.searchsorted(owners, np.arange(size))
    place = np.empty(len(values), np.int64)
    place[order] = np.arange(len(values)) - first[owners]
    two = place < 2  # noqa: PLR2004 - two, as it says
    least = np.full(size, np.inf)
    np.minimum.at(least, owners[two], values[two])
    whole = added_up(values * two, owners, size)
    among = np.where(values >= least[owners], values, 0.0)
    return among / np.where(whole == 0.0, 1.0, whole)[owners]


def _integers(numbers: array[int]) -> npt.NDArray[np.int64]:
    return np.frombuffer(numbers, np.int64) if numbers else np.empty(0, np.int64)


def _numbers(numbers: array[float]) -> npt.NDArray[np.float64]:
    return np.frombuffer(numbers, np.float64) if numbers else np.empty(0, np.float64)
