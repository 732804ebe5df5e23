"""The pinned questions as a set to evaluate, over the folder of news as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.errors import BotError, CannotKeep
from corpus.errors import UnreadableFile
from corpus.reading import news_files, read_documents
from retrieval.question_set import Case, QuestionSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.keeping.pins import Pin, Pins
    from corpus.model import Document
    from corpus.reading import ReadOptions
    from retrieval.answer import Question

NAME: Final = "pinned"

# How an evaluation tells the documents of a set from those that are mixed in.
_OWN = "0/"


@dataclass(frozen=True, slots=True)
class ReadableNews:
    """A folder of news; files that a load would refuse are passed over, as a load passes them over."""

    place: Path

    @property
    def name(self) -> str:
        """What people call it."""
        return NAME

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of it."""
        return tuple(self.place / origin for origin in news_files(self.place))

    def documents(self, options: ReadOptions) -> Iterator[tuple[str, Document]]:
        """Each document with its id; one that several files have, once."""
        known: set[str] = set()
        for origin in news_files(self.place):
            try:
                for document in read_documents(self.place, origin, options):
                    if document.id not in known:
                        known.add(document.id)
                        yield document.id, document
            except UnreadableFile:
                continue


def pinned_set(pins: Pins, folder: Path, options: ReadOptions) -> QuestionSet:
    """The set of all pinned questions. It waits for the disk.

    A document that says word for word what was pinned is right, too, such as a file that has moved.

    Raises:
        BotError: nothing is pinned, or the file cannot be read.
    """
    try:
        pinned = pins.read().pins
    except CannotKeep as error:
        msg = f"The pinned questions cannot be read: {error}."
        raise BotError(msg) from error
    if not pinned:
        msg = "No question is pinned. /pin in the chat with the bot pins one (docs/administration.md)."
        raise BotError(msg)
    corpus = ReadableNews(folder)
    right = {pin.id: {pin.document_id} for pin in pinned}
    for key, document in corpus.documents(options):
        for pin in _said_in(document, pinned):
            right[pin.id].add(key)
    cases = tuple(
        Case(pin.id, _asked(pin), frozenset(right[pin.id]), (pin.answer,) if pin.answer else ())
        for pin in pinned
    )
    return QuestionSet(NAME, corpus, cases)


def _said_in(document: Document, pins: Sequence[Pin]) -> Iterator[Pin]:
    for pin in pins:
        if pin.answer and any(pin.answer in passage.text for passage in document.passages):
            yield pin


def _asked(pin: Pin) -> Question:
    question = pin.inquiry.question
    within = question.scope.document_id
    if within is None:
        return question
    return replace(question, scope=replace(question.scope, document_id=f"{_OWN}{within}"))
