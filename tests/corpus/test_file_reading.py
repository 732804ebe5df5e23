from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from corpus.errors import UnreadableFile
from corpus.file_reading import UNSTORABLE, batches_of, fingerprint_of, sha256_of, stamp_of
from corpus.reading import ReadOptions
from tests.builders import build_document, build_passage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.model import Document


def test_a_batch_is_small_in_number_and_in_bytes() -> None:
    many = [build_document(str(number), passages=["短。"]) for number in range(1001)]
    assert [len(batch.documents) for batch in batches_of("a", many)] == [500, 500, 1]
    long = [build_document(str(number), passages=["长" * 200_000]) for number in range(5)]
    assert [len(batch.documents) for batch in batches_of("a", long)] == [2, 2, 1]


def test_batches_keep_every_document_in_its_order_and_know_their_size() -> None:
    read = [build_document(str(number)) for number in range(700)]
    batches = list(batches_of("a", read))
    assert [document for batch in batches for document in batch.documents] == read
    text = "重庆国际生物城的GR1803授权金额超过10亿美元。"
    assert batches[0].size >= 500 * len(text.encode())


def test_documents_are_read_only_as_they_are_wanted() -> None:
    read = []

    def reading() -> Iterator[Document]:
        for number in range(5000):
            read.append(number)
            yield build_document(str(number), passages=["短。"])

    next(batches_of("a", reading()))
    assert len(read) == 500


@pytest.mark.parametrize(
    "document",
    [
        build_document(passages=["NUL: \0"]),
        build_document(passages=[build_passage("good", section="\ud800")]),
        build_document(title="half \udc00"),
        build_document(topics=("\0",)),
    ],
)
def test_what_no_database_can_keep_is_refused(document: Document) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(batches_of("a", [document]))
    assert caught.value.reason == UNSTORABLE


def test_a_fault_of_a_reader_costs_one_file_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def reading() -> Iterator[Document]:
        yield build_document("a")
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR), pytest.raises(UnreadableFile) as caught:
        list(batches_of("deep/a.txt", reading()))
    assert "ZeroDivisionError" in caught.value.reason
    assert "deep/a.txt" in caplog.text


def test_what_the_system_refuses_is_told_in_its_words() -> None:
    def reading() -> Iterator[Document]:
        yield build_document("a")
        raise OSError(5, "Input/output error")

    with pytest.raises(UnreadableFile, match="input/output error") as caught:
        list(batches_of("a", reading()))
    assert isinstance(caught.value.__cause__, OSError)


def test_a_stamp_changes_with_size_and_with_time(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    os.utime(path, ns=(1, 1_000_000_001))
    stamp = stamp_of(path)
    assert stamp_of(path) == stamp
    os.utime(path, ns=(1, 1_000_000_002))
    assert stamp_of(path) != stamp
    path.write_text("12")
    os.utime(path, ns=(1, 1_000_000_001))
    assert stamp_of(path) != stamp


def test_a_hash_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert sha256_of(tmp_path / "a") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_limit_of_size_only_matters_to_what_was_refused() -> None:
    small, large = ReadOptions(max_bytes=1), ReadOptions(max_bytes=2)
    assert fingerprint_of(small, refused=False) == fingerprint_of(large, refused=False)
    assert fingerprint_of(small, refused=True) != fingerprint_of(large, refused=True)
