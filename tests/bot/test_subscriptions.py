"""The subscriptions: each question once in a chat, changed, told at its time, until it is removed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.chats import Chats, Inactivity
from bot.errors import AlreadySubscribed, TooManySubscriptions, UnreadableInquiry
from bot.outbox import Kind, Notice, Outbox, outbox
from bot.schedule import DAILY, Cadence, Quiet, Schedule
from bot.subscription import Subscription, fingerprint_of, load_subscriptions, subscriptions
from bot.subscriptions import MAX_NAME, Subscriptions
from retrieval.answer import Order
from retrieval.breadth import Breadth
from retrieval.scope import Scope
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    FULL_SCOPE,
    GROUP,
    build_inquiry,
    build_notice,
    build_where,
    only_sqlite,
    recorded,
    rows_in,
    scans,
)

if TYPE_CHECKING:
    from bot.inquiry import Inquiry
    from corpus.database import Database
    from tests.bot.clock import Clock


AT_ONCE, HOURLY = Schedule(Cadence.AT_ONCE), Schedule(Cadence.HOURLY)
WEEKLY = Schedule(Cadence.WEEKLY, 480, 6)


@pytest.fixture
def store(database: Database, clock: Clock) -> Subscriptions:
    return Subscriptions(database, BOT_ID, clock, 5, ZoneInfo("Asia/Shanghai"))


async def test_a_question_is_followed(store: Subscriptions, clock: Clock) -> None:
    inquiry = build_inquiry(scope=FULL_SCOPE)
    follow = await store.add(build_where(GROUP, thread_id=3), inquiry)
    assert follow == Subscription(
        id=follow.id,
        chat_id=GROUP,
        thread_id=3,
        user_id=ALICE,
        locale="zh",
        name=None,
        topic=None,
        inquiry=inquiry,
        breadth=Breadth.BROAD,
        schedule=DAILY,
        silent=False,
        paused=False,
        created=clock.now,
        changed=clock.now,
    )
    assert await store.get(GROUP, follow.id) == follow
    assert await store.of_chat(GROUP) == (follow,)
    assert await store.of(GROUP, inquiry) == follow
    assert await store.count(GROUP) == 1


async def test_each_chat_and_each_bot_has_its_own(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    follow = await store.add(build_where(), build_inquiry())
    other = Subscriptions(database, BOT_ID + 1, clock)
    for elsewhere, chat in ((store, BOB), (other, ALICE)):
        assert await elsewhere.of_chat(chat) == ()
        assert await elsewhere.of(chat, build_inquiry()) is None
        assert await elsewhere.count(chat) == 0
        assert not await elsewhere.remove(chat, follow.id)
    await store.add(build_where(BOB, BOB), build_inquiry())
    assert await rows_in(database, subscriptions) == 2


async def test_the_same_question_is_followed_once(store: Subscriptions, clock: Clock) -> None:
    first = await store.add(build_where(GROUP), build_inquiry())
    clock.now += timedelta(days=1)
    again = await store.add(build_where(GROUP, BOB, thread_id=9), build_inquiry())
    assert (again.id, again.user_id, again.created) == (first.id, ALICE, first.created)
    assert await store.count(GROUP) == 1


async def test_presses_at_once_make_one_follow(store: Subscriptions) -> None:
    found = await asyncio.gather(*(store.add(build_where(), build_inquiry()) for _ in range(5)))
    assert len({follow.id for follow in found}) == 1
    assert await store.count(ALICE) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(build_inquiry(), asked=build_inquiry().asked + timedelta(days=3)),
        replace(build_inquiry(), order=Order.NEWEST),
        replace(build_inquiry(), excerpts=9),
        build_inquiry("  重庆的授权金额是多少？\n"),
    ],
)
def test_when_and_how_it_was_shown_make_no_other_question(other: Inquiry) -> None:
    assert fingerprint_of(other) == fingerprint_of(build_inquiry())


@pytest.mark.parametrize(
    "other",
    [
        build_inquiry("重庆的授权金额"),
        replace(build_inquiry(), context="谁？"),
        build_inquiry(scope=Scope(language="zh")),
        build_inquiry(scope=Scope(sources=("新华社",))),
        build_inquiry(scope=Scope(phrases=("新华社",))),
        build_inquiry(scope=Scope(document_id="doc")),
    ],
)
def test_what_is_asked_makes_another_question(other: Inquiry) -> None:
    assert fingerprint_of(other) != fingerprint_of(build_inquiry())


def test_capitals_and_half_characters_make_no_trouble() -> None:
    assert fingerprint_of(build_inquiry("WHO  is\t\ud83dit")) == fingerprint_of(
        build_inquiry("who is \ud83dit")
    )


async def test_they_are_listed_oldest_first_and_removed(store: Subscriptions, clock: Clock) -> None:
    added = []
    for said in ("c", "a", "b"):
        clock.now += timedelta(seconds=1)
        added.append(await store.add(build_where(), build_inquiry(said)))
    assert await store.of_chat(ALICE) == tuple(added)
    assert await store.remove(ALICE, added[1].id)
    assert not await store.remove(ALICE, added[1].id)
    assert await store.of_chat(ALICE) == (added[0], added[2])
    assert await store.of(ALICE, build_inquiry("a")) is None


async def test_a_chat_cannot_remove_what_another_follows(store: Subscriptions) -> None:
    follow = await store.add(build_where(), build_inquiry())
    assert not await store.remove(GROUP, follow.id)
    assert await store.count(ALICE) == 1


async def test_a_chat_may_follow_so_many_and_no_more(store: Subscriptions) -> None:
    for number in range(5):
        await store.add(build_where(), build_inquiry(str(number)))
    with pytest.raises(TooManySubscriptions) as raised:
        await store.add(build_where(), build_inquiry("one more"))
    assert raised.value.most == 5
    assert await store.count(ALICE) == 5
    await store.add(build_where(), build_inquiry("3"))  # it follows that already
    await store.add(build_where(GROUP), build_inquiry("one more"))


async def test_one_that_a_newer_version_wrote_is_passed_over(
    store: Subscriptions, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    spoiled = await store.add(build_where(), build_inquiry("a"))
    readable = await store.add(build_where(), build_inquiry("b"))
    async with database.transaction() as connection:
        newer = update(subscriptions).where(subscriptions.c.id == spoiled.id).values(inquiry='{"v":2}')
        await connection.execute(newer)
    assert await store.of_chat(ALICE) == (readable,)
    assert "passed over" in caplog.text
    assert await store.get(ALICE, spoiled.id) is None
    assert await store.of(ALICE, build_inquiry("a")) is None
    with pytest.raises(UnreadableInquiry):
        await store.add(build_where(), build_inquiry("a"))
    assert await store.remove(ALICE, spoiled.id)


@only_sqlite
async def test_no_table_is_read_as_a_whole(store: Subscriptions, database: Database) -> None:
    with recorded(database) as ran:
        follow = await store.add(build_where(), build_inquiry())
        await store.of(ALICE, build_inquiry())
        await store.of_chat(ALICE)
        await store.count(ALICE)
        await store.get(ALICE, follow.id)
        await store.change(ALICE, follow.id, schedule=AT_ONCE, silent=True, inquiry=build_inquiry("b"))
        await store.reschedule(ALICE)
        await store.remove(ALICE, follow.id)
    assert len(ran) == 20
    assert await scans(database, ran) == []


async def test_it_is_as_it_was_wished(store: Subscriptions) -> None:
    added = await store.add(
        build_where(),
        build_inquiry(),
        name="  the \n deal\u202e ",
        breadth=Breadth.STRICT,
        schedule=WEEKLY,
        silent=True,
        paused=True,
        seen=4,
    )
    assert (added.name, added.title) == ("the deal", "the deal")
    assert (added.breadth, added.schedule, added.seen) == (Breadth.STRICT, WEEKLY, 4)
    assert added.silent
    assert added.paused
    assert await store.get(ALICE, added.id) == added


async def test_a_topic_is_followed_once_in_any_case_and_is_no_question(store: Subscriptions) -> None:
    question = build_inquiry("innovation")
    asked = await store.add(build_where(), question)
    topic = await store.add(build_where(), question, topic="Innovation")
    assert asked.id != topic.id
    assert topic.title == "Innovation"
    assert await store.add(build_where(), build_inquiry("else"), topic=" innovation ") == topic
    assert await store.of_topic(ALICE, "INNOVATION", question) == topic
    assert await store.of(ALICE, question) == asked


def test_what_has_no_name_is_called_by_what_it_asks() -> None:
    for one, title in (
        (build_inquiry("what"), "what"),
        (build_inquiry("", scope=Scope(phrases=("a b",), sources=("Reuters",))), "a b Reuters"),
    ):
        now = datetime(2026, 1, 5, tzinfo=UTC)
        subscription = Subscription(
            "x", 1, None, 1, "en", None, None, one, Breadth.BROAD, DAILY, False, False, now, now
        )
        assert subscription.title == title


async def test_what_is_changed_is_and_the_rest_stays(store: Subscriptions, clock: Clock) -> None:
    added = await store.add(build_where(), build_inquiry(), name="old", seen=1)
    clock.now += timedelta(hours=1)
    changed = await store.change(ALICE, added.id, name="n" * 500, paused=True, breadth=Breadth.STRICT)
    assert changed == replace(
        added, name="n" * MAX_NAME, paused=True, breadth=Breadth.STRICT, changed=clock.now
    )
    assert await store.get(ALICE, added.id) == changed
    resumed = await store.change(ALICE, added.id, paused=False, name=None, seen=7)
    assert resumed == replace(changed, paused=False, name=None, seen=7)


async def test_a_chat_cannot_change_what_another_follows(store: Subscriptions) -> None:
    added = await store.add(build_where(), build_inquiry())
    assert await store.change(GROUP, added.id, name="mine") is None
    assert await store.change(ALICE, "nothing", name="mine") is None
    assert await store.get(GROUP, added.id) is None
    assert await store.get(ALICE, added.id) == added


async def test_a_question_can_be_changed_but_not_into_one_that_is_followed(store: Subscriptions) -> None:
    topic = await store.add(build_where(), build_inquiry("a"), topic="a")
    other = await store.add(build_where(), build_inquiry("b"))
    with pytest.raises(AlreadySubscribed) as raised:
        await store.change(ALICE, topic.id, inquiry=build_inquiry("B"), name="x")
    assert raised.value.id == other.id
    assert await store.get(ALICE, topic.id) == topic
    changed = await store.change(ALICE, topic.id, inquiry=build_inquiry("c"))
    assert changed is not None
    assert (changed.topic, changed.inquiry.said) == (None, "c")
    assert await store.of(ALICE, build_inquiry("c")) == changed
    same = await store.change(ALICE, other.id, inquiry=build_inquiry("B"))
    assert same is not None
    assert same.inquiry.said == "B"


async def waiting(database: Database) -> list[Any]:
    statement = select(outbox).order_by(outbox.c.id)
    async with database.connection() as connection:
        return list((await connection.execute(statement)).all())


async def test_what_waits_goes_with_its_subscription(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    one, other = [await store.add(build_where(), build_inquiry(said)) for said in "ab"]
    box = Outbox(database, BOT_ID, clock)
    await box.add([build_notice(one, clock.now, each) for each in ("p1", "p2", "p3", "p4")])
    await box.add([build_notice(other, clock.now)])
    async with database.transaction() as connection:
        for number, state in enumerate(("pending", "uncertain", "sent", "dead"), 1):
            of_number = outbox.c.once == f"news:{one.id}:p{number}"
            await connection.execute(update(outbox).where(of_number).values(state=state))
    assert not await store.remove(GROUP, one.id)
    assert len(await waiting(database)) == 5
    assert await store.remove(ALICE, one.id)
    assert [(row.subscription_id, row.state) for row in await waiting(database)] == [
        (one.id, "sent"),
        (one.id, "dead"),
        (other.id, "pending"),
    ]


async def test_what_waits_is_told_at_the_new_time(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    one, other = [await store.add(build_where(), build_inquiry(said)) for said in "ab"]
    due = clock.now + timedelta(days=1)
    await Outbox(database, BOT_ID, clock).add([build_notice(one, due), build_notice(other, due)])
    await store.change(ALICE, one.id, schedule=AT_ONCE, silent=True)
    changed, left = await waiting(database)
    assert (changed.due, changed.digest, changed.silent) == (clock.now, False, True)
    assert (left.due, left.digest, left.silent) == (due, True, False)
    await store.change(ALICE, one.id, schedule=WEEKLY)
    changed, _ = await waiting(database)
    assert changed.due == datetime(2026, 1, 11, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert changed.digest
    assert changed.silent


async def test_a_chat_that_changes_its_zone_or_quiet_hours_is_told_at_its_own_time(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    kept = Chats(database, BOT_ID)
    daily = await store.add(build_where(), build_inquiry("a"))
    at_once = await store.add(build_where(), build_inquiry("b"), schedule=AT_ONCE)
    elsewhere = await store.add(build_where(BOB), build_inquiry("a"))
    later = clock.now + timedelta(days=1)
    box = Outbox(database, BOT_ID, clock)
    await box.add([build_notice(each, later) for each in (daily, at_once, elsewhere)])

    await kept.change(ALICE, zone="America/New_York", quiet=Quiet(0, 300))  # 4:00 there
    await store.reschedule(ALICE)
    new_york = ZoneInfo("America/New_York")
    due = [row.due for row in await waiting(database)]
    assert due == [
        datetime(2026, 1, 5, 9, 0, tzinfo=new_york),
        datetime(2026, 1, 5, 5, 0, tzinfo=new_york),
        later,
    ]
    await kept.change(ALICE, zone=None, quiet=None)
    await store.reschedule(ALICE)
    due = [row.due for row in await waiting(database)]
    assert due == [datetime(2026, 1, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")), clock.now, later]


async def test_a_correction_waits_for_the_end_of_the_new_quiet_hours(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    due = clock.now + timedelta(hours=9)
    await Outbox(database, BOT_ID, clock).add(
        [Notice(chat, None, Kind.CORRECTION, "correction:doc:1:x", {}, due) for chat in (ALICE, BOB)]
    )
    kept = Chats(database, BOT_ID)
    await kept.change(ALICE, quiet=Quiet(16 * 60, 18 * 60))
    await store.reschedule(ALICE)
    ends = datetime(2026, 1, 5, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [row.due for row in await waiting(database)] == [ends, due]
    await kept.change(ALICE, quiet=None)
    await store.reschedule(ALICE)
    assert [row.due for row in await waiting(database)] == [clock.now, due]


async def test_what_telegram_holds_back_and_what_is_settled_keeps_its_time(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    one = await store.add(build_where(), build_inquiry(), schedule=AT_ONCE)
    later = clock.now + timedelta(days=1)
    box = Outbox(database, BOT_ID, clock)
    await box.add([build_notice(one, later, each) for each in ("p1", "p2")])
    async with database.transaction() as connection:
        await connection.execute(update(outbox).where(outbox.c.passage_id == "p1").values(attempts=1))
        await connection.execute(update(outbox).where(outbox.c.passage_id == "p2").values(state="sent"))
    await store.change(ALICE, one.id, schedule=HOURLY)
    await store.reschedule(ALICE)
    assert [row.due for row in await waiting(database)] == [later, later]


async def test_a_chat_that_is_away_is_not_hurried(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    one = await store.add(build_where(), build_inquiry())
    later = clock.now + timedelta(days=100)
    await Outbox(database, BOT_ID, clock).add([build_notice(one, later)])
    away = Chats(database, BOT_ID)
    await away.change(ALICE, inactive_since=clock.now, inactive_reason=Inactivity.BLOCKED)
    await store.reschedule(ALICE)
    assert [row.due for row in await waiting(database)] == [later]


async def test_deliveries_are_counted(store: Subscriptions, database: Database, clock: Clock) -> None:
    one, other = [await store.add(build_where(), build_inquiry(said)) for said in "ab"]
    sent = clock.now + timedelta(minutes=5)
    for ids in ([one.id, other.id, one.id], [one.id], ["gone"], []):
        await database.write(lambda connection, ids=ids: store.note_delivered(connection, ids, sent))
    assert await store.get(ALICE, one.id) == replace(one, delivered=3, last_delivered=sent)
    assert await store.get(ALICE, other.id) == replace(other, delivered=1, last_delivered=sent)


async def test_a_load_finds_what_has_changed_since_and_what_is_gone(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    assert (await load_subscriptions(database)).until is None
    one = await store.add(build_where(), build_inquiry("a"))
    other_bot = Subscriptions(database, BOT_ID + 1, clock)
    other = await other_bot.add(build_where(BOB), build_inquiry("a"))
    roster = await load_subscriptions(database)
    assert roster.changed == {(BOT_ID, one.id): one, (BOT_ID + 1, other.id): other}
    assert roster.present == set(roster.changed)
    assert roster.until == clock.now

    clock.now += timedelta(hours=1)
    changed = await store.change(ALICE, one.id, paused=True)
    await other_bot.remove(BOB, other.id)
    later = await load_subscriptions(database, roster.until)
    assert later.changed == {(BOT_ID, one.id): changed}
    assert later.present == {(BOT_ID, one.id)}
    assert later.until == clock.now

    clock.now += timedelta(hours=1)
    nothing = await load_subscriptions(database, later.until + timedelta(minutes=30))
    assert nothing.changed == {}
    assert nothing.until == later.until + timedelta(minutes=30)


async def test_a_change_that_another_clock_dates_a_little_earlier_is_found(
    store: Subscriptions, database: Database, clock: Clock
) -> None:
    until = clock.now
    clock.now -= timedelta(minutes=5)
    late = await store.add(build_where(), build_inquiry())
    assert set((await load_subscriptions(database, until)).changed) == {(BOT_ID, late.id)}


async def test_a_load_passes_over_what_it_cannot_read(
    store: Subscriptions, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for said, spoiled in (("a", {"inquiry": "{"}), ("b", {"cadence": "yearly"}), ("c", {"breadth": "wide"})):
        one = await store.add(build_where(), build_inquiry(said))
        async with database.transaction() as connection:
            await connection.execute(
                update(subscriptions).where(subscriptions.c.id == one.id).values(**spoiled)
            )
    readable = await store.add(build_where(), build_inquiry("d"))
    await store.reschedule(ALICE)
    caplog.clear()
    roster = await load_subscriptions(database)
    assert set(roster.changed) == {(BOT_ID, readable.id)}
    assert len(roster.present) == 4
    assert caplog.text.count("passed over") == 3
