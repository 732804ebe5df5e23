"""What was followed before there were subscriptions is one that comes daily."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import bindparam, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

import corpus.migrations
from bot.outbox import Outbox
from bot.schedule import DAILY
from bot.subscription import Subscription, fingerprint_of
from bot.subscriptions import Subscriptions
from corpus.database import Database, UtcDateTime
from retrieval.breadth import Breadth
from tests.bot.reader_builders import BOT_ID, FULL_SCOPE, GROUP, build_inquiry, build_notice

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.bot.clock import Clock

CREATED = datetime(2026, 1, 4, 12, 0, tzinfo=UTC)
INQUIRY = build_inquiry(scope=FULL_SCOPE)


def downdated(connection: Connection) -> None:
    """The schema with follows, one of them, and a generation that is published."""
    config = Config()
    config.set_main_option("script_location", str(Path(corpus.migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "0003")
    now = bindparam("now", CREATED, UtcDateTime)
    load = "INSERT INTO loads (generation, state, started) VALUES (6, 'published', :now)"
    connection.execute(text(load).bindparams(now))
    connection.execute(text("UPDATE corpus_state SET published = 6"))
    connection.execute(
        text(
            "INSERT INTO follows "
            "(bot_id, id, chat_id, thread_id, user_id, fingerprint, inquiry, created) "
            "VALUES (:bot, 'Zk3vQ9xT0b', :chat, 3, 101, :fingerprint, :inquiry, :now)"
        ).bindparams(now),
        {
            "bot": BOT_ID,
            "chat": GROUP,
            "fingerprint": fingerprint_of(INQUIRY),
            "inquiry": INQUIRY.to_json(),
        },
    )


@pytest.fixture
async def upgraded(new_database_url: str) -> Database:
    engine = create_async_engine(new_database_url)
    async with engine.begin() as connection:
        await connection.run_sync(downdated)
    await engine.dispose()
    return await Database.open(new_database_url)


async def test_a_follow_is_a_daily_subscription_to_what_comes_from_now_on(
    upgraded: Database, clock: Clock
) -> None:
    store = Subscriptions(upgraded, BOT_ID, clock)
    expected = Subscription(
        id="Zk3vQ9xT0b",
        chat_id=GROUP,
        thread_id=3,
        user_id=101,
        locale="zh",
        name=None,
        topic=None,
        inquiry=INQUIRY,
        breadth=Breadth.BROAD,
        schedule=DAILY,
        silent=False,
        paused=False,
        created=CREATED,
        changed=CREATED,
        seen=6,
    )
    assert await store.of_chat(GROUP) == (expected,)
    assert await store.of(GROUP, INQUIRY) == expected
    async with upgraded.connection() as connection:
        assert "follows" not in await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert await Outbox(upgraded, BOT_ID, clock).add([build_notice(expected, clock.now)]) == 1
    await upgraded.close()
