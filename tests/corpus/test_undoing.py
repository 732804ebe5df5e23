"""Going back to the load before, and staying there until the folder changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from corpus.errors import CorpusError, LoadInProgress, NothingToUndo
from corpus.load_lock import load_lock
from corpus.load_report import Progress, UndoReport
from corpus.staging import KEPT
from corpus.tables import LoadState, loads
from corpus.undoing import Undoing
from corpus.withheld import withheld_files
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from corpus.store import CorpusStore


@pytest.fixture
def desk(tmp_path: Path, store: CorpusStore) -> Desk:
    return Desk(tmp_path / "news", store)


OLD = {"a.txt": "一。", "b.txt": "二。", "c.txt": "三。"}
NEW = {"a.txt": "一，改。", "b.txt": "二。", "d.txt": "四。"}


async def change(desk: Desk) -> None:
    """Load OLD, and then NEW: a file changed, one removed, one added."""
    for origin, text in OLD.items():
        desk.write(origin, text)
    await desk.load()
    desk.write("a.txt", NEW["a.txt"])
    desk.remove("c.txt")
    desk.write("d.txt", NEW["d.txt"])
    await desk.load()
    assert await desk.served() == NEW


async def test_what_was_served_before_the_last_load_is_served_again(desk: Desk) -> None:
    await change(desk)
    planned = await desk.loader().plan_undo()
    assert await desk.served() == NEW
    report = await desk.loader().undo()
    assert await desk.served() == OLD
    assert report == UndoReport(
        generation=1,
        undone=2,
        loaded=report.loaded,
        withdrawn=("d.txt",),
        reverted=("a.txt",),
        restored=("c.txt",),
        documents_withdrawn=1,
        documents_reverted=1,
        documents_restored=1,
        titles=("d.txt", "a.txt"),
        documents=3,
        passages=3,
        seconds=report.seconds,
    )
    assert report.loaded is not None
    assert report.seconds > 0 == planned.seconds
    assert {**_told(planned), "seconds": report.seconds} == _told(report)


def _told(report: UndoReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in UndoReport.__slots__}


async def test_an_undone_load_does_not_come_back_by_itself(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    for _ in range(2):
        report = await desk.load()
        assert (report.generation, report.unchanged) == (None, 1)
        assert report.withheld == ("a.txt", "c.txt", "d.txt")
        assert report.added == report.changed == report.removed == report.rejected == ()
        assert await desk.served() == OLD
    # A touched file has not changed.
    desk.write("a.txt", NEW["a.txt"])
    desk.write("d.txt", NEW["d.txt"])
    assert (await desk.load()).withheld == ("a.txt", "c.txt", "d.txt")
    assert await desk.served() == OLD


async def test_a_file_that_changes_again_is_taken_and_the_others_are_still_held_back(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    desk.write("a.txt", "一，再改。")
    report = await desk.load()
    assert (report.changed, report.withheld) == (("a.txt",), ("c.txt", "d.txt"))
    assert await desk.served() == {**OLD, "a.txt": "一，再改。"}
    # It is free for good: back in the state that was undone, it is taken like any other.
    desk.write("a.txt", NEW["a.txt"])
    report = await desk.load()
    assert (report.changed, report.withheld) == (("a.txt",), ("c.txt", "d.txt"))
    assert await desk.served() == {**OLD, "a.txt": NEW["a.txt"]}
    assert list(await withheld_files(desk.store.database)) == ["c.txt", "d.txt"]


async def test_a_file_that_is_there_again_was_not_removed(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    desk.write("c.txt", OLD["c.txt"])
    report = await desk.load()
    assert (report.unchanged, report.withheld) == (2, ("a.txt", "d.txt"))
    assert await desk.served() == OLD
    desk.remove("c.txt")
    assert (await desk.load()).removed == ("c.txt",)


async def test_a_file_that_was_held_back_and_goes_is_forgotten(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    desk.remove("d.txt")
    desk.remove("a.txt")
    report = await desk.load()
    assert (report.removed, report.withheld) == (("a.txt",), ("c.txt",))
    assert await desk.served() == {"b.txt": "二。", "c.txt": "三。"}
    desk.write("d.txt", NEW["d.txt"])
    assert (await desk.load()).added == ("d.txt",)


async def test_whoever_may_can_have_all_of_it_back(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    report = await desk.load(include_undone=True)
    assert (report.added, report.changed, report.removed) == (("d.txt",), ("a.txt",), ("c.txt",))
    assert report.withheld == ()
    assert await desk.served() == NEW
    assert await withheld_files(desk.store.database) == {}
    assert (await desk.load()).generation is None


async def test_including_what_was_undone_forgets_it_where_nothing_differs(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    for origin, text in OLD.items():
        desk.write(origin, text)
    desk.remove("d.txt")
    report = await desk.load(include_undone=True)
    assert (report.generation, report.unchanged, report.withheld) == (None, 3, ())
    assert await withheld_files(desk.store.database) == {}


async def test_three_loads_can_be_undone_and_no_more(desk: Desk) -> None:
    states = []
    for number in range(KEPT + 2):
        desk.write("a.txt", f"一，{number}。")
        desk.write(f"{number}.txt", f"{number}。")
        await desk.load()
        states.append(await desk.served())
    assert KEPT == 4
    for earlier in (-2, -3, -4):
        await desk.loader().undo()
        assert await desk.served() == states[earlier]
    with pytest.raises(NothingToUndo):
        await desk.loader().undo()
    assert await desk.served() == states[-4]
    # The folder holds what the last load read, and none of it comes back.
    report = await desk.load()
    assert report.generation is None
    assert report.withheld == ("3.txt", "4.txt", "5.txt", "a.txt")
    await desk.load(include_undone=True)
    assert await desk.served() == states[-1]
    # Undone generations count no more among those that can be gone back to.
    await desk.loader().undo()
    assert await desk.served() == states[-4]


async def test_what_is_loaded_after_an_undo_can_be_undone_too(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    desk.write("a.txt", "一，再改。")
    assert (await desk.load()).generation == 3
    report = await desk.loader().undo()
    assert (report.generation, report.undone, report.reverted) == (1, 3, ("a.txt",))
    assert (await desk.load()).withheld == ("a.txt", "c.txt", "d.txt")
    assert await desk.served() == OLD
    # What the first undo held back of it is not what the folder holds now.
    desk.write("a.txt", NEW["a.txt"])
    assert (await desk.load()).changed == ("a.txt",)


async def test_nothing_can_be_undone_before_a_second_load(desk: Desk) -> None:
    with pytest.raises(NothingToUndo, match="no earlier load"):
        await desk.loader().undo()
    desk.write("a.txt", "一。")
    await desk.load()
    for attempt in (desk.loader().undo, desk.loader().plan_undo):
        with pytest.raises(NothingToUndo, match="no earlier load"):
            await attempt()
    assert await desk.served() == {"a.txt": "一。"}


async def test_a_changed_file_that_is_refused_may_yet_change_back(desk: Desk) -> None:
    desk.lines("a.jsonl", {"x": "一。"})
    await desk.load()
    desk.lines("a.jsonl", {"x": "一，改。"})
    await desk.load()
    await desk.loader().undo()
    desk.write("a.jsonl", "{nonsense")
    report = await desk.load()
    assert [rejection.origin for rejection in report.rejected] == ["a.jsonl"]
    desk.lines("a.jsonl", {"x": "一，改。"})
    assert (await desk.load()).withheld == ("a.jsonl",)
    assert await desk.served() == {"x": "一。"}


async def test_a_file_that_the_undone_load_refused_is_refused_again(desk: Desk) -> None:
    desk.lines("a.jsonl", {"x": "一。"})
    await desk.load()
    desk.write("a.jsonl", "{nonsense")
    desk.write("b.txt", "二。")
    await desk.load()
    await desk.loader().undo()
    report = await desk.load()
    assert [rejection.origin for rejection in report.rejected] == ["a.jsonl"]
    assert report.withheld == ("b.txt",)


async def test_a_document_that_another_file_had_taken_is_given_back(desk: Desk) -> None:
    desk.lines("b.jsonl", {"x": "一。", "y": "二。"})
    await desk.load()
    desk.lines("a.jsonl", {"x": "一，改。"})
    await desk.load()
    assert await desk.served() == {"x": "一，改。", "y": "二。"}
    report = await desk.loader().undo()
    assert (report.withdrawn, report.reverted) == (("a.jsonl",), ("b.jsonl",))
    for _ in range(2):
        assert await desk.served() == {"x": "一。", "y": "二。"}
        # Nothing is wrong with the other file, so it is read as ever.
        assert (await desk.load()).withheld == ("a.jsonl",)


async def test_a_file_whose_change_changed_no_document_is_not_held_back(desk: Desk) -> None:
    desk.lines("a.jsonl", {"x": "一。", "y": "二。"})
    desk.write("b.txt", "三。")
    await desk.load()
    desk.lines("a.jsonl", {"y": "二。", "x": "一。"})
    desk.write("b.txt", "三，改。")
    await desk.load()
    assert (await desk.loader().undo()).reverted == ("b.txt",)
    report = await desk.load()
    assert (report.unchanged, report.withheld) == (1, ("b.txt",))


@pytest.mark.parametrize("step", ["begin", "add", "remove", "complete", "publish"])
async def test_an_undo_that_fails_leaves_everything_as_it_was(desk: Desk, step: str) -> None:
    await change(desk)

    def fail(name: str) -> None:
        if name == step:
            raise ZeroDivisionError

    desk.sink._at = fail
    with pytest.raises(ZeroDivisionError):
        await desk.loader().undo()
    desk.sink._at = lambda _: None
    assert await desk.served() == NEW
    assert await withheld_files(desk.store.database) == {}
    async with desk.store.database.connection() as connection:
        assert set(await connection.scalars(select(loads.c.state))) == {LoadState.PUBLISHED}
    assert (await desk.load()).withheld == ()
    await desk.loader().undo()
    assert await desk.served() == OLD


async def test_a_load_that_cannot_be_published_holds_back_what_was_held_back(desk: Desk) -> None:
    await change(desk)
    await desk.loader().undo()
    held = await withheld_files(desk.store.database)
    desk.write("a.txt", "一，再改。")

    def fail(name: str) -> None:
        if name == "publish":
            raise ZeroDivisionError

    desk.sink._at = fail
    with pytest.raises(ZeroDivisionError):
        await desk.load()
    desk.sink._at = lambda _: None
    assert await withheld_files(desk.store.database) == held
    assert await desk.served() == OLD


@pytest.mark.parametrize(("stage", "left"), [("indexing", NEW), ("publishing", OLD)])
async def test_a_cancelled_undo_is_done_whole_or_not_at_all(
    desk: Desk, stage: str, left: dict[str, str]
) -> None:
    await change(desk)

    def cancel(step: Progress) -> None:
        if step.stage == stage and step.done == 0:
            task.cancel()

    task = asyncio.create_task(desk.loader().undo(cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await desk.served() == left


async def test_a_load_and_an_undo_exclude_each_other(desk: Desk) -> None:
    await change(desk)
    async with load_lock(desk.store.database):
        with pytest.raises(LoadInProgress):
            await desk.loader().undo()
    assert await desk.served() == NEW


async def test_two_who_undo_at_once_undo_one_load(desk: Desk) -> None:
    await change(desk)
    desk.write("a.txt", "一，再改。")
    await desk.load()
    loader = desk.loader()
    first, second = await asyncio.gather(loader.undo(), loader.undo())
    assert first == second
    assert await desk.served() == NEW


class Notes:
    """A publication that writes nothing, and notes what it is asked."""

    notified = 3

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def begin(self, store: CorpusStore, base: int | None, *, notify: bool) -> None:
        del store
        self.asked.append(("begin", base, notify))

    async def prepare(self, store: CorpusStore, base: int | None, generation: int) -> Notes:
        del store
        self.asked.append(("prepare", base, generation))
        return self

    def write(self, connection: Connection) -> None:
        state = connection.scalar(select(loads.c.state).order_by(loads.c.generation.desc()).limit(1))
        self.asked.append(("write", state))

    def withdraw(self, connection: Connection) -> None:
        state = connection.scalar(select(loads.c.state).order_by(loads.c.generation.desc()).limit(1))
        self.asked.append(("withdraw", state))

    async def settled(self, store: CorpusStore) -> None:
        self.asked.append(("settled", await store.published()))

    async def abandon(self) -> None:
        self.asked.append("abandon")


async def test_what_is_written_with_a_generation_is_written_with_going_back(desk: Desk) -> None:
    await change(desk)
    notes = Notes()
    undoing = Undoing(desk.store, desk.sink, clock=desk.clock, publication=notes)

    def fail(name: str) -> None:
        if name == "publish":
            raise ZeroDivisionError

    desk.sink._at = fail
    with pytest.raises(ZeroDivisionError):
        await undoing.undo(lambda _: None)
    desk.sink._at = lambda _: None
    asked = [("begin", 2, False), ("prepare", 2, 1), ("write", "withdrawn")]
    assert notes.asked == [*asked, ("withdraw", "published"), "abandon"]
    notes.asked.clear()
    report = await undoing.undo(lambda _: None)
    assert notes.asked == [*asked, ("settled", 1)]
    assert report.notified == 3


async def test_what_the_undone_generation_was_is_told_until_the_next_load(desk: Desk) -> None:
    # An index that another process had brought to it comes back without being built anew.
    await change(desk)
    await desk.loader().undo()
    assert await desk.store.keeps(2)
    assert await desk.store.retired_between(2, 1) == ("d.txt",)
    await desk.load()
    with pytest.raises(CorpusError):
        await desk.store.retired_between(2, 1)
