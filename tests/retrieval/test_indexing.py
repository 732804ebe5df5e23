"""Indexing: generations become visible whole or not at all, in one process or many, and after a crash."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.database import Database
from corpus.errors import LoadInProgress
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from retrieval.engines import open_index
from retrieval.indexing import Indexer, analyse
from tests.builders import build_document
from tests.corpus.publishing import NOW, publish, stage
from tests.retrieval.indexed import DEAL, FUND, INDEX, found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index, IndexedPassage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["memory:", "tantivy:index"])
def index(request: pytest.FixtureRequest, analyzer: Analyzer) -> Index:
    return open_index(request.param, analyzer.fingerprint)


@pytest.fixture
async def indexer(index: Index, analyzer: Analyzer) -> AsyncIterator[Indexer]:
    opened = Indexer(index, analyzer, workers=2)
    yield opened
    await opened.close()


@pytest.fixture
async def store(tmp_path: Path, migrated_file: Path) -> AsyncIterator[CorpusStore]:
    path = shutil.copyfile(migrated_file, tmp_path / "wenxun.db")
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    yield CorpusStore(database)
    await database.close()


def named(document_id: str, text: str = "") -> Document:
    """A document that `shown` sees."""
    return build_document(document_id, title=None, passages=[f"授权公告。{text}", f"授权细则。{text}"])


def shown(index: Index) -> dict[str, IndexedPassage]:
    """Every passage of `named` documents that the index shows."""
    candidates = index.snapshot().candidates({"w授权": 1.0}, 100_000)
    return {candidate.passage_id: candidate.record() for candidate in candidates}


def passages_of(*documents: Document) -> set[str]:
    return {passage.id for document in documents for passage in document.passages}


# --- a load ---------------------------------------------------------------------------


async def test_a_load_is_visible_when_it_is_published(indexer: Indexer, index: Index) -> None:
    await indexer.begin()
    await indexer.add([DEAL, FUND])
    await indexer.add([INDEX])
    assert (indexer.generation, index.snapshot().passages) == (None, 0)
    await indexer.publish(4)
    assert (indexer.generation, index.snapshot().passages) == (4, 4)
    assert found(index.snapshot(), "w授权", "w指数") == {"deal", "fund", "index"}


async def test_what_is_indexed_is_the_document(indexer: Indexer, index: Index, analyzer: Analyzer) -> None:
    document = build_document(url="https://news.example/a", published="2025-12", source=None)
    await indexer.begin()
    await indexer.add([document])
    await indexer.publish(1)
    (record,) = shown(index).values()
    assert [record] == analyse(analyzer, [document])
    citation = record.citation
    assert (citation.document_id, citation.title, citation.url) == ("doc", document.title, document.url)
    assert (citation.source, citation.published, citation.language) == (None, document.published, "zh")


async def test_an_added_document_takes_the_place_of_its_older_self(indexer: Indexer, index: Index) -> None:
    older, newer = named("a", "旧"), named("a", "新")
    await indexer.begin()
    await indexer.add([older, named("b")])
    await indexer.publish(1)
    await indexer.begin()
    await indexer.add([newer])
    await indexer.publish(2)
    assert shown(index).keys() == passages_of(newer, named("b"))


async def test_removed_documents_are_gone(indexer: Indexer, index: Index) -> None:
    await indexer.begin()
    await indexer.add([named("a"), named("b"), named("c")])
    await indexer.publish(1)
    await indexer.begin()
    await indexer.add([named("d")])
    await indexer.remove(["a", "c", "nobody"])
    await indexer.publish(2)
    assert shown(index).keys() == passages_of(named("b"), named("d"))


async def test_a_generation_may_change_nothing(indexer: Indexer, index: Index) -> None:
    await indexer.begin()
    await indexer.publish(1)
    assert (index.snapshot().generation, index.snapshot().passages) == (1, 0)


async def test_what_is_abandoned_never_shows(indexer: Indexer, index: Index) -> None:
    await indexer.begin()
    await indexer.add([named("a")])
    await indexer.publish(1)
    await indexer.begin()
    await indexer.add([named("b")])
    await indexer.remove(["a"])
    await indexer.abandon()
    assert index.snapshot().generation == 1
    await indexer.begin()
    await indexer.publish(2)
    assert shown(index).keys() == passages_of(named("a"))


async def test_abandoning_nothing_does_nothing(indexer: Indexer) -> None:
    await indexer.abandon()
    await indexer.begin()
    await indexer.abandon()
    await indexer.abandon()


async def test_one_load_at_a_time(indexer: Indexer, index: Index, analyzer: Analyzer) -> None:
    other = Indexer(index, analyzer)
    await indexer.begin()
    with pytest.raises(LoadInProgress):
        await other.begin()
    with pytest.raises(LoadInProgress):
        await indexer.begin()
    await indexer.close()
    await other.begin()
    await other.close()


async def test_nothing_goes_without_a_beginning(indexer: Indexer) -> None:
    for step in (indexer.add([DEAL]), indexer.remove(["a"]), indexer.publish(1)):
        with pytest.raises(RuntimeError, match="begin"):
            await step


# --- in bulk --------------------------------------------------------------------------


def bulk(count: int) -> list[Document]:
    """Documents of ten passages each."""
    return [
        build_document(
            f"bulk{number:04}",
            published="2025-12-16",
            passages=[
                f"授权公告第{number}号第{place}条，涉及金额{number * place}万元。" for place in range(10)
            ],
        )
        for number in range(count)
    ]


def children() -> list[int]:
    return [child.pid or 0 for child in multiprocessing.active_children()]


@asynccontextmanager
async def longest_pause() -> AsyncIterator[Callable[[], float]]:
    """How many seconds at most nothing else could run."""
    pauses = [0.0]

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.01)
            pauses.append(loop.time() - before)

    watching = asyncio.create_task(watch())
    yield lambda: max(pauses)
    watching.cancel()


async def test_bulk_is_analysed_by_workers_as_it_is_here_and_keeps_nobody_waiting(analyzer: Analyzer) -> None:
    index = open_index("tantivy:index", analyzer.fingerprint)
    indexer = Indexer(index, analyzer, workers=2)
    documents = bulk(250)
    async with longest_pause() as pause:
        await indexer.begin()
        for start in range(0, 250, 25):
            await indexer.add(documents[start : start + 25])
        assert len(children()) == 2
        await indexer.add([build_document("empty", passages=[])])
        await indexer.publish(1)
        assert pause() < 2
    assert children() == []
    assert shown(index) == {each.passage.id: each for each in analyse(analyzer, documents)}


async def test_bulk_that_is_abandoned_leaves_no_worker_and_no_trace(analyzer: Analyzer) -> None:
    index = open_index("memory:", analyzer.fingerprint)
    indexer = Indexer(index, analyzer, workers=1)
    await indexer.begin()
    await indexer.add(bulk(210))
    assert len(children()) == 1
    await indexer.abandon()
    assert children() == []
    assert index.snapshot().generation is None
    await indexer.begin()
    await indexer.add([named("a")])
    await indexer.publish(1)
    assert shown(index).keys() == passages_of(named("a"))


# --- catching up ----------------------------------------------------------------------


async def test_there_is_nothing_to_catch_up_with_before_the_first_load(
    indexer: Indexer, store: CorpusStore
) -> None:
    await indexer.catch_up(store)
    assert indexer.generation is None


async def test_an_index_that_is_where_the_store_is_is_left_alone(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    await publish(store, named("a"))
    await indexer.catch_up(store)
    writer = index.writer()  # nobody could write now
    await indexer.catch_up(store)
    writer.rollback()


async def test_a_lost_index_is_built_from_the_store(
    store: CorpusStore, analyzer: Analyzer, tmp_path: Path
) -> None:
    documents = [named("a"), named("b")]
    generation = await publish(store, *documents)
    for _ in range(2):
        index = open_index("tantivy:index", analyzer.fingerprint)
        indexer = Indexer(index, analyzer)
        told: list[int] = []
        await indexer.catch_up(store, told.append)
        assert indexer.generation == generation
        assert shown(index).keys() == passages_of(*documents)
        assert told == [2]
        shutil.rmtree(tmp_path / "index")


async def test_an_index_that_missed_a_publication_follows(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    await publish(store, named("a"), named("b", "旧"), named("c"))
    await indexer.catch_up(store)
    await publish(store, named("a"), named("b", "新"), named("c"))
    latest = await publish(store, named("b", "新"), named("c"), named("d"))
    told: list[int] = []
    await indexer.catch_up(store, told.append)
    assert indexer.generation == latest
    assert shown(index).keys() == passages_of(named("b", "新"), named("c"), named("d"))
    assert told[-1] == 2  # of b and d only


async def test_an_index_ahead_of_the_store_goes_back(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    first = await publish(store, named("a", "旧"), named("b"))
    async with store.loading(NOW) as staging:
        await stage(staging, [named("a", "新"), named("c")])
        await staging.publish(NOW, *await staging.totals(), {})
        await indexer.catch_up(store)
        assert shown(index).keys() == passages_of(named("a", "新"), named("c"))
        await staging.withdraw()
    assert await store.published() == first
    await indexer.catch_up(store)
    assert indexer.generation == first
    assert shown(index).keys() == passages_of(named("a", "旧"), named("b"))


async def test_an_index_of_a_generation_nobody_remembers_is_built_anew(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    await publish(store, named("a"))
    await indexer.begin()
    await indexer.add([named("stranger"), named("a", "别处")])
    await indexer.publish(99)
    await indexer.catch_up(store)
    assert indexer.generation == await store.published()
    assert shown(index).keys() == passages_of(named("a"))


async def test_an_index_catches_up_from_anywhere(indexer: Indexer, index: Index, store: CorpusStore) -> None:
    dice = random.Random(7)  # noqa: S311 - nothing secret
    for _ in range(12):
        chosen = [named(name, dice.choice("甲乙")) for name in "abcdef" if dice.random() < 0.6]
        await publish(store, *chosen)
        if dice.random() < 0.5:
            await indexer.catch_up(store)
            assert indexer.generation == await store.published()
            assert shown(index).keys() == passages_of(*chosen)


async def test_while_another_is_writing_nobody_catches_up(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    await publish(store, named("a"))
    writer = index.writer()
    with pytest.raises(LoadInProgress):
        await indexer.catch_up(store)
    writer.rollback()
    await indexer.catch_up(store)
    assert shown(index).keys() == passages_of(named("a"))


class _BreakingStore(CorpusStore):
    """A store whose database goes away in the middle of being read."""

    async def documents_between(self, since: int | None, until: int) -> AsyncIterator[tuple[Document, ...]]:
        async for documents in super().documents_between(since, until):
            yield documents[:1]
            raise ConnectionError


async def test_catching_up_that_fails_leaves_the_index_as_it_was_and_free(
    indexer: Indexer, index: Index, store: CorpusStore
) -> None:
    await publish(store, named("a"))
    await indexer.catch_up(store)
    latest = await publish(store, named("b"), named("c"))
    with pytest.raises(ConnectionError):
        await indexer.catch_up(_BreakingStore(store.database))
    assert shown(index).keys() == passages_of(named("a"))
    await indexer.catch_up(store)
    assert indexer.generation == latest
    assert shown(index).keys() == passages_of(named("b"), named("c"))


# --- the loader's sink ----------------------------------------------------------------


async def test_a_folder_is_loaded_into_the_index_and_followed(
    indexer: Indexer, index: Index, store: CorpusStore, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    loader = Loader(store, indexer, folder, ReadOptions(), clock=lambda: NOW)

    async def load() -> set[str]:
        await loader.load()
        assert indexer.generation == await store.published()
        return {record.passage.text for record in shown(index).values()}

    (folder / "a.txt").write_text("授权公告\n\n某药企授权金额为一亿元。", "utf-8")
    (folder / "b.txt").write_text("授权细则\n\n某药企授权细则公布。", "utf-8")
    assert await load() == {"某药企授权金额为一亿元。", "某药企授权细则公布。"}
    (folder / "a.txt").write_text("授权公告\n\n某药企授权金额更正为二亿元。", "utf-8")
    (folder / "b.txt").unlink()
    assert await load() == {"某药企授权金额更正为二亿元。"}


# --- killed ---------------------------------------------------------------------------

KILLED_BEFORE_THE_COMMIT = """
import asyncio, os, signal, sys
from pathlib import Path
from retrieval.analyzer import Analyzer
from retrieval.engines import open_index
from retrieval.indexing import Indexer, analyse
from tests.retrieval.test_indexing import named

async def main():
    analyzer = Analyzer(Path(sys.argv[1]))
    indexer = Indexer(open_index("tantivy:index", analyzer.fingerprint), analyzer)
    await indexer.begin()
    await indexer.remove(["a"])
    # All is written; only the commit is missing.
    await indexer._write(analyse(analyzer, [named("b"), named("c")]))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_load_that_is_killed_before_its_commit_never_was(
    store: CorpusStore, analyzer: Analyzer
) -> None:
    index = open_index("tantivy:index", analyzer.fingerprint)
    indexer = Indexer(index, analyzer)
    first = await publish(store, named("a"))
    await indexer.catch_up(store)
    second = await publish(store, named("b"), named("c"))
    killed = await asyncio.to_thread(run_to_the_end, KILLED_BEFORE_THE_COMMIT, analyzer)
    assert killed == -9
    for again in (index, open_index("tantivy:index", analyzer.fingerprint)):
        assert again.snapshot().generation == first
        assert shown(again).keys() == passages_of(named("a"))
    await indexer.catch_up(store)
    assert indexer.generation == second
    assert shown(index).keys() == passages_of(named("b"), named("c"))


def run_to_the_end(program: str, analyzer: Analyzer) -> int:
    command: Sequence[str] = [sys.executable, "-c", program, str(analyzer.cache_folder)]
    return subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, check=False).returncode  # noqa: S603 - our own
