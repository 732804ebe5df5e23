"""Postings: which subscriptions a passage can match at all, told from terms that both have.

A subscription stands only under its rarest terms: so many of them that without any of these a
passage cannot reach what is needed (prefix filtering, after Chaudhuri, Ganti and Kaushik, ICDE
2006). What a passage has of them is added up, each at the most it can add; a subscription that could
reach what it needs with everything else on top is a candidate. None that matches is missed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from retrieval.demand import Bound

# Terms that no more than one of so many passages have are indexed even where fewer would do: the
# more is added up, the fewer are candidates for nothing.
_RARE = 5
# A place is a slot and, in so many lower bits, a number for each of its bounds.
_PLACES = 24
# Sums are kept in single precision.
_ROUNDING = 1e-4
# So many may be looked up one by one before all are sorted again.
_RECENT = 256
_RECENT_SHARE = 0.02


class Postings:
    """An index of subscriptions, each a slot (a number from 0 on). Not thread-safe."""

    def __init__(self) -> None:
        # What each slot needs of its indexed terms, besides all the others; in a passage with a title.
        self._needed: list[float] = []
        self._titled: list[float] = []
        self._needs = np.empty((0, 2))
        self._terms = np.empty(0, np.int64)
        self._places = np.empty(0, np.uint64)
        self._most = np.empty((0, 2), np.float32)
        self._recent: defaultdict[int, list[tuple[int, float, float]]] = defaultdict(list)
        self._recent_slots = 0

    def __len__(self) -> int:
        """How many slots there are."""
        return len(self._needed)

    def add(
        self,
        bounds: Sequence[Bound],
        needed: float,
        frequencies: Mapping[str, float],
        passages: int,
    ) -> int:
        """Adds a subscription and gives its slot.

        Args:
            bounds: all that can add to it.
            needed: what they must add together; it stands under all of its terms if that is nothing.
            frequencies: in how many passages each of their terms stands.
            passages: how many passages there are.
        """
        slot = len(self._needed)
        left, titled = sum([each.most for each in bounds]), sum([each.titled for each in bounds])
        needed -= _ROUNDING
        if left + titled < needed:
            # No passage has enough.
            self._needed.append(math.inf)
            self._titled.append(math.inf)
            return slot
        counted = sorted(
            [(sum([frequencies[term] for term in each.terms]), at) for at, each in enumerate(bounds)]
        )
        for found, at in counted:
            if left + titled < needed and found * _RARE > passages:
                break
            each = bounds[at]
            left -= each.most
            titled -= each.titled
            place = slot << _PLACES | at
            for term, weight in each.terms.items():
                self._recent[hash(term)].append((place, weight * each.most, weight * each.titled))
        self._needed.append(needed - left)
        self._titled.append(needed - left - titled)
        self._recent_slots += 1
        return slot

    def candidates(self, terms: Collection[str], title: Collection[str] = ()) -> list[int]:
        """The slots that a passage can match, ascending.

        Args:
            terms: what it has.
            title: those of them that stand in its title.
        """
        if self._recent_slots > max(_RECENT, _RECENT_SHARE * len(self._needed)):
            self._sort()
        if len(self._needs) != len(self._needed):
            self._needs = np.array([self._needed, self._titled]).T
        slots, sums = _summed(*self._found(terms, 0))
        if title:
            titled, more = _summed(*self._found(title, 1))
            slots, sums = np.concatenate((slots, titled)), np.concatenate((sums, more))
        distinct, at = np.unique(slots, return_inverse=True)
        reached = np.bincount(at, weights=sums, minlength=len(distinct))
        enough = reached >= self._needs[distinct, int(bool(title))]
        return [int(slot) for slot in distinct[enough]]

    def _found(
        self, terms: Collection[str], column: int
    ) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
        """What stands under some terms: places, and what each adds anywhere (0) or in a title (1)."""
        hashes = np.fromiter(map(hash, terms), np.int64, len(terms))
        first = np.searchsorted(self._terms, hashes, side="left")
        last = np.searchsorted(self._terms, hashes, side="right")
        stretches = [
            slice(start, end) for start, end in zip(first.tolist(), last.tolist(), strict=True) if end > start
        ]
        places = [self._places[each] for each in stretches]
        most = [self._most[each, column] for each in stretches]
        recent = [each for term in hashes.tolist() for each in self._recent.get(term, ())]
        if recent:
            places.append(np.array([place for place, _, _ in recent], np.uint64))
            most.append(np.array([values[column] for _, *values in recent], np.float32))
        if not places:
            return self._places[:0], self._most[:0, column]
        return np.concatenate(places), np.concatenate(most)

    def _sort(self) -> None:
        """Sorts what was added since among the rest."""
        recent = [(term, *each) for term, found in self._recent.items() for each in found]
        if recent:
            terms, places, most, titled = zip(*recent, strict=True)
            self._terms = np.concatenate((self._terms, np.array(terms, np.int64)))
            self._places = np.concatenate((self._places, np.array(places, np.uint64)))
            self._most = np.concatenate((self._most, np.array([most, titled], np.float32).T))
            order = np.argsort(self._terms, kind="stable")
            self._terms, self._places, self._most = (
                self._terms[order],
                self._places[order],
                self._most[order],
            )
        self._recent.clear()
        self._recent_slots = 0


def _summed(
    places: npt.NDArray[np.uint64], most: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
    """The slots of places with what each place adds: of several terms of one place the most."""
    if not len(places):
        return places, most
    order = np.argsort(places)
    places, most = places[order], most[order]
    starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    return places[starts] >> np.uint64(_PLACES), np.maximum.reduceat(most, starts)
