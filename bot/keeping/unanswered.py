"""The unanswered: what readers asked and did not find, put together where it is about the same."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Table,
    Text,
    and_,
    delete,
    exists,
    or_,
    select,
)

from bot.errors import UnreadableInquiry
from bot.feedback import feedback
from bot.inquiry import Inquiry
from bot.replies import replies
from bot.reply import ReplyKind
from bot.upsert import upsert
from corpus.database import metadata
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from bot.keeping.similarity import Similarity
    from corpus.database import Database

MOST = 2_000
"""So many questions are looked at, the newest."""

# A question goes with its reply, and so does that somebody has seen to it.
seen_to = Table(
    "seen_to",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("entry", BigInteger, nullable=False),
    ForeignKeyConstraint(["bot_id", "key"], [replies.c.bot_id, replies.c.key], ondelete="CASCADE"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked in vain. `disliked` is whether somebody pressed 👎 under what they got."""

    key: str
    inquiry: Inquiry
    verdict: Verdict
    disliked: bool
    created: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """Questions about the same, the newest first; they are told apart by how they are written."""

    asked: tuple[Asked, ...]

    @property
    def key(self) -> str:
        """Its name in buttons: the reply to the newest question."""
        return self.asked[0].key

    @property
    def newest(self) -> Asked:
        """The question that was asked last."""
        return self.asked[0]

    @property
    def wordings(self) -> tuple[str, ...]:
        """How it was asked, each way once, the newest first."""
        return tuple(dict.fromkeys(each.inquiry.said for each in self.asked))

    def count(self, verdict: Verdict) -> int:
        """How often it came out so."""
        return sum(each.verdict is verdict for each in self.asked)

    @property
    def disliked(self) -> int:
        """How often what was found was called wrong."""
        return sum(each.disliked for each in self.asked)


class Unanswered:
    """What the readers of one bot asked in vain.

    Who asked is not looked at. What is forgotten is not there any more, nor what nobody has used
    for as long as replies are kept. Every method raises DatabaseError where the database cannot
    be used.

    Args:
        database: where the replies are.
        bot_id: whose.
        similarity: tells what is about the same.
        clock: the time, aware.
    """

    def __init__(
        self, database: Database, bot_id: int, similarity: Similarity, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._similarity = similarity
        self._clock = clock

    async def matters(self, days: int) -> tuple[Matter, ...]:
        """What was asked in the last days and not seen to yet; what was asked most often comes first."""
        rows = await self._database.read(
            lambda connection: connection.execute(self._statement(days).limit(MOST)).all()
        )
        # A thousand questions take a while to cut into words, and readers must not wait for that.
        return await asyncio.to_thread(self._grouped, rows)

    async def matter(self, key: str, days: int) -> Matter | None:
        """The matter that a question belongs to, with what was asked after it left out."""
        for matter in await self.matters(days):
            place = next((at for at, each in enumerate(matter.asked) if each.key == key), None)
            if place is not None:
                return Matter(matter.asked[place:])
        return None

    async def see_to(self, matter: Matter, entry: int) -> int:
        """Take a matter off the list; what is asked about it again is on it again.

        Args:
            matter: what was seen to.
            entry: the entry of the audit.

        Returns:
            How many questions are off the list now that were not before.
        """
        keys = [each.key for each in matter.asked]
        # A reader may have forgotten one meanwhile.
        there = select(replies.c.bot_id, replies.c.key).where(
            replies.c.bot_id == self._bot_id, replies.c.key.in_(keys)
        )

        def work(connection: Connection) -> int:
            rows = [
                {"bot_id": row.bot_id, "key": row.key, "entry": entry} for row in connection.execute(there)
            ]
            if not rows:
                return 0
            statement = upsert(self._database, seen_to).values(rows).on_conflict_do_nothing()
            return connection.execute(statement).rowcount

        return await self._database.write(work)

    async def bring_back(self, entry: int) -> int:
        """Put on the list again what an entry of the audit took off it; returns how many questions."""
        mine = and_(seen_to.c.bot_id == self._bot_id, seen_to.c.entry == entry)
        return await self._database.write(
            lambda connection: connection.execute(delete(seen_to).where(mine)).rowcount
        )

    def _statement(self, days: int) -> Select[Any]:
        wrong = exists().where(
            feedback.c.bot_id == replies.c.bot_id, feedback.c.key == replies.c.key, feedback.c.value < 0
        )
        in_vain = replies.c.verdict.in_([Verdict.NOTHING.value, Verdict.RELATED.value])
        columns = (replies.c.key, replies.c.inquiry, replies.c.verdict, replies.c.created)
        return (
            select(*columns, wrong.label("disliked"))
            .where(
                replies.c.bot_id == self._bot_id,
                replies.c.created >= self._clock() - timedelta(days=days),
                or_(and_(replies.c.kind == ReplyKind.ASKED.value, in_vain), wrong),
                ~exists().where(seen_to.c.bot_id == replies.c.bot_id, seen_to.c.key == replies.c.key),
            )
            .order_by(replies.c.created.desc(), replies.c.key)
        )

    def _grouped(self, rows: Iterable[Row[Any]]) -> tuple[Matter, ...]:
        asked = [found for row in rows if (found := _asked(row)) is not None]
        groups = self._similarity.grouped([_text(each.inquiry) for each in asked])
        matters = [Matter(tuple(asked[place] for place in places)) for places in groups]
        return tuple(
            sorted(matters, key=lambda each: (-len(each.asked), -each.newest.created.timestamp(), each.key))
        )


def _text(inquiry: Inquiry) -> str:
    """All that was asked, for telling what is about the same."""
    scope = inquiry.scope
    return " ".join(filter(None, (inquiry.said, inquiry.context, *scope.phrases)))


def _asked(row: Row[Any]) -> Asked | None:
    try:
        inquiry, verdict = Inquiry.from_json(row.inquiry), Verdict(row.verdict)
    except (UnreadableInquiry, ValueError):  # of a newer version; to whoever looks it is as if expired
        return None
    return Asked(row.key, inquiry, verdict, bool(row.disliked), row.created)
