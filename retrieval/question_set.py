"""Question sets to measure with, in the BEIR layout.

A folder with `corpus.jsonl` (or `corpus.jsonl.gz`), `queries.jsonl` and `qrels/test.tsv`.
A query's `metadata` may hold `answers` (strings that a right excerpt contains), `asked`
(the day of asking), and `group` or `time` (a kind of question that gets figures of its own).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from corpus.reading import ReadOptions, read_documents
from retrieval.answer import Question
from retrieval.errors import InvalidQuestionSet
from retrieval.records import asking_time, lines, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from corpus.model import Document

_CORPORA = ("corpus.jsonl", "corpus.jsonl.gz")
_QUERIES = "queries.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """One question, the keys of the documents that answer it, and what an answer says.

    `relevant` is empty where nothing answers. `group` is a kind of question, or empty.
    """

    key: str
    question: Question
    relevant: frozenset[str]
    answers: tuple[str, ...]
    group: str = ""


class Corpus(Protocol):
    """The documents of a set. They are read when they are asked for; a corpus may be large."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def place(self) -> Path:
        """The file or folder that it is."""

    @property
    def files(self) -> Sequence[Path]:
        """The files it is read from, in order."""

    def documents(self, options: ReadOptions) -> Iterator[tuple[str, Document]]:
        """Each document with the key that cases know it by."""


@dataclass(frozen=True, slots=True)
class BeirCorpus:
    """The corpus of a folder in the BEIR layout."""

    place: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.place.resolve().parent.name

    @property
    def files(self) -> tuple[Path, ...]:
        """The one file of it."""
        return (self.place,)

    def documents(self, options: ReadOptions) -> Iterator[tuple[str, Document]]:
        """Each document with the key that the judgements know it by.

        Raises:
            InvalidQuestionSet: a record has no `_id`.
            UnreadableFile: the corpus cannot be read.
        """
        documents = read_documents(self.place.parent, self.place.name, options)
        for document, (number, record) in zip(documents, objects(self.place), strict=False):
            if "_id" not in record:
                raise InvalidQuestionSet(f"{self.place}, line {number}: the record has no _id.")
            yield str(record["_id"]), document


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the corpus they are asked over.

    `cases` are the questions that the corpus answers, `unanswerable` those that nothing does.
    What is `mixed` in is searched too, and nothing in it is right.
    """

    name: str
    corpus: Corpus
    cases: tuple[Case, ...]
    unanswerable: tuple[Case, ...] = ()
    mixed: tuple[Corpus, ...] = ()

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """All that is searched, the set's own corpus first."""
        return (self.corpus, *self.mixed)

    def chosen(self, every: int = 1, groups: Sequence[str] = ()) -> QuestionSet:
        """Each `every`th question of each kind, of these groups only where any are named.

        Raises:
            InvalidQuestionSet: nothing is left to ask.
        """

        def some(cases: tuple[Case, ...]) -> tuple[Case, ...]:
            return tuple(case for case in cases if not groups or case.group in groups)[::every]

        chosen = replace(self, cases=some(self.cases), unanswerable=some(self.unanswerable))
        if not chosen.cases:
            known = ", ".join(sorted({case.group for case in self.cases if case.group})) or "none"
            raise InvalidQuestionSet(f"{self.name}: no question is in these groups. Its groups: {known}.")
        return chosen


def read_question_set(folder: Path, *, now: datetime) -> QuestionSet:
    """Reads the questions of a set and checks that its parts are there.

    Args:
        folder: the set.
        now: the time of asking for questions that name none, or none that is a date; its
            zone is that of all of them.

    Raises:
        InvalidQuestionSet: a part is missing, or a line is not what it should be.
    """
    corpus = open_corpus(folder)
    relevant = _judgements(folder / "qrels" / "test.tsv")
    cases = [
        replace(case, relevant=frozenset(relevant[case.key]))
        for case in _cases(folder / _QUERIES, now)
        if case.key in relevant
    ]
    if not cases:
        raise InvalidQuestionSet(f"{folder}: no query has a judgement in qrels/test.tsv.")
    return QuestionSet(corpus.name, corpus, tuple(cases))


def read_unanswerable(folder: Path, *, now: datetime) -> tuple[Case, ...]:
    """The queries of a folder, to be asked over a corpus that answers none of them.

    Their keys begin with the folder's name. Judgements and a corpus may be there and are not read.

    Args:
        folder: the folder with `queries.jsonl`.
        now: as for `read_question_set`.

    Raises:
        InvalidQuestionSet: there are no queries, or a line is not what it should be.
    """
    name = folder.resolve().name
    cases = tuple(
        replace(case, key=f"{name}/{case.key}", answers=(), group="")
        for case in _cases(folder / _QUERIES, now)
    )
    if not cases:
        raise InvalidQuestionSet(f"{folder / _QUERIES} has no queries.")
    return cases


def open_corpus(folder: Path) -> BeirCorpus:
    """The corpus of a set.

    Raises:
        InvalidQuestionSet: there is none.
    """
    for name in _CORPORA:
        if (folder / name).is_file():
            return BeirCorpus(folder / name)
    raise InvalidQuestionSet(
        f"{folder} has no corpus.jsonl. A set has corpus.jsonl, queries.jsonl, qrels/test.tsv."
    )


def _cases(queries: Path, now: datetime) -> Iterator[Case]:
    """Every query as a case that nothing answers yet."""
    for _, record in objects(queries):
        # Public sets have a query without words here and there; it is asked, and missed.
        if "_id" not in record or "text" not in record:
            raise InvalidQuestionSet(f"{queries}: a query needs _id and text.")
        key = str(record["_id"])
        metadata: Any = record.get("metadata") or {}
        answers = metadata.get("answers") or () if isinstance(metadata, dict) else None
        if not isinstance(answers, list | tuple):
            raise InvalidQuestionSet(
                f"{queries}, query {key}: metadata is an object, its answers are a list."
            )
        question = Question(str(record["text"]), asking_time(metadata.get("asked"), now))
        group = str(metadata.get("group") or metadata.get("time") or "")
        yield Case(key, question, frozenset(), tuple(map(str, answers)), group)


def _judgements(path: Path) -> dict[str, set[str]]:
    """Relevant document keys for each query; a header and non-positive scores are passed over."""
    relevant: dict[str, set[str]] = {}
    for number, line in lines(path):
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
