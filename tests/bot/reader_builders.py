"""Builders of what readers leave, and a record of the statements a database runs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from bot.inquiry import Inquiry
from bot.outbox import Kind, Notice
from bot.reply import Cited, Where
from corpus.model import Precision, Published
from retrieval.answer import Citation, Order
from retrieval.scope import Scope
from tests.builders import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from bot.subscription import Subscription
    from corpus.database import Database

# PostgreSQL reads a table of few rows as a whole, whatever its indexes; SQLite's plans do not depend on that.
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BOT_ID = 7
ALICE, BOB, GROUP = 101, 102, -500
FULL_SCOPE = Scope(
    sources=("新华社", "Reuters"),
    since=date(2025, 11, 1),
    until=date(2025, 12, 31),
    language="zh",
    phrases=("临床 阶段",),
    excluded=("疫苗", "口罩"),
    document_id="doc",
)


def build_inquiry(
    said: str = "重庆的授权金额是多少？", *, scope: Scope | None = None, order: Order = Order.BEST
) -> Inquiry:
    return Inquiry(said, datetime(2026, 1, 5, 17, 0, tzinfo=ZONE), scope=scope or Scope(), order=order)


CITATION = Citation(
    "doc",
    "重庆创新药出海",
    "虚构财经",
    Published(datetime(2025, 12, 16, 8, 35, tzinfo=ZONE), Precision.MINUTE),
    "https://news.example/deal",
    "zh",
)


def build_cited(text: str = "授权金额超过10亿美元。", *, start: int = 0, place: int = 0) -> Cited:
    return Cited(place, CITATION, "doc#0-abc", start, start + len(text), text)


def build_where(
    chat_id: int = ALICE,
    user_id: int = ALICE,
    *,
    thread_id: int | None = None,
    question_message_id: int | None = 41,
) -> Where:
    return Where(chat_id, thread_id, user_id, question_message_id, "zh")


def build_notice(
    subscription: Subscription, due: datetime, passage: str = "doc#0-abc", *, digest: bool = True
) -> Notice:
    return Notice(
        subscription.chat_id,
        subscription.thread_id,
        Kind.NEWS,
        f"news:{subscription.id}:{passage}",
        {"text": "授权金额超过10亿美元。"},
        due,
        digest=digest,
        subscription_id=subscription.id,
        document_id="doc",
        passage_id=passage,
    )


async def rows_in(database: Database, table: Table) -> int:
    async with database.connection() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement that was run, and its parameters as the driver got them."""

    statement: str
    parameters: object


@contextmanager
def recorded(database: Database) -> Iterator[list[Ran]]:
    """What the database runs in the block, without the beginnings and ends of transactions."""
    ran: list[Ran] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            ran.append(Ran(statement, parameters))

    engines = [engine for engine in (database.engine.sync_engine, database.direct) if engine is not None]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield ran
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def scans(database: Database, ran: list[Ran]) -> list[str]:
    """Of statements that were run on SQLite, those that read a whole table, as it plans them."""
    found = []
    async with database.connection() as connection:
        for one in ran:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.statement}", one.parameters)  # type: ignore[arg-type]  # as the driver got them
            found += [
                f"{row[3]}: {one.statement}"
                for row in plan
                if row[3].startswith("SCAN") and "SUBQUERY" not in row[3].upper()
            ]
    return found
