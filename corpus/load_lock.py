"""The lock that lets one load at a time into a database, whichever process it runs in."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

from sqlalchemy import text

from corpus.errors import DatabaseError, LoadInProgress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from corpus.database import Database

_NUMBER = 0x6C6F6164  # "load"
_BUSY = "Another load is running. Wait until it has finished."


@asynccontextmanager
async def load_lock(database: Database) -> AsyncIterator[None]:
    """Hold the lock. It goes with the process that holds it, however that ends.

    Raises:
        LoadInProgress: somebody holds it already.
        DatabaseError: the lock cannot be reached.
    """
    if database.is_sqlite:
        async with _beside_the_file(f"{database.engine.url.database}-load"):
            yield
    else:
        async with _in_the_server(database.engine):
            yield


@asynccontextmanager
async def _beside_the_file(path: str) -> AsyncIterator[None]:
    # An empty second database of SQLite's: its lock is a real one on every system, and
    # the operating system takes it back from a process that was killed.
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        msg = f"The lock {path} cannot be opened: {error}."
        raise DatabaseError(msg) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise LoadInProgress(_BUSY) from None
            msg = f"The lock {path} cannot be taken: {error}."
            raise DatabaseError(msg) from error
        yield


@asynccontextmanager
async def _in_the_server(engine: AsyncEngine) -> AsyncIterator[None]:
    async with engine.connect() as connection:
        # Outside a transaction, which would keep the server from tidying up behind a long load.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER})
        if not taken:
            raise LoadInProgress(_BUSY)
        try:
            yield
        finally:
            # Back in the pool the connection would go on holding it; closed, it cannot.
            await asyncio.shield(connection.invalidate())
