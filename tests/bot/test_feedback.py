"""The feedback: one opinion of each reader on each reply."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.feedback import MAX_REASON, Feedback, Opinion, feedback
from bot.replies import Replies
from retrieval.answer import Verdict
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    build_inquiry,
    build_where,
    only_sqlite,
    recorded,
    rows_in,
    scans,
)

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock


@pytest.fixture
def store(database: Database, clock: Clock) -> Feedback:
    return Feedback(database, BOT_ID, clock)


@pytest.fixture
async def key(database: Database, clock: Clock) -> str:
    """The key of a reply."""
    kept = Replies(database, BOT_ID, clock)
    return await kept.keep(build_where(), build_inquiry(), (), Verdict.NOTHING, 0.0)


async def test_an_opinion_is_kept(store: Feedback, key: str, clock: Clock) -> None:
    assert await store.of(key, ALICE) is None
    assert await store.give(key, ALICE, -1, "old news")
    assert await store.of(key, ALICE) == Opinion(-1, "old news", clock.now)
    assert await store.of(key, BOB) is None


async def test_a_reader_has_one_opinion_and_may_change_it(
    store: Feedback, database: Database, key: str, clock: Clock
) -> None:
    await store.give(key, ALICE, -1, "old news")
    await store.give(key, BOB, -1)
    clock.now += timedelta(minutes=1)
    await store.give(key, ALICE, 1)
    assert await store.of(key, ALICE) == Opinion(1, None, clock.now)
    assert await store.of(key, BOB) == Opinion(-1, None, clock.now - timedelta(minutes=1))
    assert await rows_in(database, feedback) == 2


async def test_an_opinion_can_be_taken_back(store: Feedback, key: str) -> None:
    await store.give(key, ALICE, 1)
    await store.give(key, BOB, 1)
    assert await store.take_back(key, ALICE)
    assert not await store.take_back(key, ALICE)
    assert await store.of(key, ALICE) is None
    assert await store.of(key, BOB) is not None


async def test_presses_at_once_make_one_opinion(store: Feedback, database: Database, key: str) -> None:
    given = await asyncio.gather(*(store.give(key, ALICE, value) for value in (1, -1, 1, -1)))
    assert given == [True] * 4
    assert await rows_in(database, feedback) == 1


async def test_there_is_no_opinion_of_a_reply_that_has_expired(
    store: Feedback, database: Database, clock: Clock
) -> None:
    assert not await store.give("AAAAAAAAAA", ALICE, 1)
    kept = Replies(database, BOT_ID + 1, clock)
    others = await kept.keep(build_where(), build_inquiry(), (), Verdict.NOTHING, 0.0)
    assert not await store.give(others, ALICE, 1)
    assert await rows_in(database, feedback) == 0


async def test_opinions_go_with_the_reply(
    store: Feedback, database: Database, key: str, clock: Clock
) -> None:
    await store.give(key, ALICE, 1)
    clock.now += timedelta(days=91)
    await Replies(database, BOT_ID, clock).purge()
    assert await rows_in(database, feedback) == 0


@pytest.mark.parametrize("value", [0, 2, -5])
async def test_there_are_two_opinions(store: Feedback, key: str, value: int) -> None:
    with pytest.raises(ValueError, match="1 or -1"):
        await store.give(key, ALICE, value)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("旧闻\n“😀”", "旧闻\n“😀”"),
        ("a\0b\ud83dc\x1bd", "abcd"),
        ("  \n ", None),
        ("", None),
        ("长" * 5_000, "长" * MAX_REASON),
    ],
)
async def test_a_reason_is_kept_as_far_as_it_can_be(
    store: Feedback, key: str, said: str, kept: str | None
) -> None:
    await store.give(key, ALICE, -1, said)
    opinion = await store.of(key, ALICE)
    assert opinion is not None
    assert opinion.reason == kept


@only_sqlite
async def test_no_table_is_read_as_a_whole(store: Feedback, database: Database, key: str) -> None:
    with recorded(database) as ran:
        await store.give(key, ALICE, 1)
        await store.of(key, ALICE)
        await store.take_back(key, ALICE)
    assert len(ran) == 3
    assert await scans(database, ran) == []
