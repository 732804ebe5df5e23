"""However loads and undos follow each other, what is served is what a simple description says it must be."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.database import Database
from corpus.errors import NothingToUndo
from corpus.staging import KEPT
from corpus.store import CorpusStore
from tests.corpus.desk import Desk

CONTENT = st.dictionaries(st.sampled_from("xyz"), st.sampled_from("一二"), min_size=1)
FOLDER = st.dictionaries(st.sampled_from(["a.jsonl", "b.jsonl", "c.jsonl"]), CONTENT)
# A new state of the folder, or how often to undo.
HISTORY = st.lists(FOLDER | st.integers(1, KEPT), min_size=3, max_size=8)

State = dict[str, dict[str, str]]


def served_of(folder: State) -> dict[str, str]:
    served: dict[str, str] = {}
    for origin in sorted(folder):
        for key, text in folder[origin].items():
            served.setdefault(key, text)
    return served


@given(history=HISTORY)
@example(
    history=[
        {"a.jsonl": {"x": "一"}, "b.jsonl": {"x": "一"}},
        {"a.jsonl": {"x": "一", "y": "一"}, "b.jsonl": {"x": "一", "y": "一"}},
        1,
    ]
)
@settings(max_examples=25)
def test_undoing_gives_back_what_was_served_and_loading_alone_takes_none_of_it(
    migrated_file: Path, history: list[State | int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(follow(Path(folder), migrated_file, history))


async def follow(folder: Path, migrated_file: Path, history: list[State | int]) -> None:
    shutil.copy(migrated_file, folder / "wenxun.db")
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/wenxun.db")
    desk = Desk(folder / "news", CorpusStore(database))
    generations: list[dict[str, str]] = []
    try:
        for step in history:
            if isinstance(step, int):
                for _ in range(step):
                    await undo(desk, generations)
                assert (await desk.load(allow_empty=True)).generation is None
                continue
            change(desk, step)
            report = await desk.load(allow_empty=True, include_undone=True)
            if report.generation is not None:
                generations.append(served_of(step))
            assert await desk.served() == served_of(step)
            assert report.withheld == ()
            del generations[:-KEPT]
    finally:
        await database.close()


async def undo(desk: Desk, generations: list[dict[str, str]]) -> None:
    if len(generations) < 2:
        try:
            await desk.loader().undo()
        except NothingToUndo:
            return
        raise AssertionError
    await desk.loader().undo()
    generations.pop()
    assert await desk.served() == generations[-1]
    assert (await desk.load(allow_empty=True)).generation is None
    assert await desk.served() == generations[-1]


def change(desk: Desk, state: State) -> None:
    for path in desk.folder.iterdir():
        path.unlink()
    for origin, content in state.items():
        desk.lines(origin, content)
