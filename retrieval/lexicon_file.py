"""The lexicon's file: packed in the package, unpacked once into SQLite, read from there.

The unpacked file is named by the hash of the packed one, so another version of the data
never meets an old file. It is written beside and renamed when complete: two processes that
start at once each write their own, and the last rename wins. A file that turns out damaged
is unpacked anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import lzma
import os
import sqlite3
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKED = Path(__file__).parent / "data" / "lexicon.tsv.xz"

# Sections of the packed file, in order. Each becomes a table of what its lines are: a key, a tab, a value.
_TABLES = ("chinese", "english", "background")
_QUERIES = {table: f"SELECT value FROM {table} WHERE key = ?" for table in _TABLES}  # noqa: S608 - our own names
_STEM = "lexicon-"
_SUFFIX = ".sqlite"
# Values, of some hundred bytes each: what questions are made of comes again and again.
_REMEMBERED = 8_192


class LexiconUnavailable(RetrievalError):
    """The lexicon cannot be unpacked or read."""


class LexiconFile:
    """A read-only SQLite file with one table a section. Thread-safe.

    Args:
        folder: where the unpacked file is kept; made if need be.
        packed: the data as it ships.

    Raises:
        LexiconUnavailable: the packed data is missing or damaged, or the folder cannot be written to.
    """

    def __init__(self, folder: Path, packed: Path = PACKED) -> None:
        self._packed = packed
        self._lock = threading.Lock()
        try:
            name = hashlib.sha256(packed.read_bytes()).hexdigest()[:16]
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LexiconUnavailable(f"the lexicon cannot be read or unpacked: {error}") from error
        self.path = folder / f"{_STEM}{name}{_SUFFIX}"
        self._connection = self._connect()
        self._remembered = lru_cache(_REMEMBERED)(self._look_up)

    def value(self, table: str, key: str) -> str:
        """What stands under a key of a table; nothing for a key that is not there.

        Raises:
            LexiconUnavailable: the file is damaged and cannot be unpacked anew.
        """
        return self._remembered(table, key)

    def _look_up(self, table: str, key: str) -> str:
        query = _QUERIES[table]
        with self._lock:
            try:
                row = self._connection.execute(query, (key,)).fetchone()
            except sqlite3.DatabaseError:
                self._connection.close()
                self._unpack()
                self._connection = self._connect()
                row = self._connection.execute(query, (key,)).fetchone()
        return str(row[0]) if row else ""

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        """Opens the file, and unpacks it first where it is missing or seen at once to be damaged."""
        if self.path.exists():
            with contextlib.suppress(sqlite3.DatabaseError):
                return self._open()
        self._unpack()
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            raise LexiconUnavailable(f"the lexicon cannot be read: {error}") from error

    def _open(self) -> sqlite3.Connection:
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        # One connection for all threads, behind the lock.
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            for query in _QUERIES.values():
                connection.execute(query, ("",)).fetchone()
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _unpack(self) -> None:
        descriptor, name = tempfile.mkstemp(_SUFFIX, ".unpacking-", self.path.parent)
        os.close(descriptor)
        written = Path(name)
        try:
            self._write(written)
            written.replace(self.path)
        except (OSError, EOFError, ValueError, lzma.LZMAError, sqlite3.Error) as error:
            raise LexiconUnavailable(f"the lexicon {self._packed} cannot be unpacked: {error}") from error
        finally:
            written.unlink(missing_ok=True)
        for old in self.path.parent.glob(f"{_STEM}*{_SUFFIX}"):
            if old != self.path:
                # On some systems a file that another process has open cannot be removed.
                with contextlib.suppress(OSError):
                    old.unlink()

    def _write(self, path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # Nobody reads it before it is complete, and it can be made again.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            with lzma.open(self._packed, "rt", encoding="utf-8", newline="\n") as lines:
                _fill(connection, lines)
            connection.execute("COMMIT")
        finally:
            connection.close()
        with path.open("rb") as written:
            os.fsync(written.fileno())


def _fill(connection: sqlite3.Connection, lines: Iterator[str]) -> None:
    """Makes a table of each section."""
    heading = next(lines, "")
    for table, following in itertools.zip_longest(_TABLES, _TABLES[1:]):
        if heading != f"[{table}]\n":
            msg = f"section {table} is missing"
            raise ValueError(msg)
        connection.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        end = f"[{following}]\n"
        section = itertools.takewhile(end.__ne__, lines)
        rows = (line.rstrip("\n").split("\t", 1) for line in section)
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - as above
        heading = end
