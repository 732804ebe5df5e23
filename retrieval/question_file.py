"""Questions over a folder of news, in one file: an operator's own set, as the project's own.

One JSON object a line: `question`; `origin`, the file of news that answers it, or null where
none does; `answer`, words that stand in that file, or null. It may have `also`, a list of
more objects with `origin` and `answer` where other files answer too; `asked`, the day of
asking; `group`, a kind of question that gets figures of its own (else the languages of
question and answer make one: "zh-en" where no right passage is in the question's language).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import UnreadableFile
from corpus.language import language_of
from corpus.reading import ReadOptions, news_files, read_documents
from retrieval.answer import Question
from retrieval.errors import InvalidQuestionSet
from retrieval.question_set import Case, QuestionSet
from retrieval.records import asking_time, objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from corpus.model import Document


@dataclass(frozen=True, slots=True)
class NewsCorpus:
    """A folder of news, or one file of it, in any format that can be loaded."""

    place: Path

    @property
    def name(self) -> str:
        """The name of the folder or file."""
        return self.place.resolve().name

    @property
    def folder(self) -> Path:
        """The folder that origins are relative to."""
        return self.place if self.place.is_dir() else self.place.parent

    @property
    def origins(self) -> tuple[str, ...]:
        """The files of it, as origins."""
        return tuple(news_files(self.place)) if self.place.is_dir() else (self.place.name,)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of it."""
        return tuple(self.folder / origin for origin in self.origins)

    def documents(self, options: ReadOptions) -> Iterator[tuple[str, Document]]:
        """Each document with its id.

        Raises:
            InvalidQuestionSet: a file is refused; what is measured should be whole.
        """
        for origin in self.origins:
            for document in _read(self.folder, origin, options):
                yield document.id, document


def read_question_file(path: Path, news: Path, options: ReadOptions, *, now: datetime) -> QuestionSet:
    """Reads a file of questions and finds the documents that answer them.

    Args:
        path: the file.
        news: the folder of news, or the one file of it that is asked about: questions that
            other files answer are then left out.
        options: how the news is read.
        now: the time of asking for questions that name none; its zone is that of all of them.

    Raises:
        InvalidQuestionSet: a line is not what it should be, a file of news is missing or
            refused, or an answer does not stand where the line says.
    """
    corpus = NewsCorpus(news)
    reader = _Answers(corpus, options)
    cases: dict[str, Case] = {}
    for number, record in objects(path):
        place = f"{path}, line {number}"
        text = record.get("question")
        if not isinstance(text, str) or not text.strip():
            raise InvalidQuestionSet(f"{place}: a question is text.")
        if text in cases:
            raise InvalidQuestionSet(f"{place}: this question was asked before.")
        expected = list(_expected(record, place))
        found = [reader.find(origin, answer, place) for origin, answer in expected if reader.has(origin)]
        if expected and not found:
            continue
        language = language_of(text)
        languages = [each for _, each in found] or ["none"]
        derived = f"{language}-{language if language in languages else languages[0]}"
        cases[text] = Case(
            text,
            Question(text, asking_time(record.get("asked"), now)),
            frozenset(key for key, _ in found),
            tuple(answer for _, answer in expected),
            str(record.get("group") or derived),
        )
    answered = tuple(case for case in cases.values() if case.relevant)
    if not answered:
        raise InvalidQuestionSet(f"{path} has no question that {news} answers.")
    return QuestionSet(
        path.stem, corpus, answered, tuple(case for case in cases.values() if not case.relevant)
    )


class _Answers:
    """Finds the document that holds an answer, reading each file once."""

    def __init__(self, corpus: NewsCorpus, options: ReadOptions) -> None:
        self._folder = corpus.folder
        self._whole = corpus.place.is_dir()
        self._origins = frozenset(corpus.origins)
        self._options = options
        self._documents: dict[str, list[Document]] = {}

    def has(self, origin: str) -> bool:
        """Whether a file is asked about. In a whole folder every file is, so a missing one is an error."""
        return self._whole or origin in self._origins

    def find(self, origin: str, answer: str, place: str) -> tuple[str, str]:
        """The key of the document that holds an answer, and the language of the passage."""
        if origin not in self._origins:
            raise InvalidQuestionSet(f"{place}: there is no {origin} in {self._folder}.")
        if origin not in self._documents:
            self._documents[origin] = _read(self._folder, origin, self._options)
        for document in self._documents[origin]:
            for passage in document.passages:
                if answer in passage.text:
                    return document.id, language_of(passage.text)
        raise InvalidQuestionSet(f"{place}: {answer!r} does not stand in {origin}.")


def _expected(record: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """The origins and answers of a question; none where nothing answers it."""
    also = record.get("also", [])
    if not isinstance(also, list) or not all(isinstance(each, dict) for each in also):
        raise InvalidQuestionSet(f"{place}: also is a list of objects with origin and answer.")
    for each in (record, *also):
        origin, answer = each.get("origin"), each.get("answer")
        if origin is None and answer is None and not also:
            return
        if not isinstance(origin, str) or not isinstance(answer, str) or not answer:
            raise InvalidQuestionSet(f"{place}: origin and answer are both text, or both null.")
        yield origin, answer


def _read(folder: Path, origin: str, options: ReadOptions) -> list[Document]:
    try:
        return list(read_documents(folder, origin, options))
    except UnreadableFile as error:
        raise InvalidQuestionSet(f"{folder / origin}: {error}") from error
