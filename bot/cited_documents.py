"""Which documents each kept reply cites, so that those who were given one can be told when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Text

from bot.upsert import upsert
from corpus.database import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from bot.reply import Cited
    from corpus.database import Database

cited_documents = Table(
    "cited_documents",
    metadata,
    Column("bot_id", BigInteger, autoincrement=False, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    # A reply that goes takes these along; in this order they are found by it.
    PrimaryKeyConstraint("bot_id", "key", "document_id"),
    ForeignKeyConstraint(["bot_id", "key"], ["replies.bot_id", "replies.key"], ondelete="CASCADE"),
)
Index(None, cited_documents.c.document_id)


def note_cited(
    database: Database, connection: Connection, bot_id: int, key: str, cited: Iterable[Cited]
) -> None:
    """Note the documents of a reply's excerpts, in the transaction that keeps the reply."""
    ids = sorted({each.document_id for each in cited})
    if ids:
        rows = [{"bot_id": bot_id, "document_id": document_id, "key": key} for document_id in ids]
        connection.execute(upsert(database, cited_documents).on_conflict_do_nothing(), rows)
