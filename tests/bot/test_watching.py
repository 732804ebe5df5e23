"""Watching the folder: every change is loaded, and what goes wrong ends nothing."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.watching import changes_in, keep_loaded
from corpus.errors import CorpusError, LoadInProgress
from corpus.load_report import LoadReport, Rejection
from corpus.store import CorpusStore
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from corpus.database import Database

LONG = 3600.0
SOON = 0.2
PATIENCE = 60.0
REFUSED = (Rejection("a.pdf", "It is encrypted."),)


def found(generation: int | None = None, rejected: tuple[Rejection, ...] = ()) -> LoadReport:
    return LoadReport(generation, (), (), (), 0, rejected, 1, 1, 0.1)


async def kept_loaded(*outcomes: LoadReport | Exception) -> list[LoadReport | Exception]:
    """What is told when the loads end like this, one after the other; at the looks in between."""
    left = list(outcomes)
    told: list[LoadReport | Exception] = []

    async def looks() -> AsyncIterator[None]:
        while left:
            yield

    async def load() -> LoadReport:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    await keep_loaded(load, looks(), told=told.append, failed=told.append, pause=0)
    return told


async def test_only_what_is_new_is_told() -> None:
    first, refused, more = found(1), found(None, REFUSED), found(2, REFUSED)
    assert await kept_loaded(first, found(), refused, refused, more, refused, found()) == [
        first,
        refused,
        more,
        found(),
    ]


async def test_an_error_is_told_once_and_ends_nothing() -> None:
    missing, other, refusal = CorpusError("missing"), CorpusError("other"), CorpusError("missing")
    assert await kept_loaded(missing, refusal, other, found(), found(), missing, found(2)) == [
        missing,
        other,
        found(),
        missing,
        found(2),
    ]


async def test_while_another_load_runs_it_waits() -> None:
    busy = LoadInProgress("busy")
    assert await kept_loaded(busy, busy, found(3)) == [found(3)]


async def test_a_mistake_of_the_program_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await kept_loaded(ZeroDivisionError())


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite is enough here: what is watched is the folder."""
    return f"sqlite+aiosqlite:///{tmp_path}/data/wenxun.db"


@pytest.fixture
def desk(tmp_path: Path, database: Database) -> Desk:
    return Desk(tmp_path / "news", CorpusStore(database))


class Watcher:
    """Loads while it watches, and remembers what it was told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.told: list[object] = []
        self.loads = 0

    async def load(self) -> LoadReport:
        self.loads += 1
        return await self.desk.load()

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 - nothing tells when a load is over
                await asyncio.sleep(0.05)

    async def listens(self) -> None:
        async def loaded() -> bool:
            return self.loads > 0

        await self.until(loaded)

    async def serves(self, *origins: str) -> None:
        async def served() -> bool:
            return {document.origin for document in await self.desk.store.latest(9)} == set(origins)

        await self.until(served)


@asynccontextmanager
async def watching(desk: Desk, *, every: float, ignored: Path | None = None) -> AsyncIterator[Watcher]:
    watcher = Watcher(desk)
    looks = changes_in(desk.folder, ignored=ignored, every=every)
    task = asyncio.create_task(
        keep_loaded(watcher.load, looks, told=watcher.told.append, failed=watcher.told.append)
    )
    try:
        yield watcher
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.wait([task])
        await looks.aclose()


async def test_a_change_is_loaded(desk: Desk) -> None:
    async with watching(desk, every=LONG) as watcher:
        await watcher.listens()
        desk.write("a.txt", "一。")
        await watcher.serves("a.txt")
        desk.write("deep/b.txt", "二。")
        await watcher.serves("a.txt", "deep/b.txt")
        desk.remove("a.txt")
        await watcher.serves("deep/b.txt")


async def test_what_is_never_heard_of_is_found_by_looking(desk: Desk) -> None:
    async with watching(desk, every=SOON) as watcher:
        desk.write("a.txt", "一。")
        await watcher.serves("a.txt")
        before = watcher.loads

        async def looked() -> bool:
            return watcher.loads > before + 2

        await watcher.until(looked)


async def test_a_folder_that_goes_and_comes_again_is_watched_on(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    await desk.load()
    async with watching(desk, every=SOON) as watcher:
        shutil.rmtree(desk.folder)

        async def told() -> bool:
            return any(isinstance(each, CorpusError) for each in watcher.told)

        await watcher.until(told)
        desk.write("b.txt", "二。")
        await watcher.serves("b.txt")
        desk.write("c.txt", "三。")
        await watcher.serves("b.txt", "c.txt")


async def test_what_wenxun_itself_writes_and_what_is_hidden_starts_no_load(desk: Desk) -> None:
    data = desk.folder / "data"
    data.mkdir()
    looks = changes_in(desk.folder, ignored=data, every=LONG)
    await anext(looks)
    heard = asyncio.ensure_future(anext(looks))
    (data / "wenxun.db-wal").write_text("x")
    (desk.folder / ".a.txt.swp").write_text("x")
    (desk.folder / ".hidden").mkdir()
    await asyncio.sleep(1.5)
    assert not heard.done()
    desk.write("a.txt", "一。")
    async with asyncio.timeout(PATIENCE):
        await heard
    await looks.aclose()
