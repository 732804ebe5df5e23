"""The follows: each question once in a chat, until it is removed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.errors import TooManyFollows
from bot.follows import MAX_FOLLOWS, Follow, Follows, fingerprint_of, follows
from retrieval.answer import Order
from retrieval.scope import Scope
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    FULL_SCOPE,
    GROUP,
    build_inquiry,
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


@pytest.fixture
def store(database: Database, clock: Clock) -> Follows:
    return Follows(database, BOT_ID, clock)


async def test_a_question_is_followed(store: Follows, clock: Clock) -> None:
    inquiry = build_inquiry(scope=FULL_SCOPE)
    follow = await store.add(build_where(GROUP, thread_id=3), inquiry)
    assert follow == Follow(follow.id, GROUP, 3, ALICE, inquiry, clock.now)
    assert await store.of_chat(GROUP) == (follow,)
    assert await store.of(GROUP, inquiry) == follow
    assert await store.count(GROUP) == 1


async def test_each_chat_and_each_bot_has_its_own(store: Follows, database: Database, clock: Clock) -> None:
    follow = await store.add(build_where(), build_inquiry())
    other = Follows(database, BOT_ID + 1, clock)
    for elsewhere, chat in ((store, BOB), (other, ALICE)):
        assert await elsewhere.of_chat(chat) == ()
        assert await elsewhere.of(chat, build_inquiry()) is None
        assert await elsewhere.count(chat) == 0
        assert not await elsewhere.remove(chat, follow.id)
    await store.add(build_where(BOB, BOB), build_inquiry())
    assert await rows_in(database, follows) == 2


async def test_the_same_question_is_followed_once(store: Follows, clock: Clock) -> None:
    first = await store.add(build_where(GROUP), build_inquiry())
    clock.now += timedelta(days=1)
    again = await store.add(build_where(GROUP, BOB, thread_id=9), build_inquiry())
    assert (again.id, again.user_id, again.created) == (first.id, ALICE, first.created)
    assert await store.count(GROUP) == 1


async def test_presses_at_once_make_one_follow(store: Follows) -> None:
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


async def test_they_are_listed_oldest_first_and_removed(store: Follows, clock: Clock) -> None:
    added = []
    for said in ("c", "a", "b"):
        clock.now += timedelta(seconds=1)
        added.append(await store.add(build_where(), build_inquiry(said)))
    assert await store.of_chat(ALICE) == tuple(added)
    assert await store.remove(ALICE, added[1].id)
    assert not await store.remove(ALICE, added[1].id)
    assert await store.of_chat(ALICE) == (added[0], added[2])
    assert await store.of(ALICE, build_inquiry("a")) is None


async def test_a_chat_cannot_remove_what_another_follows(store: Follows) -> None:
    follow = await store.add(build_where(), build_inquiry())
    assert not await store.remove(GROUP, follow.id)
    assert await store.count(ALICE) == 1


async def test_a_chat_may_follow_so_many_and_no_more(store: Follows) -> None:
    for number in range(MAX_FOLLOWS):
        await store.add(build_where(), build_inquiry(str(number)))
    with pytest.raises(TooManyFollows) as raised:
        await store.add(build_where(), build_inquiry("one more"))
    assert raised.value.most == MAX_FOLLOWS
    assert await store.count(ALICE) == MAX_FOLLOWS
    await store.add(build_where(), build_inquiry("7"))  # it follows that already
    await store.add(build_where(GROUP), build_inquiry("one more"))


async def test_one_that_a_newer_version_wrote_is_passed_over(
    store: Follows, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    spoiled = await store.add(build_where(), build_inquiry("a"))
    readable = await store.add(build_where(), build_inquiry("b"))
    async with database.transaction() as connection:
        newer = update(follows).where(follows.c.id == spoiled.id).values(inquiry='{"v":2}')
        await connection.execute(newer)
    assert await store.of_chat(ALICE) == (readable,)
    assert "passed over" in caplog.text
    assert await store.remove(ALICE, spoiled.id)


@only_sqlite
async def test_no_table_is_read_as_a_whole(store: Follows, database: Database) -> None:
    with recorded(database) as ran:
        follow = await store.add(build_where(), build_inquiry())
        await store.of(ALICE, build_inquiry())
        await store.of_chat(ALICE)
        await store.count(ALICE)
        await store.remove(ALICE, follow.id)
    assert len(ran) == 8
    assert await scans(database, ran) == []
