"""What is put into the outbox, and how long it stays there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.claims import Claims
from bot.outbox import KEPT, Kind, Outbox, insert, migrate
from tests.bot.notices import DUE, notice, rows, states

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock

BOT = 7


@pytest.fixture
def box(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, BOT, clock)


async def test_everything_about_a_notice_is_kept(box: Outbox, database: Database) -> None:
    whole = notice(
        1,
        thread_id=5,
        kind=Kind.CORRECTION,
        payload={"was": "三十九米", "is": ["四十米"]},
        silent=True,
        digest=True,
        document_id="d",
        passage_id="p",
    )
    assert await box.add([whole]) == 1
    (row,) = await rows(database)
    assert (row.bot_id, row.chat_id, row.thread_id, row.kind) == (BOT, 1, 5, "correction")
    assert (row.subscription_id, row.document_id, row.passage_id) == ("s1", "d", "p")
    assert (row.silent, row.digest, row.due, row.attempts, row.state) == (True, True, DUE, 0, "pending")
    batch = await Claims(box, "me").claim()
    assert batch is not None
    assert batch.rows[0].payload == whole.payload


async def test_a_chat_is_told_the_same_thing_once(box: Outbox, database: Database) -> None:
    first = notice(1)
    assert await box.add([first, notice(1)]) == 2
    again = replace(first, payload={"text": "other words"})
    assert await box.add([again, replace(first, chat_id=2), first]) == 1
    assert [(row.chat_id, "other" in row.payload) for row in await rows(database)] == [
        (1, False),
        (1, False),
        (2, False),
    ]


async def test_many_at_once_and_none(box: Outbox) -> None:
    assert await box.add([]) == 0
    assert await box.add([notice(chat) for chat in range(1, 2501)]) == 2500


async def test_what_is_added_goes_with_the_transaction_it_is_added_in(
    box: Outbox, database: Database, clock: Clock
) -> None:
    class Changed(Exception):
        pass

    async def half_done() -> None:
        async with database.transaction() as connection:
            await connection.run_sync(insert, BOT, [notice(1)], clock())
            raise Changed

    with pytest.raises(Changed):
        await half_done()
    assert await rows(database) == []
    async with database.transaction() as connection:
        assert await connection.run_sync(insert, BOT, [notice(1)], clock()) == 1
    assert await states(database) == ["pending"]
    assert box.bot_id == BOT


async def test_a_group_that_moves_takes_its_rows_along(box: Outbox, database: Database) -> None:
    here, there = notice(-1), notice(-1)
    await box.add([here, there, replace(there, chat_id=-100)])
    claims = Claims(box, "me")
    batch = await claims.claim()
    assert batch is not None
    async with database.transaction() as connection:
        await connection.run_sync(migrate, BOT, -1, -100)
    assert [row.chat_id for row in await rows(database)] == [-100, -100]
    assert len({row.once for row in await rows(database)}) == 2
    await claims.later(batch)
    moved = await claims.claim()
    assert moved is not None
    assert (moved.chat_id, len(moved.rows)) == (-100, 2)


async def test_a_message_tells_of_which_subscriptions_it_is(box: Outbox) -> None:
    await box.add([notice(1, digest=True), notice(1, digest=True, subscription_id="other")])
    claims = Claims(box, "me")
    batch = await claims.claim()
    assert batch is not None
    assert await claims.begin(batch, batch.ids)
    await claims.sent(batch, 40)
    assert await box.of_message(1, 40) == {"s1", "other"}
    assert await box.of_message(1, 41) == frozenset()
    assert await box.of_message(2, 40) == frozenset()


async def test_what_was_settled_long_ago_is_forgotten(box: Outbox, database: Database, clock: Clock) -> None:
    await box.add([notice(1), notice(2), notice(3)])
    claims = Claims(box, "me")
    for _ in range(2):
        batch = await claims.claim()
        assert batch is not None
        assert await claims.begin(batch, batch.ids)
        await claims.sent(batch, 40)
    clock.now += KEPT
    assert await box.purge() == 0
    clock.now += timedelta(seconds=1)
    assert await box.purge() == 2
    assert [row.chat_id for row in await rows(database)] == [3]
