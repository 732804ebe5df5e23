"""The index of an evaluation: a set's corpus, with those of other sets mixed in."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from corpus.reading import READING_VERSION
from retrieval.errors import InvalidQuestionSet
from retrieval.indexing import Indexer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from corpus.model import Document
    from corpus.reading import ReadOptions
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index
    from retrieval.question_set import Corpus, QuestionSet

_BATCH = 500
_PROBED = 50


@dataclass(frozen=True, slots=True)
class Right:
    """A document that answers a question: its title and its whole text."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Searched:
    """A set's corpus, indexed, with what is needed to judge answers from it.

    `keys` has the set's own documents by their ids in the index; what is mixed in has no key.
    `right` has the documents that answer a question of the set, by their keys.
    """

    keys: dict[str, str] = field(default_factory=dict)
    right: dict[str, Right] = field(default_factory=dict)


async def index_set(
    question_set: QuestionSet,
    index: Index,
    analyzer: Analyzer,
    options: ReadOptions,
    *,
    workers: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Searched:
    """Indexes a set's corpus, unless the index holds it already.

    Args:
        question_set: the set.
        index: where its corpus goes; empty, or filled by an earlier call for the same corpora.
        analyzer: the analysis.
        options: how the corpora are read.
        workers: how many processes analyse bulk; 0 means as many as there are cores.
        progress: is told how many documents have been taken so far.

    Raises:
        UnreadableFile: a corpus cannot be read.
        InvalidQuestionSet: a record has no key.
    """
    searched = Searched()
    own = _own(question_set, options, searched)
    if await asyncio.to_thread(lambda: index.snapshot().generation) is not None:
        while await asyncio.to_thread(list, islice(own, _BATCH)):
            pass
        return searched
    indexer = Indexer(index, analyzer, workers)
    await indexer.begin()
    done = 0
    try:
        for documents in (
            own,
            *(_mixed(place, each, options) for place, each in enumerate(question_set.mixed, 1)),
        ):
            while batch := await asyncio.to_thread(list, islice(documents, _BATCH)):
                await indexer.add(batch)
                done += len(batch)
                if progress is not None:
                    progress(done)
        await indexer.publish(1)
    finally:
        await indexer.close()
    return searched


def kept_in(folder: Path, corpora: Sequence[Corpus]) -> Path:
    """The folder inside `folder` for the index of these corpora together, in this order."""
    places = "\n".join(str(corpus.place.resolve()) for corpus in corpora)
    return folder / f"{corpora[0].name}-{hashlib.sha256(places.encode()).hexdigest()[:12]}"


def fingerprint(analyzer: Analyzer, corpora: Sequence[Corpus], options: ReadOptions) -> str:
    """Names an index by what goes into it: it is of use as long as this stays the same.

    That is what the files hold, how they are read, the version of the analysis, and what the
    analysis makes of the first documents, since its version is not raised while it is worked on.

    Raises:
        UnreadableFile: a corpus cannot be read.
        InvalidQuestionSet: a record has no key, or a file cannot be read.
    """
    total = hashlib.sha256(f"{READING_VERSION} {options.zone.key} {options.max_bytes}".encode())
    for corpus in corpora:
        for file in corpus.files:
            try:
                with file.open("rb") as stream:
                    total.update(hashlib.file_digest(stream, "sha256").digest())
            except OSError as error:
                raise InvalidQuestionSet(f"{file} cannot be read ({error.strerror}).") from error
    for _, document in islice(corpora[0].documents(options), _PROBED):
        for passage in document.passages:
            total.update(repr(analyzer.passage_forms(document, passage)).encode())
    return f"{analyzer.fingerprint}-{total.hexdigest()[:16]}"


def _own(question_set: QuestionSet, options: ReadOptions, searched: Searched) -> Iterator[Document]:
    """The set's own documents; what is needed to judge answers is noted on the way."""
    wanted = {key for case in question_set.cases for key in case.relevant}
    for key, document in question_set.corpus.documents(options):
        renamed = _renamed(document, 0)
        searched.keys[renamed.id] = key
        if key in wanted:
            text = "\n".join(passage.text for passage in document.passages)
            searched.right[key] = Right(document.title, text)
        yield renamed


def _mixed(place: int, corpus: Corpus, options: ReadOptions) -> Iterator[Document]:
    for _, document in corpus.documents(options):
        yield _renamed(document, place)


def _renamed(document: Document, place: int) -> Document:
    """The document with the place of its corpus before its ids: those of two corpora never clash."""
    return replace(
        document,
        id=f"{place}/{document.id}",
        passages=tuple(replace(passage, id=f"{place}/{passage.id}") for passage in document.passages),
    )
