"""The documents readers are served: what of the database belongs to which generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, not_, or_, select, true

from corpus.errors import CorpusError
from corpus.staging import BATCH, Staging, loading
from corpus.tables import LoadState, corpus_state, document_of, documents, loads, passages, visible

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.database import Database
    from corpus.model import Document

_ROWS_ARE_THERE = (LoadState.RUNNING, LoadState.PUBLISHED, LoadState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """How much is served."""

    documents: int
    passages: int


class CorpusStore:
    """The corpus as the database holds it. Reads see one whole generation, also while a load runs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def published(self) -> int | None:
        """The generation readers are served, or None before the first load."""
        async with self.database.connection() as connection:
            published: int | None = await connection.scalar(select(corpus_state.c.published))
        return published

    async def identity(self) -> str:
        """Which database this is: generations of different databases have nothing in common."""
        async with self.database.connection() as connection:
            return str((await connection.execute(select(corpus_state.c.identity))).scalar_one())

    async def counts(self) -> CorpusCounts:
        """How many documents and passages are served."""
        statement = select(loads.c.documents, loads.c.passages).join(
            corpus_state, corpus_state.c.published == loads.c.generation
        )
        async with self.database.connection() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return CorpusCounts(row.documents, row.passages) if row else CorpusCounts(0, 0)

    async def latest(self, limit: int, offset: int = 0) -> tuple[Document, ...]:
        """The documents published last, newest first; those without a date come after all others."""
        statement = (
            _published_documents()
            .order_by(documents.c.sort_time.desc(), documents.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        async with self.database.connection() as connection:
            return await _with_passages(connection, (await connection.execute(statement)).all())

    async def document(self, document_id: str) -> Document | None:
        """One document that is served, by its id."""
        statement = _published_documents().where(documents.c.id == document_id)
        async with self.database.connection() as connection:
            found = await _with_passages(connection, (await connection.execute(statement)).all())
        return found[0] if found else None

    async def called(self, text: str, limit: int = 5) -> tuple[Document, ...]:
        """The documents that are served with a title, or those of a file, newest first."""
        wanted = or_(documents.c.title == text, documents.c.origin == text)
        statement = (
            _published_documents()
            .where(wanted)
            .order_by(documents.c.sort_time.desc(), documents.c.id.desc())
            .limit(limit)
        )
        async with self.database.connection() as connection:
            return await _with_passages(connection, (await connection.execute(statement)).all())

    async def keeps(self, generation: int) -> bool:
        """Whether what a generation consisted of is still known, so that it can be compared with."""
        statement = select(loads.c.generation).where(
            loads.c.generation == generation, loads.c.state.in_(_ROWS_ARE_THERE)
        )
        async with self.database.connection() as connection:
            return (await connection.execute(statement)).one_or_none() is not None

    async def documents_between(self, since: int | None, until: int) -> AsyncIterator[tuple[Document, ...]]:
        """The documents of generation `until` that `since` does not have, or has otherwise.

        Args:
            since: the generation to compare with, newer or older; None for all documents.
            until: the generation whose documents are wanted.

        Yields:
            Batches in the order of their ids.

        Raises:
            CorpusError: one of the generations is not kept any more (see `keeps`).
        """
        await self._require(since, until)
        wanted = _between(since, until)
        last = ""
        while True:
            statement = (
                select(documents).where(documents.c.id > last, wanted).order_by(documents.c.id).limit(BATCH)
            )
            async with self.database.connection() as connection:
                batch = await _with_passages(connection, (await connection.execute(statement)).all())
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            last = batch[-1].id

    async def newest_between(
        self, since: int | None, until: int, batch: int = BATCH
    ) -> AsyncGenerator[tuple[Document, ...], None]:
        """What `documents_between` gives, but the documents published last first, and `batch` at a time.

        Raises:
            CorpusError: one of the generations is not kept any more (see `keeps`).
        """
        await self._require(since, until)
        wanted = _between(since, until)
        rest: ColumnElement[bool] = true()
        while True:
            statement = (
                select(documents)
                .where(wanted, rest)
                .order_by(documents.c.sort_time.desc(), documents.c.id.desc())
                .limit(batch)
            )
            async with self.database.connection() as connection:
                rows = (await connection.execute(statement)).all()
                found = await _with_passages(connection, rows)
            if found:
                yield found
            if len(found) < batch:
                return
            time, key = documents.c.sort_time, documents.c.id
            rest = or_(time < rows[-1].sort_time, and_(time == rows[-1].sort_time, key < rows[-1].id))

    async def versions(self, generation: int, ids: Sequence[str]) -> dict[str, Document]:
        """Documents by their ids, as a generation has them; those it has not are left out.

        Raises:
            CorpusError: the generation is not kept any more (see `keeps`).
        """
        await self._require(generation)
        found: dict[str, Document] = {}
        for start in range(0, len(ids), BATCH):
            some = documents.c.id.in_(ids[start : start + BATCH])
            statement = select(documents).where(some, visible(documents, generation))
            async with self.database.connection() as connection:
                rows = (await connection.execute(statement)).all()
                found.update({each.id: each for each in await _with_passages(connection, rows)})
        return found

    async def retired_between(self, since: int, until: int) -> tuple[str, ...]:
        """The ids of the documents that generation `since` has and `until`, newer or older, has not.

        Raises:
            CorpusError: one of the generations is not kept any more (see `keeps`).
        """
        await self._require(since, until)
        other = documents.alias()
        still_there = select(true()).where(other.c.id == documents.c.id, visible(other, until)).exists()
        statement = (
            select(documents.c.id)
            .where(visible(documents, since), not_(visible(documents, until)), not_(still_there))
            .order_by(documents.c.id)
        )
        async with self.database.connection() as connection:
            return tuple((await connection.execute(statement)).scalars())

    def loading(self, started: datetime) -> AbstractAsyncContextManager[Staging]:
        """A new load. Nobody else can start one until the block is left; what is not published by then goes.

        Raises:
            LoadInProgress: another load is running, here or in another process.
        """
        return loading(self.database, started)

    async def _require(self, *generations: int | None) -> None:
        for generation in generations:
            if generation is not None and not await self.keeps(generation):
                msg = f"What generation {generation} of the corpus consisted of is not kept any more."
                raise CorpusError(msg)


def _between(since: int | None, until: int) -> ColumnElement[bool]:
    """The rows of documents that generation `until` has and `since` has not."""
    wanted = visible(documents, until)
    return wanted if since is None else and_(wanted, not_(visible(documents, since)))


def _published_documents() -> Select[Any]:
    return select(documents).where(visible(documents, select(corpus_state.c.published).scalar_subquery()))


async def _with_passages(connection: AsyncConnection, rows: Iterable[Row[Any]]) -> tuple[Document, ...]:
    rows = list(rows)
    statement = (
        select(passages)
        .where(passages.c.document_id.in_([row.id for row in rows]))
        .order_by(passages.c.document_id, passages.c.born, passages.c.ordinal)
    )
    found: dict[tuple[str, int], list[Row[Any]]] = {(row.id, row.born): [] for row in rows}
    for passage in await connection.execute(statement) if rows else ():
        versions = found.get((passage.document_id, passage.born))
        if versions is not None:  # else it belongs to another version
            versions.append(passage)
    return tuple(document_of(row, found[row.id, row.born]) for row in rows)
