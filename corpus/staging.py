"""A load in the making: its generation is written beside the one that is served, then published or removed.

Everything is written in short transactions, so readers and the inbox never wait for a
load. Until the last one, which moves the pointer `corpus_state.published`, nobody sees
any of it; what a killed load leaves behind is removed when the next one begins.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from corpus.load_lock import load_lock
from corpus.tables import LoadState, corpus_state, documents, duplicates, files, loads, visible
from corpus.withheld import release, withhold

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.database import Database
    from corpus.publication import Writes
    from corpus.withheld import WithheldFile

BATCH = 500
"""How many documents are read or written at a time, so that nobody waits long and memory stays small."""

KEPT = 4
"""How many generations can be gone back to, the one that is served among them."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is known of a file since it was last looked at.

    `sha256` is of its bytes; `fingerprint` names everything else that what was read from
    it depends on. `reason` says why it was refused, if it was; `loaded` whether it has
    ever been read as a whole, so that documents of it may be served in spite of that.
    """

    origin: str
    size: int
    mtime_ns: int
    sha256: str
    fingerprint: str
    reason: str | None
    loaded: bool


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many documents of a file are not served because `winner`, which sorts before it, has them too.

    When the two are the same, the file holds them more than once itself.
    """

    origin: str
    winner: str
    count: int


class Staging:
    """One load's generation while it is made. `base` is the generation it starts from."""

    def __init__(self, database: Database, generation: int, base: int | None) -> None:
        self.database = database
        self.generation = generation
        self.base = base
        self.changed = False
        """Whether any document differs from `base`."""
        self.staged = 0
        """How many documents this load has written."""
        self.orphaned: set[str] = set()
        """Files with a document that was another file's to serve and is no longer: to be read again."""
        self.released: dict[str, WithheldFile] = {}
        """What an undone load left held back, and is not any more once this generation is published."""

    async def known_files(self) -> dict[str, FileRecord]:
        """Every file of the base generation, by its origin."""
        statement = select(files).where(files.c.retired.is_(None)).order_by(files.c.origin)
        async with self.database.connection() as connection:
            rows = (await connection.execute(statement)).all()
        return {
            row.origin: FileRecord(
                row.origin, row.size, row.mtime_ns, row.sha256, row.fingerprint, row.reason, row.loaded
            )
            for row in rows
        }

    async def record(self, record: FileRecord) -> None:
        """Note what is now known of a file whose documents stay as they are."""
        async with self.database.transaction() as connection:
            await self.write_record(connection, record)

    async def write_record(self, connection: AsyncConnection, record: FileRecord) -> None:
        """As `record`, in a transaction that does more."""
        await self.retire(connection, files, files.c.origin == record.origin)
        row = {name: getattr(record, name) for name in FileRecord.__slots__}
        await connection.execute(insert(files), [{**row, "born": self.generation}])

    async def remove(self, origin: str) -> None:
        """Retire a file and all its documents."""
        if await self.retire_documents_of(origin, keep=frozenset()):
            self.changed = True
        async with self.database.transaction() as connection:
            await self.retire(connection, duplicates, duplicates.c.origin == origin)
            await self.retire(connection, files, files.c.origin == origin)

    async def retire(self, connection: AsyncConnection, table: Table, which: ColumnElement[bool]) -> None:
        """Retire rows of a versioned table; those this load made itself just go."""
        await connection.execute(delete(table).where(which, table.c.born == self.generation))
        await connection.execute(
            update(table).where(which, table.c.retired.is_(None)).values(retired=self.generation)
        )

    async def retire_documents_of(self, origin: str, keep: set[str] | frozenset[str]) -> bool:
        """Retire the documents of a file that an earlier load made, except those in `keep`.

        Returns:
            Whether there were any.
        """
        last = ""
        any_gone = False
        while True:
            statement = (
                select(documents.c.id)
                .where(
                    documents.c.origin == origin,
                    documents.c.retired.is_(None),
                    documents.c.born < self.generation,
                    documents.c.id > last,
                )
                .order_by(documents.c.id)
                .limit(BATCH)
            )
            async with self.database.connection() as connection:
                ids = (await connection.execute(statement)).scalars().all()
            gone = [document_id for document_id in ids if document_id not in keep]
            if gone:
                any_gone = True
                await self.retire_documents(gone)
                await self._find_orphans(gone)
            if len(ids) < BATCH:
                return any_gone
            last = ids[-1]

    async def retire_documents(self, ids: Sequence[str]) -> None:
        """Retire the versions of these documents that earlier loads made."""
        async with self.database.transaction() as connection:
            await connection.execute(
                update(documents)
                .where(
                    documents.c.id.in_(ids),
                    documents.c.retired.is_(None),
                    documents.c.born < self.generation,
                )
                .values(retired=self.generation)
            )

    async def _find_orphans(self, ids: Sequence[str]) -> None:
        statement = (
            select(duplicates.c.origin)
            .where(duplicates.c.document_id.in_(ids), duplicates.c.retired.is_(None))
            .distinct()
        )
        async with self.database.connection() as connection:
            self.orphaned.update((await connection.execute(statement)).scalars())

    async def duplicates(self) -> tuple[Duplicates, ...]:
        """Every file with documents that another file serves."""
        statement = (
            select(duplicates.c.origin, documents.c.origin.label("winner"), func.count().label("number"))
            .join(documents, documents.c.id == duplicates.c.document_id)
            .where(visible(duplicates, self.generation), visible(documents, self.generation))
            .group_by(duplicates.c.origin, documents.c.origin)
            .order_by(duplicates.c.origin, documents.c.origin)
        )
        async with self.database.connection() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(Duplicates(row.origin, row.winner, row.number) for row in rows)

    async def totals(self) -> tuple[int, int]:
        """How many documents and passages the generation has."""
        statement = select(func.count(), func.coalesce(func.sum(documents.c.passage_count), 0)).where(
            visible(documents, self.generation)
        )
        async with self.database.connection() as connection:
            row = (await connection.execute(statement)).one()
        return int(row[0]), int(row[1])

    async def publish(
        self,
        finished: datetime,
        documents: int,
        passages: int,
        report: dict[str, Any],
        writes: Writes | None = None,
    ) -> None:
        """Make this generation the one that is served, with what is written at the same moment.

        It is the only step readers notice.
        """
        async with self.database.transaction() as connection:
            await self._conclude(
                connection,
                LoadState.PUBLISHED,
                finished=finished,
                documents=documents,
                passages=passages,
                report=report,
            )
            await connection.execute(update(corpus_state).values(published=self.generation))
            await release(connection, self.released)
            if writes is not None:
                await connection.run_sync(writes.write)

    async def withdraw(self, writes: Writes | None = None) -> None:
        """Make the generation before this one the one that is served again."""
        async with self.database.transaction() as connection:
            await connection.execute(update(corpus_state).values(published=self.base))
            await self._conclude(connection, LoadState.WITHDRAWN)
            await withhold(connection, self.released.values())
            if writes is not None:
                await connection.run_sync(writes.withdraw)

    async def settle(self) -> None:
        """End a load in which no document changed: what it learned about files becomes part of its base."""
        async with self.database.transaction() as connection:
            for table in (files, duplicates):
                retired = table.c.retired == self.generation
                await connection.execute(delete(table).where(retired, table.c.born == self.base))
                await connection.execute(update(table).where(retired).values(retired=self.base))
                born = table.c.born == self.generation
                await connection.execute(update(table).where(born).values(born=self.base))
            await connection.execute(delete(loads).where(loads.c.generation == self.generation))
            await release(connection, self.released)

    async def abandon(self) -> None:
        """Remove everything this load has written."""
        async with self.database.transaction() as connection:
            await self._conclude(connection, LoadState.ABANDONED)
        await purge(self.database, self.base)

    async def discard(self) -> None:
        """Remove everything this load has written, and that it ever was: it was only to be looked at."""
        await self.abandon()
        async with self.database.transaction() as connection:
            await connection.execute(delete(loads).where(loads.c.generation == self.generation))

    async def _conclude(self, connection: AsyncConnection, state: LoadState, **values: Any) -> None:  # noqa: ANN401 - columns of `loads`
        await connection.execute(
            update(loads).where(loads.c.generation == self.generation).values(state=state, **values)
        )


@asynccontextmanager
async def loading(database: Database, started: datetime) -> AsyncIterator[Staging]:
    """Begin a load, and clear up behind it when it ends without having been published or settled."""
    async with load_lock(database):
        staging = await _begin(database, started)
        try:
            yield staging
        except BaseException:
            # A load that is cancelled must still leave everything as it was.
            await asyncio.shield(_clear_up(staging))
            raise


async def _clear_up(staging: Staging) -> None:
    async with staging.database.connection() as connection:
        state = await connection.scalar(select(loads.c.state).where(loads.c.generation == staging.generation))
    if state == LoadState.RUNNING:
        await staging.abandon()


async def _begin(database: Database, started: datetime) -> Staging:
    async with database.connection() as connection:
        base = (await connection.execute(select(corpus_state.c.published))).scalar_one()
        newest = (await connection.execute(select(func.max(loads.c.generation)))).scalar_one() or 0
    if newest > (base or 0):
        await purge(database, base)
    async with database.transaction() as connection:
        row = {"generation": newest + 1, "state": LoadState.RUNNING, "started": started}
        await connection.execute(insert(loads), [row])
    return Staging(database, newest + 1, base)


async def purge(database: Database, base: int | None) -> None:
    """Remove what loads after `base` have written. Interrupted, it can be done again."""
    generation = base or 0
    # First of all nobody must compare with what is about to go.
    async with database.transaction() as connection:
        await connection.execute(
            update(loads).where(loads.c.generation > generation).values(state=LoadState.ABANDONED)
        )
    await _delete(database, documents.c.born > generation)
    async with database.transaction() as connection:
        for table in (files, duplicates):
            await connection.execute(delete(table).where(table.c.born > generation))
        for table in (documents, files, duplicates):
            await connection.execute(update(table).where(table.c.retired > generation).values(retired=None))


async def prune(database: Database) -> None:
    """Remove the rows that only generations too old to go back to had."""
    async with database.transaction() as connection:
        statement = (
            select(loads.c.generation)
            .where(loads.c.state == LoadState.PUBLISHED)
            .order_by(loads.c.generation.desc())
            .limit(KEPT)
        )
        kept = (await connection.execute(statement)).scalars().all()
        if len(kept) < KEPT:
            return
        oldest = kept[-1]
        await connection.execute(
            update(loads)
            .where(loads.c.state == LoadState.PUBLISHED, loads.c.generation < oldest)
            .values(state=LoadState.PRUNED)
        )
        # A watched folder that cannot be loaded leaves one every minute.
        await connection.execute(
            delete(loads).where(loads.c.state == LoadState.ABANDONED, loads.c.generation < oldest)
        )
        for table in (files, duplicates):
            await connection.execute(delete(table).where(table.c.retired <= oldest))
    await _delete(database, documents.c.retired <= oldest)


async def _delete(database: Database, which: ColumnElement[bool]) -> None:
    """Delete documents, and with them their passages, a batch at a time."""
    last = ""
    while True:
        statement = (
            select(documents.c.id, documents.c.born)
            .where(which, documents.c.id >= last)
            .order_by(documents.c.id)
            .limit(BATCH)
        )
        async with database.transaction() as connection:
            rows = (await connection.execute(statement)).all()
            for born in {row.born for row in rows}:
                ids = [row.id for row in rows if row.born == born]
                await connection.execute(
                    delete(documents).where(documents.c.id.in_(ids), documents.c.born == born)
                )
        if len(rows) < BATCH:
            return
        last = rows[-1].id
