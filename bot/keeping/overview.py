"""The overview: what the corpus consists of, since when, how much room it takes, and whether all is well."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text

from corpus.model import Precision
from corpus.tables import corpus_state, documents, files, loads, visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from corpus.database import Database

LITTLE_ROOM: Final = 2**30
"""So many free bytes may soon be no room for another load."""

_DATED = (Precision.DAY.value, Precision.MINUTE.value, Precision.SECOND.value)
_DAY_LENGTH = len("2025-12-16")


@dataclass(frozen=True, slots=True)
class LastLoad:
    """The load that made what is served: its number, when it ended, and how many files it changed."""

    generation: int
    finished: datetime | None
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes are used, and how many are free where Wenxun keeps its data."""

    news: int
    database: int
    index: int
    other: int
    free: int

    @property
    def used(self) -> int:
        """All that is used but the news itself."""
        return self.database + self.index + self.other

    @property
    def is_little(self) -> bool:
        """Whether there may soon be no room for another load."""
        return self.free < LITTLE_ROOM


@dataclass(frozen=True, slots=True)
class Contents:
    """What is served.

    `by_source` counts documents, the most first; None is for those that name none. `days` counts the
    documents of each day and source whose day is known; `undated` how many others there are.
    """

    documents: int
    passages: int
    by_source: Mapping[str | None, int]
    days: Mapping[date, Mapping[str | None, int]]
    undated: int
    rejected: int
    load: LastLoad | None

    @property
    def first(self) -> date | None:
        """The day of the oldest document."""
        return min(self.days, default=None)

    @property
    def last(self) -> date | None:
        """The day of the newest document."""
        return max(self.days, default=None)


class CorpusOverview:
    """Looks at the corpus as administrators see it.

    Args:
        database: where it is.
        news: the folder of the news.
        data: the folder of all that Wenxun keeps.
        index: the folder of the index; None if it is in memory.
    """

    def __init__(self, database: Database, news: Path, data: Path, index: Path | None) -> None:
        self._database = database
        self._news = news
        self._data = data
        self._index = index

    async def contents(self) -> Contents:
        """What is served now.

        Raises:
            DatabaseError: the database cannot be read.
        """
        return await self._database.read(_contents)

    async def room(self) -> Room:
        """How much room everything takes.

        Raises:
            DatabaseError: the database cannot be read.
        """
        if self._database.is_sqlite:
            database = await asyncio.to_thread(_database_size, self._database.engine.url.database)
        else:
            size = text("SELECT pg_database_size(current_database())")
            database = await self._database.read(lambda connection: int(connection.scalar(size) or 0))
        return await asyncio.to_thread(self._room, database)

    def _room(self, database: int) -> Room:
        index = _size(self._index) if self._index is not None else 0
        data = _size(self._data)
        inside = index if self._index is not None and self._index.is_relative_to(self._data) else 0
        file = self._database.engine.url.database if self._database.is_sqlite else None
        if file is not None and os.path.realpath(file).startswith(os.path.realpath(self._data) + os.sep):
            inside += database
        if self._news.is_relative_to(self._data):
            inside += _size(self._news)
        free = shutil.disk_usage(self._data).free
        return Room(_size(self._news), database, index, max(0, data - inside), free)


def _contents(connection: Connection) -> Contents:
    published = connection.scalar(select(corpus_state.c.published))
    if published is None:
        return Contents(0, 0, {}, {}, 0, 0, None)
    load = connection.execute(select(loads).where(loads.c.generation == published)).one()
    day = func.substr(documents.c.published, 1, _DAY_LENGTH)
    statement = (
        select(
            day.label("day"),
            documents.c.precision.in_(_DATED).label("dated"),
            documents.c.source,
            func.count(),
        )
        .where(visible(documents, published))
        .group_by("day", "dated", documents.c.source)
    )
    by_source: Counter[str | None] = Counter()
    days: dict[date, dict[str | None, int]] = defaultdict(dict)
    undated = 0
    for written, dated, source, count in connection.execute(statement):
        by_source[source] += count
        if dated and written:
            days[date.fromisoformat(written)][source] = count
        else:
            undated += count
    rejected = select(func.count()).where(visible(files, published), files.c.reason.is_not(None))
    return Contents(
        documents=load.documents or 0,
        passages=load.passages or 0,
        by_source=dict(by_source.most_common()),
        days=dict(days),
        undated=undated,
        rejected=connection.execute(rejected.select_from(files)).scalar_one(),
        load=_last_load(load),
    )


def _last_load(row: Row[Any]) -> LastLoad:
    report = row.report or {}
    added, changed, removed = (len(report.get(name, ())) for name in ("added", "changed", "removed"))
    return LastLoad(row.generation, row.finished, added, changed, removed)


def _database_size(file: str | None) -> int:
    """The bytes of a SQLite file with its log."""
    return sum(_file_size(f"{file}{suffix}") for suffix in ("", "-wal", "-shm"))


def _file_size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _size(folder: Path) -> int:
    """The bytes of all files in a folder; what disappears meanwhile, or cannot be seen, counts as nothing."""
    total, waiting = 0, [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += _file_size(entry.path)
        except OSError:
            continue
    return total
