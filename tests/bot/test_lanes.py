"""The lanes: order within a chat, none between chats, and an inbox that knows what is done."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.inbox import Inbox, InboxQueue
from bot.lanes import LANE_DEPTH, MAX_ATTEMPTS, SLOTS, Lanes
from corpus.database import Database
from tests.bot.updates import BOT, build_update

Work = Callable[[], Coroutine[Any, Any, None]]


class Bench:
    """Lanes with a real inbox below them, and notes of what happened."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.queue = InboxQueue(inbox)
        self.began: list[int] = []
        self.ended: list[int] = []
        self.crowded: list[int] = []
        self.given_up: list[int] = []
        self.gate = asyncio.Event()
        self.lanes = Lanes(
            inbox,
            self.queue,
            asks=lambda update: "?" in ((update.message.text if update.message else None) or "?"),
            crowded=self._note(self.crowded),
            given_up=self._note(self.given_up),
        )

    @staticmethod
    def _note(notes: list[int]) -> Callable[[Update], Coroutine[Any, Any, None]]:
        async def note(update: Update) -> None:
            notes.append(update.update_id)

        return note

    async def work(self, update: Update, waits: bool) -> None:
        self.began.append(update.update_id)
        if waits:
            await self.gate.wait()
        self.ended.append(update.update_id)

    async def begin(self, update: Update, *, waits: bool = False) -> asyncio.Task[None]:
        """Receive an update and begin to handle it as the library would."""
        await self.inbox.keep(update)
        work = self.work(update, waits)
        task = asyncio.ensure_future(self.lanes.process_update(update, work))
        await asyncio.sleep(0)
        return task

    async def left(self) -> list[int]:
        return [kept.update_id for kept in await self.inbox.unfinished()]


@pytest.fixture
async def bench(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Bench]:
    path = shutil.copyfile(migrated_file, tmp_path / "wenxun.db")
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    yield Bench(Inbox(database, 7, lambda: datetime(2026, 1, 5, tzinfo=UTC)))
    await database.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for is told by no event
            await asyncio.sleep(0.005)


async def test_what_is_handled_is_done(bench: Bench) -> None:
    await (await bench.begin(build_update(1)))
    assert bench.ended == [1]
    assert await bench.left() == []


async def test_a_chat_is_answered_in_order(bench: Bench) -> None:
    tasks = [await bench.begin(build_update(number), waits=number == 1) for number in (1, 2, 3)]
    await until(lambda: bench.began == [1])
    await asyncio.sleep(0.05)
    assert bench.began == [1]
    bench.gate.set()
    await asyncio.gather(*tasks)
    assert bench.ended == [1, 2, 3]


async def test_a_slow_chat_holds_up_no_other(bench: Bench) -> None:
    slow = await bench.begin(build_update(1, chat_id=1), waits=True)
    await asyncio.wait_for(await bench.begin(build_update(2, chat_id=2)), 5)
    assert bench.ended == [2]
    bench.gate.set()
    await slow


async def test_a_flood_in_one_chat_takes_one_slot(bench: Bench) -> None:
    flood = [await bench.begin(build_update(n, "…", chat_id=1), waits=True) for n in range(2 * SLOTS)]
    await asyncio.wait_for(await bench.begin(build_update(1000, chat_id=2)), 5)
    assert bench.began == [0, 1000]
    bench.gate.set()
    await asyncio.gather(*flood)


async def test_who_asks_too_much_at_once_is_told_once_and_the_rest_is_dropped(bench: Bench) -> None:
    tasks = [await bench.begin(build_update(n, "?"), waits=True) for n in range(LANE_DEPTH + 5)]
    await until(lambda: bench.crowded == [LANE_DEPTH])
    bench.gate.set()
    await asyncio.gather(*tasks)
    assert bench.ended == list(range(LANE_DEPTH))
    assert bench.crowded == [LANE_DEPTH]
    assert await bench.left() == []


async def test_what_is_overheard_does_not_crowd_a_chat(bench: Bench) -> None:
    tasks = [await bench.begin(build_update(n, "…"), waits=True) for n in range(3 * LANE_DEPTH)]
    tasks.append(await bench.begin(build_update(1000, "?")))
    bench.gate.set()
    await asyncio.gather(*tasks)
    assert bench.crowded == []
    assert bench.ended[-1] == 1000


async def test_stopping_begins_nothing_more_and_leaves_it_in_the_inbox(bench: Bench) -> None:
    tasks = [await bench.begin(build_update(number), waits=True) for number in (1, 2, 3)]
    await until(lambda: bench.began == [1])
    bench.lanes.stop()
    bench.gate.set()
    await asyncio.gather(*tasks)
    assert bench.ended == [1]
    assert await bench.left() == [2, 3]


async def test_what_is_cut_off_is_begun_again_at_the_next_start(bench: Bench) -> None:
    task = await bench.begin(build_update(1), waits=True)
    await until(lambda: bench.began == [1])
    bench.lanes.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert await bench.left() == [1]


async def restart(bench: Bench) -> None:
    """Begin everything again as a new process would."""
    bench.queue = InboxQueue(bench.inbox)
    bench.lanes._queue = bench.queue
    await bench.queue.replay(BOT)


async def test_an_update_that_never_ends_is_given_up(bench: Bench) -> None:
    update = build_update(1)
    await bench.inbox.keep(update)
    for attempt in range(1, MAX_ATTEMPTS):
        await restart(bench)
        task = await bench.begin(update, waits=True)
        await until(lambda: len(bench.began) == attempt)  # noqa: B023 - awaited within the turn
        task.cancel()
        await asyncio.wait([task])
    assert bench.given_up == []
    await restart(bench)
    await (await bench.begin(update))
    assert bench.given_up == [1]
    assert len(bench.began) == MAX_ATTEMPTS - 1
    assert await bench.left() == []


async def test_an_update_of_an_earlier_run_is_handled_and_done(bench: Bench) -> None:
    await bench.inbox.keep(build_update(1))
    await restart(bench)
    await (await bench.begin(build_update(1)))
    assert bench.ended == [1]
    assert await bench.left() == []
    assert bench.queue.attempts == {}


async def test_a_busy_database_delays_the_mark_and_nothing_else(tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path}/wenxun.db"
    database = await Database.open(address, patience=0.05)
    other = await Database.open(address)
    bench = Bench(Inbox(database, 7, lambda: datetime(2026, 1, 5, tzinfo=UTC)))
    task = await bench.begin(build_update(1), waits=True)
    await until(lambda: bench.began == [1])
    async with other.transaction():
        bench.gate.set()
        await asyncio.sleep(0.2)
    await asyncio.wait_for(task, 5)
    assert await bench.left() == []
    await other.close()
    await database.close()


def inline(number: int, user: int = 5) -> Update:
    query = {
        "id": str(number),
        "from": {"id": user, "is_bot": False, "first_name": "R"},
        "query": "?",
        "offset": "",
    }
    update = Update.de_json({"update_id": number, "inline_query": query}, BOT)
    assert update is not None
    return update


async def test_of_the_inline_queries_that_wait_only_the_newest_is_handled(bench: Bench) -> None:
    tasks = [await bench.begin(inline(1), waits=True)]
    tasks += [await bench.begin(inline(number)) for number in (2, 3, 4)]
    other = await bench.begin(inline(5, user=6))
    await until(lambda: bench.ended == [5])
    bench.gate.set()
    await asyncio.gather(*tasks, other)
    assert bench.ended == [5, 1, 4]
    assert await bench.left() == []


async def test_inline_queries_do_not_hold_up_the_readers_own_chat(bench: Bench) -> None:
    typed = await bench.begin(inline(1, user=3), waits=True)
    asked = build_update(2)
    assert asked.effective_chat is not None
    typed_by_same = await bench.begin(inline(3, user=asked.effective_chat.id), waits=True)
    await (await bench.begin(asked))
    assert bench.ended == [2]
    bench.gate.set()
    await asyncio.gather(typed, typed_by_same)
