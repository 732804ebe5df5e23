"""The file of subscriptions: what a chat follows, as JSON that a person can read, change and send back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import InquiryTooLong
from bot.inquiry import MAX_LENGTH, Inquiry
from bot.schedule import DAILY, DAYS_A_WEEK, Cadence, Schedule
from retrieval.breadth import Breadth
from retrieval.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.subscription import Subscription, Wishes

FILE_NAME = "wenxun-subscriptions.json"
"""What the file is called."""

MAX_BYTES = 1_000_000
"""The largest file that is read."""

MAX_PROBLEMS = 20
"""Problems that are told of one file."""

VERSION = 1

_FORMAT = "wenxun-subscriptions"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_MINUTES_AN_HOUR = 60
_LONGEST_NAME = 100
_LANGUAGES = ("zh", "en")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Fault(StrEnum):
    """What is wrong with a part of a file."""

    NO_JSON = "no_json"  # it is no JSON, too large or too deep
    NOT_OURS = "not_ours"  # it is another kind of file
    NEWER = "newer"  # a newer version wrote it
    MISSING = "missing"  # something that must be there is not
    UNKNOWN = "unknown"  # there is no such field
    WRONG_KIND = "wrong_kind"  # a number where a text must be, and the like
    WRONG_VALUE = "wrong_value"  # there is no such choice, time or day
    TOO_LONG = "too_long"  # a text is longer than is kept
    TOO_MANY = "too_many"  # the chat would follow more than it may


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where.

    `place` is the way to it in the JSON, such as `subscriptions[2].at` (the second one); "" is the
    whole file. `expected` names what could stand there, as it would be written.
    """

    place: str
    fault: Fault
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One subscription of a file."""

    inquiry: Inquiry
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: what is followed now that was not before, how much was, or all that is wrong.

    With problems nothing has changed.
    """

    added: tuple[Subscription, ...] = ()
    known: int = 0
    problems: tuple[Problem, ...] = ()


def write_file(subscriptions: Iterable[Subscription]) -> dict[str, Any]:
    """The content of the file of some subscriptions, ready to be written as JSON.

    When a question was asked and how its answers are shown is left out, and who subscribed where.
    """
    return {
        "format": _FORMAT,
        "version": VERSION,
        "subscriptions": [_written(each) for each in subscriptions],
    }


def read_file(data: bytes | str, asked: datetime) -> tuple[list[Entry], list[Problem]]:
    """The subscriptions of a file, and what is wrong with it; nothing of a file with problems is of use.

    Args:
        data: the file.
        asked: the moment that the questions are asked from now on, aware, in the reader's zone.
    """
    reader = _Reader()
    content = reader.content(data)
    entries = []
    if content is not None:
        for number, each in enumerate(content):
            entry = reader.entry(each, f"subscriptions[{number + 1}]", asked)
            if entry is not None:
                entries.append(entry)
    return entries, reader.problems[:MAX_PROBLEMS]


def _written(one: Subscription) -> dict[str, Any]:
    scope, schedule = one.inquiry.scope, one.schedule
    written = {
        "name": one.name,
        "topic": one.topic,
        "question": one.inquiry.said,
        "context": one.inquiry.context,
        "sources": list(scope.sources),
        "since": scope.since and scope.since.isoformat(),
        "until": scope.until and scope.until.isoformat(),
        "language": scope.language,
        "phrases": list(scope.phrases),
        "excluded": list(scope.excluded),
        "document": scope.document_id,
        "document_title": one.inquiry.document_title,
        "breadth": one.breadth.value,
        "when": schedule.cadence.value,
        "at": _time(schedule.minute),
        "weekday": None if schedule.weekday is None else _WEEKDAYS[schedule.weekday],
        "silent": one.silent or None,
        "paused": one.paused or None,
    }
    return {name: value for name, value in written.items() if value is not None and value != []}


def _time(minute: int | None) -> str | None:
    if minute is None:
        return None
    return f"{minute // _MINUTES_AN_HOUR:02}:{minute % _MINUTES_AN_HOUR:02}"


class _Reader:
    """Reads a file, and notes what is wrong instead of stopping."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, fault: Fault, *expected: str) -> None:
        self.problems.append(Problem(place, fault, expected))

    def content(self, data: bytes | str) -> list[Any] | None:
        """The list of what is followed; None if the file is none of these."""
        try:
            text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
            read = json.loads(text) if len(data) <= MAX_BYTES else None
        except (ValueError, RecursionError):
            read = None
        if read is None:
            self.wrong("", Fault.NO_JSON)
        elif not isinstance(read, dict) or read.get("format") != _FORMAT:
            self.wrong("", Fault.NOT_OURS)
        elif read.get("version") != VERSION:
            self.wrong("version", Fault.NEWER, str(VERSION))
        elif not isinstance(read.get("subscriptions"), list):
            self.wrong("subscriptions", Fault.WRONG_KIND, "[…]")
        else:
            found: list[Any] = read["subscriptions"]
            return found
        return None

    def entry(self, written: object, place: str, asked: datetime) -> Entry | None:
        """A subscription; None if anything of it is wrong."""
        if not isinstance(written, dict):
            self.wrong(place, Fault.WRONG_KIND, "{…}")
            return None
        before = len(self.problems)
        fields = _Fields(self, written, place)
        topic, question = fields.text("topic"), fields.text("question")
        scope = Scope(
            sources=fields.texts("sources"),
            since=fields.day("since"),
            until=fields.day("until"),
            language=fields.one_of("language", _LANGUAGES),
            phrases=fields.texts("phrases"),
            excluded=fields.texts("excluded"),
            document_id=fields.text("document"),
        )
        context, title = fields.text("context"), fields.text("document_title")
        wishes: Wishes = {
            "name": fields.text("name"),
            "topic": topic,
            "breadth": fields.member("breadth", Breadth) or Breadth.BROAD,
            "schedule": fields.schedule(),
            "silent": fields.flag("silent"),
            "paused": fields.flag("paused"),
        }
        for name in fields.left():
            self.wrong(f"{place}.{name}", Fault.UNKNOWN)
        if len(self.problems) == before and question is None and topic is None and not scope:
            self.wrong(f"{place}.question", Fault.MISSING)
        if len(self.problems) > before:
            return None
        try:
            inquiry = Inquiry(question or topic or "", asked, context, scope, document_title=title)
        except InquiryTooLong:
            self.wrong(place, Fault.TOO_LONG)
            return None
        return Entry(inquiry, wishes)


class _Fields:
    """The fields of one subscription; each is asked for once."""

    def __init__(self, reader: _Reader, written: dict[str, Any], place: str) -> None:
        self._reader, self._written, self._place = reader, dict(written), place

    def left(self) -> list[str]:
        """The names of the fields that nobody has asked for."""
        return [name if name.isprintable() and len(name) <= _LONGEST_NAME else "?" for name in self._written]

    def text(self, name: str) -> str | None:
        value = self._of_kind(name, str, '"…"')
        return self._kept(name, value)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._of_kind(name, list, '["…"]') or []
        if not all(isinstance(each, str) for each in values):
            self._wrong(name, Fault.WRONG_KIND, '["…"]')
            return ()
        return tuple(kept for each in values if (kept := self._kept(name, each)) is not None)

    def flag(self, name: str) -> bool:
        return self._of_kind(name, bool, "true", "false") or False

    def day(self, name: str) -> date | None:
        return self._read(name, date.fromisoformat, "2026-01-31")

    def one_of(self, name: str, choices: tuple[str, ...]) -> str | None:
        def read(value: str) -> str:
            return choices[choices.index(value)]

        return self._read(name, read, *choices)

    def member(self, name: str, kind: type[E]) -> E | None:
        return self._read(name, kind, *(each.value for each in kind))

    def schedule(self) -> Schedule:
        """When it is told; what is not said is as nobody chose it."""
        cadence = self.member("when", Cadence) or DAILY.cadence
        minute, weekday = self._read("at", _minute, "09:00"), self.one_of("weekday", _WEEKDAYS)
        if cadence not in {Cadence.DAILY, Cadence.WEEKLY}:
            return Schedule(cadence)
        day = _WEEKDAYS.index(weekday) % DAYS_A_WEEK if weekday is not None else 0
        return Schedule(
            cadence,
            DAILY.minute if minute is None else minute,
            day if cadence is Cadence.WEEKLY else None,
        )

    def _read(self, name: str, read: Callable[[str], T], *expected: str) -> T | None:
        value = self._of_kind(name, str, *(f'"{each}"' for each in expected))
        if value is None:
            return None
        try:
            return read(value)
        except ValueError:
            self._wrong(name, Fault.WRONG_VALUE, *(f'"{each}"' for each in expected))
            return None

    def _of_kind(self, name: str, kind: type[T], *expected: str) -> T | None:
        value = self._written.pop(name, None)
        if value is None or isinstance(value, kind):
            return value
        self._wrong(name, Fault.WRONG_KIND, *expected)
        return None

    def _kept(self, name: str, text: str | None) -> str | None:
        """A text that can be written to a database and says something."""
        if text is not None and len(text) > MAX_LENGTH:
            self._wrong(name, Fault.TOO_LONG)
            return None
        plain = (text or "").replace("\0", " ").encode(errors="replace").decode()
        return plain.strip() or None

    def _wrong(self, name: str, fault: Fault, *expected: str) -> None:
        self._reader.wrong(f"{self._place}.{name}", fault, *expected)


def _minute(written: str) -> int:
    found = _TIME.fullmatch(written)
    if found is None:
        msg = "no time of a day"
        raise ValueError(msg)
    return int(found[1]) * _MINUTES_AN_HOUR + int(found[2])
