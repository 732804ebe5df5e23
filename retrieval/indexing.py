"""Indexing: documents are analysed and written to the index, one generation at a time.

A few documents are analysed in a thread; bulk goes to worker processes, so that the event
loop and readers' questions keep their core.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from corpus.errors import LoadInProgress
from corpus.uninterrupted import uninterrupted
from retrieval.analyzer import Analyzer
from retrieval.answer import Citation
from retrieval.engines.base import Index, IndexedPassage, Writer
from retrieval.errors import IndexLocked
from retrieval.worker_process import follow_parent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from corpus.model import Document

_P = ParamSpec("_P")
_T = TypeVar("_T")

# Starting the workers costs each a second of loading the dictionary.
_BULK_PASSAGES = 2_000
# Readers are answered by the process that these work for, and they do not wait for a load.
_LOW_PRIORITY = 19
_CHUNK_PASSAGES = 400
# Chunks under way for each worker: enough to keep it busy, few enough to keep memory flat.
_CHUNKS_PER_WORKER = 3


class Generations(Protocol):
    """What `catch_up` needs of the store."""

    async def published(self) -> int | None:
        """The generation that readers are to see."""

    async def keeps(self, generation: int) -> bool:
        """Whether what differs from this generation can still be told."""

    def documents_between(self, since: int | None, until: int) -> AsyncIterator[tuple[Document, ...]]:
        """Documents that are visible at `until` and were not at `since`."""

    async def retired_between(self, since: int, until: int) -> tuple[str, ...]:
        """Ids that were visible at `since` and are not at `until`."""


def analyse(analyzer: Analyzer, documents: Sequence[Document]) -> list[IndexedPassage]:
    """The passages of documents, ready for an index."""
    indexed = []
    for document in documents:
        citation = Citation(
            document.id, document.title, document.source, document.published, document.url, document.language
        )
        indexed += [
            IndexedPassage(passage, citation, analyzer.passage_forms(document, passage))
            for passage in document.passages
        ]
    return indexed


_worker_analyzer: Analyzer | None = None


def _start_worker(cache_folder: Path) -> None:
    """Loads the dictionary once for each worker process, and sees that it does not outlive its parent."""
    follow_parent()
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_LOW_PRIORITY)
    global _worker_analyzer  # noqa: PLW0603 - a worker process has no other place for it
    _worker_analyzer = Analyzer(cache_folder)


def _analyse_in_worker(documents: Sequence[Document]) -> list[IndexedPassage]:
    if _worker_analyzer is None:  # pragma: no cover - the pool always starts workers first
        msg = "the worker was not started"
        raise RuntimeError(msg)
    return analyse(_worker_analyzer, documents)


async def _in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Calls the writer off the event loop. A thread cannot be stopped, so it is always waited for."""
    return await uninterrupted(asyncio.to_thread(function, *args, **kwargs))


class Indexer:
    """Writes generations to an index; the loader's sink.

    Args:
        index: the index.
        analyzer: analyses small loads, and lends its dictionary's cache to the workers.
        workers: how many processes analyse bulk; 0 means as many as there are cores.
        observe: is called in a thread with all that is analysed, a batch at a time.
    """

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        workers: int = 0,
        observe: Callable[[Sequence[IndexedPassage]], None] | None = None,
    ) -> None:
        self._index = index
        self._analyzer = analyzer
        self._workers = workers or os.cpu_count() or 1
        self._observe = observe
        self._writer: Writer | None = None
        self._waiting: list[Document] = []
        self._waiting_passages = 0
        self._received = 0
        self._pool: ProcessPoolExecutor | None = None
        self._running: deque[asyncio.Future[list[IndexedPassage]]] = deque()

    @property
    def index(self) -> Index:
        """The index that it writes."""
        return self._index

    @property
    def generation(self) -> int | None:
        """The generation that the index reflects."""
        return self._index.snapshot().generation

    async def begin(self) -> None:
        """Takes the index's write lock.

        Raises:
            LoadInProgress: someone else has it.
        """
        try:
            self._writer = await _in_thread(self._index.writer)
        except IndexLocked as error:
            raise LoadInProgress(str(error)) from error

    async def add(self, documents: Sequence[Document]) -> None:
        """Replaces or adds documents; nothing is visible before `publish`."""
        writer = self._open_writer()
        if self._index.snapshot().passages:
            await _in_thread(writer.remove, [document.id for document in documents])
        self._waiting.extend(documents)
        added = sum(len(document.passages) for document in documents)
        self._waiting_passages += added
        self._received += added
        bulk = self._received >= _BULK_PASSAGES
        while bulk and self._waiting_passages >= _CHUNK_PASSAGES:
            await self._send_chunk()

    async def remove(self, document_ids: Sequence[str]) -> None:
        """Removes documents."""
        await _in_thread(self._open_writer().remove, list(document_ids))

    async def complete(self) -> None:
        """Analyses and writes what is still waiting; nothing is visible before `publish`."""
        if self._pool is None:
            waiting, self._waiting, self._waiting_passages = self._waiting, [], 0
            await self._write(await asyncio.to_thread(analyse, self._analyzer, waiting))
        else:
            while self._waiting:
                await self._send_chunk()
            while self._running:
                await self._write(await self._running.popleft())

    async def publish(self, generation: int) -> None:
        """Makes everything since `begin` visible at once."""
        writer = self._open_writer()
        await self.complete()
        await _in_thread(writer.commit, generation)
        await self._finish()

    async def abandon(self) -> None:
        """Forgets everything since `begin`."""
        if self._writer is not None:
            for future in self._running:
                future.cancel()
            await _in_thread(self._writer.rollback)
        await self._finish()

    async def catch_up(self, store: Generations, progress: Callable[[int], None] | None = None) -> None:
        """Brings the index to the published generation, after a crash or when it was deleted.

        Args:
            store: where the published generation is.
            progress: is told how many documents have been taken so far.

        Raises:
            LoadInProgress: someone else is writing; it will publish that generation.
        """
        published = await store.published()
        reflected = self.generation
        if published is None or reflected == published:
            return
        await self.begin()
        try:
            writer = self._open_writer()
            if reflected is None or not await store.keeps(reflected):
                reflected = None
                await _in_thread(writer.clear)
            else:
                await self.remove(await store.retired_between(reflected, published))
            done = 0
            async for documents in store.documents_between(reflected, published):
                await self.add(documents)
                done += len(documents)
                if progress is not None:
                    progress(done)
            await self.publish(published)
        except BaseException:
            await self.abandon()
            raise

    async def close(self) -> None:
        """Abandons what is under way."""
        await self.abandon()

    def _open_writer(self) -> Writer:
        if self._writer is None:
            msg = "begin() comes first"
            raise RuntimeError(msg)
        return self._writer

    async def _send_chunk(self) -> None:
        """Hands a chunk to the workers, and first writes results while too many are under way."""
        if self._pool is None:
            # Spawned, not forked: this process has threads.
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self._analyzer.cache_folder,),
            )
        chunk: list[Document] = []
        size = 0
        taken = 0
        for document in self._waiting:
            chunk.append(document)
            taken += 1
            size += len(document.passages)
            if size >= _CHUNK_PASSAGES:
                break
        del self._waiting[:taken]
        self._waiting_passages -= size
        while len(self._running) >= self._workers * _CHUNKS_PER_WORKER:
            await self._write(await self._running.popleft())
        self._running.append(
            asyncio.get_running_loop().run_in_executor(self._pool, _analyse_in_worker, chunk)
        )

    async def _write(self, passages: list[IndexedPassage]) -> None:
        await _in_thread(self._open_writer().add, passages)
        if self._observe is not None and passages:
            await _in_thread(self._observe, passages)

    async def _finish(self) -> None:
        self._writer = None
        self._waiting = []
        self._waiting_passages = self._received = 0
        self._running.clear()
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
