from __future__ import annotations

import asyncio
import logging
import shutil
from typing import TYPE_CHECKING

import psutil
import pytest

from corpus.database import Database
from corpus.store import CorpusStore
from retrieval.errors import EncoderUnavailable
from retrieval.passage_vectors import key_of
from retrieval.semantic import SemanticScorer
from retrieval.vector_store import VectorStore
from retrieval.vector_worker import VectorWorker, WorkerEnded
from retrieval.vectorizing import Vectorizer
from tests.builders import build_document
from tests.corpus.publishing import publish
from tests.retrieval.ngram_encoder import ENDLESS, NAME, POISON, NgramEncoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from corpus.model import Document

FINGERPRINT = NgramEncoder().fingerprint


@pytest.fixture
async def corpus(tmp_path: Path, migrated_file: Path) -> AsyncIterator[CorpusStore]:
    path = shutil.copyfile(migrated_file, tmp_path / "wenxun.db")
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    yield CorpusStore(database)
    await database.close()


@pytest.fixture
async def vectors(tmp_path: Path) -> AsyncIterator[VectorStore]:
    opened = VectorStore(tmp_path / "vectors", FINGERPRINT)
    yield opened
    opened.close()


@pytest.fixture
async def vectorizer(corpus: CorpusStore, vectors: VectorStore) -> AsyncIterator[Vectorizer]:
    made = Vectorizer(corpus, vectors, NAME, pause=0.05)
    yield made
    await made.close()


def news(day: int, *texts: str) -> Document:
    return build_document(
        f"doc{day}", published=f"2025-01-{day:02}", passages=texts or [f"第{day}天的新闻。"]
    )


def much_news() -> list[Document]:
    """Enough to be met while it is worked on."""
    return [news(day, *(f"第{day}天第{number}段，" * 20 for number in range(8))) for day in range(1, 13)]


PASSAGES = 12 * 8


def keys(*documents: Document) -> list[bytes]:
    return [key_of(passage.text) for document in documents for passage in document.passages]


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come about")


def is_complete(vectorizer: Vectorizer) -> bool:
    progress = vectorizer.progress
    return progress.done == progress.total > 0


async def test_before_the_first_load_there_is_nothing_to_do(vectorizer: Vectorizer) -> None:
    assert await vectorizer.complete()
    assert vectorizer.progress.total == vectorizer.progress.done == 0
    assert vectorizer.progress.per_second is None


async def test_every_passage_gets_the_vectors_that_the_scorer_compares_with(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer
) -> None:
    documents = [news(day, f"第{day}天的新闻，共两句。", f"第{day}天的另一段。") for day in range(1, 29)]
    await publish(corpus, *documents)
    assert await vectorizer.complete()
    progress = vectorizer.progress
    assert (progress.done, progress.total, progress.problem) == (56, 56, None)
    assert progress.per_second is not None
    assert progress.per_second > 0
    assert vectors.missing(keys(*documents)) == []
    texts = [passage.text for document in documents for passage in document.passages]
    stored = SemanticScorer(NgramEncoder(), vectors).compare("第3天的新闻", texts)
    assert max(range(56), key=lambda place: -1 if (each := stored[place]) is None else each.clause) == 4


async def test_the_newest_come_first(corpus: CorpusStore, vectors: VectorStore) -> None:
    documents = much_news()
    await publish(corpus, *documents)
    vectorizer = Vectorizer(corpus, vectors, NAME)
    vectorizer.start()
    await until(lambda: vectors.count() > 0)
    await vectorizer.close()
    assert 0 < vectors.count() < PASSAGES
    lacking = set(vectors.missing(keys(*documents)))
    made = [key not in lacking for key in keys(*reversed(documents))]
    assert made == sorted(made, reverse=True)


async def test_a_restart_goes_on_where_the_last_run_was_stopped(
    corpus: CorpusStore, vectors: VectorStore
) -> None:
    documents = much_news()
    await publish(corpus, *documents)
    first = Vectorizer(corpus, vectors, NAME)
    first.start()
    await until(lambda: vectors.count() > 0)
    await first.close()
    left = PASSAGES - vectors.count()
    again = Vectorizer(corpus, vectors, NAME)
    assert await again.complete()
    assert again._made == left
    await again.close()
    third = Vectorizer(corpus, vectors, "no_such_module:needed")
    assert await third.complete()  # nothing is left, so no encoder is opened
    assert is_complete(third)


async def test_what_is_published_while_it_runs_is_picked_up(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer
) -> None:
    vectorizer.start()
    vectorizer.start()  # once is enough
    await publish(corpus, news(1))
    await until(lambda: is_complete(vectorizer))
    await publish(corpus, news(1), news(2))
    vectorizer.wake()
    identity = await corpus.identity()
    await until(lambda: vectors.completed(identity) == 2)
    assert is_complete(vectorizer)
    assert vectors.missing(keys(news(1), news(2))) == []


class Growing(CorpusStore):
    """A corpus in which something is published when it is asked a second time what is."""

    asked = 0

    async def published(self) -> int | None:
        self.asked += 1
        if self.asked == 2:
            await publish(self, *much_news(), news(28))
        return await super().published()


async def test_the_newest_generation_does_not_wait_for_an_older_one(
    corpus: CorpusStore, vectors: VectorStore
) -> None:
    await publish(corpus, *much_news())
    vectorizer = Vectorizer(Growing(corpus.database), vectors, NAME)
    assert not await vectorizer.complete()
    assert 0 < vectors.count() < PASSAGES
    assert vectors.missing(keys(news(28))) == keys(news(28))
    assert await vectorizer.complete()
    assert vectors.missing(keys(*much_news(), news(28))) == []
    assert vectors.completed(await corpus.identity()) == 2
    await vectorizer.close()


async def test_a_document_that_moves_or_comes_back_needs_no_new_vectors(
    corpus: CorpusStore, vectorizer: Vectorizer
) -> None:
    await publish(corpus, news(1), news(2))
    assert await vectorizer.complete()
    await publish(corpus, news(2))
    assert await vectorizer.complete()
    moved = build_document(
        "elsewhere", origin="b/new.txt", published="2025-01-09", passages=["第1天的新闻。"]
    )
    await publish(corpus, moved, news(2))
    assert await vectorizer.complete()
    assert vectorizer._made == 2


async def test_vectors_that_nobody_needs_go_when_there_are_many(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.vectorizing._LEFT_OVER", 3)
    other = VectorStore(vectors.path.parent, "another encoder")
    other.close()
    await publish(corpus, *(news(day) for day in range(1, 10)))
    assert await vectorizer.complete()
    assert not other.path.exists()
    await publish(corpus, *(news(day) for day in range(1, 8)))
    assert await vectorizer.complete()
    assert vectors.count() == 9  # too few to look for
    await publish(corpus, news(2), news(3), news(4))
    assert await vectorizer.complete()
    assert vectors.count() == 3
    assert vectors.missing(keys(news(2), news(3), news(4))) == []


async def test_another_database_starts_anew_and_keeps_what_it_shares(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer, tmp_path: Path
) -> None:
    await publish(corpus, news(1), news(2))
    assert await vectorizer.complete()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/other.db")
    other = CorpusStore(database)
    await publish(other, news(2), news(3))
    again = Vectorizer(other, vectors, NAME)
    assert await again.complete()
    assert again._made == 1
    assert vectors.missing(keys(news(1), news(2), news(3))) == keys(news(1))
    await again.close()
    await database.close()


async def test_a_passage_that_the_encoder_cannot_take_holds_up_nothing(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer
) -> None:
    documents = news(1, "第一段。", POISON, "第三段。"), news(2)
    await publish(corpus, *documents)
    assert await vectorizer.complete()
    assert is_complete(vectorizer)
    assert vectors.missing(keys(*documents)) == [key_of(POISON)]


async def test_an_encoder_that_cannot_be_opened_is_said_once(
    corpus: CorpusStore, vectors: VectorStore, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(corpus, news(1))
    vectorizer = Vectorizer(corpus, vectors, "no_such_module:make", pause=0.01)
    with pytest.raises(EncoderUnavailable, match="no_such_module"):
        await vectorizer.complete()
    with caplog.at_level(logging.ERROR):
        vectorizer.start()
        await until(lambda: vectorizer.progress.problem is not None)
        await asyncio.sleep(0.1)
    assert "no_such_module" in str(vectorizer.progress.problem)
    assert len(caplog.records) == 1
    await vectorizer.close()


async def test_a_worker_that_is_killed_is_replaced(
    corpus: CorpusStore, vectors: VectorStore, vectorizer: Vectorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.vectorizing._LONGER_AFTER_FAILURE", 1)
    documents = much_news()
    await publish(corpus, *documents)
    vectorizer.start()
    await until(lambda: vectors.count() > 0)
    assert vectorizer._worker is not None
    psutil.Process(vectorizer._worker._process.pid).kill()
    await until(lambda: is_complete(vectorizer))
    assert vectors.missing(keys(*documents)) == []


async def test_stopping_does_not_wait_for_the_encoder(corpus: CorpusStore, vectors: VectorStore) -> None:
    await publish(corpus, news(1, ENDLESS))
    vectorizer = Vectorizer(corpus, vectors, NAME)
    vectorizer.start()
    await until(lambda: vectorizer._worker is not None)
    await asyncio.sleep(0.5)
    async with asyncio.timeout(60):
        await vectorizer.close()
    assert vectors.count() == 0


async def test_the_process_is_there_only_while_there_is_work(
    corpus: CorpusStore, vectorizer: Vectorizer
) -> None:
    await publish(corpus, news(1))
    vectorizer.start()
    await until(lambda: is_complete(vectorizer) and vectorizer._worker is None)
    here = psutil.Process()
    assert not [each for each in here.children() if "spawn_main" in " ".join(each.cmdline())]


def test_a_worker_works_at_the_lowest_priority_and_ends_when_told() -> None:
    worker = VectorWorker(NAME)
    (made,) = worker.encode(["药。"])
    assert made is not None
    process = psutil.Process(worker._process.pid)
    assert process.nice() == 19
    worker.kill()
    with pytest.raises(WorkerEnded):
        worker.encode(["药。"])
    worker.close()
    assert not process.is_running()
