"""The audit: what was done stays written down, newest first, until it is too old."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.audit import COMMAND_LINE, KEPT, LONGEST_DETAIL, Audit, Entry, audit
from tests.bot.reader_builders import ALICE, BOB, BOT_ID

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock


@pytest.fixture
def log(database: Database, clock: Clock) -> Audit:
    return Audit(database, BOT_ID, clock)


async def test_what_is_done_is_written_down(log: Audit, clock: Clock) -> None:
    began = clock.now
    first = await log.note(ALICE, "add", {"origin": "新闻/a.txt", "documents": 1})
    clock.now += timedelta(minutes=1)
    second = await log.note(None, "load", {})
    assert await log.latest(10) == (
        Entry(second, clock.now, None, "load", {}, None),
        Entry(first, began, ALICE, "add", {"origin": "新闻/a.txt", "documents": 1}, None),
    )


async def test_older_entries_are_on_later_pages(log: Audit) -> None:
    numbers = [await log.note(ALICE, "add", {"n": n}) for n in range(5)]
    page = await log.latest(2)
    assert [entry.detail["n"] for entry in page] == [4, 3]
    assert [entry.id for entry in await log.latest(9, before=page[-1].id)] == numbers[2::-1]


async def test_what_was_undone_says_so_once(log: Audit, clock: Clock) -> None:
    first = await log.note(ALICE, "load", {"generation": 1})
    second = await log.note(ALICE, "load", {"generation": 2})
    await log.note(ALICE, "add", {})
    last = await log.last("load")
    assert last is not None
    assert last.id == second
    clock.now += timedelta(minutes=5)
    assert await log.note_undone(second)
    assert not await log.note_undone(second)
    assert not await log.note_undone(10_000)
    assert [entry.undone for entry in await log.latest(3)] == [None, clock.now, None]
    last = await log.last("load")
    assert last is not None
    assert last.id == first
    assert await log.last("remove") is None


async def test_each_bot_sees_its_own_and_the_command_line(
    log: Audit, database: Database, clock: Clock
) -> None:
    other, line = Audit(database, BOT_ID + 1, clock), Audit(database, COMMAND_LINE, clock)
    mine = await log.note(ALICE, "add", {})
    theirs = await other.note(BOB, "add", {})
    lines = await line.note(None, "load", {})
    assert [entry.id for entry in await log.latest(9)] == [lines, mine]
    assert [entry.id for entry in await other.latest(9)] == [lines, theirs]
    assert [entry.id for entry in await line.latest(9)] == [lines, theirs, mine]
    assert not await log.note_undone(theirs)
    assert await log.note_undone(lines)
    assert await line.note_undone(theirs)


async def test_what_is_too_old_goes(log: Audit, clock: Clock) -> None:
    await log.note(ALICE, "add", {})
    clock.now += KEPT
    kept = await log.note(ALICE, "add", {})
    assert await log.purge() == 0
    clock.now += timedelta(seconds=1)
    assert await log.purge() == 1
    assert [entry.id for entry in await log.latest(9)] == [kept]


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"origins": ["新" * 9] * 5}, {"origins": ["新" * 9] * 5}),
        ({"origins": ["x" * 900] * 100, "n": 1}, {"origins": [*["x" * 900] * 3, "… 97 more"], "n": 1}),
        ({"text": "x" * 9000, "n": 1, "none": None}, {"n": 1, "none": None}),
    ],
)
async def test_a_long_detail_is_shortened(
    log: Audit, database: Database, detail: dict[str, object], expected: dict[str, object]
) -> None:
    await log.note(ALICE, "load", detail)
    (entry,) = await log.latest(1)
    assert entry.detail == expected
    async with database.connection() as connection:
        written = await connection.scalar(select(audit.c.detail))
    assert written == json.dumps(expected, ensure_ascii=False, separators=(",", ":"))
    assert len(written) <= LONGEST_DETAIL
