"""Notices for tests of the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.outbox import Kind, Notice, outbox

if TYPE_CHECKING:
    from corpus.database import Database

DUE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_numbers = count(1)


def notice(chat_id: int, **changes: object) -> Notice:
    """A notice that is due when the clock of these tests begins, and no other's equal."""
    number = next(_numbers)
    made = Notice(
        chat_id=chat_id,
        thread_id=None,
        kind=Kind.NEWS,
        once=f"news:s{chat_id}:{number}",
        payload={"text": f"消息{number}"},
        due=DUE,
        subscription_id=f"s{chat_id}",
    )
    return replace(made, **changes)


async def states(database: Database) -> list[str]:
    """The state of every row, in the order they were added."""
    return [row.state for row in await rows(database)]


async def rows(database: Database) -> list[Any]:
    """Every row, in the order they were added."""
    return await database.read(
        lambda connection: list(connection.execute(select(outbox).order_by(outbox.c.id)).all())
    )
