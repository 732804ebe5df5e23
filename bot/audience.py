"""The audience: all subscriptions of all bots of a database, in memory, as a load matches them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from bot.subscription import load_subscriptions
from retrieval.topics import Topic, belongs, topic_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.subscription import Key, Subscription
    from corpus.database import Database
    from corpus.model import Document
    from retrieval.percolator import Percolator


class Audience:
    """Subscriptions to questions and to topics, except those that are paused.

    Args:
        percolator: an empty one, for the questions.
    """

    def __init__(self, percolator: Percolator) -> None:
        self.percolator = percolator
        self._members: dict[Key, Subscription] = {}
        self._topics: defaultdict[str, dict[Key, str]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._members)

    @property
    def members(self) -> Mapping[Key, Subscription]:
        """The subscriptions by their keys."""
        return self._members

    def put(self, members: Mapping[Key, Subscription]) -> None:
        """Add some, or replace them."""
        for key, subscription in members.items():
            if self._members.get(key) == subscription:
                continue
            self.remove([key])
            if subscription.paused:
                continue
            self._members[key] = subscription
            if subscription.topic is not None:
                self._topics[topic_key(subscription.topic)][key] = subscription.topic
            else:
                self.percolator.add(key, subscription.inquiry.question, subscription.breadth)

    def remove(self, keys: Iterable[Key]) -> None:
        """Remove some; those that are not there are no error."""
        for key in keys:
            gone = self._members.pop(key, None)
            if gone is None:
                continue
            if gone.topic is None:
                self.percolator.remove(key)
                continue
            followers = self._topics[topic_key(gone.topic)]
            del followers[key]
            if not followers:
                del self._topics[topic_key(gone.topic)]

    @property
    def follows_topics(self) -> bool:
        """Whether any of them is of a topic."""
        return bool(self._topics)

    def following(self, document: Document) -> list[Key]:
        """Those that follow a topic of a document."""
        if not self._topics:
            return []
        found: list[Key] = []
        for key, followers in self._topics.items():
            if belongs(document, Topic(key, next(iter(followers.values())), 0)):
                found += followers
        return found


class Subscribers:
    """The audience of a database, kept for the life of the process and brought up to date when asked for.

    Args:
        database: where the subscriptions are.
        make_percolator: makes an empty one.
    """

    def __init__(self, database: Database, make_percolator: Callable[[], Percolator]) -> None:
        self._database = database
        self._audience = Audience(make_percolator())
        self._until: datetime | None = None
        self._known: dict[Key, datetime] = {}
        self._turn = asyncio.Lock()

    async def current(self) -> Audience:
        """All subscriptions as they are now.

        Raises:
            DatabaseError: the database cannot be read.
        """
        async with self._turn:
            roster = await load_subscriptions(self._database, self._until)
            self._audience.remove([key for key in self._audience.members if key not in roster.present])
            self._known = {key: at for key, at in self._known.items() if key in roster.present}
            # A question takes a millisecond to read.
            await asyncio.to_thread(self._audience.put, roster.changed)
            self._known |= {key: each.changed for key, each in roster.changed.items()}
            self._until = roster.until
            return self._audience

    @property
    def known(self) -> Mapping[Key, datetime]:
        """When each was last changed of those that are known, also of those that are paused."""
        return self._known
