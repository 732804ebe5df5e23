"""One file's part of a load: which of its documents are new, changed, gone, or another file's to serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, insert, select

from corpus.staging import BATCH
from corpus.tables import document_row, documents, duplicates, passage_rows, passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Document
    from corpus.staging import FileRecord, Staging


class _Owner(NamedTuple):
    """The file that serves a document now, and in which version."""

    origin: str
    revision: str


class FileStaging:
    """What a load takes from one file.

    Files are read in the order of their origins. Documents are added as they are read;
    what they replace is retired only when the file has been read to its end, so that a
    file that turns out to be unreadable can be given up without a trace.
    """

    def __init__(self, staging: Staging, origin: str) -> None:
        self._staging = staging
        self._origin = origin
        self._seen: set[str] = set()  # every id of the file
        self._staged: list[str] = []  # those written by this load
        self._replaced: list[str] = []  # those of them that an earlier load wrote
        self._taken: list[tuple[str, str]] = []  # those of them, with the origin, that another file served
        self._lost: set[str] = set()  # those that another file, or this one before, serves

    async def add(self, batch: Sequence[Document]) -> None:
        """Write those documents that are not there already. `batch` has at most `BATCH` of them."""
        fresh = {}
        for document in batch:
            if document.id in self._seen:
                self._lost.add(document.id)
            else:
                self._seen.add(document.id)
                fresh[document.id] = document
        owners = await self._owners(list(fresh))
        new = [document for document in fresh.values() if self._is_new(document, owners.get(document.id))]
        if not new:
            return
        born = self._staging.generation
        async with self._staging.database.transaction() as connection:
            await connection.execute(insert(documents), [document_row(document, born) for document in new])
            rows = [row for document in new for row in passage_rows(document, born)]
            if rows:
                await connection.execute(insert(passages), rows)
        self._staged += [document.id for document in new]

    async def finish(self, record: FileRecord) -> bool:
        """Retire what the file's documents replace and what it no longer holds.

        Returns:
            Whether any document of the file is new, changed or gone.
        """
        staging = self._staging
        for ids in _slices(self._replaced):
            await staging.retire_documents(ids)
        any_gone = await staging.retire_documents_of(self._origin, keep=self._seen)
        async with staging.database.transaction() as connection:
            await staging.retire(connection, duplicates, duplicates.c.origin == self._origin)
            lost = [(document_id, self._origin) for document_id in sorted(self._lost)] + self._taken
            if lost:
                rows = [
                    {"document_id": document_id, "origin": origin, "born": staging.generation}
                    for document_id, origin in lost
                ]
                await connection.execute(insert(duplicates), rows)
            await staging.write_record(connection, record)
        changed = any_gone or bool(self._staged)
        staging.changed |= changed
        staging.staged += len(self._staged)
        return changed

    async def give_up(self) -> None:
        """Take back what was added; the file's documents stay as they were."""
        for ids in _slices(self._staged):
            async with self._staging.database.transaction() as connection:
                await connection.execute(
                    delete(documents).where(
                        documents.c.id.in_(ids), documents.c.born == self._staging.generation
                    )
                )

    async def _owners(self, ids: Sequence[str]) -> dict[str, _Owner]:
        statement = select(documents.c.id, documents.c.origin, documents.c.revision).where(
            documents.c.id.in_(ids), documents.c.retired.is_(None)
        )
        async with self._staging.database.connection() as connection:
            rows = await connection.execute(statement)
            return {row.id: _Owner(row.origin, row.revision) for row in rows}

    def _is_new(self, document: Document, owner: _Owner | None) -> bool:
        if owner is None:
            return True
        if owner.origin < self._origin:
            self._lost.add(document.id)
            return False
        if owner == _Owner(self._origin, document.revision):
            return False
        self._replaced.append(document.id)
        if owner.origin != self._origin:
            self._taken.append((document.id, owner.origin))
        return True


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
