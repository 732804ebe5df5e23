"""What is kept about a reader: all of it is counted, exported and forgotten, and nothing of others."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from bot import personal
from bot.chats import Chats, ChatSettings
from bot.feedback import Feedback
from bot.keeping.drafts import drafts
from bot.outbox import Outbox
from bot.replies import Replies
from bot.subscriptions import Subscriptions
from corpus.database import metadata
from retrieval.answer import Verdict
from tests.bot.reader_builders import (
    ALICE,
    BOB,
    BOT_ID,
    GROUP,
    build_cited,
    build_inquiry,
    build_notice,
    build_where,
    only_sqlite,
    recorded,
    scans,
)

if TYPE_CHECKING:
    from corpus.database import Database
    from tests.bot.clock import Clock

NOTHING = {"opinions": 0, "questions": 0, "notifications": 0, "subscriptions": 0, "drafts": 0, "settings": 0}


async def leave(database: Database, clock: Clock, bot_id: int, user_id: int, other: int) -> None:
    """Leave traces of a reader everywhere: in private and in the group, and an opinion of another on it."""
    kept = Replies(database, bot_id, clock)
    opinions = Feedback(database, bot_id, clock)
    for chat in (user_id, GROUP):
        where = build_where(chat, user_id)
        inquiry = build_inquiry(f"{user_id} in {chat}")
        key = await kept.keep(where, inquiry, [build_cited()], Verdict.ANSWERED, 0.5)
        await opinions.give(key, user_id, -1, f"{user_id} says")
        await opinions.give(key, other, 1)
        followed = await Subscriptions(database, bot_id, clock).add(where, inquiry)
        await Outbox(database, bot_id, clock).add([build_notice(followed, clock.now)])
    await Chats(database, bot_id).change(user_id, language="en", zone="Asia/Shanghai")
    draft = {"bot_id": bot_id, "key": f"draft{user_id}", "chat_id": user_id, "created": clock.now}
    row = draft | {"kind": "add", "state": "draft", "name": "news.md"}
    await database.write(lambda connection: connection.execute(insert(drafts).values(row)))


@pytest.fixture
async def left(database: Database, clock: Clock) -> None:
    await leave(database, clock, BOT_ID, ALICE, BOB)
    await leave(database, clock, BOT_ID, BOB, ALICE)
    await leave(database, clock, BOT_ID + 1, ALICE, BOB)
    await Chats(database, BOT_ID).change(GROUP, language="zh")


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    async with database.connection() as connection:
        return {
            table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()]
            for table in metadata.tables.values()
            if {"user_id", "chat_id"} & set(table.c.keys())
        }


def is_of_alice(row: dict[str, Any], followed: set[str]) -> bool:
    """Whether a row is hers: what a group is told because she wanted it is, too."""
    return ALICE in (row.get("user_id"), row.get("chat_id")) or row.get("subscription_id") in followed


def test_no_table_with_anything_of_a_readers_is_left_out() -> None:
    # A table of a later day with a user_id or a chat_id must be exported, forgotten and counted too.
    found = {table for table in metadata.tables.values() if {"user_id", "chat_id"} & set(table.c.keys())}
    assert set(personal.TABLES.values()) == found
    assert all("bot_id" in table.c for table in found)


@pytest.mark.usefixtures("left")
async def test_everything_is_forgotten_and_nothing_of_anybody_else(database: Database) -> None:
    before = await everything(database)
    counted = await personal.counts(database, BOT_ID, ALICE, ALICE)
    assert counted == {
        "opinions": 4,
        "questions": 2,
        "notifications": 2,
        "subscriptions": 2,
        "drafts": 1,
        "settings": 1,
    }
    assert await personal.forget(Chats(database, BOT_ID), ALICE, ALICE) == counted
    assert await personal.counts(database, BOT_ID, ALICE, ALICE) == NOTHING
    after = await everything(database)
    for name, rows in before.items():
        gone = [row for row in rows if row not in after[name]]
        assert len(after[name]) == len(rows) - len(gone)
        assert gone
        for row in gone:
            assert row["bot_id"] == BOT_ID
            # What others thought of the reader's answers goes with these, and what a group was
            # told because the reader wanted it.
            assert ALICE in (row.get("user_id"), row.get("chat_id")) or name in {"feedback", "outbox"}
        assert not any(
            row["bot_id"] == BOT_ID and ALICE in (row.get("user_id"), row.get("chat_id"))
            for row in after[name]
        )
    assert (await personal.counts(database, BOT_ID, BOB, BOB))["questions"] == 2
    assert await personal.counts(database, BOT_ID + 1, ALICE, ALICE) == counted | {"opinions": 2}


@pytest.mark.usefixtures("left")
async def test_everything_is_exported_and_nothing_of_anybody_else(database: Database, clock: Clock) -> None:
    exported = json.loads(json.dumps(await personal.export(database, BOT_ID, ALICE, ALICE)))
    rows = await everything(database)
    followed = {row["id"] for row in rows["subscriptions"] if row["user_id"] == ALICE}
    for name, table in personal.TABLES.items():
        mine = [row for row in rows[table.name] if row["bot_id"] == BOT_ID and is_of_alice(row, followed)]
        assert len(exported[name]) == len(mine) > 0
        for row in exported[name]:
            assert set(row) == set(table.c.keys()) - {"bot_id"}
            assert is_of_alice(row, followed)
    assert "102" not in json.dumps(exported["questions"])
    question = next(row for row in exported["questions"] if row["chat_id"] == ALICE)
    assert question["inquiry"]["said"] == "101 in 101"
    assert question["cited"][0]["text"] == build_cited().text
    assert question["created"] == clock.now.isoformat()
    assert exported["settings"] == [
        {
            "chat_id": ALICE,
            "language": "en",
            "zone": "Asia/Shanghai",
            "excerpts": None,
            "sort_order": None,
            "askers": None,
            "quiet_from": None,
            "quiet_until": None,
            "corrections": None,
            "paused": None,
            "inactive_since": None,
            "inactive_reason": None,
        }
    ]


@pytest.mark.usefixtures("left")
async def test_in_a_group_only_what_is_the_readers_own_is_touched(database: Database) -> None:
    assert await personal.forget(Chats(database, BOT_ID), ALICE, GROUP) == {
        "opinions": 4,
        "questions": 2,
        "notifications": 2,
        "subscriptions": 2,
        "drafts": 0,
        "settings": 0,
    }
    assert (await Chats(database, BOT_ID).settings(GROUP)).language == "zh"
    assert (await Chats(database, BOT_ID).settings(ALICE)).language == "en"
    assert (await personal.counts(database, BOT_ID, BOB, BOB))["subscriptions"] == 2


async def test_of_a_stranger_there_is_nothing(database: Database) -> None:
    assert await personal.export(database, BOT_ID, 999, 999) == {name: [] for name in personal.TABLES}
    assert await personal.counts(database, BOT_ID, 999, 999) == NOTHING
    assert await personal.forget(Chats(database, BOT_ID), 999, 999) == NOTHING


@pytest.mark.usefixtures("left")
async def test_what_is_forgotten_is_not_in_memory_either(database: Database) -> None:
    kept = Chats(database, BOT_ID)
    assert (await kept.settings(ALICE)).language == "en"
    await personal.forget(kept, ALICE, ALICE)
    assert await kept.settings(ALICE) == ChatSettings()


@pytest.mark.usefixtures("left")
async def test_forgetting_twice_at_once_forgets_once(database: Database) -> None:
    counted = await asyncio.gather(
        *(personal.forget(Chats(database, BOT_ID), ALICE, ALICE) for _ in range(3))
    )
    assert sum(one["questions"] for one in counted) == 2
    assert await personal.counts(database, BOT_ID, ALICE, ALICE) == NOTHING


@pytest.mark.usefixtures("left")
@only_sqlite
async def test_no_table_is_read_as_a_whole(database: Database) -> None:
    with recorded(database) as ran:
        await personal.export(database, BOT_ID, ALICE, ALICE)
        await personal.counts(database, BOT_ID, ALICE, ALICE)
        await personal.forget(Chats(database, BOT_ID), ALICE, ALICE)
    assert len(ran) == 3 * len(personal.TABLES)
    assert await scans(database, ran) == []


@pytest.mark.usefixtures("left")
async def test_of_a_chat_that_is_lost_nothing_stays_whoever_left_it(database: Database) -> None:
    before = await everything(database)
    await personal.forget_chat(Chats(database, BOT_ID), GROUP)
    after = await everything(database)
    for name, rows in before.items():
        stays = [row for row in rows if (row["bot_id"], row.get("chat_id")) != (BOT_ID, GROUP)]
        if name == "feedback":  # goes with the replies
            assert len(after[name]) == len(rows) - 4
        else:
            assert after[name] == stays
    assert await Chats(database, BOT_ID).settings(GROUP) == ChatSettings()
