"""The delivery: what is due in the outbox goes to Telegram, once, at a pace that Telegram allows.

docs/delivery.md has the states of a row, what each refusal leads to, and the tests that prove it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.incidents import record_incident
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.claims import Claims
    from bot.dispatch import Dispatch
    from bot.outbox import Batch
    from bot.rendering.message import Message
    from bot.token_bucket import TokenBuckets

SENDERS = 32
"""Messages that are being composed or sent at once, each to another chat."""

_IDLE = 1.0  # seconds between two looks into an outbox in which nothing is due
_CHORE_EVERY = 60.0
_FINISH_SECONDS = 8.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, and the rows of the batch that it tells; `key` is the reply that is kept of it."""

    message: Message
    rows: tuple[int, ...]
    key: str | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is to be said now: of `rows` nothing is left to say, and the others of the batch wait."""

    rows: tuple[int, ...]


class Composer(Protocol):
    """Who makes messages of batches."""

    async def compose(self, batch: Batch) -> Composed | Waiting | None:
        """The message for a batch, with as many rows as it has room for; None if nothing is left to say."""


class Delivery:
    """Delivers the outbox of one bot.

    Args:
        claims: what is due.
        dispatch: what sees a batch through.
        buckets: the pace.
        chore: done once a minute, such as raising the alarm.
        senders: how many batches are seen through at once.
    """

    def __init__(
        self,
        claims: Claims,
        dispatch: Dispatch,
        buckets: TokenBuckets,
        *,
        chore: Callable[[], Awaitable[None]] | None = None,
        senders: int = SENDERS,
    ) -> None:
        self._claims = claims
        self._dispatch = dispatch
        self._buckets = buckets
        self._chore = chore
        self._senders = senders
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._pause = _FIRST_PAUSE

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set and what is being sent has been sent."""
        stopped = asyncio.ensure_future(stop.wait())
        chores = asyncio.create_task(self._chores(), name="outbox-chores")
        try:
            rest = await self._recover()
            while not stop.is_set():
                if rest > 0:
                    await _first_of(rest, stopped, *self._busy.values())
                rest = await self._step()
        finally:
            for each in (stopped, chores):
                each.cancel()
            await asyncio.wait([stopped, chores])
            await self._finish()

    async def _recover(self) -> float:
        """Settle what an earlier run of the same name was sending; return for how long to rest then."""
        try:
            count = await self._claims.recover(own=True)
        except CorpusError as error:
            # Nothing can be claimed either; what is left is settled when its lease has ended.
            return self._trouble(error)
        if count:
            _LOG.warning("of %d notifications it is uncertain whether they arrived", count)
        return 0

    async def _step(self) -> float:
        """Begin one batch if one may be begun; return for how many seconds there is nothing to do."""
        if len(self._busy) >= self._senders:
            return _IDLE
        if (wait := self._buckets.wait_overall()) > 0:
            return min(wait, _IDLE)
        waiting = self._buckets.waiting()
        try:
            batch = await self._claims.claim({*waiting, *self._busy})
        except CorpusError as error:
            return self._trouble(error)
        except Exception as error:  # noqa: BLE001 - the delivery goes on when whatever it is has passed
            record_incident(error, "the outbox could not be read")
            return _LONGEST_PAUSE
        self._pause = _FIRST_PAUSE
        if batch is None:
            return min([_IDLE, *waiting.values()])
        task = asyncio.create_task(self._dispatch.see_through(batch), name="outbox-sender")
        self._busy[batch.chat_id] = task
        task.add_done_callback(lambda _: self._busy.pop(batch.chat_id, None))
        return 0

    def _trouble(self, error: CorpusError) -> float:
        """Say that the database cannot be used, and return for how long to rest."""
        _LOG.warning("notifications wait for the database (%s); trying again", error)
        pause, self._pause = self._pause, min(_LONGEST_PAUSE, 2 * self._pause)
        return pause

    async def _chores(self) -> None:
        while True:
            await asyncio.sleep(_CHORE_EVERY)
            try:
                if count := await self._claims.recover():
                    _LOG.warning("of %d notifications it is uncertain whether they arrived", count)
                if self._chore is not None:
                    await self._chore()
            except CorpusError as error:
                _LOG.warning("the outbox could not be looked over (%s)", error)
            except Exception as error:  # noqa: BLE001 - as above
                record_incident(error, "the outbox could not be looked over")

    async def _finish(self) -> None:
        """Let what is being sent end; what takes too long is uncertain, and what has not begun goes back."""
        if not self._busy:
            return
        _, late = await asyncio.wait([*self._busy.values()], timeout=_FINISH_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)


async def _first_of(seconds: float, *awaited: asyncio.Future[Any]) -> None:
    await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
