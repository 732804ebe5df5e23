"""Whoever asks for the work that is being done shares it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from corpus.errors import LoadInProgress
from corpus.joining import Joining
from corpus.loader import Progress
from tests.corpus.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.joining import Tell
    from corpus.store import CorpusStore


def at(done: int) -> Progress:
    return Progress("reading", done, 9, "files")


class Work:
    """Something that is done when the test says so, and counts how often it was begun and cleaned up."""

    def __init__(self) -> None:
        self.begun = self.cleaned = 0
        self.go = asyncio.Event()
        self.clean = asyncio.Event()
        self.clean.set()
        self.tell: Tell

    async def __call__(self, tell: Tell) -> str:
        self.begun += 1
        self.tell = tell
        try:
            await self.go.wait()
        finally:
            await self.clean.wait()
            self.cleaned += 1
        return "done"


async def soon(*tasks: asyncio.Task[str]) -> None:
    """Let tasks run until they wait."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


def start(joining: Joining[str], work: Work, tell: Tell | None = None) -> asyncio.Task[str]:
    return asyncio.create_task(joining.run("load", work, tell))


async def test_several_get_the_outcome_of_work_that_was_done_once() -> None:
    joining, work = Joining[str](), Work()
    heard: dict[str, list[int]] = {"first": [], "second": []}
    first = start(joining, work, lambda progress: heard["first"].append(progress.done))
    await soon(first)
    work.tell(at(1))
    second = start(joining, work, lambda progress: heard["second"].append(progress.done))
    third = start(joining, work)
    await soon(first, second, third)
    work.tell(at(2))
    work.go.set()
    assert await asyncio.gather(first, second, third) == ["done"] * 3
    assert work.begun == 1
    # Who comes later is told at once how far it is.
    assert heard == {"first": [1, 2], "second": [1, 2]}
    assert await joining.run("load", work) == "done"
    assert work.begun == 2


async def test_work_of_another_kind_is_not_joined() -> None:
    joining, work = Joining[str](), Work()
    first = start(joining, work)
    await soon(first)
    with pytest.raises(LoadInProgress):
        await joining.run("dry run", work)
    work.go.set()
    assert await first == "done"
    assert await joining.run("dry run", work) == "done"


async def test_everybody_gets_the_error() -> None:
    joining, work = Joining[str](), Work()
    tasks = [start(joining, work), start(joining, work)]
    await soon(*tasks)

    async def fail(_tell: Tell) -> str:
        raise ZeroDivisionError

    work.go.set()
    await asyncio.gather(*tasks)
    results = await asyncio.gather(*(joining.run("load", fail) for _ in range(2)), return_exceptions=True)
    assert [type(result) for result in results] == [ZeroDivisionError] * 2


async def test_the_work_goes_on_when_whoever_began_it_goes_away() -> None:
    joining, work = Joining[str](), Work()
    heard: list[int] = []
    first = start(joining, work, lambda progress: heard.append(progress.done))
    second = start(joining, work)
    await soon(first, second)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.tell(at(1))
    assert heard == []
    work.go.set()
    assert await second == "done"


async def test_it_is_cancelled_with_the_last_who_waits_until_it_has_cleaned_up() -> None:
    joining, work = Joining[str](), Work()
    first, second = start(joining, work), start(joining, work)
    await soon(first, second)
    work.clean.clear()
    first.cancel()
    await asyncio.wait([first])
    second.cancel()
    await soon(second)
    second.cancel()  # impatience does not help
    await soon(second)
    work.clean.set()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert work.cleaned == 1


async def test_an_error_on_the_way_out_is_told_to_the_last() -> None:
    joining = Joining[str]()

    async def work(_tell: Tell) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError

    task = asyncio.create_task(joining.run("load", work))
    await soon(task)
    task.cancel()
    with pytest.raises(ZeroDivisionError):
        await task


async def test_a_watcher_that_fails_is_told_no_more_and_fails_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    joining, work = Joining[str](), Work()
    heard: list[int] = []

    def fail(progress: Progress) -> None:
        heard.append(progress.done)
        raise ZeroDivisionError

    first = start(joining, work)
    await soon(first)
    second = start(joining, work, fail)
    await soon(first, second)
    with caplog.at_level(logging.ERROR):
        work.tell(at(1))
        work.tell(at(2))
    assert heard == [1]
    assert len(caplog.records) == 1
    work.go.set()
    assert await asyncio.gather(first, second) == ["done"] * 2


@pytest.fixture
def desk(tmp_path: Path, store: CorpusStore) -> Desk:
    return Desk(tmp_path / "news", store)


async def test_a_second_load_joins_the_one_that_runs(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    loader = desk.loader()
    stages: list[list[str]] = [[], []]
    first, second = await asyncio.gather(
        *(loader.load(lambda progress, told=told: told.append(progress.stage)) for told in stages)
    )
    assert first == second
    assert first.generation == 1
    assert desk.sink.calls["publish"] == 1
    assert set(stages[0]) == set(stages[1]) == {"reading", "indexing", "publishing"}


async def test_a_dry_run_and_a_load_do_not_join_each_other(desk: Desk) -> None:
    desk.write("a.txt", "一。")
    loader = desk.loader()
    results = await asyncio.gather(
        loader.plan(), loader.load(), loader.load(allow_empty=True), return_exceptions=True
    )
    assert [isinstance(result, LoadInProgress) for result in results] == [False, True, True]
    assert await desk.store.published() is None
