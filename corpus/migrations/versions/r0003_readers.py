"""The readers: chats' settings, replies with opinions of them, followed questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what the bot keeps about its readers."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "chats",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("zone", sa.Text),
        sa.Column("excerpts", sa.Integer),
        sa.Column("sort_order", sa.Text),
        sa.Column("askers", sa.Text),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_chats")),
    )
    op.create_table(
        "replies",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("question_message_id", sa.BigInteger),
        sa.Column("inquiry", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("cited", sa.Text, nullable=False),
        sa.Column("reading", sa.Integer),
        sa.Column("created", moment, nullable=False),
        sa.Column("used", moment, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "key", name=op.f("pk_replies")),
    )
    for columns in (
        ["bot_id", "chat_id", "message_id"],
        ["bot_id", "chat_id", "question_message_id"],
        ["bot_id", "user_id", "chat_id", "created"],
        ["used"],
    ):
        op.create_index(op.f(f"ix_replies_{'_'.join(columns)}"), "replies", columns)
    op.create_table(
        "feedback",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("given", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id", "key"],
            ["replies.bot_id", "replies.key"],
            name=op.f("fk_feedback_bot_id_key_replies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bot_id", "key", "user_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_bot_id_user_id"), "feedback", ["bot_id", "user_id"])
    op.create_table(
        "follows",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("inquiry", sa.Text, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "id", name=op.f("pk_follows")),
        sa.UniqueConstraint(
            "bot_id", "chat_id", "fingerprint", name=op.f("uq_follows_bot_id_chat_id_fingerprint")
        ),
    )
    op.create_index(op.f("ix_follows_bot_id_user_id"), "follows", ["bot_id", "user_id"])
