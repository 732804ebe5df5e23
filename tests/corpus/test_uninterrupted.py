from __future__ import annotations

import asyncio

import pytest

from corpus.uninterrupted import uninterrupted


class Work:
    """Something that takes a moment, and may fail in the end."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.begun = asyncio.Event()
        self.done = False
        self._failure = failure

    async def do(self) -> str:
        self.begun.set()
        await asyncio.sleep(0.01)
        self.done = True
        if self._failure is not None:
            raise self._failure
        return "result"


async def test_work_gives_its_result_or_its_error() -> None:
    assert await uninterrupted(Work().do()) == "result"
    with pytest.raises(ZeroDivisionError):
        await uninterrupted(Work(ZeroDivisionError()).do())


@pytest.mark.parametrize(
    ("failure", "expected"), [(None, asyncio.CancelledError), (ZeroDivisionError(), ZeroDivisionError)]
)
async def test_cancelled_work_is_done_before_the_cancellation_goes_on(
    failure: Exception | None, expected: type[BaseException]
) -> None:
    work = Work(failure)
    task = asyncio.create_task(uninterrupted(work.do()))
    await work.begun.wait()
    task.cancel()
    with pytest.raises(expected):
        await task
    assert work.done


async def test_not_even_a_second_cancellation_stops_it() -> None:
    work = Work()
    task = asyncio.create_task(uninterrupted(work.do()))
    await work.begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.done
