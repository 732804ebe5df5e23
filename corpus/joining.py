"""Joining: whoever asks for the work that is being done shares it, and what comes of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from corpus.errors import LoadInProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

    from corpus.load_report import Progress

Tell: TypeAlias = "Callable[[Progress], None]"

T = TypeVar("T")

_OTHER = "Another load is running. Wait until it has finished."
_LOG = logging.getLogger(__name__)


class Joining(Generic[T]):
    """One piece of work at a time, in a task of its own; to be used from one event loop.

    The work goes on for as long as anybody waits for it. It is cancelled with the last
    of them, who waits until it has cleaned up.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None
        self._kind: Hashable = None
        self._waiting = 0
        self._first: Tell | None = None
        self._joined: list[Tell] = []
        self._last: Progress | None = None

    async def run(
        self, kind: Hashable, work: Callable[[Tell], Coroutine[Any, Any, T]], tell: Tell | None = None
    ) -> T:
        """Do `work`, or join what is being done if it is of the same kind.

        Args:
            kind: what the work is: equal kinds have the same outcome.
            work: makes it; called with what is to be told how far it is.
            tell: is told that too. What it raises ends the work only for whoever began it.

        Raises:
            LoadInProgress: work of another kind is being done.
        """
        if self._task is None or self._task.done():
            self._kind, self._waiting, self._first, self._joined, self._last = kind, 0, tell, [], None
            self._task = asyncio.create_task(work(self._tell))
        elif self._kind != kind:
            raise LoadInProgress(_OTHER)
        elif tell is not None:
            self._join(tell)
        return await self._outcome(self._task, tell)

    async def _outcome(self, task: asyncio.Task[T], tell: Tell | None) -> T:
        self._waiting += 1
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            if self._waiting > 1:
                self._leave(tell)
                raise
            task.cancel()
            await self._end_of(task)
            if not task.cancelled():
                # An error of the work's own says more than that nobody waits for it any more.
                task.result()
            raise
        finally:
            self._waiting -= 1
        return task.result()

    async def _end_of(self, task: asyncio.Task[T]) -> None:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                continue  # it is ending already

    def _join(self, tell: Tell) -> None:
        if self._last is not None:
            self._told(tell, self._last)
        self._joined.append(tell)

    def _leave(self, tell: Tell | None) -> None:
        if tell is self._first:
            self._first = None
        elif tell in self._joined:
            self._joined.remove(tell)

    def _tell(self, progress: Progress) -> None:
        self._last = progress
        if self._first is not None:
            self._first(progress)
        for tell in tuple(self._joined):
            self._told(tell, progress)

    def _told(self, tell: Tell, progress: Progress) -> None:
        try:
            tell(progress)
        except Exception:  # noqa: BLE001 - it may be anything
            # Somebody else's work must not fail because it was watched.
            _LOG.exception("Telling how far a load is failed")
            self._leave(tell)
