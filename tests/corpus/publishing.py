"""Making generations without files: documents go straight into a load, as if a folder had held them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.file_staging import FileStaging
from corpus.staging import BATCH, FileRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Document
    from corpus.staging import Staging
    from corpus.store import CorpusStore

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def record_of(origin: str) -> FileRecord:
    sha256 = hashlib.sha256(origin.encode()).hexdigest()
    return FileRecord(origin, 1, 1, sha256, "fingerprint", reason=None, loaded=True)


async def stage(staging: Staging, documents: Sequence[Document]) -> None:
    """Take `documents` as all that the folder holds now."""
    origins = {document.origin for document in documents}
    for origin in sorted(set(await staging.known_files()) - origins):
        await staging.remove(origin)
    for origin in sorted(origins):
        await stage_file(staging, origin, [document for document in documents if document.origin == origin])


async def stage_file(staging: Staging, origin: str, documents: Sequence[Document]) -> None:
    """Take `documents` as all that one file holds now."""
    file = FileStaging(staging, origin)
    for start in range(0, len(documents), BATCH):
        await file.add(documents[start : start + BATCH])
    await file.finish(record_of(origin))


async def publish(store: CorpusStore, *documents: Document) -> int:
    """Make a generation that consists of these documents, and serve it."""
    async with store.loading(NOW) as staging:
        await stage(staging, documents)
        await staging.publish(NOW, *await staging.totals(), {})
    return staging.generation
