"""Near-duplicates: which documents of the news have much of a text already."""

from __future__ import annotations

import asyncio
import threading
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasketch import MinHash, MinHashLSH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.model import Document
    from corpus.store import CorpusStore

SHINGLE: Final = 5
"""Characters that are compared at a time."""

LEAST: Final = 0.5
"""The share of a text that a document must have to be told of."""

_PERMUTATIONS = 64
_THRESHOLD = 0.5
_MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Near:
    """A document that has a `share` (0 to 1) of a text, counted exactly."""

    document: Document
    share: float


class NearDuplicates:
    """Finds near-duplicates among the news that is served, by signatures of its passages kept in memory."""

    def __init__(self, store: CorpusStore) -> None:
        self._store = store
        self._generation: int | None = None
        self._signatures = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
        self._lock = threading.Lock()

    async def find(self, documents: Sequence[Document], besides: str | None = None) -> tuple[Near, ...]:
        """Which documents have much of some, the most of it first, but for those of the file `besides`.

        Raises:
            CorpusError: the database cannot be used.
        """
        await self._catch_up()
        texts = [passage.text for document in documents for passage in document.passages]
        found: list[Near] = []
        shingles = _shingles(texts)
        if not shingles:
            return ()
        for identity in await asyncio.to_thread(self._candidates, texts):
            document = await self._store.document(identity)
            if document is None or document.origin == besides:
                continue
            theirs = _shingles(passage.text for passage in document.passages)
            share = len(shingles & theirs) / len(shingles)
            if share >= LEAST:
                found.append(Near(document, share))
        return tuple(sorted(found, key=lambda near: (-near.share, near.document.id)))

    async def _catch_up(self) -> None:
        """Take up what was published since; a generation that is not kept any more means beginning anew."""
        published = await self._store.published()
        if published is None or published == self._generation:
            return
        since = self._generation
        if since is not None and (published < since or not await self._store.keeps(since)):
            self._signatures = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
            since = None
        async for batch in self._store.documents_between(since, published):
            await asyncio.to_thread(self._take_up, batch)
        self._generation = published

    def _take_up(self, documents: Sequence[Document]) -> None:
        for document in documents:
            for passage in document.passages:
                signature = _signature(_shingles((passage.text,)))
                with self._lock:
                    if passage.id not in self._signatures.keys:
                        self._signatures.insert(passage.id, signature)

    def _candidates(self, texts: Sequence[str]) -> list[str]:
        """The documents with a passage that resembles one of these."""
        found: dict[str, None] = {}
        for text in texts:
            with self._lock:
                for passage_id in self._signatures.query(_signature(_shingles((text,)))):
                    found.setdefault(str(passage_id).rsplit(":", 2)[0])
        return list(found)[:_MOST_CANDIDATES]


def _signature(shingles: set[str]) -> MinHash:
    signature = MinHash(num_perm=_PERMUTATIONS)
    signature.update_batch([shingle.encode("utf-8", "replace") for shingle in sorted(shingles)])
    return signature


def _shingles(texts: Iterable[str]) -> set[str]:
    """The stretches of characters of some texts, without white space and punctuation."""
    found: set[str] = set()
    for text in texts:
        plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
        found.update(plain[at : at + SHINGLE] for at in range(max(1, len(plain) - SHINGLE + 1)) if plain)
    return found
