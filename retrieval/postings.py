"""Postings: which subscriptions a passage can match at all, told from terms that both have.

A subscription stands only under its rarest terms: so many of them that without any of these a
passage cannot reach what is needed (prefix filtering, after Chaudhuri, Ganti and Kaushik, ICDE
2006). What a passage has of them is added up, each at the most it can add; where that could be enough
with everything else on top, all terms are added up. None that matches is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

# Terms that no more than one of so many passages have are indexed even where fewer would do: the
# more is added up, the fewer are looked at for nothing.
_RARE = 20
# Sums are kept in single precision.
_ROUNDING = 1e-4
# What has a term at all has more than nothing, even where that adds nothing.
_TOUCHED = 1e-7


@dataclass(frozen=True, slots=True)
class BoundTable:
    """The most that terms can add to the scores of subscriptions, as columns.

    A *bound* is the most that a passage's having any of some terms adds; a *row* is one of these
    terms. Both stand in the order of their subscriptions and bounds.

    Attributes:
        needed: for each subscription what its bounds must add together.
        owners: for each bound its subscription.
        most: for each bound what it adds when its heaviest term stands anywhere.
        titled: for each bound what it adds besides when that stands in the title.
        bounds: for each row its bound.
        terms: for each row the number of its term.
        weights: for each row what part of the bound its term adds, in [0, 1].
    """

    needed: npt.NDArray[np.float64]
    owners: npt.NDArray[np.int64]
    most: npt.NDArray[np.float64]
    titled: npt.NDArray[np.float64]
    bounds: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]


class Postings:
    """An index of the subscriptions of a table, which never changes. Thread-safe.

    Args:
        table: the subscriptions, with what can add to each.
        frequencies: in how many passages the term of each number stands.
        passages: how many passages there are.
    """

    def __init__(self, table: BoundTable, frequencies: npt.NDArray[np.int64], passages: int) -> None:
        size, self._vocabulary = len(table.needed), len(frequencies)
        needed = table.needed - _ROUNDING
        both = table.most + table.titled
        whole = np.bincount(table.owners, both, size)
        needed = np.where(whole < needed, np.inf, needed)
        # Of each subscription the rarest bounds first, until what is left is not enough.
        found = np.bincount(table.bounds, frequencies[table.terms], len(table.most))
        order = np.lexsort((found, table.owners))
        sums = np.cumsum(both[order])
        before = np.concatenate(([0.0], np.cumsum(whole)))[:-1][table.owners[order]]
        left = np.empty_like(both)
        left[order] = whole[table.owners[order]] - (sums - both[order] - before)
        needs = needed[table.owners]
        indexed = ((left >= needs) | (found * _RARE <= passages)) & np.isfinite(needs)
        rest = np.bincount(table.owners, table.most * ~indexed, size)
        titled = np.bincount(table.owners, table.titled * ~indexed, size)
        # What each subscription needs of all its terms, and of those indexed, in a passage without
        # a title and with one.
        self._needed = needed
        self._needs = (needed - rest, needed - rest - titled)
        self._single = len(table.bounds) == len(table.most)
        self._count = len(table.most)
        self._owners = table.owners.astype(np.int32)
        # All rows, those of a subscription together.
        self._terms = table.terms.astype(np.int32)
        self._bounds = table.bounds.astype(np.int32)
        self._worth = tuple(
            (each[table.bounds] * table.weights + least).astype(np.float32)
            for each, least in ((table.most, _TOUCHED), (table.titled, 0.0))
        )
        self._first = np.searchsorted(table.owners[table.bounds], np.arange(size + 1))
        # The indexed rows, those of a term together.
        rows = np.flatnonzero(indexed[table.bounds])
        rows = rows[np.argsort(table.terms[rows], kind="stable")]
        self._posted = self._bounds[rows]
        self._added = tuple(each[rows] for each in self._worth)
        self._starts = np.searchsorted(table.terms[rows], np.arange(self._vocabulary + 1))

    def __len__(self) -> int:
        """How many subscriptions there are."""
        return len(self._needed)

    def candidates(self, terms: npt.NDArray[np.int64], title: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The subscriptions that a passage can match, ascending.

        Args:
            terms: the numbers of the distinct terms that it has.
            title: those of them that stand in its title.
        """
        terms, title = terms[terms < self._vocabulary], title[title < self._vocabulary]
        sums = self._reached(terms, 0)
        if len(title):
            sums += self._reached(title, 1)
        slots = np.flatnonzero((sums >= self._needs[bool(len(title))]) & (sums > 0.0))
        if not len(slots):
            return slots
        starts, lengths = self._first[slots], self._first[slots + 1] - self._first[slots]
        rows = _ranges(starts, lengths)
        sums = self._having(rows, np.repeat(np.arange(len(slots)), lengths), terms, 0)
        if len(title):
            sums += self._having(rows, np.repeat(np.arange(len(slots)), lengths), title, 1)
        return slots[sums >= self._needed[slots]]

    def _reached(self, terms: npt.NDArray[np.int64], column: int) -> npt.NDArray[np.float64]:
        """What each subscription has of its indexed terms, anywhere (0) or in a title (1)."""
        starts = self._starts[terms]
        posted = _ranges(starts, self._starts[terms + 1] - starts)
        bounds, worth = self._posted[posted], self._added[column][posted]
        if not self._single:
            # Of each bound the heaviest, once.
            best = np.zeros(self._count, np.float32)
            np.maximum.at(best, bounds, worth)
            numbers = np.arange(len(bounds), dtype=np.int32)
            last = np.empty(self._count, np.int32)
            last[bounds] = numbers
            bounds = bounds[last[bounds] == numbers]
            worth = best[bounds]
        return added_up(worth, self._owners[bounds], len(self))

    def _having(
        self,
        rows: npt.NDArray[np.int64],
        places: npt.NDArray[np.int64],
        terms: npt.NDArray[np.int64],
        column: int,
    ) -> npt.NDArray[np.float64]:
        """What some subscriptions have of all their rows.

        Args:
            rows: the rows.
            places: for each row which of the subscriptions it belongs to.
            terms: what the passage has.
            column: anywhere (0) or in a title (1).
        """
        had = np.zeros(self._vocabulary, np.bool_)
        had[terms] = True
        worth = self._worth[column][rows] * had[self._terms[rows]]
        size = int(places[-1]) + 1
        if not self._single:
            bounds = self._bounds[rows]
            starts = np.flatnonzero(np.concatenate(([True], bounds[1:] != bounds[:-1])))
            worth, places = np.maximum.reduceat(worth, starts), places[starts]
        return added_up(worth, places, size)


def added_up(
    values: npt.NDArray[np.floating], owners: npt.NDArray[np.integer], size: int
) -> npt.NDArray[np.float64]:
    """The sum of the values of each owner."""
    return np.bincount(owners, values, size).astype(np.float64, copy=False)


def _ranges(starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of ranges one after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
