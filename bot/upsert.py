"""The upsert: an insert that gives way to the row that is there, in the dialect of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Table

    from corpus.database import Database


def upsert(database: Database, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that takes `on_conflict_do_update` or `on_conflict_do_nothing`."""
    return sqlite.insert(table) if database.is_sqlite else postgresql.insert(table)
