"""A random mixture of everything that can happen to a call leaves every row where docs/delivery.md says."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.chats import chats
from bot.dispatch import TIMED_OUT
from bot.local import LocalTelegram
from bot.local.faults import Fault, Moment
from bot.token_bucket import TokenBuckets
from corpus.database import Database
from tests.bot.notices import notice, rows
from tests.delivering import QUICK, Post, calling, notices, open_chats, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.bot.clock import Clock

NOTICES, CHATS, FIRST_CHAT = 300, 60, 60_001
GROUPS = range(-600, -590)
REFUSED = "can't parse entities"
FAULTS: dict[str, Callable[[LocalTelegram], None]] = {
    "late": lambda telegram: telegram.faults.slow(0.01, "sendMessage"),
    "flood": lambda telegram: telegram.faults.flood(0, "sendMessage"),
    "forbidden": lambda telegram: telegram.faults.forbid(method="sendMessage"),
    "refused": lambda telegram: telegram.faults.refuse(REFUSED, "sendMessage"),
    "gateway": lambda telegram: telegram.faults.bad_gateway("sendMessage"),
    "failed": lambda telegram: telegram.faults.fail(method="sendMessage"),
    "lost": lambda telegram: telegram.faults.order(Fault(Moment.BEFORE, cut=True), "sendMessage"),
    "lost answer": lambda telegram: telegram.faults.order(Fault(Moment.AFTER, cut=True), "sendMessage"),
    "no answer": lambda telegram: telegram.faults.lose_answer("sendMessage"),
}


@pytest.fixture
async def database(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Database]:
    shutil.copyfile(migrated_file, tmp_path / "wenxun.db")
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'wenxun.db'}")
    yield opened
    await opened.close()


async def away(database: Database) -> set[int]:
    """The chats that cannot be written to."""
    statement = select(chats.c.chat_id).where(chats.c.inactive_since.is_not(None))
    return await database.read(lambda connection: set(connection.execute(statement).scalars()))


async def is_settled(database: Database) -> bool:
    """Whether nothing is left that may still be sent."""
    gone = await away(database)
    found = await rows(database)
    return not any(
        row.state == "sending" or (row.state == "pending" and row.chat_id not in gone) for row in found
    )


async def deliver_all(post: Post, database: Database, clock: Clock) -> None:
    """Deliver, half an hour passing now and then, until nothing is left to be sent."""
    stop = asyncio.Event()
    running = asyncio.create_task(post.delivery.run(stop))
    async with asyncio.timeout(90):
        while not await is_settled(database):
            clock.now += timedelta(minutes=30)
            await asyncio.sleep(0.1)
    stop.set()
    await running


def is_where_it_belongs(row: Any, arrived: int, gone: set[int]) -> bool:  # noqa: ANN401 - a row of a table
    match row.state:
        case "sent":
            return arrived == 1 and row.message_id is not None
        case "uncertain":
            return arrived <= 1 and row.reason == TIMED_OUT
        case "dead":
            return arrived == 0 and row.reason == "Can't parse entities"
        case _:
            return row.state == "pending" and arrived == 0 and row.chat_id in gone


async def test_every_row_ends_where_the_documentation_says(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    chance = random.Random(11)  # noqa: S311 - faults, not secrets
    async with LocalTelegram(floods=False) as telegram, calling(telegram.token, telegram.url, 0.3) as bot:
        open_chats(telegram, [*range(FIRST_CHAT, FIRST_CHAT + CHATS), *GROUPS])
        open_chats(telegram, (1000 * group for group in GROUPS))
        for group in GROUPS:
            telegram.world.chats[group].migrated_to = 1000 * group
        buckets = TokenBuckets(asyncio.get_running_loop().time, QUICK, QUICK, QUICK)
        # Half hours pass while calls are under way, so nobody's claim may end by itself.
        post = Post(database, bot, "me", clock=clock, lease=timedelta(days=999), buckets=buckets)
        await post.outbox.add(notices(NOTICES, CHATS, clock.now, first_chat=FIRST_CHAT))
        await post.outbox.add([notice(group, payload={"text": f"g{group}"}) for group in GROUPS])
        for _ in range(NOTICES):
            FAULTS[chance.choice([*FAULTS, *["late"] * 8])](telegram)
        await deliver_all(post, database, clock)
        found, gone, arrived = await rows(database), await away(database), Counter(told(telegram))
        codes = Counter(call.code for call in telegram.calls if call.method == "sendMessage")
    print(dict(Counter(row.state for row in found)), dict(codes))  # noqa: T201 - the figures to report
    assert len(found) == NOTICES + len(GROUPS)
    assert {row.state for row in found} == {"sent", "uncertain", "dead", "pending"}
    for row in found:
        text = row.payload.removeprefix('{"text":"').removesuffix('"}')
        assert is_where_it_belongs(row, arrived[text], gone), (row.state, row.reason, arrived[text])
    assert not {row.chat_id for row in found if row.state == "sent"} & set(GROUPS)
    assert any(row.state == "sent" and row.chat_id < 0 for row in found)
