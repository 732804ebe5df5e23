"""The outbox: what is to be told to which chat, and what has become of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Integer, Table, Text, UniqueConstraint

from corpus.database import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("bot_id", BigInteger, nullable=False),
    # SQLite numbers rows by itself only where the column is called INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("kind", Text, nullable=False),
    Column("subscription_id", Text),
    Column("document_id", Text),
    Column("passage_id", Text),
    Column("once", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("batch", Text),
    Column("claimed", UtcDateTime),
    Column("claimant", Text),
    Column("settled", UtcDateTime),
    Column("message_id", BigInteger),
    Column("reason", Text),
    UniqueConstraint("bot_id", "chat_id", "once"),
)
Index(None, outbox.c.state, outbox.c.due)
Index(None, outbox.c.bot_id, outbox.c.chat_id, outbox.c.state)
Index(None, outbox.c.bot_id, outbox.c.chat_id, outbox.c.message_id)
Index(None, outbox.c.bot_id, outbox.c.subscription_id)
