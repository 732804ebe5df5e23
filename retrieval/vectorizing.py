"""Vectorizing: the passages that readers are served get their vectors in the background, newest first."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from corpus.errors import CorpusError
from corpus.uninterrupted import uninterrupted
from retrieval.errors import EncoderUnavailable, VectorsUnavailable
from retrieval.passage_vectors import key_of
from retrieval.vector_worker import VectorWorker, WorkerEnded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from corpus.model import Document
    from corpus.store import CorpusCounts
    from retrieval.passage_vectors import PassageVectors
    from retrieval.vector_store import VectorStore

# Half a second of work: little is made twice after a crash.
_TEXTS: Final = 32
_DOCUMENTS: Final = 100
# This much more than the corpus needs may lie about before it is looked for.
_LEFT_OVER_SHARE: Final = 0.1
_LEFT_OVER: Final = 1_000
_LONGER_AFTER_FAILURE: Final = 12

_LOG = logging.getLogger(__name__)


class Served(Protocol):
    """What the vectorizer needs of the corpus's store."""

    async def published(self) -> int | None:
        """The generation that readers are to see."""

    async def identity(self) -> str:
        """Which database it is."""

    async def counts(self) -> CorpusCounts:
        """How much is served."""

    async def keeps(self, generation: int) -> bool:
        """Whether what differs from this generation can still be told."""

    def newest_between(
        self, since: int | None, until: int, batch: int
    ) -> AsyncGenerator[tuple[Document, ...], None]:
        """Documents that are visible at `until` and were not at `since`, the newest first."""


@dataclass(frozen=True, slots=True)
class VectorizingProgress:
    """How far the vectors are.

    Attributes:
        done: passages that have them. Passages with the same text count once until all are done.
        total: passages that readers are served.
        per_second: how many are made in a second of work; None before the first.
        problem: why no vectors are made any more, or None.
    """

    done: int
    total: int
    per_second: float | None
    problem: str | None


class Vectorizer:
    """Makes vectors for what is published, whenever something is.

    It looks for a new generation every few seconds, goes on where it was after a restart,
    and deletes vectors that no passage has any more.

    Args:
        store: the corpus.
        vectors: where vectors are kept; of the same encoder.
        encoder: the name of the encoder, as for `open_encoder`.
        pause: seconds between looks for a new generation.
    """

    def __init__(self, store: Served, vectors: VectorStore, encoder: str = "", *, pause: float = 5.0) -> None:
        self._store = store
        self._vectors = vectors
        self._encoder = encoder
        self._pause = pause
        self._worker: VectorWorker | None = None
        self._task: asyncio.Task[None] | None = None
        self._awake = asyncio.Event()
        self._done = self._total = self._made = 0
        self._seconds = 0.0
        self._problem: str | None = None

    @property
    def progress(self) -> VectorizingProgress:
        """How far it is."""
        rate = self._made / self._seconds if self._seconds else None
        return VectorizingProgress(self._done, self._total, rate, self._problem)

    def start(self) -> None:
        """Starts to work, beside everything else on the running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="vectorizer")

    def wake(self) -> None:
        """Says that something was published, which would be seen a few seconds later anyhow."""
        self._awake.set()

    async def close(self) -> None:
        """Stops at once. What is made is kept, and the next start goes on from there."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        self._end_worker()

    async def complete(self) -> bool:
        """Makes all vectors that the published generation lacks; what `start` does again and again.

        Returns:
            Whether it has them all. If not, another generation was published meanwhile.

        Raises:
            CorpusError: the database cannot be read.
            VectorsUnavailable: the file of vectors cannot be used.
            EncoderUnavailable: the encoder cannot be opened.
            WorkerEnded: the process that makes them was killed.
        """
        published = await self._store.published()
        if published is None:
            return True
        corpus = await self._store.identity()
        self._total = (await self._store.counts()).passages
        count = await self._count()
        since = await asyncio.to_thread(self._vectors.completed, corpus)
        if since == published:
            self._done = self._total
            return True
        left_over = count > self._total * (1 + _LEFT_OVER_SHARE) + _LEFT_OVER
        if since is not None and (left_over or not await self._store.keeps(since)):
            since = None
        served: set[bytes] = set()
        waiting: dict[bytes, str] = {}
        async with aclosing(self._store.newest_between(since, published, _DOCUMENTS)) as batches:
            async for documents in batches:
                texts = {key_of(each.text): each.text for document in documents for each in document.passages}
                served.update(texts)
                lacking = await asyncio.to_thread(self._vectors.missing, list(texts))
                waiting |= {key: texts[key] for key in lacking}
                while len(waiting) >= _TEXTS:
                    await self._make(waiting)
                    if await self._store.published() != published:
                        return False
        while waiting:
            await self._make(waiting)
        await asyncio.to_thread(self._settle, corpus, published, served if since is None else None)
        self._done = self._total
        return True

    async def _run(self) -> None:
        while True:
            self._awake.clear()
            pause = self._pause
            try:
                if not await self.complete():
                    continue
            except EncoderUnavailable as error:
                self._problem = str(error)
                _LOG.error("No sentence vectors are made any more: %s", error)
                return
            except (CorpusError, VectorsUnavailable, WorkerEnded) as error:
                pause *= _LONGER_AFTER_FAILURE
                _LOG.warning("Sentence vectors wait: %s", error)
            except Exception:  # noqa: BLE001 - nobody else would hear of it
                self._problem = "an unexpected failure, which the log describes"
                _LOG.exception("No sentence vectors are made any more.")
                return
            finally:
                self._end_worker()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._awake.wait()

    async def _make(self, waiting: dict[bytes, str]) -> None:
        """Makes the vectors of the first texts that wait, and takes these away."""
        some = dict(itertools.islice(waiting.items(), _TEXTS))
        if self._worker is None:
            self._worker = VectorWorker(self._encoder)
        started = time.monotonic()
        made = await self._encode(self._worker, list(some.values()))
        vectors = {key: each for key, each in zip(some, made, strict=True) if each is not None}
        await uninterrupted(asyncio.to_thread(self._vectors.add, vectors))
        self._seconds += time.monotonic() - started
        self._made += len(vectors)
        for key in some:
            del waiting[key]
        await self._count()

    async def _encode(self, worker: VectorWorker, texts: list[str]) -> list[PassageVectors | None]:
        """What the worker makes. When this is cancelled the worker is ended, so that nobody waits for it."""
        made = asyncio.ensure_future(asyncio.to_thread(worker.encode, texts))
        try:
            return await asyncio.shield(made)
        except asyncio.CancelledError:
            worker.kill()
            await asyncio.wait([made])
            made.exception()
            raise

    def _settle(self, corpus: str, generation: int, served: set[bytes] | None) -> None:
        """Notes that a generation is done; if all that is served is known, the rest goes."""
        self._vectors.complete(corpus, generation)
        if served is not None:
            self._vectors.keep_only(served)
            self._vectors.delete_others()

    async def _count(self) -> int:
        count = await asyncio.to_thread(self._vectors.count)
        self._done = min(count, self._total)
        return count

    def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
