"""The lanes: the updates of one chat one after another, those of different chats side by side.

A chat has one lane. It may be long, but it never takes more than one of the slots that all
chats share, so a flood in one chat holds up no other. An update is marked done in the inbox
when its handling has ended, whichever way; what is cut off before is begun again at the next
start, and given up after `MAX_ATTEMPTS` in all.

Inline queries have lanes of their own. One comes with every few keystrokes, and only the newest
of a reader is still looked at, so those that wait behind it are passed over.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.inbox import Inbox, InboxQueue

SLOTS = 64
LANE_DEPTH = 10
MAX_ATTEMPTS = 3

_UNLIMITED = 1_000_000  # the library's own limit would let one chat take every slot
_MARK_PAUSES = (0.2, 1.0, 5.0, 10.0)

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Lane:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: int = 0
    questions: int = 0
    told: bool = False
    newest: int = -1  # the inline query that came last


class Lanes(BaseUpdateProcessor):
    """Runs the handling of updates, in order within a chat, and keeps the inbox informed.

    Args:
        inbox: where updates are marked done.
        queue: knows which updates are of an earlier run.
        asks: whether an update wants a reply; only those can crowd a lane.
        crowded: called once when a chat asks more than `LANE_DEPTH` at a time; what is over is dropped.
        given_up: called with an update that was begun `MAX_ATTEMPTS` times and never ended.
    """

    def __init__(
        self,
        inbox: Inbox,
        queue: InboxQueue,
        *,
        asks: Callable[[Update], bool],
        crowded: Callable[[Update], Awaitable[None]],
        given_up: Callable[[Update], Awaitable[None]],
    ) -> None:
        super().__init__(max_concurrent_updates=_UNLIMITED)
        self._inbox = inbox
        self._queue = queue
        self._asks = asks
        self._crowded = crowded
        self._given_up = given_up
        self._slots = asyncio.Semaphore(SLOTS)
        self._lanes: dict[object, _Lane] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update when its turn comes; called by the library."""
        work = cast("Coroutine[Any, Any, None]", coroutine)
        try:
            if isinstance(update, Update):
                await self._in_lane(update, work)
            else:
                await work
        finally:
            work.close()  # nothing to one that has run, and no complaint about one that has not

    async def initialize(self) -> None:
        """Take updates (again)."""
        self._stopping = False

    async def shutdown(self) -> None:
        """Release nothing; there is nothing to release."""

    def stop(self) -> None:
        """Begin nothing more. What waits stays in the inbox for the next start."""
        self._stopping = True

    def cancel(self) -> None:
        """Cut off what is still being handled; it is begun again at the next start."""
        for task in self._running:
            task.cancel()

    async def _in_lane(self, update: Update, work: Coroutine[Any, Any, None]) -> None:
        key = _lane_of(update)
        lane = self._lanes.setdefault(key, _Lane())
        asks = self._asks(update)
        if asks and lane.questions >= LANE_DEPTH:
            await self._turn_away(update, lane)
            return
        lane.present += 1
        lane.questions += asks
        lane.newest = max(lane.newest, update.update_id)
        try:
            async with lane.turn, self._slots:
                if self._stopping:
                    return
                if update.inline_query is not None and lane.newest > update.update_id:
                    await self._mark_done(update.update_id)
                else:
                    await self._handle(update, work)
        finally:
            lane.present -= 1
            lane.questions -= asks
            if not lane.present:
                self._lanes.pop(key, None)

    async def _turn_away(self, update: Update, lane: _Lane) -> None:
        if self._stopping:
            return
        if not lane.told:
            lane.told = True
            await self._crowded(update)
        await self._mark_done(update.update_id)

    async def _handle(self, update: Update, work: Coroutine[Any, Any, None]) -> None:
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._running.add(task)
        try:
            attempts = self._queue.attempts.pop(update.update_id, None)
            # The attempt of the run that received it is not counted in the database.
            if attempts is not None and attempts + 1 >= MAX_ATTEMPTS:
                await self._given_up(update)
            else:
                if attempts is not None:
                    await self._inbox.begin_again(update.update_id)
                await work
            await self._mark_done(update.update_id)
        finally:
            self._running.discard(task)

    async def _mark_done(self, update_id: int) -> None:
        for pause in (*_MARK_PAUSES, None):
            try:
                await self._inbox.finish(update_id)
            except DatabaseError as error:
                if pause is None:
                    _LOG.error("An update could not be marked done and may be answered again: %s", error)
                    return
                await asyncio.sleep(pause)
            else:
                return


def _lane_of(update: Update) -> object:
    if update.inline_query is not None:
        return "inline", update.inline_query.from_user.id
    if update.effective_chat is not None:
        return update.effective_chat.id
    if update.effective_user is not None:
        return update.effective_user.id
    return update
