"""A corpus folder with everything that a load tells of: a loader, subscriptions, replies and the outbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import select, update

from bot.chats import Chats
from bot.claims import Claims
from bot.delivery import Waiting
from bot.fanout import Fanout
from bot.inquiry import Inquiry
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues
from bot.notifications import Composer
from bot.outbox import Outbox, outbox
from bot.replies import Replies
from bot.reply import Cited, Where
from bot.schedule import Cadence, Schedule
from bot.subscriptions import Subscriptions
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from retrieval.engines import open_index
from retrieval.indexing import Indexer
from tests.bot.reader_builders import ALICE, BOT_ID
from tests.builders import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.delivery import Composed
    from bot.subscription import Subscription
    from bot.subscriptions import Wishes
    from corpus.database import Database
    from corpus.loader import LoadReport
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock

AT_ONCE = Schedule(Cadence.AT_ONCE)
DAILY = Schedule(Cadence.DAILY, 18 * 60)

BRIDGE = {
    "title": "江东大桥通车",
    "source": "江东日报",
    "date": "2026-01-04",
    "text": "江东大桥1月4日正式通车，全长8.6公里，总投资47亿元。大桥设计时速100公里。",
}
FISH = {
    "title": "渔港开市",
    "source": "海港晚报",
    "date": "2026-01-04",
    "text": "海港渔市新年首日成交黄鱼3.2吨，价格比上月上涨一成。",
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that was sent."""

    chat_id: int
    thread_id: int | None
    message_id: int
    composed: Composed

    @property
    def text(self) -> str:
        """What it says, without markup."""
        return parse_html(self.composed.message.html).text

    @property
    def buttons(self) -> dict[str, str]:
        """The data of each button by its label."""
        rows = self.composed.message.keyboard
        return {button.label: button.data or "" for row in rows for button in row}


class LoadRoom:
    """A folder of news that can be loaded, in one database with what readers want."""

    def __init__(self, database: Database, knowledge: Knowledge, folder: Path, clock: Clock) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.database = database
        self.clock = clock
        self.store = CorpusStore(database)
        index = open_index("memory:", knowledge.analyzer.fingerprint)
        self.fanout = Fanout(database, index, knowledge, zone=ZONE, clock=clock)
        self.indexer = Indexer(index, knowledge.analyzer, 1, self.fanout.see)
        self.answerer = knowledge.answerer(index)
        self.loader = Loader(
            self.store, self.indexer, folder, ReadOptions(), clock=clock, publication=self.fanout
        )
        self.chats = Chats(database, BOT_ID)
        self.replies = Replies(database, BOT_ID, clock)
        self.outbox = Outbox(database, BOT_ID, clock)
        self.subscriptions = Subscriptions(database, BOT_ID, clock)
        self.claims = Claims(self.outbox, "test")
        self.composer = Composer(
            store=self.store,
            chats=self.chats,
            replies=self.replies,
            catalogues=Catalogues.load(),
            zone=ZONE,
            clock=clock,
        )
        self._numbers = count(1001)

    def write(self, name: str, item: Mapping[str, str]) -> None:
        """Put a document into the folder, in place of one of the same name."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(item, ensure_ascii=False), encoding="utf-8")

    def remove(self, name: str) -> None:
        """Take a document out of the folder."""
        (self.folder / f"{name}.json").unlink()

    async def load(self, *, notify: bool = False) -> LoadReport:
        """Load the folder."""
        report = await self.loader.load(notify=notify)
        assert not report.rejected
        return report

    async def follow(
        self,
        said: str,
        chat_id: int = ALICE,
        schedule: Schedule = AT_ONCE,
        *,
        thread_id: int | None = None,
        **wishes: Unpack[Wishes],
    ) -> Subscription:
        """Follow a question from what is published now on."""
        return await self.subscriptions.add(
            Where(chat_id, thread_id, chat_id, None, "en"),
            Inquiry(said, self.clock().astimezone(ZONE)),
            **{"schedule": schedule, "seen": await self.store.published(), **wishes},
        )

    async def rows(self) -> list[Any]:
        """The outbox, in the order that the rows were added."""
        statement = select(outbox).order_by(outbox.c.id)
        return list(await self.database.read(lambda connection: connection.execute(statement).all()))

    async def due(self) -> list[datetime]:
        """When each row is due."""
        return [row.due for row in await self.rows()]

    async def note(self, row_id: int, **more: object) -> None:
        """Put more into the payload of a row."""
        mine = outbox.c.id == row_id
        async with self.database.transaction() as connection:
            payload = json.loads(await connection.scalar(select(outbox.c.payload).where(mine)))
            text = json.dumps(payload | more, ensure_ascii=False)
            await connection.execute(update(outbox).where(mine).values(payload=text))

    async def deliver(self) -> list[Delivered]:
        """Send all that is due, as far as Telegram is not needed for it."""
        sent = []
        while (batch := await self.claims.claim()) is not None:
            composed = await self.composer.compose(batch)
            assert not isinstance(composed, Waiting)  # nothing is paused meanwhile
            if composed is None:
                await self.claims.nothing(batch)
                continue
            assert await self.claims.begin(batch, composed.rows, composed.key)
            message_id = next(self._numbers)
            await self.claims.sent(batch, message_id)
            if composed.key is not None:
                await self.replies.sent(composed.key, message_id)
            sent.append(Delivered(batch.chat_id, batch.thread_id, message_id, composed))
        return sent

    async def answer(self, said: str, chat_id: int = ALICE) -> str:
        """Answer a question in a chat, and return the key of the reply."""
        inquiry = Inquiry(said, self.clock().astimezone(ZONE))
        answer = self.answerer.answer(inquiry.question)
        assert answer.excerpts
        cited = [Cited.of(each, place) for place, each in enumerate(answer.excerpts)]
        where = Where(chat_id, None, chat_id, None, "en")
        key = await self.replies.keep(where, inquiry, cited, answer.verdict, answer.confidence)
        await self.replies.sent(key, next(self._numbers))
        return key
