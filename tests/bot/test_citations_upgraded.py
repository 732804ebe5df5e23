"""What was answered before it was known who cites what is corrected, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.cited_documents import cited_documents
from bot.inquiry import write_json
from corpus.database import Database, UtcDateTime
from tests.bot.reader_builders import ALICE, BOT_ID, build_cited, build_inquiry
from tests.bot.test_follows_upgraded import CREATED, downdated

if TYPE_CHECKING:
    from sqlalchemy import Connection


def with_a_reply(connection: Connection) -> None:
    downdated(connection)
    connection.execute(
        text(
            "INSERT INTO replies (bot_id, key, kind, chat_id, user_id, locale, inquiry, verdict, confidence, "
            "cited, created, used) VALUES (:bot, 'Zk3vQ9xT0b', 'asked', :chat, :chat, 'zh', :inquiry, "
            "'answered', 0.9, :cited, :now, :now)"
        ).bindparams(bindparam("now", CREATED, UtcDateTime)),
        {
            "bot": BOT_ID,
            "chat": ALICE,
            "inquiry": build_inquiry().to_json(),
            "cited": write_json([build_cited().to_json(), build_cited(place=1).to_json()]),
        },
    )


async def test_the_documents_of_replies_that_are_there_are_known(new_database_url: str) -> None:
    engine = create_async_engine(new_database_url)
    async with engine.begin() as connection:
        await connection.run_sync(with_a_reply)
    await engine.dispose()
    database = await Database.open(new_database_url)
    async with database.connection() as reading:
        rows = (await reading.execute(select(cited_documents))).all()
    await database.close()
    assert [tuple(row) for row in rows] == [(BOT_ID, "doc", "Zk3vQ9xT0b")]
