"""The subscriptions in place of follows, quiet hours of chats, the outbox, and what replies cite."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of following and of delivery; what was followed is a daily subscription from now on."""
    _subscriptions()
    _chats()
    _outbox()
    _cited_documents()


def _subscriptions() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "subscriptions",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("topic", sa.Text),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("inquiry", sa.Text, nullable=False),
        sa.Column("breadth", sa.Text, nullable=False),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("minute", sa.Integer),
        sa.Column("weekday", sa.Integer),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("changed", moment, nullable=False),
        sa.Column("seen", sa.Integer),
        sa.Column("delivered", sa.Integer, nullable=False),
        sa.Column("last_delivered", moment),
        sa.PrimaryKeyConstraint("bot_id", "id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "bot_id", "chat_id", "fingerprint", name=op.f("uq_subscriptions_bot_id_chat_id_fingerprint")
        ),
    )
    op.create_index(op.f("ix_subscriptions_bot_id_user_id"), "subscriptions", ["bot_id", "user_id"])
    op.create_index(op.f("ix_subscriptions_changed"), "subscriptions", ["changed"])
    # Whoever follows a question already is told of what is loaded from now on, not of what was there.
    op.execute(
        sa.text(
            "INSERT INTO subscriptions (bot_id, id, chat_id, thread_id, user_id, locale, "
            "fingerprint, inquiry, breadth, cadence, minute, silent, paused, created, changed, "
            "seen, delivered) "
            "SELECT bot_id, id, chat_id, thread_id, user_id, 'zh', "
            "fingerprint, inquiry, 'broad', 'daily', 540, false, false, created, created, "
            "(SELECT published FROM corpus_state), 0 FROM follows"
        )
    )
    op.drop_table("follows")


def _chats() -> None:
    op.add_column("chats", sa.Column("quiet_from", sa.Integer))
    op.add_column("chats", sa.Column("quiet_until", sa.Integer))
    op.add_column("chats", sa.Column("corrections", sa.Boolean))
    op.add_column("chats", sa.Column("paused", sa.Boolean))
    op.add_column("chats", sa.Column("inactive_since", sa.DateTime(timezone=True)))
    op.add_column("chats", sa.Column("inactive_reason", sa.Text))
    away = sa.text("inactive_since IS NOT NULL")
    op.create_index(
        op.f("ix_chats_inactive_since"),
        "chats",
        ["inactive_since"],
        sqlite_where=away,
        postgresql_where=away,
    )


def _outbox() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        # SQLite numbers rows by itself only where the column is called INTEGER.
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subscription_id", sa.Text),
        sa.Column("document_id", sa.Text),
        sa.Column("passage_id", sa.Text),
        sa.Column("once", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("digest", sa.Boolean, nullable=False),
        sa.Column("due", moment, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("batch", sa.Text),
        sa.Column("claimed", moment),
        sa.Column("claimant", sa.Text),
        sa.Column("settled", moment),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("key", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("bot_id", "chat_id", "once", name=op.f("uq_outbox_bot_id_chat_id_once")),
        sqlite_autoincrement=True,  # a number is not given again, or a button could mean another row
    )
    for columns in (
        ["state", "due"],
        ["bot_id", "chat_id", "state"],
        ["bot_id", "chat_id", "message_id"],
        ["bot_id", "subscription_id"],
        ["bot_id", "key"],
    ):
        op.create_index(op.f(f"ix_outbox_{'_'.join(columns)}"), "outbox", columns)


def _cited_documents() -> None:
    op.create_table(
        "cited_documents",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "key"],
            ["replies.bot_id", "replies.key"],
            name=op.f("fk_cited_documents_bot_id_key_replies"),
            ondelete="CASCADE",
        ),
        # In this order a reply that goes finds what goes with it.
        sa.PrimaryKeyConstraint("bot_id", "key", "document_id", name=op.f("pk_cited_documents")),
    )
    op.create_index(op.f("ix_cited_documents_document_id"), "cited_documents", ["document_id"])
    _known_citations()


def _known_citations() -> None:
    """What the replies of earlier versions cite, so that it is corrected as well."""
    replies = sa.table("replies", sa.column("bot_id"), sa.column("key"), sa.column("cited"))
    cited = sa.table("cited_documents", sa.column("bot_id"), sa.column("document_id"), sa.column("key"))
    connection = op.get_bind()
    for some in connection.execute(sa.select(replies)).partitions(1000):
        rows = [
            {"bot_id": bot_id, "document_id": document_id, "key": key}
            for bot_id, key, written in some
            for document_id in sorted({each["document"] for each in json.loads(written)})
        ]
        if rows:
            connection.execute(sa.insert(cited), rows)
