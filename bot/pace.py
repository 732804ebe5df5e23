"""The pace of a load: how far it is, how fast it goes, and how long it still takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.load_report import Progress


@dataclass(frozen=True, slots=True)
class Pace:
    """How a stage of a load goes. `per_second` is in the units of `progress`, 0 where nothing is known yet.

    `left` is in seconds, None where it is not known or nothing is left.
    """

    progress: Progress
    per_second: float
    left: float | None

    @property
    def share(self) -> float | None:
        """How much of the stage is done, from 0 to 1; None where its size is not known."""
        total = self.progress.total
        if total is None:
            return None
        return min(1.0, self.progress.done / total) if total else 1.0


def pace_of(progress: Progress, seconds: float) -> Pace:
    """The pace of a stage that began so many seconds ago."""
    per_second = progress.done / seconds if seconds > 0 else 0.0
    total = progress.total
    known = per_second > 0 and total is not None and progress.done < total
    left = (total - progress.done) / per_second if known and total is not None else None
    return Pace(progress, per_second, left)


class Pacer:
    """Turns the loader's reports into paces; it knows when each stage began.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._stage: str | None = None
        self._began = 0.0

    def __call__(self, progress: Progress) -> Pace:
        """The pace now that the loader reports this."""
        now = self._clock()
        if progress.stage != self._stage:
            self._stage, self._began = progress.stage, now
        return pace_of(progress, now - self._began)
