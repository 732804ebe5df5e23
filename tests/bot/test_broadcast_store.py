"""Broadcasts in the database: whom they reach, that nobody is told twice, and what becomes of drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from bot.chats import Chats
from bot.inquiry import Inquiry
from bot.keeping.broadcast import KEPT, Broadcasts
from bot.outbox import Outbox, State, outbox
from bot.reply import Where
from bot.subscriptions import Subscriptions
from tests.bot.reader_builders import ALICE, BOB, BOT_ID

if TYPE_CHECKING:
    from collections.abc import Collection

    from corpus.database import Database
    from tests.bot.clock import Clock

GROUP = -100_777


def broadcasts(database: Database, clock: Clock, banned: Collection[int] = ()) -> Broadcasts:
    async def admits(chat_id: int, _user_id: int) -> bool:
        return chat_id not in banned

    return Broadcasts(Outbox(database, BOT_ID, clock), admits)


async def follow(
    database: Database, clock: Clock, chat_id: int, topic: str, thread: int | None = None
) -> str:
    kept = Subscriptions(database, BOT_ID, clock)
    made = await kept.add(Where(chat_id, thread, ALICE), Inquiry(topic, clock()), topic=topic)
    return made.id


@pytest.fixture
async def readers(database: Database, clock: Clock) -> Chats:
    """Alice follows a topic, a group follows two in a thread, and Bob has chosen a language."""
    chats = Chats(database, BOT_ID)
    await follow(database, clock, ALICE, "Finance")
    clock.now += timedelta(minutes=1)
    await follow(database, clock, GROUP, "finance", thread=7)
    await follow(database, clock, GROUP, "医药", thread=8)
    await chats.change(BOB, language="en")
    await Chats(database, BOT_ID + 1).change(999, language="en")
    return chats


async def test_whom_it_reaches(database: Database, clock: Clock, readers: Chats) -> None:
    store = broadcasts(database, clock)
    assert await store.places(None) == dict.fromkeys(sorted((ALICE, BOB, GROUP)))
    assert await store.places("FINANCE") == {ALICE: None, GROUP: 7}
    assert await store.places("天气") == {}
    assert [(each.name, each.chats) for each in await store.followed()] == [("Finance", 2), ("医药", 1)]
    await readers.change(GROUP, inactive_since=clock())
    await readers.change(BOB, paused=True)
    assert await store.places(None) == {ALICE: None}
    assert [(each.name, each.chats) for each in await store.followed()] == [("Finance", 1)]
    assert await broadcasts(database, clock, banned=(ALICE,)).places(None) == {}


async def test_a_paused_subscription_is_no_following(database: Database, clock: Clock) -> None:
    id_ = await follow(database, clock, ALICE, "Finance")
    await Subscriptions(database, BOT_ID, clock).change(ALICE, id_, paused=True)
    assert await broadcasts(database, clock).places("Finance") == {}
    assert await broadcasts(database, clock).places(None) == {ALICE: None}


async def test_each_is_told_once(database: Database, clock: Clock, readers: Chats) -> None:
    del readers
    store = broadcasts(database, clock)
    draft = await store.draft(1, "大家好")
    assert await store.aim(draft.key, "finance") == replace(draft, topic="finance")
    draft = await store.aim(draft.key, None) or draft
    assert await store.send(draft) == 3
    async with database.transaction() as connection:
        await connection.execute(delete(outbox).where(outbox.c.chat_id == BOB))
    assert await store.send(draft) == 3, "what was cut off goes on"
    assert await store.progress(draft.key) == {State.PENDING: 3}
    assert await store.stop(draft.key) == 3
    assert await store.progress(draft.key) == {}


async def test_a_draft_that_was_sent_changes_no_more(database: Database, clock: Clock) -> None:
    store = broadcasts(database, clock)
    draft = await store.draft(1, "大家好")
    await store.note_sent(draft.key, 3, 9)
    sent = await store.get(draft.key)
    assert sent == replace(draft, sent=clock(), chats=3, entry=9)
    assert await store.aim(draft.key, "x") is None
    assert not await store.discard(draft.key)
    other = await store.draft(1, "再见")
    assert await store.discard(other.key)
    assert await store.get(other.key) is None
    assert await store.get("no key at all") is None


async def test_old_ones_are_forgotten(database: Database, clock: Clock) -> None:
    store = broadcasts(database, clock)
    old = await store.draft(1, "大家好")
    clock.now += KEPT + timedelta(seconds=1)
    new = await store.draft(1, "再见")
    assert await store.get(old.key) is None
    assert await store.get(new.key) == new
