"""The inbox: updates received from Telegram and not yet handled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table `bot.inbox` describes."""
    op.create_table(
        "updates",
        sa.Column("bot_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_updates")),
    )
    waiting = sa.text("done IS NULL")
    op.create_index(
        op.f("ix_updates_done"), "updates", ["done"], sqlite_where=waiting, postgresql_where=waiting
    )
