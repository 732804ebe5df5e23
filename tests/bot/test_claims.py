"""Who gets what of the outbox, and what may become of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, update

from bot.backlog import Backlog
from bot.chats import chats
from bot.claims import LEASE, PROGRAM_ENDED, Claims
from bot.inquiry import Inquiry
from bot.outbox import Batch, Kind, Outbox, outbox
from bot.reply import Where
from bot.subscriptions import Subscriptions
from tests.bot.notices import DUE, notice, rows, states

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from corpus.database import Database
    from tests.bot.clock import Clock

BOT = 7


@pytest.fixture
def box(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, BOT, clock)


@pytest.fixture
def claims(box: Outbox) -> Claims:
    return Claims(box, "me")


async def claimed(claims: Claims, **options: int) -> Batch:
    batch = await claims.claim(**options)
    assert batch is not None
    return batch


async def begun(claims: Claims) -> Batch:
    batch = await claimed(claims)
    assert await claims.begin(batch, batch.ids)
    return batch


async def test_who_has_waited_longest_comes_first(box: Outbox, claims: Claims, clock: Clock) -> None:
    minutes = {1: 30, 2: 10, 3: 20, 4: -2}
    await box.add([notice(chat, due=DUE - timedelta(minutes=late)) for chat, late in minutes.items()])
    assert [(await claimed(claims)).chat_id for _ in range(3)] == [1, 3, 2]
    assert await claims.claim() is None
    clock.now += timedelta(minutes=2)
    assert (await claimed(claims)).chat_id == 4


async def test_what_goes_into_one_message_is_claimed_together(box: Outbox, claims: Claims) -> None:
    await box.add(
        [
            notice(1, due=DUE - timedelta(hours=1)),
            notice(1),
            notice(1, digest=True),
            notice(1, digest=True, kind=Kind.NOTICE),
            notice(1, thread_id=5),
            notice(1, kind=Kind.CORRECTION),
            notice(1, due=DUE + timedelta(hours=1)),
        ]
    )
    found = []
    while (batch := await claims.claim()) is not None:
        found.append((batch.thread_id, batch.digest, [str(row.kind) for row in batch.rows]))
        assert await claims.claim() is None, "one chat is told one thing at a time"
        await claims.nothing(batch)
    assert found == [
        (None, False, ["news", "news"]),
        (None, True, ["news", "notice"]),
        (5, False, ["news"]),
        (None, False, ["correction"]),
    ]


async def test_a_chat_that_must_wait_holds_up_no_other(box: Outbox, claims: Claims) -> None:
    await box.add([notice(1, due=DUE - timedelta(minutes=1)), notice(2)])
    assert (await claimed(claims, skip=[1])).chat_id == 2
    assert (await claimed(claims)).chat_id == 1


async def test_no_more_is_claimed_than_asked_for(box: Outbox, claims: Claims) -> None:
    await box.add([notice(1, due=DUE - timedelta(minutes=number)) for number in range(5)])
    batch = await claimed(claims, most=2)
    assert [DUE - row.due for row in batch.rows] == [timedelta(minutes=4), timedelta(minutes=3)]


@pytest.mark.parametrize("column", [{"inactive_since": DUE}, {"paused": True}])
async def test_nothing_is_claimed_for_a_chat_that_is_away_or_paused(
    box: Outbox, claims: Claims, database: Database, column: dict[str, object]
) -> None:
    await box.add([notice(1)])
    row = {"bot_id": BOT, "chat_id": 1, **column}
    await database.write(lambda connection: connection.execute(insert(chats), row))
    assert await claims.claim() is None
    await database.write(
        lambda connection: connection.execute(update(chats).values(inactive_since=None, paused=None))
    )
    assert (await claimed(claims)).chat_id == 1


async def test_what_a_paused_subscription_has_waits_until_it_goes_on(
    box: Outbox, claims: Claims, database: Database
) -> None:
    where = Where(1, None, 1, None, "en")
    followed = Subscriptions(database, BOT, box.clock)
    mine = await followed.add(where, Inquiry("芯片", DUE))
    await followed.change(1, mine.id, paused=True)
    await box.add([notice(1, subscription_id=mine.id), notice(1, subscription_id="other")])
    batch = await claimed(claims)
    assert [row.subscription_id for row in batch.rows] == ["other"]
    await claims.nothing(batch)
    assert await claims.claim() is None
    assert (await Backlog(box).overview()).oldest is None, "nobody is alarmed by a pause"
    await followed.change(1, mine.id, paused=False)
    assert [row.subscription_id for row in (await claimed(claims)).rows] == [mine.id]


async def test_what_is_paused_before_the_call_is_not_begun(
    database: Database, box: Outbox, claims: Claims, clock: Clock
) -> None:
    followed = Subscriptions(database, BOT, clock)
    mine = await followed.add(Where(1, None, 9, None, "en"), Inquiry("公积金", clock.now))
    await box.add([notice(1), notice(1, subscription_id=mine.id)])
    batch = await claimed(claims)
    await followed.change(1, mine.id, paused=True)
    assert not await claims.begin(batch, batch.ids)
    await claims.nothing(batch, batch.ids[:1])
    await claims.later(batch)
    assert await states(database) == ["sent", "pending"]
    await followed.change(1, mine.id, paused=False)
    assert (await begun(claims)).ids == batch.ids[1:]


async def test_other_bots_have_their_own(box: Outbox, database: Database, clock: Clock) -> None:
    await box.add([notice(1)])
    assert await Claims(Outbox(database, 8, clock), "me").claim() is None


async def test_a_claim_holds_for_its_lease_and_no_longer(box: Outbox, claims: Claims, clock: Clock) -> None:
    await box.add([notice(1)])
    other = Claims(box, "other")
    first = await claimed(claims)
    clock.now += LEASE - timedelta(seconds=1)
    assert await other.claim() is None
    clock.now += timedelta(seconds=1)
    second = await claimed(other)
    assert second.ids == first.ids
    assert not await claims.begin(first, first.ids), "it is somebody else's now"
    assert await other.begin(second, second.ids)


async def test_what_has_no_room_is_told_next(box: Outbox, claims: Claims, database: Database) -> None:
    await box.add([notice(1), notice(1), notice(1)])
    batch = await claimed(claims)
    assert await claims.begin(batch, batch.ids[:2])
    assert await states(database) == ["sending", "sending", "pending"]
    assert await claims.claim() is None
    await claims.sent(batch, 40)
    rest = await claimed(claims)
    assert rest.ids == batch.ids[2:]
    assert [(row.state, row.message_id) for row in await rows(database)] == [
        ("sent", 40),
        ("sent", 40),
        ("pending", None),
    ]


async def test_what_is_taken_back_meanwhile_is_not_sent(
    box: Outbox, claims: Claims, database: Database
) -> None:
    await box.add([notice(1), notice(1)])
    batch = await claimed(claims)
    gone = delete(outbox).where(outbox.c.id == batch.ids[0])
    await database.write(lambda connection: connection.execute(gone))
    assert not await claims.begin(batch, batch.ids)
    assert await states(database) == ["pending"]
    await claims.later(batch)
    assert (await claimed(claims)).ids == batch.ids[1:]


async def test_subscriptions_count_what_was_sent(box: Outbox, database: Database, clock: Clock) -> None:
    told: list[tuple[list[str], datetime]] = []

    def note(_: Connection, ids: Iterable[str], moment: datetime) -> None:
        told.append((sorted(ids), moment))

    await box.add([notice(1), notice(1), notice(1, subscription_id=None)])
    claims = Claims(box, "me", delivered=note)
    await claims.sent(await begun(claims), 40)
    assert told == [(["s1", "s1"], clock.now)]
    await box.add([notice(2)])
    await claims.uncertain(await begun(claims), "no answer")
    assert len(told) == 1
    assert await states(database) == ["sent", "sent", "sent", "uncertain"]


async def test_what_surely_has_not_arrived_is_due_again(
    box: Outbox, claims: Claims, database: Database, clock: Clock
) -> None:
    await box.add([notice(1)])
    await claims.later(await begun(claims), DUE + timedelta(seconds=30))
    assert await claims.claim() is None
    clock.now += timedelta(seconds=30)
    again = await begun(claims)
    assert (again.rows[0].attempts, again.rows[0].again) == (1, False)
    await claims.dead(again, "can't parse entities")
    (row,) = await rows(database)
    assert (row.state, row.reason, row.attempts, row.settled) == (
        "dead",
        "can't parse entities",
        2,
        clock.now,
    )


async def test_what_failed_before_it_was_sent_counts_as_an_attempt(box: Outbox, claims: Claims) -> None:
    await box.add([notice(1)])
    await claims.later(await claimed(claims), failed=True)
    assert (await claimed(claims)).rows[0].attempts == 1


async def test_what_was_being_sent_when_the_program_ended_is_uncertain_and_never_sent_blindly(
    box: Outbox, claims: Claims, database: Database, clock: Clock
) -> None:
    await box.add([notice(1), notice(2)])
    await begun(claims)
    await claimed(claims)
    next_run = Claims(box, "me")
    assert await next_run.recover(own=True) == 1
    assert await states(database) == ["uncertain", "pending"]
    assert (await rows(database))[0].reason == PROGRAM_ENDED
    assert (await claimed(next_run)).chat_id == 2, "it was only being composed"
    clock.now += timedelta(days=30)
    assert await next_run.claim() is not None
    assert await next_run.claim() is None


async def test_what_another_program_is_sending_is_left_alone_until_its_lease_ends(
    box: Outbox, claims: Claims, database: Database, clock: Clock
) -> None:
    await box.add([notice(1)])
    batch = await begun(claims)
    other = Claims(box, "other")
    assert await other.recover(own=True) == 0
    clock.now += LEASE
    assert await other.recover() == 1
    assert await states(database) == ["uncertain"]
    await claims.sent(batch, 40)  # it was only slow
    assert await states(database) == ["sent"]


async def test_a_digest_takes_along_what_is_uncertain_of_the_one_before(
    box: Outbox, claims: Claims, database: Database
) -> None:
    await box.add([notice(1, digest=True)])
    await claims.uncertain(await begun(claims), "no answer")
    await box.add([notice(1)])
    await claims.nothing(await claimed(claims))
    assert await claims.claim() is None, "it waits for the next digest"
    await box.add([notice(1, digest=True)])
    batch = await begun(claims)
    assert [row.again for row in batch.rows] == [True, False]
    await claims.sent(batch, 41)
    assert await states(database) == ["sent", "sent", "sent"]
