"""The corpus: loads and their generations, documents, passages, files."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the corpus's tables, with nothing published."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "loads",
        sa.Column("generation", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started", moment, nullable=False),
        sa.Column("finished", moment),
        sa.Column("documents", sa.Integer),
        sa.Column("passages", sa.Integer),
        sa.Column("report", sa.JSON),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_loads")),
    )
    state = op.create_table(
        "corpus_state",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("published", sa.Integer),
        sa.Column("identity", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_corpus_state_only_one")),
        sa.ForeignKeyConstraint(
            ["published"], ["loads.generation"], name=op.f("fk_corpus_state_published_loads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corpus_state")),
    )
    op.bulk_insert(state, [{"id": 1, "published": None, "identity": uuid4().hex}])
    op.create_table(
        "documents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("born", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("retired", sa.Integer),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("published", sa.Text),
        sa.Column("precision", sa.Text),
        sa.Column("sort_time", moment, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("passage_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", "born", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_origin"), "documents", ["origin"])
    op.create_index(op.f("ix_documents_sort_time_id"), "documents", ["sort_time", "id"])
    retired = sa.text("retired IS NOT NULL")
    op.create_index(
        op.f("ix_documents_retired"),
        "documents",
        ["retired"],
        sqlite_where=retired,
        postgresql_where=retired,
    )
    op.create_table(
        "passages",
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("born", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("section", sa.Text),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "born"],
            ["documents.id", "documents.born"],
            name=op.f("fk_passages_document_id_born_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "born", "ordinal", name=op.f("pk_passages")),
    )
    op.create_table(
        "files",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("born", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("retired", sa.Integer),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("loaded", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("origin", "born", name=op.f("pk_files")),
    )
    op.create_table(
        "duplicates",
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("born", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("retired", sa.Integer),
        sa.PrimaryKeyConstraint("document_id", "origin", "born", name=op.f("pk_duplicates")),
    )
    op.create_index(op.f("ix_duplicates_origin"), "duplicates", ["origin"])
