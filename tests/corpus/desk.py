"""A folder of news with everything that loads it, for the loader's tests."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from corpus.loader import Loader, LoadReport, Progress
from corpus.reading import ReadOptions
from corpus.store import CorpusCounts, CorpusStore
from tests.corpus.memory_sink import MemorySink

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

START = datetime(2026, 1, 2, tzinfo=UTC)


class Desk:
    """Short ways to change the folder, to load it, and to look at what is served."""

    def __init__(self, folder: Path, store: CorpusStore) -> None:
        self.folder = folder
        self.store = store
        self.sink = MemorySink()
        self.options = ReadOptions()
        self._seconds = 0
        folder.mkdir(exist_ok=True)

    def clock(self) -> datetime:
        self._seconds += 1
        return START + timedelta(seconds=self._seconds)

    def write(self, origin: str, content: str | bytes) -> None:
        path = self.folder / origin
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        # Files of one test are written within one tick of some file systems' clocks.
        self._seconds += 1
        os.utime(path, (1_700_000_000 + self._seconds, 1_700_000_000 + self._seconds))

    def lines(self, origin: str, texts: Mapping[str, str]) -> None:
        """A JSON Lines file of documents that are known by their urls."""
        records = ({"url": f"https://example.org/{key}", "text": text} for key, text in texts.items())
        self.write(origin, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))

    def remove(self, origin: str) -> None:
        (self.folder / origin).unlink()

    async def load(self, progress: Callable[[Progress], None] | None = None, **flags: bool) -> LoadReport:
        return await self.loader().load(progress, **flags)

    def loader(self) -> Loader:
        return Loader(self.store, self.sink, self.folder, self.options, clock=self.clock)

    async def served(self) -> dict[str, str]:
        """The text of every document served, by its id; the index must have the very same documents."""
        generation = await self.store.published()
        found = {}
        if generation is not None:
            async for batch in self.store.documents_between(None, generation):
                found |= {document.id: document for document in batch}
        assert self.sink.documents == found
        assert self.sink.generation == generation
        assert await self.store.counts() == CorpusCounts(
            len(found), sum(len(document.passages) for document in found.values())
        )
        return {
            key.removeprefix("https://example.org/"): "\n".join(passage.text for passage in document.passages)
            for key, document in found.items()
        }
