"""A digest run: a load that concerns every chat, and the making of everybody's digest.

Run: python -m bench.digests --chats 10000 [--database postgresql+asyncpg://…]

Each chat follows two questions daily. A load brings news about all of them; then every chat's digest is
claimed, composed, kept and noted as sent, with everything but the call to Telegram.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.chats import Chats
from bot.claims import Claims
from bot.delivery import SENDERS, Composed
from bot.fanout import Fanout
from bot.inquiry import Inquiry
from bot.locale.catalogue import Catalogues
from bot.notifications import Composer
from bot.outbox import Outbox
from bot.replies import Replies
from bot.reply import new_key
from bot.schedule import DAILY
from bot.subscription import fingerprint_of, subscriptions
from corpus.database import Database
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from retrieval.analyzer import Analyzer
from retrieval.breadth import Breadth
from retrieval.engines import open_index
from retrieval.indexing import Indexer
from retrieval.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Iterator

BOT_ID = 7
ZONE = ZoneInfo("Asia/Shanghai")
FIRST_CHAT = 1_000
_AT_ONCE = 1_000
_MATTERS = ("大桥通车", "渔市开市", "新药获批", "地铁延长", "球队夺冠", "电站并网", "展馆开放", "铁路提速")


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--data", type=Path, help="a data folder with the unpacked lexicon; kept")
    parser.add_argument("--database", help="a new one is made otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = given.data or Path(folder) / "data"
        url = given.database or f"sqlite+aiosqlite:///{folder}/wenxun.db"
        news = Path(folder) / "news"
        news.mkdir()
        asyncio.run(_measure(given.chats, data, url, news))


async def _measure(chats: int, data: Path, url: str, news: Path) -> None:
    clock = _Clock()
    knowledge = Knowledge.open(data, Analyzer(data / "cache"), data / "no glossary")
    database = await Database.open(url)
    store = CorpusStore(database)
    index = open_index("memory:", knowledge.analyzer.fingerprint)
    fanout = Fanout(database, index, knowledge, zone=ZONE, clock=clock)
    indexer = Indexer(index, knowledge.analyzer, 1, fanout.see)
    loader = Loader(store, indexer, news, ReadOptions(), clock=clock, publication=fanout)
    _write(news, "base", "旧闻", "市图书馆12月1日起延长开放时间。")
    await loader.load()
    seen = await store.published()
    for some in _rows(chats, seen, clock()):
        async with database.transaction() as connection:
            await connection.execute(insert(subscriptions), some)
    began = time.perf_counter()
    await fanout.begin(store, seen, notify=False)
    await fanout.abandon()
    print(f"{2 * chats:,} subscriptions are read in {time.perf_counter() - began:.1f} s")
    for number, matter in enumerate(_MATTERS):
        text = f"临江{matter}，投资{number + 3}亿元，首日{number * 731 + 97}人到场。主持人介绍了经过。"
        _write(news, f"new{number}", f"临江{matter}", text)
    began = time.perf_counter()
    report = await loader.load()
    took = time.perf_counter() - began
    print(f"a load of {len(_MATTERS)} documents makes {report.notified:,} notifications in {took:.1f} s")
    clock.now += timedelta(days=1)
    await _deliver(database, store, clock)
    await indexer.close()
    await database.close()
    knowledge.close()


async def _deliver(database: Database, store: CorpusStore, clock: _Clock) -> None:
    outbox, replies = Outbox(database, BOT_ID, clock), Replies(database, BOT_ID, clock)
    claims = Claims(outbox, "bench")
    composer = Composer(
        store=store,
        chats=Chats(database, BOT_ID),
        replies=replies,
        catalogues=Catalogues.load(),
        zone=ZONE,
        clock=clock,
    )
    numbers = itertools.count(1)

    async def deliver() -> int:
        sent = 0
        while (batch := await claims.claim()) is not None:
            composed = await composer.compose(batch)
            if not isinstance(composed, Composed):
                await claims.nothing(batch)
                continue
            await claims.begin(batch, composed.rows)
            message_id = next(numbers)
            await claims.sent(batch, message_id)
            if composed.key is not None:
                await replies.sent(composed.key, message_id)
            sent += 1
        return sent

    began, worked = time.perf_counter(), time.process_time()
    sent = sum(await asyncio.gather(*(deliver() for _ in range(SENDERS))))
    took, worked = time.perf_counter() - began, time.process_time() - worked
    print(
        f"{sent:,} digests in {took:.1f} s, {SENDERS} at once: {sent / took:.0f} a second, "
        f"{1000 * worked / max(sent, 1):.1f} ms of processor time each"
    )


def _rows(chats: int, seen: int | None, now: datetime) -> Iterator[list[dict[str, Any]]]:
    """The rows of all subscriptions, some at a time."""
    rows: list[dict[str, Any]] = []
    for number in range(chats):
        for place in (number, number + 3):
            inquiry = Inquiry(f"临江{_MATTERS[place % len(_MATTERS)]}", now)
            row = {
                "bot_id": BOT_ID,
                "id": new_key(),
                "chat_id": FIRST_CHAT + number,
                "user_id": FIRST_CHAT + number,
                "locale": "zh",
                "fingerprint": fingerprint_of(inquiry),
                "inquiry": inquiry.to_json(),
                "breadth": Breadth.BROAD.value,
                "cadence": DAILY.cadence.value,
                "minute": DAILY.minute,
                "silent": False,
                "paused": False,
                "created": now,
                "changed": now,
                "seen": seen,
                "delivered": 0,
            }
            rows.append(row)
        if len(rows) >= _AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _write(folder: Path, name: str, title: str, text: str) -> None:
    item = {"title": title, "source": "临江日报", "date": "2026-01-04", "text": text}
    (folder / f"{name}.json").write_text(json.dumps(item, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
