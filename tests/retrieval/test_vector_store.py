from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.errors import VectorsUnavailable
from retrieval.passage_vectors import key_of
from retrieval.vector_store import VectorStore
from tests.retrieval.made_vectors import BATCH, FINGERPRINT, batch_of, made_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "vectors", FINGERPRINT)
    yield opened
    opened.close()


def test_what_is_added_is_there_also_for_others_and_after_a_restart(store: VectorStore) -> None:
    batch = batch_of(0)
    assert store.count() == 0
    store.add(batch)
    other = VectorStore(store.path.parent, FINGERPRINT)
    assert store.get(list(batch)) == other.get(list(batch)) == batch
    assert other.count() == BATCH
    other.close()


def test_only_what_is_asked_for_and_known_is_given(store: VectorStore) -> None:
    one, other = batch_of(1), batch_of(2)
    store.add(one | other)
    some = list(one)[:3]
    assert store.get([*some, key_of("unknown")]) == {key: one[key] for key in some}
    assert store.get([]) == {}
    assert store.missing([key_of("b"), *one, key_of("a"), key_of("b")]) == [key_of("b"), key_of("a")]
    assert store.missing([]) == []


def test_more_keys_than_one_query_takes(store: VectorStore) -> None:
    batches = [batch_of(number) for number in range(60)]
    for batch in batches:
        store.add(batch)
    everything = {key: each for batch in batches for key, each in batch.items()}
    assert store.get(list(everything)) == everything
    assert store.missing(everything) == []
    assert len(store.missing(key_of(f"x{number}") for number in range(1_201))) == 1_201


def test_vectors_that_are_there_stay_as_they_are(store: VectorStore) -> None:
    (key, vectors), *_ = batch_of(0).items()
    store.add({key: vectors})
    store.add({key: made_of(b"another")})
    assert store.get([key]) == {key: vectors}


def test_a_batch_is_added_as_a_whole_or_not_at_all(store: VectorStore) -> None:
    batch = dict(batch_of(0))
    bad = {**batch, key_of("bad"): made_of(b"\3")}
    object.__setattr__(bad[key_of("bad")], "packed", None)
    with pytest.raises(VectorsUnavailable, match="NOT NULL"):
        store.add(bad)
    assert store.count() == 0
    store.add(batch)
    assert store.count() == BATCH


def test_what_no_passage_has_any_more_is_deleted(store: VectorStore) -> None:
    for number in range(4):
        store.add(batch_of(number))
    kept = [*batch_of(1), *batch_of(3), key_of("never had any")]
    assert store.keep_only(iter(kept)) == 2 * BATCH
    assert sorted(store.get([key for number in range(4) for key in batch_of(number)])) == sorted(kept[:-1])
    assert store.keep_only(batch_of(1)) == BATCH
    assert store.keep_only([]) == BATCH
    assert store.count() == 0


def test_which_generation_is_complete_is_known_for_one_corpus(store: VectorStore) -> None:
    assert store.completed("a") is None
    store.complete("a", 3)
    store.complete("a", 4)
    assert store.completed("a") == 4
    assert store.completed("b") is None
    store.complete("b", 1)
    assert store.completed("a") is None


def test_every_encoder_has_a_file_of_its_own(store: VectorStore) -> None:
    store.add(batch_of(0))
    other = VectorStore(store.path.parent, "other")
    assert other.count() == 0
    stranger = store.path.parent / "notes.db"
    stranger.write_text("mine")
    other.close()
    store.delete_others()
    assert stranger.exists()
    assert not other.path.exists()
    assert store.count() == BATCH
    assert {path.name for path in store.path.parent.iterdir()} >= {"notes.db", store.path.name}


@pytest.mark.parametrize(
    "content", [b"this is not a database, but long enough to be one" * 99, b"\0" * 9_999]
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    store = VectorStore(tmp_path, FINGERPRINT)
    store.add(batch_of(0))
    store.close()
    store.path.write_bytes(content)
    again = VectorStore(tmp_path, FINGERPRINT)
    assert again.count() == 0
    again.add(batch_of(1))
    assert again.get(list(batch_of(1))) == batch_of(1)
    again.close()


def test_where_no_file_can_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(VectorsUnavailable, match=r"sentence vectors in .*taken.* cannot be opened"):
        VectorStore(tmp_path / "taken", FINGERPRINT)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, FINGERPRINT)
    store.close()
    with pytest.raises(VectorsUnavailable, match="closed"):
        store.count()
    with pytest.raises(VectorsUnavailable, match="closed"):
        store.add(batch_of(0))


def test_threads_read_while_others_write(store: VectorStore) -> None:
    failures: list[object] = []

    def write(start: int) -> None:
        for number in range(start, start + 10):
            store.add(batch_of(number))

    def read() -> None:
        for chosen in range(60):
            batch = batch_of(chosen % 20)
            found = store.get(list(batch))
            if found not in ({}, batch):
                failures.append(found)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 10)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count() == 20 * BATCH


@pytest.mark.crash
async def test_a_writer_that_is_killed_leaves_whole_batches_and_the_way_free(tmp_path: Path) -> None:
    # The child goes on from the number of texts, which is a new number of a batch each time.
    before = 0
    for wait in (0, 0.01, 0.03, 0.05):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "tests/retrieval/vectors_child.py"),
            str(tmp_path),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"adding\n"
        await asyncio.sleep(wait)
        process.kill()
        await process.wait()
        process._transport.close()  # else Python 3.11 warns of it, with the loop closed
        store = VectorStore(tmp_path, FINGERPRINT)
        count = store.count()
        assert count >= before + 2 * BATCH
        assert count % BATCH == 0
        completed = store.completed("corpus")
        assert completed is not None
        newest = batch_of(completed)
        assert store.get(list(newest)) == newest
        store.close()
        before = count
        connection = sqlite3.connect(store.path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT key, shape, packed FROM passages").fetchall()
        connection.close()
        assert all(
            (shape, packed) == (made_of(key).shape, made_of(key).packed) for key, shape, packed in rows
        )
