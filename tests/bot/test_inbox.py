"""The inbox: kept before confirmed, once, until done, and not a day longer than needed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from telegram.error import TelegramError

from bot.inbox import Inbox, InboxError, InboxQueue, updates
from corpus.database import Database
from tests.bot.updates import BOT, build_update

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def inbox(database: Database, clock: Clock) -> Inbox:
    return Inbox(database, 7, clock)


async def rows(database: Database) -> list[tuple[int, str | None, bool]]:
    """Of every row: the update's id, its content, whether it is done."""
    async with database.connection() as connection:
        found = await connection.execute(select(updates).order_by(updates.c.update_id))
    return [(row.update_id, row.payload, row.done is not None) for row in found]


async def test_an_update_is_kept_whole(inbox: Inbox) -> None:
    sent = build_update(11, "😀 授权")
    assert await inbox.keep(sent)
    (kept,) = await inbox.unfinished()
    assert (kept.update_id, kept.attempts) == (11, 0)
    queue = InboxQueue(inbox)
    assert await queue.replay(BOT) == 1
    assert await queue.get() == sent


async def test_a_repeated_delivery_vanishes(inbox: Inbox, database: Database) -> None:
    assert await inbox.keep(build_update(11))
    assert not await inbox.keep(build_update(11))
    await inbox.finish(11)
    assert not await inbox.keep(build_update(11))
    assert len(await rows(database)) == 1


async def test_two_bots_may_use_the_same_numbers(inbox: Inbox, database: Database, clock: Clock) -> None:
    other = Inbox(database, 8, clock)
    assert await inbox.keep(build_update(11))
    assert await other.keep(build_update(11))
    await other.finish(11)
    assert [kept.update_id for kept in await inbox.unfinished()] == [11]
    assert await other.unfinished() == []


async def test_what_is_done_keeps_its_number_and_loses_its_content(inbox: Inbox, database: Database) -> None:
    await inbox.keep(build_update(11, "我的秘密问题"))
    ((_, payload, _),) = await rows(database)
    assert payload is not None
    assert json.loads(payload)["message"]["text"] == "我的秘密问题"
    await inbox.finish(11)
    assert await rows(database) == [(11, None, True)]


async def test_numbers_are_forgotten_when_telegram_cannot_repeat_them(
    inbox: Inbox, database: Database, clock: Clock
) -> None:
    for number in (11, 12):
        await inbox.keep(build_update(number))
    await inbox.finish(11)
    clock.now += timedelta(hours=25)
    await inbox.purge()
    assert [row[0] for row in await rows(database)] == [11, 12]
    clock.now += timedelta(days=30)
    await inbox.purge()
    assert [row[0] for row in await rows(database)] == [12]  # never handled, so never forgotten


async def test_what_another_bot_left_is_not_kept_for_ever(
    inbox: Inbox, database: Database, clock: Clock
) -> None:
    await Inbox(database, 8, clock).keep(build_update(11))
    clock.now += timedelta(days=8)
    await inbox.purge()
    assert await rows(database) == []


async def test_attempts_are_counted(inbox: Inbox) -> None:
    await inbox.keep(build_update(11))
    await inbox.begin_again(11)
    await inbox.begin_again(11)
    assert [kept.attempts for kept in await inbox.unfinished()] == [2]


async def test_replay_queues_what_is_not_done_oldest_first(inbox: Inbox) -> None:
    for number in (13, 11, 12):
        await inbox.keep(build_update(number))
    await inbox.finish(12)
    queue = InboxQueue(inbox)
    assert await queue.replay(BOT) == 2
    assert [queue.get_nowait().update_id, queue.get_nowait().update_id] == [11, 13]  # type: ignore[attr-defined]  # both are updates
    assert queue.attempts == {11: 0, 13: 0}


async def test_an_update_that_cannot_be_read_any_more_is_dropped_with_an_incident(
    inbox: Inbox, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (11, 12):
        await inbox.keep(build_update(number))
    async with database.transaction() as connection:
        spoiled = update(updates).where(updates.c.update_id == 11).values(payload='{"message": 5')
        await connection.execute(spoiled)
    queue = InboxQueue(inbox)
    await queue.replay(BOT)
    assert queue.qsize() == 1
    assert [kept.update_id for kept in await inbox.unfinished()] == [12]
    assert "cannot be read and is dropped" in caplog.text


async def test_replay_goes_through_more_than_one_page(inbox: Inbox) -> None:
    for number in range(205):
        await inbox.keep(build_update(number))
    queue = InboxQueue(inbox)
    assert await queue.replay(BOT) == 205
    assert queue.qsize() == 205


async def test_the_queue_returns_only_when_the_update_is_in_the_database(
    inbox: Inbox, database: Database
) -> None:
    queue = InboxQueue(inbox)
    await queue.put(build_update(11))
    assert [row[0] for row in await rows(database)] == [11]
    assert queue.qsize() == 1


async def test_the_queue_takes_a_repeated_update_once(inbox: Inbox) -> None:
    queue = InboxQueue(inbox)
    await queue.put(build_update(11))
    await queue.put(build_update(11))
    assert queue.qsize() == 1


async def test_the_librarys_own_signals_pass_through(inbox: Inbox, database: Database) -> None:
    queue = InboxQueue(inbox)
    signal = object()
    await queue.put(signal)
    assert await queue.get() is signal
    assert await rows(database) == []


async def test_a_full_memory_holds_up_fetching_and_loses_nothing(inbox: Inbox) -> None:
    queue = InboxQueue(inbox, max_open=2)
    await queue.put(build_update(11))
    await queue.put(build_update(12))
    third = asyncio.ensure_future(queue.put(build_update(13)))
    await asyncio.sleep(0.1)
    assert not third.done()
    await queue.get()
    await asyncio.sleep(0.1)
    assert not third.done()  # taken, but still being handled
    queue.task_done()
    await asyncio.wait_for(third, 5)
    assert queue.qsize() == 2


async def test_an_update_that_cannot_be_kept_is_an_error_of_the_librarys_kind(tmp_path: Path) -> None:
    """Only those make its polling wait and fetch again; any other would end it without a word."""
    path = tmp_path / "wenxun.db"
    database = await Database.open(f"sqlite+aiosqlite:///{path}", patience=0.1)
    queue = InboxQueue(Inbox(database, 7, Clock()))
    other = await Database.open(f"sqlite+aiosqlite:///{path}")
    async with other.transaction():
        with pytest.raises(InboxError) as raised:
            await queue.put(build_update(11))
    assert isinstance(raised.value, TelegramError)
    assert queue.qsize() == 0
    await queue.put(build_update(11))
    assert queue.qsize() == 1
    await other.close()
    await database.close()
