from __future__ import annotations

import gzip
import json
import os
import resource
import time
from typing import TYPE_CHECKING

import pytest

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.reading import ReadOptions, read_documents
from tests.corpus.newsroom import read_all, read_one, refusal_of, texts_of

if TYPE_CHECKING:
    from pathlib import Path


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


ONE = {"_id": "a", "text": "第一条。"}
TWO = {"_id": "b", "title": "标题", "text": "第二条。", "metadata": {"date": "2025"}}


@pytest.mark.parametrize("name", ["set.jsonl", "set.ndjson", "SET.JSONL", "folder/corpus.jsonl"])
def test_one_document_a_line(name: str) -> None:
    first, second = read_all(name, lines(ONE) + "\n  \n" + lines(TWO))
    assert (first.id, second.id) == (f"{name}#a", f"{name}#b")
    assert (second.title, str(second.published), texts_of(second)) == ("标题", "2025", ["第二条。"])


def test_gzipped_lines() -> None:
    assert [
        document.id for document in read_all("set.jsonl.gz", gzip.compress(lines(ONE, TWO).encode()))
    ] == [
        "set.jsonl.gz#a",
        "set.jsonl.gz#b",
    ]


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    assert len(read_all("set.jsonl", "\ufeff" + lines(ONE, TWO).replace("\n", "\r\n"))) == 2


def test_the_last_line_needs_no_end() -> None:
    assert len(read_all("set.jsonl", lines(ONE, TWO).rstrip("\n"))) == 2


def test_a_long_text_of_one_paragraph_is_cut() -> None:
    assert len(read_one("set.jsonl", lines({"text": "这是一句话，说得不长也不短。" * 60})).passages) > 1


def test_faulty_lines_are_named_and_counted_and_the_file_refused() -> None:
    assert refusal_of("set.jsonl", lines(ONE) + "[\n" + lines({"title": 1}, TWO, {}, {"text": 5})) == (
        "4 of its lines cannot be used: line 2: it is not JSON (expecting value at character 2); "
        'line 3: "title" must be a text; line 5: it has neither text nor title; and 1 more.'
    )


def test_a_faulty_line_stops_the_documents_after_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(ONE) + "x\n" + lines(TWO), "utf-8")
    given = []
    with pytest.raises(UnreadableFile):
        given.extend(document.id for document in read_documents(tmp_path, "a.jsonl", ReadOptions()))
    reading = read_documents(tmp_path, "a.jsonl", ReadOptions())
    assert next(reading).id == "a.jsonl#a"
    with pytest.raises(UnreadableFile):
        next(reading)


def test_one_id_or_url_twice_is_refused() -> None:
    assert (
        refusal_of("a.jsonl", lines(ONE, ONE))
        == 'One of its lines cannot be used: line 2: another one has the same "id".'
    )
    record = {"text": "x", "url": "https://news.example/1"}
    assert 'another one has the same "url"' in refusal_of("a.jsonl", lines(record, record | {"id": "z"}))
    assert "2 of its documents" in refusal_of("a.json", json.dumps([ONE, ONE, ONE]))


@pytest.mark.parametrize("content", ["", "\n\n", "[1]\n", '"x"\n', "null\n"])
def test_lines_that_are_no_documents(content: str) -> None:
    assert refusal_of("a.jsonl", content)


def test_a_gzip_that_is_cut_off_is_refused() -> None:
    data = gzip.compress(
        lines(*({"id": str(number), "text": os.urandom(20).hex()} for number in range(500))).encode()
    )
    assert refusal_of("a.jsonl.gz", data[: len(data) // 2]) == refusals.DAMAGED_GZIP
    assert refusal_of("a.jsonl.gz", data[:-4]) == refusals.DAMAGED_GZIP
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0xFF
    assert refusal_of("a.jsonl.gz", bytes(flipped))


def test_a_gzip_bomb_is_refused_in_little_memory() -> None:
    options = ReadOptions(max_bytes=2**20)
    spaces = gzip.compress((b" " * 1000 + b"\n") * 200_000, 9)
    one_line = gzip.compress(b" " * 200_000_000, 9)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal_of("a.jsonl.gz", spaces, options) == refusals.ZIP_BOMB
    assert refusal_of("a.jsonl.gz", one_line, options) == refusals.long_line(2**20)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_line_over_the_limit_is_refused_and_a_file_over_it_is_not() -> None:
    options = ReadOptions(max_bytes=200)
    assert (
        len(read_all("a.jsonl", lines(*({"id": number, "text": "x" * 100} for number in range(10))), options))
        == 10
    )
    assert refusal_of("a.jsonl", lines({"text": "x" * 300}), options) == refusals.long_line(200)


def test_reading_lines_is_fast_and_holds_none_of_them(tmp_path: Path) -> None:
    text = "据介绍，2023年第二季度的营收为2879亿元人民币，同比增长7.6%。" * 6
    with (tmp_path / "a.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(20_000):
            stream.write(
                lines({"_id": f"n-{number}", "title": "", "text": text, "metadata": {"date": "2023-08-16"}})
            )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    count = sum(1 for _ in read_documents(tmp_path, "a.jsonl", ReadOptions()))
    seconds = time.process_time() - started
    assert count == 20_000
    assert seconds < 10, "under 2,000 documents a second, where 10,000 are usual"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"documents": records}])
def test_a_json_file_of_many(wrap: object) -> None:
    assert callable(wrap)
    assert [document.id for document in read_all("a.json", json.dumps(wrap([ONE, TWO])))] == [
        "a.json#a",
        "a.json#b",
    ]


def test_a_json_file_of_one() -> None:
    document = read_one(
        "a.json", "\ufeff" + json.dumps({"title": "标题", "passages": [{"text": "要点", "marks": ["[1]"]}]})
    )
    assert (document.id, document.title, document.passages[0].marks) == ("a.json#1", "标题", ("[1]",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[", "It cannot be used: it is not JSON (expecting value at character 2)."),
        ('{"title": 3}', 'It cannot be used: "title" must be a text.'),
        ("3", "It cannot be used: it must be an object."),
        ("[]", refusals.NO_TEXT),
        ('{"documents": []}', refusals.NO_TEXT),
        ('{"documents": 3}', "It cannot be used: it has neither text nor title."),
        ('[{"text": "x"}, 3]', "One of its documents cannot be used: document 2: it must be an object."),
        (
            "[\n\n x",
            "It cannot be used: it is not JSON (expecting value at line 3, character 2).",
        ),
    ],
)
def test_a_json_file_that_does_not_fit(content: str, reason: str) -> None:
    assert refusal_of("a.json", content) == reason


def test_json_in_another_encoding_is_refused() -> None:
    data = json.dumps({"text": "重庆创新药产业" * 9}, ensure_ascii=False).encode("gbk")
    assert "it is not UTF-8, as JSON must be" in refusal_of("a.json", data)
    assert "it is not UTF-8, as JSON must be" in refusal_of("a.jsonl", data)
