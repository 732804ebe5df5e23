"""The inbox again: updates belong to a bot, lose their content when handled, and are not tried for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew; no version that filled the old one was ever released."""
    op.drop_table("updates")
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
