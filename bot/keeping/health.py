"""The health of the running bot, as far as whoever keeps the news must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.backlog import Backlog
from bot.outbox import State

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.keeping.reloading import Reloading
    from bot.outbox import Outbox
    from corpus.feeds import Feeds
    from retrieval.indexing import Indexer


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is.

    Attributes:
        engine: the name of the engine that finds candidates.
        vectors: why there are no sentence vectors; None if there are.
        generation: the load that the index is of.
        loading: whether news is being loaded here.
        failing_feeds: how many feeds failed last time, or are gone.
        undelivered: how many notifications are refused for good, or overdue in vain.
    """

    engine: str
    vectors: str | None
    generation: int | None
    loading: bool
    failing_feeds: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Examiner:
    """Looks after the health of a bot.

    Attributes:
        indexer: whose index answers.
        index_url: which engine that is.
        vectors: why there are no sentence vectors, if there are none.
        reloading: the loads of this bot.
        feeds: the feeds that are watched.
        outbox: what is to be told.
        late: how long a notification may be overdue.
    """

    indexer: Indexer
    index_url: str
    vectors: str | None
    reloading: Reloading
    feeds: Feeds
    outbox: Outbox
    late: timedelta

    async def health(self) -> Health:
        """How the bot is now.

        Raises:
            DatabaseError: the database cannot be read.
        """
        overview = await Backlog(self.outbox).overview()
        overdue = overview.oldest is not None and self.outbox.clock() - overview.oldest > self.late
        undelivered = overview.counts.get(State.DEAD, 0) + max(overview.stuck, int(overdue))
        feeds = await self.feeds.list()
        return Health(
            engine=self.index_url.partition(":")[0],
            vectors=self.vectors,
            generation=self.indexer.generation,
            loading=self.reloading.loads,
            failing_feeds=sum((each.failures > 0 or each.gone) and not each.paused for each in feeds),
            undelivered=undelivered,
        )
