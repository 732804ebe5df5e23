"""What is kept about a reader: counted, handed out and forgotten, over all tables that have any of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, false, func, or_, select

from bot.chats import chats
from bot.feedback import feedback
from bot.keeping.drafts import drafts
from bot.outbox import outbox
from bot.replies import replies
from bot.subscription import subscriptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Table

    from bot.chats import Chats
    from corpus.database import Database

# Opinions come before the replies, or they would go with these and not be counted. Notifications come
# before the subscriptions that say whose they are.
TABLES: Mapping[str, Table] = {
    "opinions": feedback,
    "questions": replies,
    "notifications": outbox,
    "subscriptions": subscriptions,
    "drafts": drafts,
    "settings": chats,
}
"""Every table with anything of a reader's, under the name that `export` and `counts` give it."""

_JSON = frozenset({"inquiry", "cited", "payload"})


async def export(database: Database, bot_id: int, user_id: int, chat_id: int) -> dict[str, Any]:
    """Everything that is kept about a reader, ready to be written as JSON.

    Args:
        database: where it is kept.
        bot_id: whose readers.
        user_id: the reader: what they asked, thought and follow, in whichever chat.
        chat_id: where they want it. If it is their private chat, what belongs to the chat is theirs too;
            what belongs to a group is not.

    Raises:
        DatabaseError: the database cannot be read.
    """
    found: dict[str, Any] = {}
    async with database.connection() as connection:
        for name, table in TABLES.items():
            mine = _mine(table, bot_id, user_id, chat_id)
            rows = await connection.execute(select(table).where(mine).order_by(*table.primary_key))
            found[name] = [
                {key: _plain(key, value) for key, value in row.items() if key != "bot_id"}
                for row in rows.mappings()
            ]
    return found


async def forget(kept: Chats, user_id: int, chat_id: int) -> dict[str, int]:
    """Delete everything that `export` gives, in one transaction; returns how much there was of each.

    Args:
        kept: the chats of the bot, whose settings are in memory too.
        user_id: the reader.
        chat_id: where they want it.

    Raises:
        DatabaseError: the database cannot be written; nothing was deleted.
    """
    counted: dict[str, int] = {}
    with kept.changing(chat_id):
        async with kept.database.transaction() as connection:
            for name, table in TABLES.items():
                mine = _mine(table, kept.bot_id, user_id, chat_id)
                counted[name] = (await connection.execute(delete(table).where(mine))).rowcount
    return counted


async def forget_chat(kept: Chats, chat_id: int) -> None:
    """Delete everything of a chat that is gone for good, whoever left it there, in one transaction.

    Raises:
        DatabaseError: the database cannot be written; nothing was deleted.
    """
    with kept.changing(chat_id):
        async with kept.database.transaction() as connection:
            for table in TABLES.values():
                if "chat_id" in table.c:
                    of_chat = (table.c.bot_id == kept.bot_id) & (table.c.chat_id == chat_id)
                    await connection.execute(delete(table).where(of_chat))


async def counts(database: Database, bot_id: int, user_id: int, chat_id: int) -> dict[str, int]:
    """How much there is of everything that `export` gives.

    Raises:
        DatabaseError: the database cannot be read.
    """
    counted: dict[str, int] = {}
    async with database.connection() as connection:
        for name, table in TABLES.items():
            mine = _mine(table, bot_id, user_id, chat_id)
            counted[name] = (
                await connection.execute(select(func.count()).select_from(table).where(mine))
            ).scalar_one()
    return counted


def _mine(table: Table, bot_id: int, user_id: int, chat_id: int) -> ColumnElement[bool]:
    """What in a table is a reader's. Only private chats have positive numbers."""
    either: list[ColumnElement[bool]] = []
    if "user_id" in table.c:
        either.append(table.c.user_id == user_id)
    if "chat_id" in table.c and chat_id > 0:
        either.append(table.c.chat_id == chat_id)
    if table is outbox:
        # Elsewhere what they subscribed to is told, and nothing else of it is theirs.
        theirs = select(subscriptions.c.id).where(
            subscriptions.c.bot_id == bot_id, subscriptions.c.user_id == user_id
        )
        either.append(outbox.c.subscription_id.in_(theirs))
    return (table.c.bot_id == bot_id) & (or_(*either) if either else false())


def _plain(column: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if column in _JSON and isinstance(value, str):
        return json.loads(value)
    return value
