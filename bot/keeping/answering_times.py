"""Answering times as counts in buckets of a logarithmic scale, from which percentiles are told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BUCKETS_AN_OCTAVE: Final = 8
"""A bucket ends 9 % above its beginning, so what is told of it is wrong by 4.5 % at the most."""

LAST_BUCKET: Final = 17 * BUCKETS_AN_OCTAVE - 1
"""What takes longer than 131 seconds counts as this long."""


def bucket_of(milliseconds: float) -> int:
    """The number of the bucket that a time falls into; what is shorter than a millisecond is in the first."""
    if milliseconds <= 1:
        return 0
    return min(LAST_BUCKET, int(BUCKETS_AN_OCTAVE * math.log2(milliseconds)))


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The time that a share of all answers took at most, in milliseconds: the middle of its bucket.

    Args:
        counts: how many answers are in each bucket.
        share: 0.5 for the median, 0.95 for what one in twenty exceeds.

    Returns:
        None if there are no answers.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted, seen, last = math.ceil(share * total), 0, 0
    for last in sorted(counts):
        seen += counts[last]
        if seen >= wanted:
            break
    return float(2 ** ((last + 0.5) / BUCKETS_AN_OCTAVE))
