"""Question sets to measure with, in the BEIR layout.

A folder with `corpus.jsonl` (or `corpus.jsonl.gz`), `queries.jsonl` and `qrels/test.tsv`.
A query's `metadata` may hold `answers` (strings that a right excerpt contains) and `asked`
(the day of asking).
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from corpus.reading import ReadOptions, read_documents
from retrieval.answer import Question
from retrieval.errors import InvalidQuestionSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.model import Document

_CORPORA = ("corpus.jsonl", "corpus.jsonl.gz")
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Case:
    """One question, the keys of the documents that answer it, and what an answer says."""

    key: str
    question: Question
    relevant: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set in a folder. Documents are read when they are asked for; a corpus may be large."""

    folder: Path
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    def documents(self, options: ReadOptions) -> Iterator[tuple[str, Document]]:
        """Each document of the corpus with the key that the judgements know it by.

        Raises:
            InvalidQuestionSet: a record has no `_id`.
            UnreadableFile: the corpus cannot be read.
        """
        corpus = _corpus(self.folder)
        documents = read_documents(self.folder, corpus.name, options)
        for document, record in zip(documents, _objects(corpus), strict=False):
            if "_id" not in record:
                raise InvalidQuestionSet(f"{corpus}: a record has no _id.")
            yield str(record["_id"]), document


def read_question_set(folder: Path, *, now: datetime) -> QuestionSet:
    """Reads the questions of a set and checks that its parts are there.

    Args:
        folder: the set.
        now: the time of asking for questions that name none, or none that is a date; its
            zone is that of all of them.

    Raises:
        InvalidQuestionSet: a part is missing, or a line is not what it should be.
    """
    _corpus(folder)
    relevant = _judgements(folder / "qrels" / "test.tsv")
    queries = folder / "queries.jsonl"
    cases = []
    for record in _objects(queries):
        # Public sets have a query without words here and there; it is asked, and missed.
        if "_id" not in record or "text" not in record:
            raise InvalidQuestionSet(f"{queries}: a query needs _id and text.")
        key = str(record["_id"])
        if key not in relevant:
            continue
        metadata = record.get("metadata") or {}
        answers = metadata.get("answers") or () if isinstance(metadata, dict) else None
        if not isinstance(answers, list | tuple):
            raise InvalidQuestionSet(
                f"{queries}, query {key}: metadata is an object, its answers are a list."
            )
        question = Question(str(record["text"]), _asked(metadata.get("asked"), now))
        cases.append(Case(key, question, frozenset(relevant[key]), tuple(map(str, answers))))
    if not cases:
        raise InvalidQuestionSet(f"{folder}: no query has a judgement in qrels/test.tsv.")
    return QuestionSet(folder, tuple(cases))


def _corpus(folder: Path) -> Path:
    for name in _CORPORA:
        if (folder / name).is_file():
            return folder / name
    raise InvalidQuestionSet(
        f"{folder} has no corpus.jsonl. A set has corpus.jsonl, queries.jsonl, qrels/test.tsv."
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file, unpacked if it is gzipped, with their numbers."""
    number = 0
    try:
        # As the reader of the corpus does: only "\n" ends a line, and a BOM is passed over.
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                yield number, line
    except UnicodeDecodeError as error:
        raise InvalidQuestionSet(f"{path} is not UTF-8 after line {number}.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidQuestionSet(f"{path} is damaged after line {number}.") from error
    except OSError as error:
        raise InvalidQuestionSet(f"{path} cannot be read ({error.strerror}).") from error


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidQuestionSet(f"{path}, line {number}: this is not JSON.") from error
        if not isinstance(record, dict):
            raise InvalidQuestionSet(f"{path}, line {number}: this is not a JSON object.")
        yield record


def _judgements(path: Path) -> dict[str, set[str]]:
    """Relevant document keys for each query; a header and non-positive scores are passed over."""
    relevant: dict[str, set[str]] = {}
    for number, line in _lines(path):
        columns = line.rstrip("\r\n").split("\t")
        if not line.strip() or columns[0] == "query-id":
            continue
        try:
            query, document, score = columns
            positive = float(score) > 0
        except ValueError as error:
            raise InvalidQuestionSet(f"{path}, line {number}: not query-id, corpus-id, score.") from error
        if positive:
            relevant.setdefault(query, set()).add(document)
    return relevant


def _asked(text: object, now: datetime) -> datetime:
    """Noon of the day of asking; unpadded months and days are accepted."""
    try:
        year, month, day = (int(part) for part in str(text).split("-"))
        return datetime.combine(date(year, month, day), _NOON, tzinfo=now.tzinfo)
    except ValueError:
        return now
