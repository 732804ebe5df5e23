"""The file of sentence vectors: a SQLite database of its own, which can be deleted and is made again.

Vectors are kept under a hash of the passage's text, so that a document that moves, comes
back or is loaded anew needs no new ones. Each encoder has its own file. A transaction that
a crash cuts off is as if it had never been; what has been committed is whole.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from retrieval.errors import VectorsUnavailable
from retrieval.passage_vectors import PassageVectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# Raised when clauses, packing or tables change: vectors of another layout are made anew.
_LAYOUT: Final = 2
_FILE_NAME: Final = re.compile(r"\d+-[0-9a-f]{16}\.db(-wal|-shm)?")
_PATIENCE: Final = 5.0  # seconds to wait while another process writes
_AT_ONCE: Final = 500  # keys in one query

# A row is 1 to 3 KB: large pages waste little of their end. Keys are random, so they have an
# index of their own and the rows stand in the order they came, densely.
_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS passages (
        id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, shape BLOB NOT NULL, packed BLOB NOT NULL
    );
    CREATE TABLE IF NOT EXISTS completed (
        only_one INTEGER PRIMARY KEY CHECK (only_one = 1), corpus TEXT NOT NULL, generation INTEGER NOT NULL
    );
"""


class VectorStore:
    """Sentence vectors on disk. Thread-safe; other processes may read and write at the same time.

    Args:
        folder: where the files are; it is made.
        fingerprint: of the encoder.

    Raises:
        VectorsUnavailable: the file cannot be opened.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        name = hashlib.blake2b(fingerprint.encode(), digest_size=8).hexdigest()
        self.path = folder / f"{_LAYOUT}-{name}.db"
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                # Not a database, or a damaged one. It holds nothing that cannot be made again.
                self._delete(self.path.name)
                self._open()
        except (OSError, sqlite3.Error) as error:
            msg = f"The sentence vectors in {self.path} cannot be opened: {error}."
            raise VectorsUnavailable(msg) from error

    def _open(self) -> None:
        writer = _connect(self.path)
        try:
            writer.executescript(_SCHEMA)
            reader = _connect(self.path)
        except BaseException:
            writer.close()
            raise
        self._writer, self._reader = writer, reader

    def get(self, keys: Sequence[bytes]) -> dict[bytes, PassageVectors]:
        """The vectors kept under these keys; keys without any are left out.

        Raises:
            VectorsUnavailable: the file cannot be read.
        """
        found: dict[bytes, PassageVectors] = {}
        with self._reading, self._translated():
            for some in _portions(keys):
                marks = ",".join("?" * len(some))
                rows = self._reader.execute(
                    f"SELECT key, shape, packed FROM passages WHERE key IN ({marks})",  # noqa: S608 - only marks
                    some,
                )
                found.update((key, PassageVectors(shape, packed)) for key, shape, packed in rows)
        return found

    def missing(self, keys: Iterable[bytes]) -> list[bytes]:
        """Those of the keys that have no vectors, each once, in order.

        Raises:
            VectorsUnavailable: the file cannot be read.
        """
        wanted = dict.fromkeys(keys)
        with self._reading, self._translated():
            for some in _portions(tuple(wanted)):
                marks = ",".join("?" * len(some))
                statement = f"SELECT key FROM passages WHERE key IN ({marks})"  # noqa: S608 - only marks
                for (key,) in self._reader.execute(statement, some):
                    del wanted[key]
        return list(wanted)

    def count(self) -> int:
        """How many texts have vectors.

        Raises:
            VectorsUnavailable: the file cannot be read.
        """
        with self._reading, self._translated():
            count: int = self._reader.execute("SELECT count(*) FROM passages").fetchone()[0]
        return count

    def add(self, vectors: Mapping[bytes, PassageVectors]) -> None:
        """Keeps vectors; all are there afterwards or, after a crash, none. Keys that have some keep them.

        Raises:
            VectorsUnavailable: the file cannot be written.
        """
        rows = [(key, each.shape, each.packed) for key, each in vectors.items()]
        with self._transaction() as writer:
            writer.executemany(
                "INSERT INTO passages (key, shape, packed) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                rows,
            )

    def keep_only(self, keys: Iterable[bytes]) -> int:
        """Deletes the vectors under all other keys, and says how many.

        Raises:
            VectorsUnavailable: the file cannot be written.
        """
        with self._transaction() as writer:
            writer.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
            writer.execute("DELETE FROM kept")
            writer.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
            gone = writer.execute("DELETE FROM passages WHERE key NOT IN (SELECT key FROM kept)").rowcount
            writer.execute("DELETE FROM kept")
        return gone

    def completed(self, corpus: str) -> int | None:
        """The generation of this corpus all whose passages have vectors, or None.

        Raises:
            VectorsUnavailable: the file cannot be read.
        """
        with self._reading, self._translated():
            row = self._reader.execute("SELECT corpus, generation FROM completed").fetchone()
        return row[1] if row and row[0] == corpus else None

    def complete(self, corpus: str, generation: int) -> None:
        """Notes that all passages of a generation of this corpus have vectors.

        Raises:
            VectorsUnavailable: the file cannot be written.
        """
        with self._transaction() as writer:
            writer.execute("INSERT OR REPLACE INTO completed VALUES (1, ?, ?)", (corpus, generation))

    def delete_others(self) -> None:
        """Deletes the files of other encoders and layouts; what is not such a file stays."""
        for path in self.path.parent.iterdir():
            if _FILE_NAME.fullmatch(path.name) and not path.name.startswith(self.path.name):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Closes the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()

    def _delete(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            (self.path.parent / (name + end)).unlink(missing_ok=True)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing, self._translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.rollback()
                raise
            self._writer.commit()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            msg = f"The sentence vectors in {self.path} cannot be used: {error}."
            raise VectorsUnavailable(msg) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA page_size=16384")
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        # A power cut may cost the last transactions, which are made again, but harms nothing else.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA mmap_size={2**32}").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _portions(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
