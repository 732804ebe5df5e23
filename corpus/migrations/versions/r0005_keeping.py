"""Keeping the corpus: feeds and their items, what undoing holds back, editors, and who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what an administrator keeps the corpus with."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "feeds",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", moment),
        sa.Column("reason", sa.Text),
        sa.Column("reported", moment),
        sa.Column("added", moment, nullable=False),
        sa.Column("checked", moment),
        sa.Column("changed", moment),
        sa.Column("next_try", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index(op.f("ix_feeds_next_try"), "feeds", ["next_try"])
    op.create_table(
        "feed_items",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("feed_id", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("origin", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("last_seen", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_items")),
    )
    op.create_index(op.f("ix_feed_items_feed_id"), "feed_items", ["feed_id"])
    op.create_index(op.f("ix_feed_items_content"), "feed_items", ["content"])
    op.create_table(
        "withheld",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.BigInteger),
        sa.Column("mtime_ns", sa.BigInteger),
        sa.Column("undone", sa.Integer, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_withheld")),
    )
    op.create_table(
        "editors",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("editor_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("appointed", moment, nullable=False),
        sa.Column("appointed_by", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "editor_id", name=op.f("pk_editors")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.BigInteger),
        sa.Column("deed", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("undone", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_bot_id_at"), "audit", ["bot_id", "at"])
    op.create_table(
        "broadcasts",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("author", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topic", sa.Text),
        sa.Column("created", moment, nullable=False),
        sa.Column("sent", moment),
        sa.Column("chats", sa.Integer),
        sa.Column("entry", sa.BigInteger),
        sa.PrimaryKeyConstraint("bot_id", "key", name=op.f("pk_broadcasts")),
    )
    op.create_table(
        "drafts",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("origin", sa.Text),
        sa.Column("backup", sa.Text),
        sa.Column("field", sa.Text),
        sa.Column("prompt", sa.BigInteger),
        sa.Column("entry", sa.BigInteger),
        sa.Column("created", moment, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "key", name=op.f("pk_drafts")),
    )
    op.create_table(
        "daily_figures",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "day", "name", name=op.f("pk_daily_figures")),
    )
    op.create_table(
        "seen_to",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "key", name=op.f("pk_seen_to")),
        sa.ForeignKeyConstraint(
            ["bot_id", "key"],
            ["replies.bot_id", "replies.key"],
            name=op.f("fk_seen_to_bot_id_key_replies"),
            ondelete="CASCADE",
        ),
    )
