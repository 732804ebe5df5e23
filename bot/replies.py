"""The replies: what was answered, under a key that a button can carry, for as long as anybody uses it."""

from __future__ import annotations

import json
import logging
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
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

from bot.errors import UnreadableInquiry
from bot.inquiry import Inquiry, write_json
from corpus.database import UtcDateTime, metadata
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from corpus.database import Database
    from retrieval.answer import Excerpt

KEPT = timedelta(days=90)
"""How long a reply is kept after it was last used."""

MAX_CITED = 20
"""Excerpts kept of one reply: an answer has no more in all."""

MAX_TEXT = 2_000
"""Characters kept of one excerpt: enough to tell whether its document has changed."""

KEY_LENGTH = 10

_KEY_CHARACTERS = string.ascii_letters + string.digits
# Using a reply keeps it. That a day exactly is noted means at most one write a day for each.
_USE_NOTED = timedelta(days=1)
_PURGED_AT_ONCE = 500

_LOG = logging.getLogger(__name__)

replies = Table(
    "replies",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("question_message_id", BigInteger),
    Column("inquiry", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("cited", Text, nullable=False),
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


@dataclass(frozen=True, slots=True)
class Cited:
    """One excerpt that was shown: characters `start` to `end` of a passage.

    `text` is the excerpt verbatim, of which the first `MAX_TEXT` characters are kept.
    """

    document_id: str
    passage_id: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, excerpt: Excerpt) -> Self:
        """The record of an excerpt."""
        return cls(
            excerpt.citation.document_id,
            excerpt.passage.id,
            excerpt.span.start,
            excerpt.span.end,
            excerpt.text,
        )

    def stands_in(self, passage: str) -> bool:
        """Whether a passage's text still has the excerpt in its place, as far as it was kept."""
        return passage.startswith(self.text, self.start) and self.end <= len(passage)


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: the chat, its forum topic, who asked, and the message that asked."""

    chat_id: int
    thread_id: int | None
    user_id: int
    question_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered.

    The numbers of messages are None before they are known, and in a group that has become a
    supergroup since.
    """

    key: str
    chat_id: int
    thread_id: int | None
    user_id: int
    message_id: int | None
    question_message_id: int | None
    inquiry: Inquiry
    verdict: Verdict
    confidence: float
    cited: tuple[Cited, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class History:
    """A page of what a reader asked in a chat, newest first; `total` counts all pages."""

    replies: tuple[Reply, ...]
    total: int


def new_key() -> str:
    """A key that nobody can guess and that a button and a link can carry."""
    return "".join(secrets.choice(_KEY_CHARACTERS) for _ in range(KEY_LENGTH))


def plain_key(text: str) -> str:
    """A text that may be a key; "", which is none, for what came in a forged button or link."""
    return text if len(text) == KEY_LENGTH and text.isascii() and text.isalnum() else ""


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
        self, where: Where, inquiry: Inquiry, cited: Sequence[Cited], verdict: Verdict, confidence: float
    ) -> str:
        """Keep what is answered, before it is sent, and return its key."""
        key, now = new_key(), self._clock()
        row = {
            "bot_id": self._bot_id,
            "key": key,
            "chat_id": where.chat_id,
            "thread_id": where.thread_id,
            "user_id": where.user_id,
            "question_message_id": where.question_message_id,
            **_content(inquiry, cited, verdict, confidence),
            "created": now,
            "used": now,
        }
        await self._database.write(lambda connection: connection.execute(insert(replies), row))
        return key

    async def sent(self, key: str, message_id: int) -> None:
        """Note which message the reply became."""
        await self._change(key, message_id=message_id)

    async def change(
        self, key: str, inquiry: Inquiry, cited: Sequence[Cited], verdict: Verdict, confidence: float
    ) -> bool:
        """Put another answer in the place of a reply's; False if it has expired."""
        return await self._change(key, **_content(inquiry, cited, verdict, confidence), used=self._clock())

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
        """What a reader was last answered in a chat, in this topic of it."""
        mine = and_(
            self._in(chat_id),
            replies.c.user_id == user_id,
            replies.c.thread_id.is_not_distinct_from(thread_id),
        )
        return await self._first(select(replies).where(mine).order_by(*_NEWEST_FIRST))

    async def history(self, chat_id: int, user_id: int, limit: int, offset: int = 0) -> History:
        """A page of what a reader asked in a chat, newest first."""
        mine = self._in(chat_id) & (replies.c.user_id == user_id)
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


def _content(
    inquiry: Inquiry, cited: Sequence[Cited], verdict: Verdict, confidence: float
) -> dict[str, str | float]:
    """The columns that say what was answered."""
    written = [
        {
            "document": one.document_id,
            "passage": one.passage_id,
            "start": one.start,
            "end": one.end,
            "text": one.text[:MAX_TEXT],
        }
        for one in cited[:MAX_CITED]
    ]
    return {
        "inquiry": inquiry.to_json(),
        "verdict": verdict.value,
        "confidence": confidence,
        "cited": write_json(written),
    }


def _reply(row: Row[Any]) -> Reply | None:
    try:
        inquiry, verdict = Inquiry.from_json(row.inquiry), Verdict(row.verdict)
        cited = tuple(
            Cited(one["document"], one["passage"], one["start"], one["end"], one["text"])
            for one in json.loads(row.cited)
        )
    except (UnreadableInquiry, ValueError, KeyError, TypeError) as error:
        _LOG.warning("a kept reply cannot be read and counts as expired (%s)", type(error).__name__)
        return None
    return Reply(
        key=row.key,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        user_id=row.user_id,
        message_id=row.message_id,
        question_message_id=row.question_message_id,
        inquiry=inquiry,
        verdict=verdict,
        confidence=row.confidence,
        cited=cited,
        created=row.created,
    )
