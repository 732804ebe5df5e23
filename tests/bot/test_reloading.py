"""Reloading: one thing at a time, shared by all who ask for the same, noted once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.audit import Audit
from bot.errors import Overtaken
from bot.keeping.reloading import Reloading
from corpus.errors import NothingToUndo
from corpus.loader import Loader
from corpus.reading import ReadOptions
from tests.bot.load_room import BRIDGE, FISH, LoadRoom
from tests.bot.reader_builders import ALICE, BOB, BOT_ID
from tests.e2e.keeping import Held

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.database import Database
    from corpus.load_report import Progress
    from retrieval.knowledge import Knowledge
    from tests.bot.clock import Clock


class Office:
    """Reloading in a room, with loads that wait before they publish until they are let go."""

    def __init__(self, room: LoadRoom) -> None:
        self.room = room
        self.held = Held(room.fanout)
        self.audit = Audit(room.database, BOT_ID, room.clock)
        self.loader = Loader(
            room.store, room.indexer, room.folder, ReadOptions(), clock=room.clock, publication=self.held
        )
        self.reloading = Reloading(self.loader, self.audit)

    async def deeds(self) -> list[tuple[int | None, str]]:
        return [(entry.actor, entry.deed) for entry in reversed(await self.audit.latest(10))]


@pytest.fixture
async def office(database: Database, knowledge: Knowledge, tmp_path: Path, clock: Clock) -> Office:
    room = LoadRoom(database, knowledge, tmp_path / "news", clock)
    room.write("fish", FISH)
    await room.load()
    room.write("bridge", BRIDGE)
    return Office(room)


async def test_who_asks_for_a_load_while_one_runs_joins_it(office: Office) -> None:
    told: list[Progress] = []
    first = asyncio.create_task(office.reloading.load(ALICE))
    await office.held.reached.wait()
    assert office.reloading.loads
    second = asyncio.create_task(office.reloading.load(BOB, told.append, include_undone=True))
    await asyncio.sleep(0)
    office.held.go.set()
    one, other = await asyncio.gather(first, second)
    assert one == other
    assert one.added == ("bridge.json",)
    assert told != []
    assert await office.deeds() == [(ALICE, "load")]
    assert not office.reloading.loads


async def test_a_load_that_must_begin_anew_waits_for_the_one_that_runs(office: Office) -> None:
    first = asyncio.create_task(office.reloading.load(ALICE))
    await office.held.reached.wait()
    office.room.write("late", BRIDGE)
    second = asyncio.create_task(office.reloading.load_anew(None))
    await asyncio.sleep(0)
    office.held.go.set()
    assert (await first).added == ("bridge.json",)
    assert (await second).added == ("late.json",)
    assert await office.deeds() == [(ALICE, "load"), (None, "load")]


async def test_what_is_of_another_kind_waits_for_its_turn(office: Office) -> None:
    load = asyncio.create_task(office.reloading.load(ALICE))
    await office.held.reached.wait()
    plan = asyncio.create_task(office.reloading.plan())
    await asyncio.sleep(0)
    office.held.go.set()
    assert (await load).added == ("bridge.json",)
    assert (await plan).generation is None


async def test_a_load_waits_for_a_dry_run(office: Office) -> None:
    office.held.go.set()
    plan, load = await asyncio.gather(office.reloading.plan(), office.reloading.load(ALICE))
    assert plan.added == load.added == ("bridge.json",)


async def test_a_load_without_changes_is_not_noted(office: Office) -> None:
    office.held.go.set()
    await office.reloading.load(ALICE)
    await office.reloading.load(BOB)
    assert await office.deeds() == [(ALICE, "load")]


async def test_an_undo_is_of_the_load_that_was_shown_and_marks_it(office: Office) -> None:
    office.held.go.set()
    with pytest.raises(NothingToUndo):
        await office.reloading.plan_undo()
    await office.reloading.load(ALICE)
    undone = (await office.reloading.plan_undo()).undone
    with pytest.raises(Overtaken):
        await office.reloading.undo(BOB, undone - 1)
    report = await office.reloading.undo(BOB, undone)
    assert report.withdrawn == ("bridge.json",)
    undo, load = await office.audit.latest(10)
    assert (undo.actor, undo.deed, undo.detail) == (
        BOB,
        "undo",
        {"generation": report.generation, "undone": undone},
    )
    assert load.undone is not None


async def test_what_goes_on_is_cut_off_at_the_end(office: Office) -> None:
    before = await office.room.store.published()

    async def load() -> None:
        await office.reloading.load(ALICE)

    office.reloading.begin((ALICE, 1), load())
    assert office.reloading.follows((ALICE, 1))
    assert not office.reloading.follows((ALICE, 2))
    await office.held.reached.wait()
    await office.reloading.close()
    assert not office.reloading.loads
    assert not office.reloading.follows((ALICE, 1))
    assert await office.room.store.published() == before
    office.held.go.set()
    assert (await office.reloading.load(ALICE)).added == ("bridge.json",)
