"""Turns at a host: one request at a time, and a pause after each."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

_MOST_HOSTS: Final = 1_000


@dataclass(slots=True)
class _Host:
    """Who is at a host now, and when the next one may come."""

    free: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    next_at: float = 0.0


class Turns:
    """Lets one request at a time go to a host, of all that one process makes.

    Args:
        clock: seconds that only grow.
        sleep: waits so many seconds.
    """

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def at(self, host: str, pause: float) -> AsyncIterator[None]:
        """Wait for one's turn at a host; after it nobody comes for `pause` seconds."""
        self._forget()
        here = self._hosts.setdefault(host, _Host())
        here.waiting += 1
        try:
            async with here.free:
                if (wait := here.next_at - self._clock()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    here.next_at = self._clock() + pause
        finally:
            here.waiting -= 1

    def _forget(self) -> None:
        """Forget hosts whose pause is over, when there are many."""
        if len(self._hosts) < _MOST_HOSTS:
            return
        now = self._clock()
        for name, host in list(self._hosts.items()):
            if not host.waiting and host.next_at <= now:
                del self._hosts[name]
