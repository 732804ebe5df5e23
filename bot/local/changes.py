"""What happens in the chats, told to everybody who watches: the page, and tests that wait."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.local.wire import JsonObject

_MOST_UNREAD: Final = 10_000

Found = TypeVar("Found")


class Changes:
    """A feed of changes. Watchers that read too slowly are dropped and must begin anew."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[JsonObject | None]] = set()
        self._waiters: set[asyncio.Event] = set()

    def tell(self, kind: str, **details: object) -> None:
        """Tell everybody about a change."""
        change: JsonObject = {"kind": kind, **details}
        for watcher in tuple(self._watchers):
            if watcher.qsize() >= _MOST_UNREAD:
                self._watchers.discard(watcher)
                watcher.put_nowait(None)
            else:
                watcher.put_nowait(change)
        self.wake()

    def wake(self) -> None:
        """Let those who wait look again."""
        for waiter in self._waiters:
            waiter.set()

    def close(self) -> None:
        """Tell every watcher that there will be no more."""
        for watcher in self._watchers:
            watcher.put_nowait(None)

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[JsonObject | None]]:
        """A queue of the changes from now on; None is the last one."""
        queue: asyncio.Queue[JsonObject | None] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    async def until(self, look: Callable[[], Found | None], timeout: float) -> Found:  # noqa: ASYNC109 - said in the error
        """Wait until `look` finds something, looking again after every change.

        Raises:
            TimeoutError: it found nothing in `timeout` seconds.
        """
        changed = asyncio.Event()
        self._waiters.add(changed)
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    changed.clear()
                    await changed.wait()
                return found
        finally:
            self._waiters.discard(changed)
