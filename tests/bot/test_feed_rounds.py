"""The rounds of the feeds: what came is loaded, sooner or later, and what keeps failing is told once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.audit import Audit
from bot.keeping.feed_rounds import FeedNotices, FeedRounds
from bot.keeping.reloading import LostPin, Reloading
from bot.locale.catalogue import Catalogues
from bot.outbox import outbox
from corpus.feed_store import FeedStore
from corpus.feeds import FeedFailure, PollReport
from corpus.load_lock import load_lock
from corpus.web_refusals import BUSY
from retrieval.errors import RetrievalError
from tests.bot.load_room import BRIDGE, FISH, LoadRoom
from tests.bot.reader_builders import ALICE, BOB, BOT_ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from corpus.database import Database
    from corpus.feed_store import Feed
    from corpus.load_report import LoadReport
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock


class Brought:
    """Feeds that bring what a test wants: one report at a time, and then nothing."""

    def __init__(self) -> None:
        self.reports: list[PollReport] = []

    async def poll_due(self, now: datetime, most: int = 50) -> PollReport:
        del now, most
        return self.reports.pop(0) if self.reports else PollReport()


class Desk:
    """The rounds with a room in which what they load can be seen."""

    def __init__(self, room: LoadRoom) -> None:
        self.room = room
        self.feeds = Brought()
        self.audit = Audit(room.database, BOT_ID, room.clock)
        self.reloading = Reloading(room.loader, self.audit)
        self.notices = FeedNotices(room.outbox, room.chats, Catalogues.load(), {ALICE, BOB})
        self.rounds = FeedRounds(
            self.feeds,  # type: ignore[arg-type]  # it brings what the real ones would
            self.reloading,
            self.notices.tell,
            clock=room.clock,
        )

    async def served(self) -> int | None:
        return await self.room.store.published()

    async def told(self) -> list[tuple[int, str]]:
        statement = select(outbox.c.chat_id, outbox.c.payload).order_by(outbox.c.id)
        rows = await self.room.database.read(lambda connection: connection.execute(statement).all())
        return [(row.chat_id, row.payload) for row in rows]


@pytest.fixture
async def desk(database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock) -> Desk:
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    room.write("base", FISH)
    await room.load()
    return Desk(room)


async def some_feed(desk: Desk, title: str) -> Feed:
    feed, _ = await FeedStore(desk.room.database).add(f"https://{title}.example/", title, desk.room.clock())
    return feed


async def test_without_news_nothing_is_loaded(desk: Desk) -> None:
    desk.room.write("bridge", BRIDGE)
    before = await desk.served()
    await desk.rounds.round()
    assert await desk.served() == before


async def test_what_came_is_loaded_and_noted(desk: Desk) -> None:
    desk.room.write("bridge", BRIDGE)
    desk.feeds.reports.append(PollReport(1, added=("bridge.json",)))
    await desk.rounds.round()
    (entry,) = await desk.audit.latest(10)
    assert (entry.actor, entry.deed, entry.detail["added"]) == (None, "load", ["bridge.json"])


async def test_what_could_not_be_loaded_is_loaded_in_a_later_round(desk: Desk) -> None:
    desk.room.write("bridge", BRIDGE)
    desk.feeds.reports.append(PollReport(1, added=("bridge.json",)))
    before = await desk.served()
    async with load_lock(desk.room.database):
        await desk.rounds.round()
        await desk.rounds.round()
    assert await desk.served() == before
    await desk.rounds.round()
    after = await desk.served()
    assert after != before
    await desk.rounds.round()
    assert len(await desk.audit.latest(10)) == 1


async def test_every_administrator_is_told_once_what_keeps_failing_and_what_is_gone(desk: Desk) -> None:
    failing, gone = await some_feed(desk, "failing"), await some_feed(desk, "gone")
    report = PollReport(2, failing=(FeedFailure(replace(failing, failures=9), BUSY),), gone=(gone,))
    await desk.notices.tell(report)
    await desk.notices.tell(report)
    told = await desk.told()
    assert sorted(chat for chat, _ in told) == sorted([ALICE, ALICE, BOB, BOB])
    assert "“failing” has failed for a week" in told[0][1]
    assert "Its host asks to come back later." in told[0][1]
    assert "“gone” is gone, its host says" in told[1][1]


async def test_they_are_told_in_their_language(desk: Desk) -> None:
    await desk.room.chats.change(ALICE, language="zh")
    await desk.notices.tell(PollReport(1, gone=(await some_feed(desk, "gone"),)))
    (alice, bob) = sorted(await desk.told(), key=lambda row: row[0] != ALICE)
    assert "https://gone.example/" in alice[1]
    assert "is gone, its host says" in bob[1]


async def test_nobody_is_told_of_what_fails_now_and_then(desk: Desk) -> None:
    feed = await some_feed(desk, "busy")
    await desk.notices.tell(PollReport(1, failures=(FeedFailure(feed, BUSY),)))
    assert await desk.told() == []


async def test_that_feeds_lose_pinned_questions_is_told_once(desk: Desk) -> None:
    reports = []

    async def check(report: LoadReport) -> Sequence[LostPin]:
        reports.append(report.added)
        return (LostPin("大桥多长", "江东大桥通车"),)

    desk.rounds = FeedRounds(
        desk.feeds,  # type: ignore[arg-type]  # as above
        Reloading(desk.room.loader, desk.audit, check),
        desk.notices.tell,
        clock=desk.room.clock,
    )
    for name, item in (("bridge", BRIDGE), ("again", BRIDGE)):
        desk.room.write(name, item)
        desk.feeds.reports.append(PollReport(1, added=(f"{name}.json",)))
        await desk.rounds.round()
    assert reports == [("bridge.json",), ("again.json",)]
    told = await desk.told()
    assert sorted(chat for chat, _ in told) == sorted([ALICE, BOB])
    assert "大桥多长 → 江东大桥通车" in told[0][1]


async def test_that_pins_cannot_be_asked_hides_no_load(desk: Desk) -> None:
    async def check(report: LoadReport) -> Sequence[LostPin]:
        raise RetrievalError(report.added)

    desk.room.write("bridge", BRIDGE)
    reloading = Reloading(desk.room.loader, desk.audit, check)
    report = await reloading.load(ALICE)
    assert (report.added, await reloading.lost(report)) == (("bridge.json",), ())
