"""Loading: bringing the database and the index to what the folder of news holds now."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Protocol

from corpus.errors import DatabaseError
from corpus.folder_staging import FolderStaging
from corpus.joining import Joining
from corpus.load_report import LoadReport, Progress, Rejection, UndoReport
from corpus.staging import BATCH, prune
from corpus.undoing import Undoing
from corpus.uninterrupted import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from corpus.joining import Tell
    from corpus.model import Document
    from corpus.publication import Publication, Writes
    from corpus.reading import ReadOptions
    from corpus.staging import Staging
    from corpus.store import CorpusStore

__all__ = ["DocumentSink", "LoadReport", "Loader", "Progress", "Rejection", "UndoReport"]

_LOG = logging.getLogger(__name__)


class DocumentSink(Protocol):
    """Who follows the corpus: the index. What it is given becomes visible when it is told to publish."""

    async def catch_up(self, store: CorpusStore) -> None:
        """Come to the generation that the store has published, if another process left this one behind."""

    async def begin(self) -> None:
        """Get ready for changes. Raises LoadInProgress when somebody else is making some."""

    async def add(self, documents: Sequence[Document]) -> None:
        """Take these in place of whatever had their ids."""

    async def remove(self, document_ids: Sequence[str]) -> None:
        """Forget these."""

    async def complete(self) -> None:
        """Be done with the work on everything taken since `begin`, so that only publishing is left."""

    async def publish(self, generation: int) -> None:
        """Make everything taken since `begin` visible at once, under the generation's number."""

    async def abandon(self) -> None:
        """Forget everything taken since `begin`."""


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What a load is to do besides loading; whoever wishes the same can join it."""

    allow_empty: bool
    notify: bool
    include_undone: bool
    dry: bool = False


class Loader:
    """Loads one folder into one store and one index.

    Args:
        store: the store.
        sink: the index.
        folder: the folder.
        options: how its files are read.
        clock: the time, aware.
        publication: prepares what is written together with each new generation.
    """

    def __init__(
        self,
        store: CorpusStore,
        sink: DocumentSink,
        folder: Path,
        options: ReadOptions,
        *,
        clock: Callable[[], datetime],
        publication: Publication | None = None,
    ) -> None:
        self._store = store
        self._sink = sink
        self._folder = folder
        self._options = options
        self._clock = clock
        self._publication = publication
        self._undoing = Undoing(store, sink, clock=clock, publication=publication)
        self._loads = Joining[LoadReport]()
        self._undos = Joining[UndoReport]()

    async def load(
        self,
        progress: Callable[[Progress], None] | None = None,
        *,
        allow_empty: bool = False,
        notify: bool = False,
        include_undone: bool = False,
    ) -> LoadReport:
        """Read what has changed, index it, and publish both together.

        At whatever step this fails, is cancelled or is killed, readers go on being served
        what they were served before. Whoever asks for the same while it runs joins it, and
        it is cancelled with the last who waits for it.

        Args:
            progress: is called often, from the event loop.
            allow_empty: whether a folder without any news may empty the corpus.
            notify: whether subscribers are told of a first load, too.
            include_undone: whether what an undone load took is taken again, though it has not
                changed since.

        Raises:
            CorpusFolderMissing: there is no such folder.
            LoadInProgress: another load is running, in another process or with other wishes.
            DatabaseError: the database cannot be written.
            CorpusError: the folder is empty, but documents are served.
        """
        wishes = _Wishes(allow_empty, notify, include_undone)
        return await self._loads.run(wishes, lambda tell: self._load(tell, wishes), progress)

    async def plan(
        self,
        progress: Callable[[Progress], None] | None = None,
        *,
        allow_empty: bool = False,
        include_undone: bool = False,
    ) -> LoadReport:
        """What `load` would do now. Readers are not disturbed, and nothing of it stays.

        The changed files are read as a load reads them, but not indexed, and nobody can load
        meanwhile. Args and Raises: as of `load`.
        """
        wishes = _Wishes(allow_empty, notify=False, include_undone=include_undone, dry=True)
        return await self._loads.run(wishes, lambda tell: self._plan(tell, wishes), progress)

    async def undo(self, progress: Callable[[Progress], None] | None = None) -> UndoReport:
        """Go back to what was served before the last load, and stay there.

        What that load took from the folder is held back until it changes there, or until
        `load` is told to include it. Whoever asks while this runs joins it.

        Raises:
            NothingToUndo: there is no earlier load to go back to.
            LoadInProgress: a load is running, here or in another process.
            DatabaseError: the database cannot be written.
        """
        return await self._undos.run("undo", self._undoing.undo, progress)

    async def plan_undo(self) -> UndoReport:
        """What `undo` would do now. Nothing is changed.

        Raises:
            NothingToUndo: there is no earlier load to go back to.
            DatabaseError: the database cannot be read.
        """
        return await self._undoing.plan()

    async def _plan(self, tell: Tell, wishes: _Wishes) -> LoadReport:
        started = self._clock()
        async with self._store.loading(started) as staging:
            folder = FolderStaging(staging, self._folder, self._options, tell)
            await folder.read(allow_empty=wishes.allow_empty, include_undone=wishes.include_undone)
            publishes = staging.changed or (staging.base is None and folder.has_files)
            report = await self._report(staging, folder, started, publishes=publishes)
            await uninterrupted(staging.discard())
        return replace(report, seconds=self._seconds_since(started))

    async def _load(self, tell: Tell, wishes: _Wishes) -> LoadReport:
        started = self._clock()
        async with self._store.loading(started) as staging:
            # What follows is told as the difference from the published generation.
            await self._sink.catch_up(self._store)
            await self._sink.begin()
            try:
                folder = FolderStaging(staging, self._folder, self._options, tell)
                await folder.read(allow_empty=wishes.allow_empty, include_undone=wishes.include_undone)
                # A first load that can read nothing makes a generation too: it keeps the reasons.
                publishes = staging.changed or (staging.base is None and folder.has_files)
                writes = await self._prepare(staging, tell, notify=wishes.notify) if publishes else None
                report = await self._report(staging, folder, started, publishes=publishes)
                report = replace(report, notified=writes.notified if writes is not None else 0)
                if not publishes:
                    await staging.settle()
            except BaseException:
                await uninterrupted(self._abandon())
                raise
            if publishes:
                tell(Progress("publishing", 0, report.documents, "documents"))
                await uninterrupted(self._publish(staging, report, writes))
                tell(Progress("publishing", report.documents, report.documents, "documents"))
            else:
                await self._sink.abandon()
        if publishes and self._publication is not None:
            await self._settle(self._publication)
        return replace(report, seconds=self._seconds_since(started))

    async def _prepare(
        self, staging: Staging, tell: Callable[[Progress], None], *, notify: bool
    ) -> Writes | None:
        """Do all the work that is to be done before the generation can be published."""
        if self._publication is not None:
            await self._publication.begin(self._store, staging.base, notify=notify)
        await self._index(staging, tell)
        await self._sink.complete()
        if self._publication is None:
            return None
        return await self._publication.prepare(self._store, staging.base, staging.generation)

    async def _settle(self, publication: Publication) -> None:
        try:
            await publication.settled(self._store)
        except DatabaseError:
            # The load itself has succeeded; the next one, or the next start, makes up for it.
            _LOG.warning("What happened during the load is not made up for yet", exc_info=True)

    async def _abandon(self) -> None:
        try:
            await self._sink.abandon()
        finally:
            if self._publication is not None:
                await self._publication.abandon()

    async def _index(self, staging: Staging, tell: Callable[[Progress], None]) -> None:
        """Give the index what differs between the generations, from the database: only that is complete."""
        done = 0
        tell(Progress("indexing", done, staging.staged, "documents"))
        async for batch in self._store.documents_between(staging.base, staging.generation):
            await self._sink.add(batch)
            done += len(batch)
            tell(Progress("indexing", done, staging.staged, "documents"))
        if staging.base is not None:
            gone = await self._store.retired_between(staging.base, staging.generation)
            for start in range(0, len(gone), BATCH):
                await self._sink.remove(gone[start : start + BATCH])

    async def _report(
        self, staging: Staging, folder: FolderStaging, started: datetime, *, publishes: bool
    ) -> LoadReport:
        documents, passages = await staging.totals()
        return LoadReport(
            generation=staging.generation if publishes else None,
            added=tuple(folder.added),
            changed=tuple(folder.changed),
            removed=tuple(folder.removed),
            unchanged=folder.unchanged,
            rejected=await folder.rejections(),
            documents=documents,
            passages=passages,
            seconds=self._seconds_since(started),
            withheld=tuple(sorted(folder.withheld)),
        )

    async def _publish(self, staging: Staging, report: LoadReport, writes: Writes | None) -> None:
        """Turn both to the new generation, or neither. Killed in between, the index follows at the start."""
        try:
            await staging.publish(self._clock(), report.documents, report.passages, asdict(report), writes)
            await self._sink.publish(staging.generation)
        except BaseException:
            await staging.withdraw(writes)
            await self._abandon()
            raise
        try:
            await prune(self._store.database)
        except DatabaseError:
            # The load itself has succeeded; the next one tries this again.
            _LOG.warning("Old generations could not be removed", exc_info=True)

    def _seconds_since(self, started: datetime) -> float:
        return (self._clock() - started).total_seconds()
