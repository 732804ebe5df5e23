"""The fan-out: who is told of a new generation of the corpus, prepared before it is published.

New passages are matched against all subscriptions of all bots of the database as the index
analyses them. What comes of it, and what has to be corrected, commits with the generation.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, tuple_, update

from bot import outbox as outboxes
from bot.audience import Audience, Subscribers
from bot.chats import ChatSettings
from bot.corrections import correction_notice, find_corrections
from bot.fanout_writes import FanoutWrites
from bot.finds import Finds
from bot.newsroom import News, Newsroom
from bot.reply import citation_of
from bot.stories import Stories
from bot.subscription import readable, subscriptions
from retrieval.engines.base import IndexedPassage
from retrieval.events import Events
from retrieval.indexing import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection, Row

    from bot.outbox import Notice
    from bot.subscription import Key, Subscription
    from corpus.database import Database
    from corpus.model import Document
    from corpus.store import CorpusStore
    from retrieval.engines.base import Index
    from retrieval.knowledge import Knowledge


class Fanout:
    """Prepares the notifications and corrections of each load; the loader's publication.

    Args:
        database: where subscriptions, chats and the outbox are.
        index: the corpus that new passages are weighed by.
        knowledge: what matching needs.
        zone: of chats that have chosen none.
        clock: the time, aware.
    """

    def __init__(
        self,
        database: Database,
        index: Index,
        knowledge: Knowledge,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._index = index
        self._knowledge = knowledge
        self._zone = zone
        self._clock = clock
        self._events = Events(knowledge.lexicon.background.frequency)
        self._subscribers = Subscribers(database, lambda: knowledge.percolator(index))
        self._audience: Audience | None = None
        self._finds: Finds | None = None
        self._known: dict[Key, datetime] = {}
        self._catching_up = asyncio.Lock()

    async def begin(self, store: CorpusStore, base: int | None, *, notify: bool) -> None:
        """Get ready to match what is analysed; a first load is matched only where that is asked for."""
        await self.catch_up(store)
        self._audience = await self._subscribers.current()
        self._known = dict(self._subscribers.known)
        told = base is not None or notify
        self._finds = Finds() if told and len(self._audience) else None

    def see(self, passages: Sequence[IndexedPassage]) -> None:
        """Match passages that are on their way into the index; between loads nothing is."""
        if self._finds is not None and self._audience is not None:
            self._finds.add(self._audience.percolator.match(passages), passages)

    async def prepare(self, store: CorpusStore, base: int | None, generation: int) -> FanoutWrites:
        """What to write with a generation.

        Going back to an older one is no news, but what it does not say is corrected.
        """
        now = self._clock()
        newsroom = self._newsroom(store, now)
        forward = base is None or base < generation
        stale = await newsroom.stale(base, generation) if base is not None else ()
        news = News({}, ())
        if forward and self._finds is not None and self._audience is not None:
            await self._add_topics(store, (base, generation), self._audience, self._finds)
            news = await newsroom.news(
                (base, generation), self._finds, self._audience.members, self._stories(), stale
            )
        notices: defaultdict[int, list[Notice]] = defaultdict(list)
        for bot_id, each in news.notices.items():
            notices[bot_id] += each
        if base is not None:
            await self._correct(store, (base, generation), newsroom, notices)
        writes = FanoutWrites(notices, news.grown, [each.row_id for each in stale], now)
        if forward:
            writes.seen(generation, self._known)
        return writes

    async def settled(self, store: CorpusStore) -> None:
        """The generation is published: match it with what was subscribed to meanwhile."""
        await self.abandon()
        await self.catch_up(store)

    async def abandon(self) -> None:
        """Forget the matches."""
        self._finds = None
        self._audience = None

    async def catch_up(self, store: CorpusStore) -> None:
        """Match what was published with subscriptions that were made or changed while it was loaded.

        Raises:
            DatabaseError: the database cannot be read or written.
        """
        async with self._catching_up:
            published = await store.published()
            if published is None:
                return
            behind = or_(subscriptions.c.seen.is_(None), subscriptions.c.seen < published)
            rows = await self._database.read(
                lambda connection: connection.execute(select(subscriptions).where(behind)).all()
            )
            if rows:
                await self._catch_up(store, published, rows)

    async def _catch_up(
        self, store: CorpusStore, published: int, rows: Sequence[Row[tuple[object, ...]]]
    ) -> None:
        now = self._clock()
        groups: defaultdict[int, dict[Key, Subscription]] = defaultdict(dict)
        for row in rows:
            for each in readable([row]):
                if each.seen is not None and not each.paused:
                    groups[each.seen][row.bot_id, each.id] = each
        notices: defaultdict[int, list[Notice]] = defaultdict(list)
        for seen, members in groups.items():
            if not await store.keeps(seen):
                continue  # what is new to it cannot be told any more
            finds = await self._matched(store, seen, published, members)
            news = await self._newsroom(store, now).news((seen, published), finds, members, self._stories())
            for bot_id, found in news.notices.items():
                notices[bot_id] += found

        def write(connection: Connection) -> None:
            for bot_id, some in notices.items():
                outboxes.insert(connection, bot_id, some, now)
            for row in rows:
                mine = tuple_(subscriptions.c.bot_id, subscriptions.c.id) == (row.bot_id, row.id)
                same = subscriptions.c.changed == row.changed
                connection.execute(update(subscriptions).where(mine, same).values(seen=published))

        await self._database.write(write)

    async def _matched(
        self, store: CorpusStore, seen: int, published: int, members: Mapping[Key, Subscription]
    ) -> Finds:
        """What of the documents between two generations fits some subscriptions."""
        audience, finds = Audience(self._knowledge.percolator(self._index)), Finds()
        await asyncio.to_thread(audience.put, members)

        def match(batch: Sequence[Document]) -> None:
            passages = analyse(self._knowledge.analyzer, batch)
            finds.add(audience.percolator.match(passages), passages)

        async for batch in store.documents_between(seen, published):
            await asyncio.to_thread(match, batch)
        await self._add_topics(store, (seen, published), audience, finds)
        return finds

    async def _add_topics(
        self, store: CorpusStore, generations: tuple[int | None, int], audience: Audience, finds: Finds
    ) -> None:
        """Take what is new of the topics that are followed."""
        if not audience.follows_topics:
            return

        def take(batch: Sequence[Document]) -> None:
            for document in batch:
                if document.passages and (keys := audience.following(document)):
                    first = document.passages[0]
                    forms = self._knowledge.analyzer.passage_forms(document, first)
                    finds.add_of_topic(keys, IndexedPassage(first, citation_of(document), forms))

        async for batch in store.documents_between(*generations):
            await asyncio.to_thread(take, batch)

    async def _correct(
        self,
        store: CorpusStore,
        generations: tuple[int, int],
        newsroom: Newsroom,
        notices: defaultdict[int, list[Notice]],
    ) -> None:
        """Add the corrections, outside quiet hours, to chats that want any."""
        found = await find_corrections(store, *generations)
        chats = await newsroom.settings((bot_id, chat_id) for bot_id, chat_id, _ in found)
        now = self._clock()
        for place, correction in found.items():
            bot_id, chat_id, _ = place
            settings = chats.get((bot_id, chat_id), ChatSettings())
            if settings.paused or not settings.corrections:
                continue
            ends = settings.quiet.ends_after(now, newsroom.zone_of(settings)) if settings.quiet else None
            notices[bot_id].append(correction_notice(place, correction, generations[1], ends or now))

    def _newsroom(self, store: CorpusStore, now: datetime) -> Newsroom:
        return Newsroom(store, self._knowledge.analyzer, self._zone, now)

    def _stories(self) -> Stories:
        return Stories(self._events, self._index.snapshot())
