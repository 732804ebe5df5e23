"""Subjects: what the newest news is about, for `/topics` and for the examples of `/help`.

They are found once for each generation of the corpus, when somebody first asks.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.rendering.help import HelpExamples
from retrieval.topics import belongs, topics_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Document
    from corpus.store import CorpusStore
    from retrieval.topics import Topic

LOOKED_AT = 2_000
"""Documents that are looked at, the newest."""

_BATCH = 500
_LONGEST_TERM = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What the news of one generation is about.

    `members` has for each topic's key the ids of its documents, newest first.
    """

    generation: int | None
    topics: tuple[Topic, ...]
    members: dict[str, tuple[str, ...]]
    examples: HelpExamples


class Subjects:
    """The topics of a corpus."""

    def __init__(self, store: CorpusStore) -> None:
        self._store = store
        self._found: Found | None = None
        self._turn = asyncio.Lock()

    async def found(self) -> Found:
        """What the news that is served now is about.

        Raises:
            DatabaseError: the database cannot be read.
        """
        async with self._turn:
            generation = await self._store.published()
            if self._found is None or self._found.generation != generation:
                documents: list[Document] = []
                while len(documents) < LOOKED_AT:
                    batch = await self._store.latest(_BATCH, len(documents))
                    documents += batch
                    if len(batch) < _BATCH:
                        break
                self._found = await asyncio.to_thread(_find, generation, documents)
            return self._found

    async def documents(self, ids: Sequence[str]) -> tuple[Document, ...]:
        """Documents by their ids, in this order; those that are gone are left out."""
        found = [await self._store.document(each) for each in ids]
        return tuple(each for each in found if each is not None)


def _find(generation: int | None, documents: Sequence[Document]) -> Found:
    topics = topics_of(documents)
    members = {
        topic.key: tuple(document.id for document in documents if _is_about(document, topic))
        for topic in topics
    }
    # A document that names no topics belongs to those it speaks of, so only now they are counted.
    counted = (replace(topic, documents=len(members[topic.key])) for topic in topics)
    listed = tuple(sorted(counted, key=lambda topic: -topic.documents))
    return Found(generation, listed, members, _examples(documents, listed))


def _is_about(document: Document, topic: Topic) -> bool:
    if document.topics:
        return belongs(document, topic)
    texts = (document.title or "", *(passage.text for passage in document.passages))
    return any(topic.name.casefold() in text.casefold() for text in texts)


def _examples(documents: Sequence[Document], topics: Sequence[Topic]) -> HelpExamples:
    """The commonest source, the newest month, and a topic that is short enough for a term."""
    sources = Counter(document.source for document in documents if document.source)
    days = [day for document in documents if document.published and (day := document.published.day)]
    return HelpExamples(
        source=next((name for name, _ in sources.most_common(1)), None),
        month=max(days).replace(day=1) if days else None,
        term=next((topic.name for topic in topics if len(topic.name) <= _LONGEST_TERM), None),
    )
