"""Postings: which subscriptions a passage can match at all, told from terms that both have.

A subscription stands only under its rarest terms: so many of them that without any of these a
passage cannot reach what is needed (prefix filtering, after Chaudhuri, Ganti and Kaushik, ICDE
2006). What a passage has of them is added up, each at the most it can add; a subscription that could
reach what it needs with everything else on top is a candidate. None that matches is missed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

# Terms that fewer than one of so many passages have cost next to nothing, and leave fewer candidates.
_RARE = 200
# Sums are kept in single precision.
_ROUNDING = 1e-4
# So many may be looked up one by one before all are sorted again.
_RECENT = 256
_RECENT_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that having any of some terms adds to a subscription."""

    terms: tuple[str, ...]
    most: float


class Postings:
    """An index of subscriptions, each a slot (a number from 0 on). Not thread-safe."""

    def __init__(self) -> None:
        # What each slot needs of its indexed terms, besides all the others.
        self._needed: list[float] = []
        self._terms = np.empty(0, np.int64)
        self._slots = np.empty(0, np.uint32)
        self._most = np.empty(0, np.float32)
        self._recent: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
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
        left = sum(each.most for each in bounds)
        if left < needed - _ROUNDING:
            # No passage has enough.
            self._needed.append(np.inf)
            return slot
        counted = sorted(
            (sum(frequencies[term] for term in each.terms), at) for at, each in enumerate(bounds)
        )
        for found, at in counted:
            if left < needed - _ROUNDING and found * _RARE > passages:
                break
            each = bounds[at]
            left -= each.most
            for term in each.terms:
                self._recent[hash(term)].append((slot, each.most))
        self._needed.append(needed - max(left, 0.0) - _ROUNDING)
        self._recent_slots += 1
        if self._recent_slots > max(_RECENT, _RECENT_SHARE * len(self._needed)):
            self._sort()
        return slot

    def candidates(self, terms: Collection[str]) -> list[int]:
        """The slots that a passage with these terms can match, ascending."""
        hashes = np.fromiter(map(hash, terms), np.int64, len(terms))
        slots, most = self._sorted(hashes)
        if self._recent:
            found = [each for term in hashes.tolist() for each in self._recent.get(term, ())]
            slots = np.concatenate((slots, np.array([slot for slot, _ in found], np.uint32)))
            most = np.concatenate((most, np.array([value for _, value in found], np.float32)))
        if not len(slots):
            return []
        distinct, places = np.unique(slots, return_inverse=True)
        sums = np.bincount(places, weights=most)
        return [
            slot
            for slot, reached in zip(distinct.tolist(), sums.tolist(), strict=True)
            if reached >= self._needed[slot]
        ]

    def _sorted(
        self, hashes: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
        """What stands under some terms among what is sorted."""
        first = np.searchsorted(self._terms, hashes, side="left")
        last = np.searchsorted(self._terms, hashes, side="right")
        stretches = [
            slice(start, end) for start, end in zip(first.tolist(), last.tolist(), strict=True) if end > start
        ]
        if not stretches:
            return np.empty(0, np.uint32), np.empty(0, np.float32)
        return (
            np.concatenate([self._slots[each] for each in stretches]),
            np.concatenate([self._most[each] for each in stretches]),
        )

    def _sort(self) -> None:
        """Sorts what was added since among the rest."""
        recent = [(term, slot, most) for term, found in self._recent.items() for slot, most in found]
        terms, slots, mosts = zip(*recent, strict=True) if recent else ((), (), ())
        self._terms = np.concatenate((self._terms, np.array(terms, np.int64)))
        self._slots = np.concatenate((self._slots, np.array(slots, np.uint32)))
        self._most = np.concatenate((self._most, np.array(mosts, np.float32)))
        order = np.argsort(self._terms, kind="stable")
        self._terms, self._slots, self._most = self._terms[order], self._slots[order], self._most[order]
        self._recent.clear()
        self._recent_slots = 0
