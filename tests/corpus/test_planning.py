"""A dry run says what the load then does, and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from corpus.errors import CorpusError, CorpusFolderMissing, LoadInProgress
from corpus.load_lock import load_lock
from corpus.tables import LoadState, corpus_state, documents, duplicates, files, loads, passages
from corpus.withheld import withheld, withheld_files
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.load_report import Progress
    from corpus.store import CorpusStore


@pytest.fixture
def desk(tmp_path: Path, store: CorpusStore) -> Desk:
    return Desk(tmp_path / "news", store)


async def everything(desk: Desk) -> dict[str, list[Any]]:
    """All rows of all tables of the corpus."""
    async with desk.store.database.connection() as connection:
        return {
            table.name: sorted(map(repr, await connection.execute(select(table))))
            for table in (loads, corpus_state, documents, passages, files, duplicates, withheld)
        }


async def test_a_dry_run_tells_what_the_load_does_and_changes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    desk.write("b.txt", "二。")
    desk.lines("c.jsonl", {"x": "三。"})
    await desk.load()
    desk.write("a.txt", "一，改。")
    desk.remove("b.txt")
    desk.lines("d.jsonl", {"x": "三。", "y": "四。"})
    desk.write("e.jsonl", "{nonsense")
    before, served = await everything(desk), await desk.served()
    planned = await desk.loader().plan()
    assert await everything(desk) == before
    assert await desk.served() == served
    assert desk.sink.calls["begin"] == 1
    assert (planned.added, planned.changed, planned.removed) == (("d.jsonl",), ("a.txt",), ("b.txt",))
    assert [rejection.origin for rejection in planned.rejected] == ["d.jsonl", "e.jsonl"]
    assert planned.documents == 3
    assert planned.seconds > 0
    done = await desk.load()
    assert replace(done, seconds=0) == replace(planned, seconds=0)


async def test_a_dry_run_of_nothing_new_says_so(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    before = await everything(desk)
    desk.write("a.txt", "一。")
    planned = await desk.loader().plan()
    assert (planned.generation, planned.unchanged, planned.documents) == (None, 1, 1)
    assert await everything(desk) == before


async def test_a_dry_run_before_the_first_load(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    before = await everything(desk)
    planned = await desk.loader().plan()
    assert (planned.generation, planned.added, planned.documents) == (1, ("a.txt",), 1)
    assert await everything(desk) == before
    assert await desk.store.published() is None


async def test_a_dry_run_tells_what_is_held_back_and_what_including_it_does(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.write("a.txt", "一，改。")
    await desk.load()
    await desk.loader().undo()
    assert (await desk.loader().plan()).withheld == ("a.txt",)
    planned = await desk.loader().plan(include_undone=True)
    assert (planned.changed, planned.withheld) == (("a.txt",), ())
    assert list(await withheld_files(desk.store.database)) == ["a.txt"]
    assert (await desk.load()).withheld == ("a.txt",)


async def test_a_dry_run_refuses_what_a_load_refuses(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    before = await everything(desk)
    desk.remove("a.txt")
    with pytest.raises(CorpusError, match="There is no news"):
        await desk.loader().plan()
    assert (await desk.loader().plan(allow_empty=True)).removed == ("a.txt",)
    desk.folder.rmdir()
    with pytest.raises(CorpusFolderMissing):
        await desk.loader().plan()
    async with load_lock(desk.store.database):
        with pytest.raises(LoadInProgress):
            await desk.loader().plan()
    after = await everything(desk)
    # A number that was begun and failed is not given again, as with any load.
    assert {**after, "loads": None} == {**before, "loads": None}


async def test_a_dry_run_that_is_stopped_leaves_nothing_that_is_served(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    desk.write("a.txt", "一，改。")

    def stop(_progress: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await desk.loader().plan(stop)
    async with desk.store.database.connection() as connection:
        states = list(await connection.scalars(select(loads.c.state)))
    assert states == [LoadState.PUBLISHED, LoadState.ABANDONED]
    assert await desk.served() == {"a.txt": "一。"}
    assert (await desk.load()).changed == ("a.txt",)
