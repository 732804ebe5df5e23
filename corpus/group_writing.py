"""Group writing: what several tasks write at the same moment is committed together.

To commit is the dear part, for the disk must have it. Whoever comes while a group is being
committed is in the next one. Nobody is told that something is written before it is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

T = TypeVar("T")

Work: TypeAlias = "Callable[[Connection], Any]"

# Readers of what other tasks write through transactions of their own wait for no more than this.
MOST_AT_ONCE = 64


@dataclass(slots=True, eq=False)
class _Waiting:
    """What somebody wants written, and what becomes of it."""

    work: Work
    outcome: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class GroupWriter:
    """Writes to a SQLite database in a thread of its own.

    Args:
        engine: of the standard library's driver.
        turn: held by whoever writes; shared with those who write otherwise.
    """

    def __init__(self, engine: Engine, turn: asyncio.Lock) -> None:
        self._engine = engine
        self._turn = turn
        self._thread = ThreadPoolExecutor(1, "database-writer")
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` writes; it is committed when this returns, and rolled back when it raises.

        `work` may be called a second time, when something else in its group failed. A caller
        that is cancelled before its turn writes nothing, and one whose turn it is waits for its end.

        Raises:
            DBAPIError: the database cannot be written, or what `work` raises.
        """
        mine = _Waiting(work)
        self._waiting.append(mine)
        if self._task is None:
            self._task = asyncio.create_task(self._write_all(), name="database-writer")
        cancellation = None
        while not mine.outcome.done():
            try:
                await asyncio.wait([mine.outcome])
            except asyncio.CancelledError as error:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                    raise
                cancellation = error
        # An error of the work's own says more than that nobody waits for it any more.
        result: T = mine.outcome.result()
        if cancellation is not None:
            raise cancellation
        return result

    async def close(self) -> None:
        """Let what is being written end."""
        if self._task is not None:
            await asyncio.wait([self._task])
        await asyncio.to_thread(self._thread.shutdown)

    async def _write_all(self) -> None:
        group: list[_Waiting] = []
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                async with self._turn:
                    group = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
                    works = [each.work for each in group]
                    outcomes = await loop.run_in_executor(self._thread, _written, self._engine, works)
                for each, (result, error) in zip(group, outcomes, strict=True):
                    if error is None:
                        each.outcome.set_result(result)
                    else:
                        each.outcome.set_exception(error)
        except Exception as error:  # noqa: BLE001 - such as that it is closed; whoever waits is told
            for each in (*group, *self._waiting):
                if not each.outcome.done():
                    each.outcome.set_exception(error)
            self._waiting.clear()
        finally:
            self._task = None
            for each in (*group, *self._waiting):  # nobody is left waiting when the loop ends
                each.outcome.cancel()


def _written(engine: Engine, works: Sequence[Work]) -> list[tuple[Any, Exception | None]]:
    """The result of each work, all in one transaction; where one of them fails, each in its own."""
    working = False
    try:
        with engine.connect() as connection:
            connection.execution_options(wenxun_writes=True)
            with connection.begin():
                working = True
                results = [work(connection) for work in works]
                working = False
    except Exception as error:  # noqa: BLE001 - it is handed on to whom it concerns
        if working and len(works) > 1:
            return [outcome for work in works for outcome in _written(engine, [work])]
        return [(None, error)] * len(works)
    return [(result, None) for result in results]
