"""A load that is killed leaves the old generation or the new one, whole, and the way free for the next."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from corpus.database import Database
from corpus.errors import LoadInProgress
from corpus.store import CorpusStore
from corpus.tables import LoadState, documents, loads
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.crash

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("loading_child.py")
KILLED = -9

OLD = {"a.txt": "甲。", "b.txt": "乙。", "gone.txt": "丙。"}
NEW = {"a.txt": "甲，改。", "b.txt": "乙。", "c.txt": "丁。"}


class Scene:
    """A database in which OLD is published, and the folder with NEW that is to be loaded over it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    async def child(self, step: str) -> tuple[int | None, str]:
        """Load in a process that is killed at a step: how it ended, and what it said."""
        process = await self.start(step)
        output, _ = await process.communicate()
        return process.returncode, output.decode()

    async def start(self, step: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            str(CHILD),
            self.url,
            str(self.folder),
            step,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
        )

    async def served(self) -> dict[str, str]:
        database = await Database.open(self.url)
        found = await texts(CorpusStore(database))
        await database.close()
        return found

    async def load_again(self) -> None:
        """Whatever was left behind, the next load gives NEW and leaves nothing but the two generations."""
        database = await Database.open(self.url)
        desk = Desk(self.folder, CorpusStore(database))
        await desk.sink.catch_up(desk.store)
        try:
            await desk.load()
        except LoadInProgress:
            await database.close()
            raise
        assert await texts(desk.store) == NEW
        async with database.connection() as connection:
            states = (await connection.execute(select(loads.c.state))).scalars().all()
            rows = (await connection.execute(select(func.count()).select_from(documents))).scalar_one()
        assert LoadState.RUNNING not in states
        assert rows == len(OLD) + 2
        await database.close()


async def texts(store: CorpusStore) -> dict[str, str]:
    return {document.id: document.passages[0].text for document in await store.latest(100)}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> Scene:
    return await set_up(database_url, tmp_path)


@pytest.fixture
async def sqlite_scene(tmp_path: Path) -> Scene:
    return await set_up(f"sqlite+aiosqlite:///{tmp_path}/wenxun.db", tmp_path)


async def set_up(database_url: str, tmp_path: Path) -> Scene:
    database = await Database.open(database_url)
    desk = Desk(tmp_path / "news", CorpusStore(database))
    for origin, text in OLD.items():
        desk.write(origin, text)
    await desk.load()
    assert await texts(desk.store) == OLD
    for origin in OLD.keys() - NEW.keys():
        desk.remove(origin)
    for origin, text in NEW.items():
        if text != OLD.get(origin):
            desk.write(origin, text)
    await database.close()
    return Scene(database_url, desk.folder)


async def test_killed_before_any_of_its_commits_a_load_is_done_whole_or_not_at_all(
    sqlite_scene: Scene, tmp_path: Path
) -> None:
    def copy(name: str) -> Scene:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(tmp_path / "wenxun.db", folder)
        shutil.copytree(sqlite_scene.folder, folder / "news")
        return Scene(f"sqlite+aiosqlite:///{folder}/wenxun.db", folder / "news")

    async def killed_at(commit: int) -> dict[str, str]:
        async with turns:
            copied = copy(str(commit))
            status, _ = await copied.child(f"commit {commit}")
            assert status == KILLED
            found = await copied.served()
            await copied.load_again()
            return found

    status, said = await copy("whole").child("end")
    assert status == 0
    commits = int(said)
    turns = asyncio.Semaphore(2)
    outcomes = await asyncio.gather(*(killed_at(commit) for commit in range(1, commits + 1)))
    assert all(outcome in (OLD, NEW) for outcome in outcomes)
    # The pointer moves in one of the commits: before it everything is old, after it everything new.
    moved = outcomes.index(NEW)
    assert 3 < moved < commits
    assert outcomes == [OLD] * moved + [NEW] * (commits - moved)


@pytest.mark.parametrize(
    ("step", "left"), [("sink begin", OLD), ("sink add", OLD), ("sink remove", OLD), ("sink publish", NEW)]
)
async def test_killed_while_the_index_works_a_load_is_done_whole_or_not_at_all(
    scene: Scene, step: str, left: dict[str, str]
) -> None:
    status, _ = await scene.child(step)
    assert status == KILLED
    assert await scene.served() == left
    await when_free(scene.load_again)


async def test_a_load_in_another_process_is_in_progress_until_that_process_is_killed(scene: Scene) -> None:
    process = await scene.start("hold")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    with pytest.raises(LoadInProgress):
        await scene.load_again()
    assert await scene.served() == OLD
    process.kill()
    await process.wait()
    await when_free(scene.load_again)


async def when_free(load: Callable[[], Awaitable[None]]) -> None:
    """A server needs a moment to notice that who held a lock is dead."""
    for _ in range(50):
        try:
            return await load()
        except LoadInProgress:
            await asyncio.sleep(0.1)
    pytest.fail("the lock is still held")
