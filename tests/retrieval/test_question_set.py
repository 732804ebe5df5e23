"""Question sets: what is read of one, and that what is wrong with one is said with its place."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from corpus.errors import UnreadableFile
from corpus.reading import ReadOptions
from retrieval.errors import InvalidQuestionSet
from retrieval.question_set import QuestionSet, read_question_set, read_unanswerable
from tests.builders import ZONE
from tests.retrieval.beir import lines_of, write_set

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)
CORPUS = [
    {"_id": "d1", "title": "授权", "text": "GR1803授权7.12亿美元。", "metadata": {"date": "2025-12-16"}},
    {"_id": "d2", "title": "融资", "text": "一季度融资20.7亿元。"},
    {"_id": 3, "title": "", "text": "产业基金30亿元。"},
]
QUERIES = [
    {"_id": "q1", "text": "授权金额", "metadata": {"answers": ["7.12亿美元", 712], "asked": "2025-12-17"}},
    {"_id": "q2", "text": "融资多少"},
    {"_id": 3, "text": "基金", "metadata": None},
    {"_id": "unjudged", "text": "股价"},
]
JUDGEMENTS = [("q1", "d1", 1), ("q1", "d2", 2), ("q2", "d2", 1), ("q2", "d1", 0), ("3", "3", 1)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "chosen", CORPUS, QUERIES, JUDGEMENTS)


def read(folder: Path) -> QuestionSet:
    return read_question_set(folder, now=NOW)


def refusal(folder: Path) -> str:
    with pytest.raises(InvalidQuestionSet) as refused:
        read(folder)
    return str(refused.value)


def keys_of(chosen: QuestionSet) -> list[str]:
    return [key for key, _ in chosen.corpus.documents(ReadOptions())]


def test_reads_the_questions_that_are_judged(folder: Path) -> None:
    chosen = read(folder)
    assert chosen.name == "chosen"
    assert [case.key for case in chosen.cases] == ["q1", "q2", "3"]
    assert [case.question.text for case in chosen.cases] == ["授权金额", "融资多少", "基金"]
    assert [case.relevant for case in chosen.cases] == [{"d1", "d2"}, {"d2"}, {"3"}]
    assert [case.answers for case in chosen.cases] == [("7.12亿美元", "712"), (), ()]


def test_a_question_is_asked_at_noon_of_its_day_or_now(folder: Path) -> None:
    asked = [case.question.asked for case in read(folder).cases]
    assert asked == [datetime(2025, 12, 17, 12, tzinfo=ZONE), NOW, NOW]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2024-2-9", datetime(2024, 2, 9, 12, tzinfo=ZONE)),
        ("2024-02-30", NOW),
        ("2024", NOW),
        ("yesterday", NOW),
        (20240209, NOW),
        (None, NOW),
    ],
)
def test_days_of_asking(tmp_path: Path, asked: object, expected: datetime) -> None:
    queries = [{"_id": "q1", "text": "授权", "metadata": {"asked": asked}}]
    chosen = read(write_set(tmp_path / "set", CORPUS, queries, JUDGEMENTS))
    assert chosen.cases[0].question.asked == expected


def test_documents_come_with_their_keys(folder: Path) -> None:
    documents = list(read(folder).corpus.documents(ReadOptions()))
    assert [key for key, _ in documents] == ["d1", "d2", "3"]
    first = documents[0][1]
    assert (first.title, str(first.published)) == ("授权", "2025-12-16")
    assert first.passages[0].text == "GR1803授权7.12亿美元。"


@pytest.mark.parametrize("ending", ["\n\n", "\r\n", "\n \t\n"])
def test_empty_lines_and_windows_line_ends_lose_no_key(folder: Path, ending: str) -> None:
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        path = folder / name
        path.write_bytes(path.read_text("utf-8").replace("\n", ending).encode())
    chosen = read(folder)
    assert keys_of(chosen) == ["d1", "d2", "3"]
    assert [len(case.relevant) for case in chosen.cases] == [2, 1, 1]


def test_a_bom_and_line_separators_inside_a_text_are_no_harm(folder: Path) -> None:
    separated = [{**CORPUS[0], "text": "授权\u2028金额\x85共\u2029一亿。"}, *CORPUS[1:]]
    text = "".join(json.dumps(record, ensure_ascii=False).replace(", ", ",\r") + "\n" for record in separated)
    (folder / "corpus.jsonl").write_text(text, "utf-8-sig")
    queries = folder / "queries.jsonl"
    queries.write_text(queries.read_text("utf-8"), "utf-8-sig")
    assert keys_of(read(folder)) == ["d1", "d2", "3"]


def test_a_gzipped_corpus(folder: Path) -> None:
    plain = folder / "corpus.jsonl"
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert keys_of(read(folder)) == ["d1", "d2", "3"]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_part_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refusal(folder)


def test_there_must_be_something_to_ask(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set", CORPUS, QUERIES, [("q1", "d1", 0)])
    assert "no query" in refusal(folder)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 5: this is not JSON"),
        ("[" * 100_000, "line 5: this is not JSON"),
        ("[1]", "line 5: this is not a JSON object"),
        ('{"text": "授权"}', "needs _id and text"),
        ('{"_id": "q1"}', "needs _id and text"),
        ('{"_id": "q1", "text": "授权", "metadata": [1]}', "query q1: metadata is an object"),
        ('{"_id": "q1", "text": "授权", "metadata": {"answers": "7.12"}}', "its answers are a list"),
    ],
)
def test_a_query_that_is_none_is_refused_with_its_place(folder: Path, line: str, says: str) -> None:
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as queries:
        queries.write(line + "\n")
    problem = refusal(folder)
    assert says in problem
    assert "queries.jsonl" in problem


@pytest.mark.parametrize("line", ["q1 d1 1", "q1\td1", "q1\td1\tyes", "q1\t0\td1\t1"])
def test_a_judgement_that_is_none_is_refused_with_its_place(folder: Path, line: str) -> None:
    with (folder / "qrels" / "test.tsv").open("a", encoding="utf-8") as judgements:
        judgements.write(line + "\n")
    assert "test.tsv, line 7" in refusal(folder)


def test_what_is_not_utf8_is_refused(folder: Path) -> None:
    with (folder / "queries.jsonl").open("ab") as queries:
        queries.write('{"_id": "q9", "text": "授权"}'.encode("gb18030"))
    assert "not UTF-8" in refusal(folder)


def test_a_corpus_without_keys_is_refused(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text('{"text": "授权。"}\n', "utf-8")
    with pytest.raises(InvalidQuestionSet, match="no _id"):
        keys_of(read(folder))


def test_a_corpus_that_cannot_be_read_is_refused_by_its_reader(folder: Path) -> None:
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write("{\n")
    with pytest.raises(UnreadableFile, match="line 4"):
        keys_of(read(folder))


def test_a_damaged_gzip_is_refused(folder: Path) -> None:
    plain = folder / "corpus.jsonl"
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes())[:-12])
    plain.unlink()
    with pytest.raises((InvalidQuestionSet, UnreadableFile), match="damaged"):
        keys_of(read(folder))


def test_a_query_without_words_is_a_question_too(tmp_path: Path) -> None:
    empty = {"_id": "q1", "text": ""}
    chosen = read(write_set(tmp_path / "chosen", CORPUS, [empty, *QUERIES[1:]], JUDGEMENTS))
    assert [case.question.text for case in chosen.cases] == ["", "融资多少", "基金"]


def test_kinds_of_questions(tmp_path: Path) -> None:
    kinds = [{"group": "x"}, {"time": "relative"}, {"group": "x", "time": "relative"}, {}]
    queries = [{"_id": str(number), "text": "授权", "metadata": kind} for number, kind in enumerate(kinds)]
    chosen = read(write_set(tmp_path / "set", CORPUS, queries, [(str(each), "d1", 1) for each in range(4)]))
    assert [case.group for case in chosen.cases] == ["x", "relative", "x", ""]


@pytest.mark.parametrize(
    ("every", "groups", "keys"),
    [
        (1, (), ["0", "1", "2", "3", "4", "5"]),
        (2, (), ["0", "2", "4"]),
        (1, ("x",), ["0", "3"]),
        (1, ("x", "y"), ["0", "1", "3", "4"]),
        (3, ("x", "y"), ["0", "4"]),
        (99, (), ["0"]),
    ],
)
def test_some_questions_only(tmp_path: Path, every: int, groups: tuple[str, ...], keys: list[str]) -> None:
    queries = [
        {"_id": str(number), "text": "授权", "metadata": {"group": "xyz"[number % 3]}} for number in range(6)
    ]
    chosen = read(write_set(tmp_path / "set", CORPUS, queries, [(str(each), "d1", 1) for each in range(6)]))
    assert [case.key for case in chosen.chosen(every, groups).cases] == keys


def test_a_group_that_nothing_is_in_is_refused_with_those_there_are(folder: Path) -> None:
    with pytest.raises(InvalidQuestionSet, match="Its groups: none"):
        read(folder).chosen(1, ("x",))


def test_questions_that_nothing_answers_need_no_corpus_and_no_judgements(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    (folder / "queries.jsonl").write_text(lines_of(QUERIES), "utf-8")
    cases = read_unanswerable(folder, now=NOW)
    assert [case.key for case in cases] == ["nothing/q1", "nothing/q2", "nothing/3", "nothing/unjudged"]
    assert cases[0].question.asked == datetime(2025, 12, 17, 12, tzinfo=ZONE)
    # What answers it elsewhere is not expected here.
    assert {case.answers for case in cases} == {()}
    assert {case.relevant for case in cases} == {frozenset()}


def test_a_set_without_queries_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    with pytest.raises(InvalidQuestionSet, match="cannot be read"):
        read_unanswerable(folder, now=NOW)
    (folder / "queries.jsonl").write_text("\n", "utf-8")
    with pytest.raises(InvalidQuestionSet, match="has no queries"):
        read_unanswerable(folder, now=NOW)
