"""The database: its address, its connections and transactions, and the kinds of columns all tables share."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import DateTime, MetaData, TypeDecorator, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.ext.asyncio import create_async_engine

from corpus.errors import DatabaseError
from corpus.group_writing import GroupWriter
from corpus.migrating import upgrade

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sqlalchemy import URL, Connection, Dialect, Engine
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of the project, whichever package defines them."""

T = TypeVar("T")

_READERS = 2  # threads; readers do not wait for the writer, nor one of them long for another
_JSON = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
_SQLITE = "sqlite+aiosqlite"
_POSTGRESQL = "postgresql+asyncpg"
_MEND = f"Use {_SQLITE}:///path/to/wenxun.db or {_POSTGRESQL}://user:password@host/name."


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a moment needs a time zone"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Aware again: SQLite gives it back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An open database at its newest schema. Made by `Database.open`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = asyncio.Lock()
        # A statement through the asynchronous driver goes to its thread and back a dozen times.
        # What needs nothing between its statements goes once, with connections of these.
        self.direct = _direct_engine(engine) if self.is_sqlite else None
        self._readers = ThreadPoolExecutor(_READERS, "database-reader")
        self._writer = GroupWriter(self.direct, self._writing) if self.direct is not None else None

    @classmethod
    async def open(cls, url: str, *, patience: float = 5.0) -> Self:
        """Connect, and bring the schema up to date.

        Args:
            url: `sqlite+aiosqlite:///path` (the folder is made) or `postgresql+asyncpg://…`.
            patience: seconds to wait for a lock that somebody else holds.

        Raises:
            DatabaseError: the address is wrong, the database cannot be reached, read or
                written, is locked, or was written by a newer version.
        """
        address = _parsed(url)
        name = address.render_as_string(hide_password=True)
        if address.drivername == _SQLITE:
            await asyncio.to_thread(_prepare_file, Path(address.database or ""), patience)
        engine = create_async_engine(
            address,
            # What readers write to the bot stays out of error messages.
            hide_parameters=True,
            pool_pre_ping=address.drivername == _POSTGRESQL,
            json_serializer=_JSON,
        )
        database = cls(engine)
        for each in (engine.sync_engine, database.direct) if database.direct is not None else ():
            event.listen(each, "connect", partial(_prepare_connection, patience))
            event.listen(each, "begin", _begin)
        try:
            await database._migrate()
        except DatabaseError as error:
            await engine.dispose()
            msg = f"The database {name} cannot be used: {error}"
            raise DatabaseError(msg) from error
        except BaseException:
            await engine.dispose()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite's, which has one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection to write with; committed at the end, rolled back when an error leaves the block.

        On SQLite writers of this process take turns in the order they came. Transactions
        do not nest: a task that is in one must use its connection.

        Raises:
            DatabaseError: the database cannot be reached or written, or stays locked.
        """
        if not self.is_sqlite:
            async with _translated(), self.engine.begin() as connection:
                yield connection
            return
        # SQLite's own waiting is a lottery that a busy loader wins; this queue is fair.
        async with self._writing, _translated(), self.engine.connect() as connection:
            await connection.execution_options(wenxun_writes=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with, which sees one state of a SQLite database from its first statement on.

        Raises:
            DatabaseError: the database cannot be reached or read.
        """
        async with _translated(), self.engine.connect() as connection:
            yield connection

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads with a connection, in one visit to the database's thread.

        `work` must not wait for anything but the database, and what it returns must be whole:
        its connection is closed.

        Raises:
            DatabaseError: as `connection` does.
        """
        if self.direct is None:
            async with self.connection() as connection:
                return await connection.run_sync(work)
        with _translated_now():
            return await asyncio.get_running_loop().run_in_executor(self._readers, _read, self.direct, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` writes, as a whole, in one visit to the database's thread.

        It is committed when this returns, rolled back when `work` raises. On SQLite what
        several tasks write at the same moment is committed together (`corpus.group_writing`),
        so `work` may be called twice, and a caller whose turn it is waits for its end when
        it is cancelled.

        Raises:
            DatabaseError: as `transaction` does.
        """
        if self._writer is None:
            async with self.transaction() as connection:
                return await connection.run_sync(work)
        with _translated_now():
            return await self._writer.write(work)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await asyncio.to_thread(self._readers.shutdown)
        if self._writer is not None:
            await self._writer.close()
        if self.direct is not None:
            self.direct.dispose()

    async def _migrate(self) -> None:
        # Looking first means that a start takes no lock when there is nothing to do.
        async with self.connection() as connection:
            current = await connection.run_sync(upgrade, only_look=True)
        if not current:
            async with self.transaction() as connection:
                await connection.run_sync(upgrade)


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        # The text itself may hold a password and is not repeated.
        msg = f"The database's address cannot be understood. {_MEND}"
        raise DatabaseError(msg) from None
    if address.drivername not in {_SQLITE, _POSTGRESQL}:
        msg = f"The database's address begins with {address.drivername}://, which is not supported. {_MEND}"
        raise DatabaseError(msg)
    if address.drivername == _SQLITE and address.database in {None, "", ":memory:"}:
        msg = f"The database's address names no file. {_MEND}"
        raise DatabaseError(msg)
    return address


def _prepare_file(path: Path, patience: float) -> None:
    """Make the folder and the file, and switch the file to write-ahead logging.

    Done apart from the engine because SQLite does not wait, as it does elsewhere, when
    two processes switch one new file at the same time.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {path.parent} of the database cannot be made: {error.strerror}."
        raise DatabaseError(msg) from error
    deadline = time.monotonic() + patience
    while True:
        try:
            connection = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode=WAL").fetchone()
            finally:
                connection.close()
        except sqlite3.Error as error:
            if "locked" in str(error) and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            msg = f"The database {path} cannot be opened: {_plain(error)}."
            raise DatabaseError(msg) from error
        return


def _prepare_connection(patience: float, connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's, untyped
    connection.isolation_level = None  # the driver starts no transaction by itself; `_begin` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What a reader wrote is forgotten when it is answered: its bytes too, where that costs nothing.
    cursor.execute("PRAGMA secure_delete=FAST")
    cursor.close()


def _direct_engine(engine: AsyncEngine) -> Engine:
    """The same file through the standard library's driver."""
    return create_engine(engine.url.set(drivername="sqlite"), hide_parameters=True, json_serializer=_JSON)


def _read(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        return work(connection)


def _begin(connection: Connection) -> None:
    # A writer that began as a reader would fail without waiting when another writes first.
    writes = connection.get_execution_options().get("wenxun_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Failures of the database itself as this package's error; a violated constraint stays what it is."""
    with _translated_now():
        yield


@contextmanager
def _translated_now() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, (DataError, IntegrityError, NotSupportedError, ProgrammingError)):
            raise
        msg = f"{_plain(error.orig)}."
        raise DatabaseError(msg) from error
    except (ConnectionError, TimeoutError) as error:
        msg = f"the server cannot be reached ({error})."
        raise DatabaseError(msg) from error


def _plain(error: BaseException | None) -> str:
    text = str(error).strip().rstrip(".")
    if "locked" in text:
        return "it is locked: another program is writing to it and does not finish"
    if "not a database" in text:
        return "the file is not a database"
    return text or type(error).__name__
