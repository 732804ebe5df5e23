"""An index for the loader's tests: it keeps documents in dictionaries, and counts what it is asked to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corpus.errors import LoadInProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.model import Document
    from corpus.store import CorpusStore


class MemorySink:
    """What is visible in it is `documents`; `at` is called with the name of each step, and may raise."""

    def __init__(self, at: Callable[[str], None] | None = None) -> None:
        self.documents: dict[str, Document] = {}
        self.generation: int | None = None
        self.added: list[str] = []
        self.removed: list[str] = []
        self.calls: Counter[str] = Counter()
        self._at = at or (lambda _step: None)
        self._pending: dict[str, Document] | None = None

    async def catch_up(self, store: CorpusStore) -> None:
        """Show what is served, as an index does after a start."""
        published = await store.published()
        if published is None or published == self.generation:
            return
        self.generation = published
        self.documents = {}
        async for batch in store.documents_between(None, published):
            self.documents.update({document.id: document for document in batch})

    async def begin(self) -> None:
        self._step("begin")
        if self._pending is not None:
            msg = "a load is running"
            raise LoadInProgress(msg)
        self._pending = dict(self.documents)
        self.added, self.removed = [], []

    async def add(self, documents: Sequence[Document]) -> None:
        self._step("add")
        assert self._pending is not None
        self._pending.update({document.id: document for document in documents})
        self.added += [document.id for document in documents]

    async def remove(self, document_ids: Sequence[str]) -> None:
        self._step("remove")
        assert self._pending is not None
        for document_id in document_ids:
            del self._pending[document_id]
        self.removed += document_ids

    async def complete(self) -> None:
        self._step("complete")

    async def publish(self, generation: int) -> None:
        self._step("publish")
        assert self._pending is not None
        self.documents, self._pending = self._pending, None
        self.generation = generation

    async def abandon(self) -> None:
        self._step("abandon")
        self._pending = None

    def _step(self, name: str) -> None:
        self.calls[name] += 1
        self._at(name)
