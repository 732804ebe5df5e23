"""Undoing: going back to the generation before the one that is served, and staying there."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, not_, select, update

from corpus.errors import DatabaseError, NothingToUndo
from corpus.load_lock import load_lock
from corpus.load_report import Progress, UndoReport
from corpus.staging import BATCH
from corpus.tables import LoadState, corpus_state, documents, duplicates, files, loads, visible
from corpus.uninterrupted import uninterrupted
from corpus.withheld import WithheldFile, release_undone, withhold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.loader import DocumentSink
    from corpus.publication import Publication, Writes
    from corpus.store import CorpusStore

_TITLES = 10
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    """What a generation knows of a file, as far as it matters here."""

    sha256: str
    fingerprint: str
    size: int
    mtime_ns: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Step:
    """The way back: what it means, and what must be held back so that it is not gone again."""

    report: UndoReport
    withheld: tuple[WithheldFile, ...]


class Undoing:
    """Goes back in one store and one index.

    Args:
        store: the store.
        sink: the index.
        clock: the time, aware.
        publication: prepares what is written together with the step back. It is given a
            generation that is older than the base, by which it can tell.
    """

    def __init__(
        self,
        store: CorpusStore,
        sink: DocumentSink,
        *,
        clock: Callable[[], datetime],
        publication: Publication | None = None,
    ) -> None:
        self._store = store
        self._sink = sink
        self._clock = clock
        self._publication = publication

    async def plan(self) -> UndoReport:
        """What `undo` would do. Nothing is changed.

        Raises:
            NothingToUndo: there is no earlier load to go back to.
            DatabaseError: the database cannot be read.
        """
        return (await self._step(self._clock())).report

    async def undo(self, tell: Callable[[Progress], None]) -> UndoReport:
        """Serve the generation before again, and hold back what the one after it had taken.

        At whatever step this fails, is cancelled or is killed, readers are served one of the
        two generations, whole.

        Raises:
            NothingToUndo: there is no earlier load to go back to.
            LoadInProgress: a load is running, here or in another process.
            DatabaseError: the database cannot be written.
        """
        started = self._clock()
        async with load_lock(self._store.database):
            step = await self._step(started)
            await self._sink.catch_up(self._store)
            await self._sink.begin()
            try:
                writes = await self._prepare(step.report, tell)
            except BaseException:
                await uninterrupted(self._abandon())
                raise
            total = step.report.documents
            tell(Progress("publishing", 0, total, "documents"))
            await uninterrupted(self._publish(step, writes))
            tell(Progress("publishing", total, total, "documents"))
        if self._publication is not None:
            await self._settle(self._publication)
        return replace(
            step.report,
            seconds=(self._clock() - started).total_seconds(),
            notified=writes.notified if writes is not None else 0,
        )

    async def _prepare(self, report: UndoReport, tell: Callable[[Progress], None]) -> Writes | None:
        """Give the index what differs, and prepare what is written with the step."""
        undone, back = report.undone, report.generation
        if self._publication is not None:
            await self._publication.begin(self._store, undone, notify=False)
        done, total = 0, report.documents_reverted + report.documents_restored
        tell(Progress("indexing", done, total, "documents"))
        async for batch in self._store.documents_between(undone, back):
            await self._sink.add(batch)
            done += len(batch)
            tell(Progress("indexing", done, total, "documents"))
        gone = await self._store.retired_between(undone, back)
        for start in range(0, len(gone), BATCH):
            await self._sink.remove(gone[start : start + BATCH])
        await self._sink.complete()
        if self._publication is None:
            return None
        return await self._publication.prepare(self._store, undone, back)

    async def _publish(self, step: _Step, writes: Writes | None) -> None:
        """Turn both to the old generation, or neither. Killed in between, the index follows at the start."""
        undone, back = step.report.undone, step.report.generation
        try:
            async with self._store.database.transaction() as connection:
                await _serve(connection, back)
                await _note(connection, undone, LoadState.WITHDRAWN)
                await withhold(connection, step.withheld)
                if writes is not None:
                    await connection.run_sync(writes.write)
            await self._sink.publish(back)
        except BaseException:
            async with self._store.database.transaction() as connection:
                await _serve(connection, undone)
                await _note(connection, undone, LoadState.PUBLISHED)
                await release_undone(connection, undone)
                if writes is not None:
                    await connection.run_sync(writes.withdraw)
            await self._abandon()
            raise

    async def _settle(self, publication: Publication) -> None:
        try:
            await publication.settled(self._store)
        except DatabaseError:
            # Going back has succeeded; the next load, or the next start, makes up for it.
            _LOG.warning("What happened during an undo is not made up for yet", exc_info=True)

    async def _abandon(self) -> None:
        try:
            await self._sink.abandon()
        finally:
            if self._publication is not None:
                await self._publication.abandon()

    async def _step(self, started: datetime) -> _Step:
        async with self._store.database.connection() as connection:
            undone = await connection.scalar(select(corpus_state.c.published))
            back = await connection.scalar(
                select(func.max(loads.c.generation)).where(
                    loads.c.state == LoadState.PUBLISHED, loads.c.generation < (undone or 0)
                )
            )
            if undone is None or back is None:
                msg = "There is no earlier load to go back to."
                raise NothingToUndo(msg)
            return await self._between(connection, undone, back, started)

    async def _between(self, connection: AsyncConnection, undone: int, back: int, started: datetime) -> _Step:
        now, then = await _files_of(connection, undone), await _files_of(connection, back)
        only_now = await _origins(connection, undone, back)
        only_then = await _origins(connection, back, undone)
        differing = {*only_now.values(), *only_then.values()}
        withdrawn = tuple(sorted(now.keys() - then.keys()))
        restored = tuple(sorted(then.keys() - now.keys()))
        reverted = tuple(sorted(now.keys() & then.keys() & differing))
        # What one that is held back served, another may have, too.
        statement = select(duplicates.c.origin).where(visible(duplicates, undone)).distinct()
        sharing = set((await connection.execute(statement)).scalars()) - {*withdrawn, *reverted}
        held = [
            WithheldFile(origin, file.sha256, file.size, file.mtime_ns, undone, started)
            for origin in (*withdrawn, *reverted, *sorted(sharing & now.keys()))
            if _differs(file := now[origin], then.get(origin))
        ]
        held += [WithheldFile(origin, None, None, None, undone, started) for origin in restored]
        served = (await connection.execute(select(loads).where(loads.c.generation == back))).one()
        loaded = await connection.scalar(select(loads.c.finished).where(loads.c.generation == undone))
        report = UndoReport(
            generation=back,
            undone=undone,
            loaded=loaded,
            withdrawn=withdrawn,
            reverted=reverted,
            restored=restored,
            documents_withdrawn=len(only_now.keys() - only_then.keys()),
            documents_reverted=len(only_now.keys() & only_then.keys()),
            documents_restored=len(only_then.keys() - only_now.keys()),
            titles=await _titles(connection, undone, back),
            documents=served.documents or 0,
            passages=served.passages or 0,
            seconds=0.0,
        )
        return _Step(report, tuple(held))


def _differs(now: _File, then: _File | None) -> bool:
    """Whether the undone load would come back by itself for what the file is now."""
    if now.reason is not None:
        return False  # it was refused: nothing was taken from it
    return then is None or (now.sha256, now.fingerprint) != (then.sha256, then.fingerprint)


async def _serve(connection: AsyncConnection, generation: int) -> None:
    await connection.execute(update(corpus_state).values(published=generation))


async def _note(connection: AsyncConnection, generation: int, state: LoadState) -> None:
    await connection.execute(update(loads).where(loads.c.generation == generation).values(state=state))


async def _files_of(connection: AsyncConnection, generation: int) -> dict[str, _File]:
    """The files that a generation serves something of, or did and goes on doing so."""
    statement = select(files).where(visible(files, generation), files.c.loaded)
    return {
        row.origin: _File(row.sha256, row.fingerprint, row.size, row.mtime_ns, row.reason)
        for row in await connection.execute(statement)
    }


def _only(generation: int, other: int) -> ColumnElement[bool]:
    return and_(visible(documents, generation), not_(visible(documents, other)))


async def _origins(connection: AsyncConnection, generation: int, other: int) -> dict[str, str]:
    """The origins of the versions of documents that one generation has and another has not, by their ids."""
    statement = select(documents.c.id, documents.c.origin).where(_only(generation, other))
    return {row.id: row.origin for row in await connection.execute(statement)}


async def _titles(connection: AsyncConnection, generation: int, other: int) -> tuple[str, ...]:
    statement = (
        select(documents.c.title, documents.c.origin)
        .where(_only(generation, other))
        .order_by(documents.c.sort_time.desc(), documents.c.id.desc())
        .limit(_TITLES)
    )
    return tuple(title or origin for title, origin in await connection.execute(statement))
