"""Bringing a database's schema up to date with the migrations that ship in the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x77656E78756E  # "wenxun": PostgreSQL knows locks of an application by number


def upgrade(connection: Connection, *, only_look: bool = False) -> bool:
    """Run every migration the database has not had, inside the transaction of `connection`.

    Several processes may do this at once: on SQLite the transaction is the only one that
    writes, on PostgreSQL a lock is held until it ends; who comes second finds nothing to do.

    Args:
        connection: in a transaction that its owner commits.
        only_look: change nothing.

    Returns:
        Whether the schema was up to date already.

    Raises:
        DatabaseError: the schema is of a newer version than this code.
    """
    if not only_look and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    # Percent signs mean something to the configuration's own syntax.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return True
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        msg = f"it was written by a newer version of Wenxun (schema {current}); update the program."
        raise DatabaseError(msg)
    if not only_look:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return False
