"""The check of the pins: which pinned questions a load loses, before it is done and after.

After a load the questions are asked as readers ask them. Before it there is no index that they could
be asked of. They are then asked of two small ones: of what comes closest to them in what is served,
and of the same as the load would leave it. What the first finds and the second does not would be lost.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.errors import CannotKeep
from bot.keeping.reloading import LostPin
from corpus.errors import UnreadableFile
from retrieval.engines.memory import MemoryIndex
from retrieval.indexing import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.keeping.pins import Pin, Pins
    from corpus.load_report import LoadReport
    from corpus.model import Document
    from corpus.store import CorpusStore
    from retrieval.answerer import Answerer
    from retrieval.knowledge import Knowledge

NEAREST: Final = 30
"""Passages for each question that a load is tried on."""

MOST_READ: Final = 2_000
"""Documents of a load that it is tried with; changed ones of pinned questions come first."""


class PinCheck:
    """Asks the pinned questions.

    Args:
        pins: the questions.
        answerer: answers them from what is served.
        knowledge: makes an answerer for a trial.
        store: the corpus.
        read: the documents of a file of news, by its origin.
        excerpts: how many excerpts are looked at: as many as readers are shown.
    """

    def __init__(
        self,
        pins: Pins,
        answerer: Answerer,
        knowledge: Knowledge,
        *,
        store: CorpusStore,
        read: Callable[[str], Iterator[Document]],
        excerpts: int,
    ) -> None:
        self._pins = pins
        self._answerer = answerer
        self._knowledge = knowledge
        self._store = store
        self._read = read
        self._excerpts = excerpts

    async def check(self, report: LoadReport) -> tuple[LostPin, ...]:
        """The pinned questions that do not find their document: after a load, or if it were done.

        Args:
            report: of a dry run, or of the load that is served now.

        Raises:
            CorpusError: the database cannot be used.
            RetrievalError: the index cannot be read.
        """
        try:
            pins = (await self._pins.all()).pins
        except CannotKeep:
            return ()  # /pins says that the file cannot be read; a load does not depend on it
        served = await self._store.published()
        if not pins or served is None:
            return ()
        lost = await self.missing(pins)
        if report.generation != served:
            touched = {*report.changed, *report.removed}
            kept = [pin for pin in pins if pin not in lost]
            lost = [*lost, *await self._tried(kept, served, touched, (*report.changed, *report.added))]
        return tuple(LostPin(pin.question, pin.expected) for pin in pins if pin in lost)

    async def missing(self, pins: Sequence[Pin]) -> list[Pin]:
        """Those that do not find their document in what is served.

        Raises:
            RetrievalError: the index cannot be read.
        """
        return await asyncio.to_thread(_missing, self._answerer, pins, self._excerpts)

    async def _tried(
        self, pins: Sequence[Pin], served: int, touched: set[str], written: Sequence[str]
    ) -> list[Pin]:
        nearest = await asyncio.to_thread(self._nearest, pins)
        ids = sorted({*nearest, *(pin.document_id for pin in pins)})
        before = list((await self._store.versions(served, ids)).values())
        return await asyncio.to_thread(self._compared, pins, before, touched, written)

    def _nearest(self, pins: Sequence[Pin]) -> set[str]:
        return {
            ranked.candidate.record().citation.document_id
            for pin in pins
            for ranked in self._answerer.rank(pin.inquiry.question).ranked[:NEAREST]
        }

    def _compared(
        self, pins: Sequence[Pin], before: Sequence[Document], touched: set[str], written: Sequence[str]
    ) -> list[Pin]:
        wanted = {pin.origin for pin in pins} | {document.origin for document in before}
        in_order = sorted(written, key=lambda origin: origin not in wanted)
        after = {each.id: each for each in before if each.origin not in touched}
        for document in islice(self._readable(in_order), MOST_READ):
            after.setdefault(document.id, document)
        lost_anyway = _missing(self._trial(before), pins, self._excerpts)
        found = [pin for pin in pins if pin not in lost_anyway]
        return _missing(self._trial(list(after.values())), found, self._excerpts)

    def _readable(self, origins: Sequence[str]) -> Iterator[Document]:
        for origin in origins:
            try:
                yield from self._read(origin)
            except UnreadableFile:
                continue  # the load refuses it, too

    def _trial(self, documents: Sequence[Document]) -> Answerer:
        index = MemoryIndex()
        writer = index.writer()
        writer.add(analyse(self._knowledge.analyzer, documents))
        writer.commit(1)
        # Vectors are of what is served; a trial does without.
        return replace(self._knowledge, encoder=None, vectors=None).answerer(index)


def _missing(answerer: Answerer, pins: Sequence[Pin], excerpts: int) -> list[Pin]:
    return [pin for pin in pins if not pin.is_met(answerer.answer(pin.inquiry.question, excerpts))]
