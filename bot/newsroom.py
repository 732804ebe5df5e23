"""The newsroom: from what a load has for the subscriptions to the rows of the outbox."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import and_, not_, select

from bot.chats import ChatSettings, load_settings
from bot.outbox import Kind, State, outbox
from bot.reply import citation_of
from bot.selection import Earlier, Selection
from bot.wording import wording
from corpus.tables import documents, visible
from retrieval.engines.base import IndexedPassage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.corrections import Place
    from bot.finds import Find, Finds, Found
    from bot.outbox import Notice
    from bot.selection import Growth
    from bot.stories import Stories
    from bot.subscription import Key, Subscription
    from corpus.model import Document
    from corpus.store import CorpusStore
    from retrieval.analyzer import Analyzer

REMEMBERED = timedelta(days=7)
"""How long ago something was told of which a chat hears no second time, in whatever words."""

MOST_COMPARED = 2_000
"""Documents told lately that new ones are compared with, the newest."""

_AT_ONCE = 500
_TOLD = (State.PENDING.value, State.SENDING.value, State.SENT.value, State.UNCERTAIN.value)

Chats: TypeAlias = "dict[tuple[int, int], ChatSettings]"


@dataclass(frozen=True, slots=True)
class Stale:
    """A row that nobody has been sent yet, of a passage that a generation does not have any more."""

    row_id: int
    key: Key
    document_id: str


@dataclass(frozen=True, slots=True)
class News:
    """What the subscriptions are told of a load: new rows by their bots, and rows that say more now."""

    notices: Mapping[int, Sequence[Notice]]
    grown: Sequence[Growth]


class Newsroom:
    """Decides what is told of a load, from what is in the database when it is asked.

    Args:
        store: the corpus.
        analyzer: analyses what chats were told before.
        zone: of chats that have chosen none.
        now: when the load is (aware).
    """

    def __init__(self, store: CorpusStore, analyzer: Analyzer, zone: ZoneInfo, now: datetime) -> None:
        self._store = store
        self._database = store.database
        self._analyzer = analyzer
        self._zone = zone
        self._now = now

    async def news(
        self,
        generations: tuple[int | None, int],
        finds: Finds,
        members: Mapping[Key, Subscription],
        stories: Stories,
        stale: Iterable[Stale] = (),
    ) -> News:
        """What to tell of the finds.

        Args:
            generations: the one that the finds are new to, if there is one, and the one they are of.
            finds: what fits which subscription.
            members: the subscriptions.
            stories: tells what is the same.
            stale: rows that are about to go.
        """
        base, generation = generations
        stale = tuple(stale)
        found = await self._new(base, finds, stale)
        places: defaultdict[Place, list[tuple[Subscription, Found]]] = defaultdict(list)
        for key, each in found:
            if (member := members.get(key)) is not None and each.total:
                places[key[0], member.chat_id, member.thread_id].append((member, each))
        chats = await self.settings((bot_id, chat_id) for bot_id, chat_id, _ in places)
        earlier = await self._earlier(generation, places, {each.row_id for each in stale})
        return await asyncio.to_thread(self._selected, places, chats, earlier, stories)

    async def settings(self, wanted: Iterable[tuple[int, int]]) -> Chats:
        """What some chats of some bots have chosen."""
        by_bot: defaultdict[int, set[int]] = defaultdict(set)
        for bot_id, chat_id in wanted:
            by_bot[bot_id].add(chat_id)

        def read(connection: Connection) -> Chats:
            return {
                (bot_id, chat_id): settings
                for bot_id, chat_ids in by_bot.items()
                for chat_id, settings in load_settings(connection, bot_id, chat_ids).items()
            }

        return await self._database.read(read)

    def zone_of(self, settings: ChatSettings) -> ZoneInfo:
        """Where "today" is in a chat."""
        return ZoneInfo(settings.zone) if settings.zone else self._zone

    async def stale(self, base: int, generation: int) -> tuple[Stale, ...]:
        """Rows still to be sent whose passage a generation does not have any more."""
        columns = (outbox.c.id, outbox.c.bot_id, outbox.c.subscription_id, outbox.c.document_id)
        statement = (
            select(*columns, outbox.c.passage_id)
            .join(documents, documents.c.id == outbox.c.document_id)
            .where(
                outbox.c.kind == Kind.NEWS.value,
                outbox.c.state == State.PENDING.value,
                outbox.c.subscription_id.is_not(None),
                and_(visible(documents, base), not_(visible(documents, generation))),
            )
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        now = await self._store.versions(generation, sorted({row.document_id for row in rows}))
        there = {passage.id for document in now.values() for passage in document.passages}
        return tuple(
            Stale(row.id, (row.bot_id, row.subscription_id), row.document_id)
            for row in rows
            if row.passage_id not in there
        )

    async def _new(self, base: int | None, finds: Finds, stale: Sequence[Stale]) -> list[tuple[Key, Found]]:
        """The finds without what the base says already, but for what was to be told and is about to go."""
        every = list(finds)
        if base is None:
            return every
        ids = {find.passage.citation.document_id for _, found in every for find in found.best}
        before = {
            document_id: {wording(passage.text) for passage in document.passages}
            for document_id, document in (await self._store.versions(base, sorted(ids))).items()
        }
        renewed = {(each.key, each.document_id) for each in stale}

        def without(key: Key, found: Found) -> Found:
            def known(find: Find) -> bool:
                document_id = find.passage.citation.document_id
                if document_id not in before or (key, document_id) in renewed:
                    return False
                return wording(find.passage.passage.text) in before[document_id]

            return found.without(known)

        return [(key, without(key, found)) for key, found in every]

    async def _earlier(
        self, generation: int, places: Iterable[Place], stale: set[int]
    ) -> dict[Place, list[Earlier]]:
        """What some places were told lately, with the passages that are still there."""
        by_bot: defaultdict[int, set[int]] = defaultdict(set)
        for bot_id, chat_id, _ in places:
            by_bot[bot_id].add(chat_id)

        def read(connection: Connection) -> list[Row[Any]]:
            rows: list[Row[Any]] = []
            for bot_id, chat_ids in by_bot.items():
                wanted = sorted(chat_ids)
                for start in range(0, len(wanted), _AT_ONCE):
                    statement = (
                        select(outbox)
                        .where(
                            outbox.c.bot_id == bot_id,
                            outbox.c.chat_id.in_(wanted[start : start + _AT_ONCE]),
                            outbox.c.state.in_(_TOLD),
                            outbox.c.kind == Kind.NEWS.value,
                            outbox.c.created >= self._now - REMEMBERED,
                        )
                        .order_by(outbox.c.id.desc())
                    )
                    rows += connection.execute(statement).all()
            return rows

        rows = [row for row in await self._database.read(read) if row.id not in stale]
        ids = list(dict.fromkeys(row.document_id for row in rows if row.document_id))[:MOST_COMPARED]
        there = await self._store.versions(generation, ids)
        wanted = {row.passage_id for row in rows}
        passages = await asyncio.to_thread(self._analysed, there.values(), wanted)
        found: defaultdict[Place, list[Earlier]] = defaultdict(list)
        for row in rows:
            told = Earlier(
                row.id,
                State(row.state),
                row.document_id or "",
                passages.get(row.passage_id),
                json.loads(row.payload),
            )
            found[row.bot_id, row.chat_id, row.thread_id].append(told)
        return found

    def _analysed(
        self, every: Iterable[Document], wanted: set[str | None]
    ) -> dict[str | None, IndexedPassage]:
        return {
            passage.id: IndexedPassage(
                passage, citation_of(document), self._analyzer.passage_forms(document, passage)
            )
            for document in every
            for passage in document.passages
            if passage.id in wanted
        }

    def _selected(
        self,
        places: Mapping[Place, Sequence[tuple[Subscription, Found]]],
        chats: Chats,
        earlier: Mapping[Place, Sequence[Earlier]],
        stories: Stories,
    ) -> News:
        notices: defaultdict[int, list[Notice]] = defaultdict(list)
        grown: list[Growth] = []
        for place, wanted in places.items():
            bot_id, chat_id, _ = place
            settings = chats.get((bot_id, chat_id), ChatSettings())
            if settings.paused:
                continue
            zone, told = self.zone_of(settings), earlier.get(place, ())
            selection = Selection(stories, self._now, zone, settings.quiet, told)
            notices[bot_id] += selection.choose(wanted)
            grown += selection.grown
        return News(notices, grown)
