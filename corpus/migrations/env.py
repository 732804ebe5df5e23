"""How Alembic runs the migrations here: on the connection it is given, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from corpus.database import metadata


def run() -> None:
    """Run what `corpus.migrating` asks for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite alters a table by making it anew
    )
    with context.begin_transaction():
        context.run_migrations()


run()
