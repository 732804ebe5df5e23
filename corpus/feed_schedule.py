"""When a feed is asked for again: by how lively it is, or by how long it has failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedSchedule:
    """The times between two requests for a feed.

    A feed that goes well waits a tenth of the time since it last had something new, between
    `soonest` and `latest`. One that fails waits `first_wait`, twice that, four times that and so
    on up to `longest_wait`, and no less than its host asked for. All of it is spread by `jitter`,
    a share, so that many feeds of one host do not come together. What keeps failing is told
    after `patience`, and again after as long again.
    """

    soonest: timedelta = timedelta(minutes=30)
    latest: timedelta = timedelta(hours=6)
    first_wait: timedelta = timedelta(minutes=15)
    longest_wait: timedelta = timedelta(days=1)
    jitter: float = 0.2
    patience: timedelta = timedelta(days=7)
    unfinished: timedelta = timedelta(minutes=1)

    def after_success(self, now: datetime, changed: datetime | None, chance: float) -> datetime:
        """When to ask again for a feed that went well.

        Args:
            now: When it did.
            changed: When it last had something new.
            chance: In [0, 1), to spread by.
        """
        quiet = (now - changed) / 10 if changed is not None else self.soonest
        wait = min(max(quiet, self.soonest), self.latest)
        return now + wait * (1 + self.jitter * chance)

    def after_failure(self, now: datetime, failures: int, wait: float | None, chance: float) -> datetime:
        """When to ask again for a feed that failed.

        Args:
            now: When it did.
            failures: How often in a row, this time included.
            wait: The seconds its host asked for, if it did.
            chance: In [0, 1), to spread by.
        """
        doublings = min(failures - 1, 20)
        own = min(self.first_wait * (1 << doublings), self.longest_wait) * (
            1 + self.jitter * (2 * chance - 1)
        )
        return now + max(own, timedelta(seconds=wait or 0))

    def is_to_report(self, now: datetime, failing_since: datetime, reported: datetime | None) -> bool:
        """Whether it is time to tell that a feed keeps failing."""
        return now - (reported or failing_since) >= self.patience
