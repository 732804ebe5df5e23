"""The presence: which chats have sent the bot away, and what becomes of them if they come back, or do not.

A chat that blocks the bot or throws it out is inactive at once, because Telegram says so or
because it refuses a message. Its subscriptions go on being matched and what is found waits in
the outbox. If it comes back, it is told what it missed; if it stays away, all of it is deleted.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, exists, func, or_, select, update
from telegram.error import BadRequest, Forbidden

from bot.chats import Inactivity, chats
from bot.outbox import Kind, State, outbox
from bot.personal import forget, forget_chat
from bot.subscription import subscriptions
from bot.upsert import upsert
from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Table
    from telegram.error import TelegramError

    from bot.chats import Chats

MOST_MISSED: Final = 8
"""Passages that a chat is told of when it comes back: the newest, as many as one digest has room for.

In a forum so many of each topic. The others are only counted."""

DELETED_KEPT: Final = timedelta(days=7)
"""How long what belongs to a deleted account or group is kept, in case that Telegram was mistaken."""

WELCOME_BACK: Final = "welcome_back"
"""Where the payload of a passage that was missed says so: since when, how many were, how many are told."""

_NOT_TOLD = "missed"

# Words of Telegram's refusals, which have no codes of their own.
_DELETED = ("user is deactivated", "user_deactivated", "group chat was deleted", "group chat was deactivated")
_LOST = ("chat not found", "peer_id_invalid")
_BLOCKED = ("blocked", "initiate conversation")
# A group in which the bot may be and may not speak is as good as one that it is not in.
_KICKED = (
    "not enough rights to send",
    "have no rights to send",
    "chat_write_forbidden",
    "need administrator rights",
)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Missed:
    """The news for a chat while it was away: since when, how many passages, and how many it is told."""

    since: datetime
    found: int
    told: int


class Presence:
    """The absences of one bot's chats in the database.

    `kept` is how long what belongs to a chat that is away is kept.
    """

    def __init__(self, chats: Chats, clock: Callable[[], datetime], kept: timedelta) -> None:
        self._chats = chats
        self._clock = clock
        self.kept = kept

    async def leave(self, chat_id: int, reason: Inactivity) -> bool:
        """Note that the bot cannot write to a chat; nothing is sent there until it comes back.

        Nothing is noted of a chat of which nothing is kept. Returns whether this is news.

        Raises:
            DatabaseError: the database cannot be written.
        """
        database, bot_id = self._chats.database, self._chats.bot_id
        values = {"inactive_since": self._clock(), "inactive_reason": reason.value}
        statement = upsert(database, chats).values(bot_id=bot_id, chat_id=chat_id, **values)
        noted = statement.on_conflict_do_update(
            index_elements=[chats.c.bot_id, chats.c.chat_id],
            set_=values | {"inactive_since": func.coalesce(chats.c.inactive_since, values["inactive_since"])},
        )

        def work(connection: Connection) -> bool:
            known = connection.execute(select(chats.c.inactive_since).where(self._of(chats, chat_id))).all()
            held = (exists().where(self._of(table, chat_id)) for table in (subscriptions, outbox))
            if not known and not connection.execute(select(or_(*held))).scalar_one():
                return False
            connection.execute(noted)
            return not known or known[0].inactive_since is None

        with self._chats.changing(chat_id):
            return await database.write(work)

    async def come_back(self, chat_id: int) -> Missed | None:
        """Let a chat be written to again, and make one digest, due now, of what waited for it.

        Returns what it missed; None if it was not away.

        Raises:
            DatabaseError: the database cannot be written; the chat is still away.
        """
        now = self._clock()

        def work(connection: Connection) -> Missed | None:
            here = self._of(chats, chat_id)
            since = connection.execute(select(chats.c.inactive_since).where(here)).scalar_one_or_none()
            if since is None:
                return None
            connection.execute(update(chats).where(here).values(inactive_since=None, inactive_reason=None))
            return self._gather(connection, chat_id, since, now)

        with self._chats.changing(chat_id):
            return await self._chats.database.write(work)

    async def refused(self, chat_id: int, chat_name: str, error: TelegramError) -> bool:
        """Take note of a refusal by Telegram; returns whether it means that nobody can be reached there.

        Args:
            chat_id: the chat that was written to.
            chat_name: what the log calls it.
            error: what Telegram said.
        """
        reason = away_because(error)
        if reason is None:
            return False
        _LOG.info("%s: the bot may not write here any more (%s)", chat_name, reason)
        try:
            await self.leave(chat_id, reason)
        except DatabaseError as failure:  # the next refusal says it again
            _LOG.warning("%s: that it is away could not be noted (%s)", chat_name, failure)
        return True

    async def moved(self, old: int, new: int, chat_name: str) -> None:
        """Give what belongs to a group to the supergroup that it has become.

        Args:
            old: the number it had.
            new: the number it has.
            chat_name: what the log calls it.
        """
        try:
            await self._chats.migrate(old, new)
        except DatabaseError as failure:  # Telegram will say it again
            _LOG.warning("%s: that it is a supergroup now could not be noted (%s)", chat_name, failure)

    async def clean_up(self) -> int:
        """Delete everything of the chats that were away for too long; returns how many there were.

        Raises:
            DatabaseError: the database cannot be read or written.
        """
        now = self._clock()
        soon = now - min(DELETED_KEPT, self.kept)
        deleted = await self._chats.inactive_before(soon, Inactivity.DELETED)
        for chat_id in deleted:
            if (
                chat_id > 0
            ):  # who blocked the bot may be in groups, who deleted the account is gone everywhere
                await forget(self._chats, chat_id, chat_id)
            await forget_chat(self._chats, chat_id)
        others = await self._chats.inactive_before(now - self.kept)
        for chat_id in others:
            await forget_chat(self._chats, chat_id)
        return len(deleted) + len(others)

    def _gather(self, connection: Connection, chat_id: int, since: datetime, now: datetime) -> Missed:
        """Make digests of what should have been told: of each topic the newest news, and all else."""
        mine = and_(self._of(outbox, chat_id), outbox.c.state == State.PENDING.value, outbox.c.due <= now)
        news = and_(mine, outbox.c.kind == Kind.NEWS.value)
        rows = connection.execute(
            select(outbox.c.id, outbox.c.thread_id, outbox.c.payload)
            .where(news)
            .order_by(outbox.c.created.desc(), outbox.c.id.desc())
        ).all()
        # Each topic of a forum gets a digest of its own, a quiet one as well.
        found, shown = Counter(row.thread_id for row in rows), Counter[int | None]()
        told = []
        for row in rows:
            if shown[row.thread_id] < MOST_MISSED:
                shown[row.thread_id] += 1
                told.append(row)
        left = outbox.c.id.not_in([row.id for row in told])
        settled = {"state": State.SENT.value, "settled": now, "reason": _NOT_TOLD}
        connection.execute(update(outbox).where(news, left).values(**settled))
        connection.execute(update(outbox).where(mine).values(due=now, digest=True))
        for row in told:
            missed = [since.isoformat(), found[row.thread_id], shown[row.thread_id]]
            payload = json.loads(row.payload) | {WELCOME_BACK: missed}
            text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload=text))
        return Missed(since, len(rows), len(told))

    def _of(self, table: Table, chat_id: int) -> ColumnElement[bool]:
        return and_(table.c.bot_id == self._chats.bot_id, table.c.chat_id == chat_id)


def away_because(error: TelegramError) -> Inactivity | None:
    """Why a refusal means that nobody can be reached in a chat; None if it means something else."""
    said = error.message.lower()
    if not isinstance(error, (BadRequest, Forbidden)):
        return None
    for reason, words in (
        (Inactivity.DELETED, _DELETED),
        (Inactivity.LOST, _LOST),
        (Inactivity.BLOCKED, _BLOCKED),
        (Inactivity.KICKED, _KICKED),
    ):
        if any(each in said for each in words):
            return reason
    return Inactivity.KICKED if isinstance(error, Forbidden) else None
