"""The replies: what was answered, under a key that a button can carry, for as long as anybody uses it."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from bot.cited_documents import note_cited
from bot.errors import UnreadableInquiry
from bot.inquiry import Inquiry, write_json
from bot.reply import NEW, Cited, History, Origin, Reply, ReplyKind, Where, new_key, plain_key
from corpus.database import UtcDateTime, metadata
from retrieval.answer import MOST_EXCERPTS, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from corpus.database import Database

KEPT = timedelta(days=90)
"""How long a reply is kept after it was last used."""

# Using a reply keeps it. That a day exactly is noted means at most one write a day for each.
_USE_NOTED = timedelta(days=1)
_PURGED_AT_ONCE = 500

_LOG = logging.getLogger(__name__)

replies = Table(
    "replies",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False),
    Column("locale", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("question_message_id", BigInteger),
    Column("inquiry", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("cited", Text, nullable=False),
    Column("reading", Integer),
    Column("created", UtcDateTime, nullable=False),
    Column("used", UtcDateTime, nullable=False),
)
Index(None, replies.c.bot_id, replies.c.chat_id, replies.c.message_id)
Index(None, replies.c.bot_id, replies.c.chat_id, replies.c.question_message_id)
Index(None, replies.c.bot_id, replies.c.user_id, replies.c.chat_id, replies.c.created)
Index(None, replies.c.used)
# Two of one moment are told apart by what was said last.
_NEWEST_FIRST = (
    replies.c.created.desc(),
    func.coalesce(replies.c.question_message_id, 0).desc(),
    replies.c.key,
)


class Replies:
    """The replies of one bot in the database.

    What cannot be read any more (a newer version wrote it) counts as expired.
    Every method raises DatabaseError where the database cannot be used.
    """

    def __init__(self, database: Database, bot_id: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._bot_id = bot_id
        self._clock = clock

    async def keep(
        self,
        where: Where,
        inquiry: Inquiry,
        cited: Sequence[Cited],
        verdict: Verdict,
        confidence: float,
        origin: Origin = NEW,
    ) -> str:
        """Keep what is answered, before it is sent, and return its key.

        Args:
            where: where it goes.
            inquiry: what was asked.
            cited: what was shown of it.
            verdict: what the answer claims about itself.
            confidence: how sure it is.
            origin: how it came about.
        """
        key, now = new_key(), self._clock()
        row = {
            "bot_id": self._bot_id,
            "key": key,
            "kind": origin.kind.value,
            "chat_id": where.chat_id,
            "thread_id": where.thread_id,
            "user_id": where.user_id,
            "locale": where.locale,
            "message_id": origin.message_id,
            "question_message_id": where.question_message_id,
            "inquiry": inquiry.to_json(),
            "verdict": verdict.value,
            "confidence": confidence,
            "cited": _written(cited),
            "created": now,
            "used": now,
        }

        def write(connection: Connection) -> None:
            connection.execute(insert(replies), row)
            note_cited(self._database, connection, self._bot_id, key, cited[:MOST_EXCERPTS])

        await self._database.write(write)
        return key

    async def sent(self, key: str, message_id: int) -> None:
        """Note which message the reply became."""
        await self._change(key, message_id=message_id)

    async def show(self, key: str, cited: Sequence[Cited], reading: int | None = None) -> bool:
        """Note what was shown in all, and the place of what is being read now; False if it has expired."""
        values = {"cited": _written(cited), "reading": reading, "used": self._clock()}
        statement = update(replies).where(self._is(key)).values(**values)

        def write(connection: Connection) -> bool:
            if not connection.execute(statement).rowcount:
                return False
            note_cited(self._database, connection, self._bot_id, key, cited[:MOST_EXCERPTS])
            return True

        return await self._database.write(write)

    async def get(self, key: str) -> Reply | None:
        """The reply of a key; None if it has expired or never was."""
        return await self._first(select(replies).where(self._is(key)))

    async def of_message(self, chat_id: int, message_id: int) -> Reply | None:
        """The reply that a message of the bot's is."""
        mine = self._in(chat_id) & (replies.c.message_id == message_id)
        return await self._first(select(replies).where(mine).order_by(*_NEWEST_FIRST))

    async def answering(self, chat_id: int, question_message_id: int) -> Reply | None:
        """The reply to a message, of several the newest."""
        mine = self._in(chat_id) & (replies.c.question_message_id == question_message_id)
        return await self._first(select(replies).where(mine).order_by(*_NEWEST_FIRST))

    async def latest(self, chat_id: int, thread_id: int | None, user_id: int) -> Reply | None:
        """What a reader was last answered in a chat, in this topic of it.

        What a link opened is none, nor is what they were told unasked.
        """
        mine = and_(
            self._in(chat_id),
            replies.c.kind.not_in([ReplyKind.OPENED.value, ReplyKind.TOLD.value]),
            replies.c.user_id == user_id,
            replies.c.thread_id.is_not_distinct_from(thread_id),
        )
        return await self._first(select(replies).where(mine).order_by(*_NEWEST_FIRST))

    async def history(self, chat_id: int, user_id: int, limit: int, offset: int = 0) -> History:
        """A page of what a reader asked in a chat, newest first."""
        mine = and_(self._in(chat_id), replies.c.user_id == user_id, replies.c.kind == ReplyKind.ASKED.value)
        page = select(replies).where(mine).order_by(*_NEWEST_FIRST).limit(limit).offset(offset)
        async with self._database.connection() as connection:
            rows = (await connection.execute(page)).all()
            total = (
                await connection.execute(select(func.count()).select_from(replies).where(mine))
            ).scalar_one()
        return History(tuple(reply for row in rows if (reply := _reply(row)) is not None), total)

    async def purge(self) -> int:
        """Forget the replies of any bot that were not used for `KEPT`, and return how many there were.

        It goes in short transactions, so that nobody waits for it.
        """
        old = replies.c.used < self._clock() - KEPT
        some = select(replies.c.bot_id, replies.c.key).where(old).limit(_PURGED_AT_ONCE)
        # The age is asked again: on PostgreSQL one may be used while it is about to be removed.
        statement = delete(replies).where(tuple_(replies.c.bot_id, replies.c.key).in_(some), old)
        total = 0
        while True:
            async with self._database.transaction() as connection:
                count = (await connection.execute(statement)).rowcount
            total += count
            if count < _PURGED_AT_ONCE:
                return total

    async def _first(self, statement: Select[Any]) -> Reply | None:
        """The first reply of a statement, with its use noted."""
        row = await self._database.read(lambda connection: connection.execute(statement.limit(1)).first())
        if row is None:
            return None
        now = self._clock()
        if row.used < now - _USE_NOTED:
            await self._change(row.key, used=now)
        return _reply(row)

    async def _change(self, key: str, **values: object) -> bool:
        statement = update(replies).where(self._is(key)).values(**values)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    def _is(self, key: str) -> ColumnElement[bool]:
        return and_(replies.c.bot_id == self._bot_id, replies.c.key == plain_key(key))

    def _in(self, chat_id: int) -> ColumnElement[bool]:
        return and_(replies.c.bot_id == self._bot_id, replies.c.chat_id == chat_id)


def _written(cited: Sequence[Cited]) -> str:
    return write_json([one.to_json() for one in cited[:MOST_EXCERPTS]])


def _reply(row: Row[Any]) -> Reply | None:
    try:
        inquiry, verdict, kind = Inquiry.from_json(row.inquiry), Verdict(row.verdict), ReplyKind(row.kind)
        cited = tuple(map(Cited.from_json, json.loads(row.cited)))
    except (UnreadableInquiry, ValueError, KeyError, TypeError) as error:
        _LOG.warning("a kept reply cannot be read and counts as expired (%s)", type(error).__name__)
        return None
    return Reply(
        key=row.key,
        kind=kind,
        where=Where(row.chat_id, row.thread_id, row.user_id, row.question_message_id, row.locale),
        message_id=row.message_id,
        inquiry=inquiry,
        verdict=verdict,
        confidence=row.confidence,
        cited=cited,
        reading=row.reading,
        created=row.created,
    )
