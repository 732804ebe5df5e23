"""Deliver to many chats: does it keep Telegram's limits, and how much can one process do?

`python -m bench.delivery` delivers to 100,000 chats in virtual time, in which hours pass in seconds:
the delivery is the real one, the outbox is in memory, and the judge of what is too fast are the
local Telegram's rules. `python -m bench.delivery --digests 10000` makes one digest for each of
10,000 chats in a real database, with nothing to wait for, and tells the processor time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import selectors
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from telegram.error import RetryAfter

from bot.claims import Claims
from bot.delivery import Composed, Delivery
from bot.dispatch import Dispatch
from bot.local.floods import OVERALL as TELEGRAMS
from bot.local.floods import Floods
from bot.local.refusals import Refusal
from bot.logs import Pseudonyms
from bot.outbox import Batch, Claimed, Kind, Notice, Outbox
from bot.rendering.message import Message
from bot.token_bucket import Rate, TokenBuckets
from corpus.database import Database

if TYPE_CHECKING:
    from collections.abc import Collection

    from telegram import Bot
    from telegram.error import TelegramError

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
GROUP_SHARE, BUSY_SHARE = 0.05, 0.02
BUSY_MESSAGES = 30
UNLIMITED = Rate(1e6, burst=1000)
ROWS_A_DIGEST = 5


class _Selector(selectors.DefaultSelector):
    """Waits by moving the clock."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; the time that nothing is has passed."""
        self.now += timeout or 0
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop in virtual time."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Virtual seconds."""
        return self._virtual.now


class _Memory(Claims):
    """An outbox in memory: so many messages for each chat, all due at once."""

    def __init__(self, messages: dict[int, int]) -> None:  # the claims of a database are not wanted
        self._left = messages
        self._turns = deque(messages)

    async def claim(self, skip: Collection[int] = (), most: int = 1) -> Batch | None:
        """One message for the chat that has waited longest."""
        del most
        for _ in range(len(self._turns)):
            chat = self._turns.popleft()
            if chat not in skip:
                return Batch(str(chat), chat, None, digest=False, rows=(_row(1),))
            self._turns.append(chat)
        return None

    async def begin(self, batch: Batch, ids: Collection[int], key: str | None = None) -> bool:
        """It is there."""
        del batch, ids, key
        return True

    async def sent(self, batch: Batch, message_id: int) -> None:
        """One message less."""
        del message_id
        self._left[batch.chat_id] -= 1
        if self._left[batch.chat_id]:
            self._turns.append(batch.chat_id)
        else:
            del self._left[batch.chat_id]

    async def later(self, batch: Batch, due: datetime | None = None, *, failed: bool = False) -> None:
        """As many as before."""
        del due, failed
        self._turns.append(batch.chat_id)

    async def recover(self, *, own: bool = False) -> int:
        """Nothing is left of an earlier run."""
        del own
        return 0


@dataclass(slots=True)
class _Telegram:
    """Takes messages and judges whether they came too fast; answers after a while."""

    floods: Floods
    chance: random.Random
    sent: list[float] = field(default_factory=list)
    refused: int = 0

    async def send_message(self, chat_id: int, *_: object, **__: object) -> _Telegram:
        """`sendMessage`."""
        await asyncio.sleep(self.chance.uniform(0.02, 0.1))  # the way there is not always as long
        try:
            self.floods.count(chat_id)
        except Refusal as refusal:
            self.refused += 1
            raise RetryAfter(int(refusal.parameters["retry_after"])) from None
        self.sent.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.chance.uniform(0.02, 0.4))
        return self

    @property
    def message_id(self) -> int:
        """The number of a message."""
        return len(self.sent)


class _Parts:
    """What composes, keeps and watches, as quickly as can be."""

    async def compose(self, batch: Batch) -> Composed:
        return Composed(Message("x"), batch.ids)

    async def sent(self, key: str, message_id: int) -> None:
        raise NotImplementedError

    async def moved(self, old: int, new: int, chat_name: str) -> None:
        raise NotImplementedError

    async def refused(self, chat_id: int, chat_name: str, error: TelegramError) -> bool:
        raise NotImplementedError


def _row(number: int) -> Claimed:
    return Claimed(
        id=number,
        kind=Kind.NEWS,
        once="",
        payload={},
        subscription_id=None,
        document_id=None,
        passage_id=None,
        silent=False,
        due=BEGIN,
        created=BEGIN,
        attempts=0,
        again=False,
    )


def _delivery(claims: Claims, telegram: object, buckets: TokenBuckets) -> Delivery:
    parts = _Parts()
    names = Pseudonyms(b"salt")
    bot = cast("Bot", telegram)
    clock = _now
    return Delivery(claims, Dispatch(claims, bot, parts, parts, parts, buckets, names, clock), buckets)


def _now() -> datetime:
    return BEGIN


def _messages(chats: int, chance: random.Random) -> dict[int, int]:
    """One message for most chats, up to three for some, many for a few; the others are groups."""
    messages = {}
    for number in range(1, chats + 1):
        chat = -number if chance.random() < GROUP_SHARE else number
        messages[chat] = BUSY_MESSAGES if chance.random() < BUSY_SHARE else chance.choice([1, 1, 1, 2, 3])
    return messages


async def _simulate(chats: int) -> None:
    chance = random.Random(3)  # noqa: S311 - a workload, not secrets
    loop = asyncio.get_running_loop()
    messages = _messages(chats, chance)
    total, groups = sum(messages.values()), sum(chat < 0 for chat in messages)
    telegram = _Telegram(Floods(lambda: BEGIN + timedelta(seconds=loop.time())), chance)
    stop = asyncio.Event()
    begun = time.process_time()
    running = asyncio.create_task(_delivery(_Memory(messages), telegram, TokenBuckets(loop.time)).run(stop))
    while messages:  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(10)
    stop.set()
    await running
    spent = time.process_time() - begun
    seconds = telegram.sent[-1] - telegram.sent[0]
    a_second = Counter(int(moment) for moment in telegram.sent)
    print(f"{total:,} messages to {chats:,} chats ({groups:,} groups) in {seconds:,.0f} virtual seconds")
    print(f"{len(telegram.sent) / seconds:.2f} a second; at most {_most_in_a_second(telegram.sent)} in any")
    print(f"Telegram allows {TELEGRAMS.count}; it refused {telegram.refused} for being too fast")
    full = sum(count >= 24 for count in a_second.values()) / len(a_second)  # noqa: PLR2004 - of 25
    print(f"{full:.1%} of the seconds had 24 or more; {spent / total * 1000:.2f} ms of CPU time a message")


def _most_in_a_second(moments: list[float]) -> int:
    first, most = 0, 0
    for place, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, place - first + 1)
    return most


class _Instant:
    """Takes everything at once."""

    message_id = 1

    def __init__(self) -> None:
        self.count = 0

    async def send_message(self, *_: object, **__: object) -> _Instant:
        """`sendMessage`."""
        self.count += 1
        return self


async def _digests(chats: int, folder: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'bench.db'}")
    box = Outbox(database, 1, _now)
    first = Notice(0, None, Kind.NEWS, "", {"text": "x"}, BEGIN, digest=True)
    notices = [
        replace(first, chat_id=chat, once=f"news:{number}")
        for chat in range(1, chats + 1)
        for number in range(ROWS_A_DIGEST)
    ]
    begun = time.perf_counter()
    await box.add(notices)
    print(f"{len(notices):,} rows added in {time.perf_counter() - begun:.1f} s")
    telegram, stop = _Instant(), asyncio.Event()
    loop = asyncio.get_running_loop()
    buckets = TokenBuckets(loop.time, UNLIMITED, UNLIMITED, UNLIMITED)
    begun, spent = time.perf_counter(), time.process_time()
    running = asyncio.create_task(_delivery(Claims(box, "bench"), telegram, buckets).run(stop))
    while telegram.count < chats:  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0.05)
    stop.set()
    await running
    begun, spent = time.perf_counter() - begun, time.process_time() - spent
    print(f"{chats:,} digests of {ROWS_A_DIGEST} rows in {begun:.1f} s: {chats / begun:.0f} a second")
    print(f"{spent / chats * 1000:.1f} ms of processor time a digest, without composing and without HTTP")
    await database.close()


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description="How fast notifications are delivered.")
    parser.add_argument("--chats", type=int, default=100_000, help="how many, in virtual time")
    parser.add_argument("--digests", type=int, help="digests to make with a real database instead")
    arguments = parser.parse_args()
    if arguments.digests is not None:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_digests(arguments.digests, Path(folder)))
        return
    with asyncio.Runner(loop_factory=cast("Any", _Loop)) as runner:
        runner.run(_simulate(arguments.chats))


if __name__ == "__main__":
    main()
