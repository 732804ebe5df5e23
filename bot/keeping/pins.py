"""The pins: questions that must go on finding their document, kept as a file beside the news.

One JSON object a line, readable as a file of questions (docs/evaluation.md): `question`, `origin`
and `answer`, and beside these `document`, `title` and `asked`. A question that is confined, or
that refines another one, has all of that in `inquiry`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Self

from bot.errors import CannotKeep, InquiryTooLong, UnreadableInquiry
from bot.inquiry import Inquiry, write_json
from bot.keeping.kept_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from retrieval.answer import Answer, Excerpt

MAX_PINS = 200
"""More are not taken: all of them are asked at every load."""

MAX_ANSWER = 500
"""Characters of an excerpt that are kept."""

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Pin:
    """A question and the document that must be among what it finds.

    `answer` is the beginning of the excerpt that was shown of it, verbatim: a document that says the
    same is as good, such as the file moved.
    """

    inquiry: Inquiry
    document_id: str
    origin: str
    title: str | None
    answer: str

    @property
    def id(self) -> str:
        """Eight characters that tell it from others: the same question is pinned once."""
        return pin_id(self.inquiry)

    @property
    def question(self) -> str:
        """The question as people read it."""
        context = self.inquiry.context
        return self.inquiry.said if context is None else f"{context} → {self.inquiry.said}"

    @property
    def expected(self) -> str:
        """What its document is called."""
        return self.title or self.origin

    def is_met_by(self, excerpt: Excerpt) -> bool:
        """Whether an excerpt is of its document, or of one that says the same."""
        documents = (excerpt.citation, *excerpt.also, *excerpt.reports)
        return any(each.document_id == self.document_id for each in documents) or bool(
            self.answer and self.answer in excerpt.passage.text
        )

    def is_met(self, answer: Answer) -> bool:
        """Whether an answer shows its document."""
        return any(map(self.is_met_by, answer.excerpts))

    def to_json(self) -> str:
        """The pin as a line of the file."""
        inquiry = self.inquiry
        written = {
            "question": inquiry.said,
            "origin": self.origin,
            "answer": self.answer,
            "document": self.document_id,
            "title": self.title,
            "asked": inquiry.asked.date().isoformat(),
        }
        if inquiry != _plain(inquiry):
            written["inquiry"] = json.loads(inquiry.to_json())
        return write_json({name: value or None for name, value in written.items()})

    @classmethod
    def from_json(cls, line: str, zone: ZoneInfo) -> Self:
        """The pin of a line.

        Raises:
            ValueError: the line is none.
        """
        try:
            written = json.loads(line)
            asked = datetime.combine(date.fromisoformat(written["asked"]), _NOON, zone)
            inquiry = Inquiry(_text(written["question"]), asked)
            if "inquiry" in written:
                inquiry = Inquiry.from_json(json.dumps(written["inquiry"]))
            title, answer = written.get("title"), written.get("answer", "")
            return cls(
                inquiry,
                _text(written["document"]),
                _text(written["origin"]),
                None if title is None else _text(title),
                _text(answer) if answer else "",
            )
        except (
            KeyError,
            TypeError,
            AttributeError,
            UnreadableInquiry,
            InquiryTooLong,
            RecursionError,
        ) as error:
            msg = f"not a pinned question ({type(error).__name__})"
            raise ValueError(msg) from None


@dataclass(frozen=True, slots=True)
class Pinned:
    """What the file holds: the pins in its order, and how many lines are none."""

    pins: tuple[Pin, ...]
    unreadable: int = 0


class Pins:
    """The pinned questions of a file, which is read anew each time: people edit it, too.

    Args:
        path: the file; it is made with the first pin.
        zone: where the day is on which a question is asked.
    """

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._path = path
        self._zone = zone
        self._turn = asyncio.Lock()

    async def all(self) -> Pinned:
        """What is pinned.

        Raises:
            CannotKeep: the file is there and cannot be read.
        """
        return await asyncio.to_thread(self.read)

    async def add(self, pin: Pin) -> bool:
        """Pin a question, in the place of an earlier pin of it.

        Returns:
            Whether it is pinned; not so where there are as many as may be.

        Raises:
            CannotKeep: the file cannot be read or written.
        """
        async with self._turn:
            return await asyncio.to_thread(self._put, pin)

    async def remove(self, id: str) -> Pin | None:  # noqa: A002 - named like the field it means
        """Pin a question no more; returns the pin that it was.

        Raises:
            CannotKeep: the file cannot be read or written.
        """
        async with self._turn:
            return await asyncio.to_thread(self._drop, id)

    def read(self) -> Pinned:
        """What is pinned, read in this thread.

        Raises:
            CannotKeep: the file is there and cannot be read.
        """
        found = [pin for _, pin in self._lines()]
        pins = {pin.id: pin for pin in found if pin is not None}
        return Pinned(tuple(pins.values()), sum(pin is None for pin in found))

    def _put(self, pin: Pin) -> bool:
        lines = self._lines()
        others = [line for line, each in lines if each is None or each.id != pin.id]
        if len(others) >= MAX_PINS:
            return False
        self._write([*others, pin.to_json()])
        return True

    def _drop(self, id: str) -> Pin | None:  # noqa: A002 - as above
        lines = self._lines()
        dropped = next((pin for _, pin in lines if pin is not None and pin.id == id), None)
        if dropped is not None:
            self._write(line for line, pin in lines if pin is None or pin.id != id)
        return dropped

    def _lines(self) -> list[tuple[str, Pin | None]]:
        """The lines that say anything; None for what is no pin and is left as it is."""
        try:
            text = self._path.read_bytes().decode("utf-8-sig", "surrogateescape")
        except FileNotFoundError:
            return []
        except OSError as error:
            msg = f"{self._path.name} cannot be read ({error.strerror})."
            raise CannotKeep(msg) from error
        return [(line, self._pin(line)) for line in text.split("\n") if line.strip()]

    def _pin(self, line: str) -> Pin | None:
        try:
            return Pin.from_json(line, self._zone)
        except ValueError:
            return None

    def _write(self, lines: Iterable[str]) -> None:
        write_whole(self._path, "".join(f"{line}\n" for line in lines))


def pin_id(inquiry: Inquiry) -> str:
    """Eight characters for a question, whenever it is asked."""
    same = json.loads(inquiry.to_json())
    for passing in ("asked", "excerpts", "title"):
        same.pop(passing, None)
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:8]


def _plain(inquiry: Inquiry) -> Inquiry:
    return Inquiry(inquiry.said, inquiry.asked, excerpts=inquiry.excerpts)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        msg = "not a text"
        raise TypeError(msg)
    return value
