"""A delivery whose messages are the texts of its notices, one a line, and many chats to deliver to."""

from __future__ import annotations

import html
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.chats import Chats
from bot.claims import LEASE, Claims
from bot.delivery import Composed, Delivery
from bot.dispatch import Dispatch
from bot.local.chats import Chat
from bot.logs import Pseudonyms
from bot.outbox import Kind, Notice, Outbox
from bot.presence import Presence
from bot.rendering.message import Message
from bot.token_bucket import Rate, TokenBuckets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from bot.local import LocalTelegram
    from bot.outbox import Batch
    from corpus.database import Database

QUICK = Rate(2000, burst=100)
SECONDS = 2.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_chats(telegram: LocalTelegram, ids: Iterable[int]) -> None:
    """Private chats of people who have begun to talk with the bot; groups where the number is negative."""
    for chat_id in ids:
        kind = "group" if chat_id < 0 else "private"
        shown = {"id": chat_id, "type": kind, "title" if chat_id < 0 else "first_name": f"Chat {chat_id}"}
        telegram.world.chats[chat_id] = Chat(chat_id, shown, bot_status="member", met=True)


def told(telegram: LocalTelegram) -> list[str]:
    """What the bot has told, in all chats: the texts of the notices."""
    return [
        line.removeprefix("again: ")
        for chat in telegram.world.chats.values()
        for message in chat.messages.values()
        for line in str(message.get("text", "")).splitlines()
    ]


def notices(count: int, chats: int, due: datetime, *, first_chat: int = 50_001) -> list[Notice]:
    """Notices with texts of their own, shared out over chats."""
    return [
        Notice(
            chat_id=first_chat + number % chats,
            thread_id=None,
            kind=Kind.NEWS,
            once=f"news:s:{number}",
            payload={"text": f"n{number}"},
            due=due,
        )
        for number in range(count)
    ]


class PlainComposer:
    """Says the text of each row, at most so many rows at once; nothing for those without a text."""

    def __init__(self, most: int = 1) -> None:
        self.most = most
        self.batches: list[Batch] = []

    async def compose(self, batch: Batch) -> Composed | None:
        self.batches.append(batch)
        rows = [row for row in batch.rows if row.payload["text"]][: self.most]
        if not rows:
            return None
        lines = (html.escape(("again: " if row.again else "") + row.payload["text"]) for row in rows)
        message = Message("\n".join(lines))
        return Composed(
            message, tuple(row.id for row in rows), key="k", silent=all(row.silent for row in rows)
        )


class KeptReplies:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.sent_as: list[tuple[str, int]] = []

    async def sent(self, key: str, message_id: int) -> None:
        self.sent_as.append((key, message_id))


class Post:
    """All parts of a delivery to a local Telegram."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        claimant: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        lease: timedelta = LEASE,
        buckets: TokenBuckets,
    ) -> None:
        self.outbox = Outbox(database, bot.id, clock)
        self.claims = Claims(self.outbox, claimant, lease=lease)
        self.composer = PlainComposer()
        self.replies = KeptReplies()
        self.chats = Chats(database, bot.id)
        self.dispatch = Dispatch(
            self.claims,
            bot,
            self.composer,
            self.replies,
            Presence(self.chats, clock, timedelta(days=180)),
            buckets,
            Pseudonyms(b"salt"),
            clock,
        )
        self.delivery = Delivery(self.claims, self.dispatch, buckets)


@asynccontextmanager
async def calling(token: str, url: str, seconds: float = SECONDS) -> AsyncIterator[Bot]:
    """A bot that calls a local Telegram and waits for an answer for so many seconds."""
    request = HTTPXRequest(
        connection_pool_size=64,
        read_timeout=seconds,
        write_timeout=seconds,
        connect_timeout=seconds,
        pool_timeout=20,
        httpx_kwargs={"trust_env": False},
    )
    async with Bot(token, base_url=f"{url}/bot", request=request) as bot:
        yield bot
