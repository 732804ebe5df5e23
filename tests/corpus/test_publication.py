"""Publication: what else is written with a generation commits with it, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from corpus.loader import Loader
from corpus.tables import corpus_state, loads
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from corpus.store import CorpusStore


class Recorder:
    """A publication that notes what it is told, and writes a mark into the table of loads."""

    notified = 3

    def __init__(self, failing: str = "") -> None:
        self.calls: list[Any] = []
        self._failing = failing

    async def begin(self, _store: CorpusStore, base: int | None, *, notify: bool) -> None:
        self._note(("begin", base, notify))

    async def prepare(self, store: CorpusStore, base: int | None, generation: int) -> Recorder:
        there = await store.versions(generation, ["a.txt", "b.txt"])
        self._note(("prepare", base, generation, sorted(there)))
        return self

    def write(self, connection: Connection) -> None:
        published = connection.execute(select(corpus_state.c.published)).scalar_one()
        connection.execute(loads.update().where(loads.c.generation == published).values(documents=99))
        self._note(("write", published))

    def withdraw(self, connection: Connection) -> None:
        self._note(("withdraw", connection.execute(select(corpus_state.c.published)).scalar_one()))

    async def settled(self, store: CorpusStore) -> None:
        self._note(("settled", await store.published()))

    async def abandon(self) -> None:
        self._note(("abandon",))

    def _note(self, call: tuple[Any, ...]) -> None:
        self.calls.append(call)
        if call[0] == self._failing:
            msg = f"{self._failing} fails"
            raise OSError(msg)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite is enough here: the fan-out's own tests write on both databases."""
    return f"sqlite+aiosqlite:///{tmp_path}/wenxun.db"


@pytest.fixture
def desk(tmp_path: Path, store: CorpusStore) -> Desk:
    desk = Desk(tmp_path / "news", store)
    desk.write("a.txt", "题\n\n第一条新闻的正文。")
    return desk


def loader(desk: Desk, recorder: Recorder) -> Loader:
    return Loader(desk.store, desk.sink, desk.folder, desk.options, clock=desk.clock, publication=recorder)


async def marks(store: CorpusStore) -> list[int | None]:
    async with store.database.connection() as connection:
        return list(
            (await connection.execute(select(loads.c.documents).order_by(loads.c.generation))).scalars()
        )


async def test_it_is_asked_before_and_writes_with_the_pointer(desk: Desk) -> None:
    recorder = Recorder()
    report = await loader(desk, recorder).load(notify=True)
    assert recorder.calls == [
        ("begin", None, True),
        ("prepare", None, 1, ["a.txt"]),
        ("write", 1),
        ("settled", 1),
    ]
    assert report.notified == 3
    assert await marks(desk.store) == [99]


async def test_all_is_analysed_before_it_is_asked(desk: Desk) -> None:
    recorder = Recorder("prepare")
    with pytest.raises(OSError, match="prepare fails"):
        await loader(desk, recorder).load()
    assert desk.sink.calls["complete"] == 1
    assert desk.sink.calls["publish"] == 0


async def test_nothing_changed_is_no_matter_of_it(desk: Desk) -> None:
    await desk.load()
    recorder = Recorder()
    assert (await loader(desk, recorder).load()).notified == 0
    assert recorder.calls == []


@pytest.mark.parametrize("failing", ["begin", "prepare", "write"])
async def test_what_it_cannot_do_leaves_everything_as_it_was(desk: Desk, failing: str) -> None:
    await desk.load()
    desk.write("b.txt", "题\n\n第二条新闻的正文。")
    recorder = Recorder(failing)
    with pytest.raises(OSError, match=f"{failing} fails"):
        await loader(desk, recorder).load()
    assert recorder.calls[-1] == ("abandon",)
    assert await desk.served() == {"a.txt": "第一条新闻的正文。"}
    assert await desk.store.published() == 1
    assert 99 not in await marks(desk.store)


async def test_an_index_that_cannot_follow_takes_it_back(desk: Desk) -> None:
    await desk.load()
    desk.write("b.txt", "题\n\n第二条新闻的正文。")
    recorder = Recorder()

    def broken(step: str) -> None:
        if step == "publish":
            msg = "the disk is full"
            raise OSError(msg)

    desk.sink._at = broken
    with pytest.raises(OSError, match="full"):
        await loader(desk, recorder).load()
    assert [call[0] for call in recorder.calls] == ["begin", "prepare", "write", "withdraw", "abandon"]
    assert recorder.calls[-2] == ("withdraw", 1)


async def test_a_document_is_found_as_a_generation_has_it(desk: Desk) -> None:
    await desk.load()
    desk.write("a.txt", "题\n\n第一条新闻改过的正文。")
    await desk.load()
    texts = [
        [passage.text for passage in document.passages]
        for generation in (1, 2)
        for document in (await desk.store.versions(generation, ["a.txt", "missing"])).values()
    ]
    assert texts == [["第一条新闻的正文。"], ["第一条新闻改过的正文。"]]
