"""The updates that wait for the bot: kept until they are confirmed, handed out by long polling."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from bot.local.refusals import Refusal, conflict

if TYPE_CHECKING:
    from bot.local.wire import JsonObject

LONGEST_POLL: Final = 50
MOST_AT_ONCE: Final = 100

NOT_BY_DEFAULT: Final = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count", "chosen_inline_result"}
)
"""Kinds that a bot must ask for by name (what was chosen inline, by asking @BotFather)."""

TERMINATED: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates in order, from the first one that is not confirmed."""

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._waiting: deque[JsonObject] = deque()
        self._allowed: frozenset[str] = frozenset()
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None

    @property
    def pending(self) -> tuple[JsonObject, ...]:
        """The updates that are not confirmed yet."""
        return tuple(self._waiting)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The kinds the bot asked for; empty means the usual ones."""
        return tuple(sorted(self._allowed))

    def allow(self, kinds: list[object] | None) -> None:
        """Remember which kinds the bot wants from now on; None leaves it as it was."""
        if kinds is not None:
            self._allowed = frozenset(str(kind) for kind in kinds)

    def put(self, kind: str, content: JsonObject) -> None:
        """Queue an update, if the bot wants this kind."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        self._waiting.append({"update_id": self._next_id, kind: content})
        self._next_id += 1
        self._arrived.set()

    def skip_ids(self, count: int) -> None:
        """Leave a gap in the ids, as Telegram may after a quiet week."""
        self._next_id += count

    def confirm(self, offset: int) -> None:
        """Forget every update below `offset`; a negative one keeps only the last so many."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif offset > 0:
            while self._waiting and self._waiting[0]["update_id"] < offset:
                self._waiting.popleft()

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[JsonObject]:  # noqa: ASYNC109 - the call's own parameter
        """What `getUpdates` answers, waiting up to `timeout` seconds for something to answer with.

        Raises:
            Refusal: another poll came in the meantime; it goes on instead of this one.
        """
        self.interrupt(conflict(TERMINATED))
        self.confirm(offset)
        if not self._waiting and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        count = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        return list(self._waiting)[:count]

    def interrupt(self, refusal: Refusal) -> None:
        """End the poll that is waiting, if there is one, with a refusal."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(refusal)
        self._poller = None

    async def arrival(self) -> None:
        """Wait until at least one update waits."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()

    async def _wait(self, seconds: float) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._poller = mine
        arrival = asyncio.ensure_future(self.arrival())
        try:
            await asyncio.wait({mine, arrival}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                mine.result()
        finally:
            arrival.cancel()
            if self._poller is mine:
                self._poller = None
            mine.cancel()
