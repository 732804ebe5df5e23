"""Suites: sets to evaluate together, with the figures that are wanted of them, in a TOML file.

    [[set]]
    name = "news"                       # else the name of the folder or file
    folder = "{data}/chronoqa"          # a set in the BEIR layout; or a file of questions:
    # questions = "questions.jsonl"     #   and the news it asks about (a folder, or one file)
    # news = "../corpus/news"
    mix = ["{data}/news"]               # more corpora, in which nothing is right
    unanswerable = ["{data}/nothing"]   # questions that nothing answers
    every = 3                           # ask every third question only
    groups = ["zh-zh"]                  # ask these groups only
    asked = 2025-12-16                  # the day of asking for questions that name none
    at_least = { "R@1" = 0.97 }         # wanted; a group's figure is named "zh-zh/R@1"
    at_most = { "p50_ms" = 20 }

Paths are relative to the file; `{data}` stands for a folder that is given with the suite.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from retrieval.errors import InvalidQuestionSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DATA: Final = "{data}"
_KEYS: Final = frozenset(
    "name folder questions news mix unanswerable every groups asked at_least at_most".split()
)


@dataclass(frozen=True, slots=True)
class Task:
    """A set to evaluate, and with what.

    Attributes:
        source: the set's folder, or its file of questions.
        name: what to call it; empty for the set's own name.
        news: the news that a file of questions asks about.
        mix: sets whose passages are added.
        unanswerable: sets whose questions are asked and not answered.
        every: each which question is asked.
        groups: which groups are asked; all where none is named.
        asked: the day of asking for questions that name none.
    """

    source: Path
    name: str = ""
    news: Path | None = None
    mix: tuple[Path, ...] = ()
    unanswerable: tuple[Path, ...] = ()
    every: int = 1
    groups: tuple[str, ...] = ()
    asked: date | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is wanted: at least, or else at most, `wanted`."""

    measure: str
    wanted: float
    least: bool = True

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.measure} {'≥' if self.least else '≤'} {self.wanted:g}"

    def value(self, figures: Mapping[str, Any]) -> float | None:
        """The figure, from a run's object; None where it was not measured."""
        group, slash, name = self.measure.rpartition("/")
        found = figures.get("groups", {}).get(group, {}) if slash else figures
        value = found.get(name)
        return float(value) if isinstance(value, int | float) else None

    def reached(self, figures: Mapping[str, Any]) -> bool:
        """Whether the figure is what is wanted. One that was not measured is not."""
        value = self.value(figures)
        if value is None:
            return False
        return value >= self.wanted if self.least else value <= self.wanted


@dataclass(frozen=True, slots=True)
class Entry:
    """A set of a suite, with what is wanted of it."""

    task: Task
    goals: tuple[Goal, ...]


def read_suite(path: Path, data: Path | None = None) -> tuple[Entry, ...]:
    """Reads a suite and checks that what it names is there.

    Args:
        path: the TOML file.
        data: what `{data}` stands for.

    Raises:
        InvalidQuestionSet: it cannot be read, is not TOML, or an entry is not what it should be.
    """
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidQuestionSet(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InvalidQuestionSet(f"{path} is not UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidQuestionSet(f"{path} is not TOML: {error}.") from error
    sets = whole.get("set")
    right = isinstance(sets, list) and sets and all(isinstance(each, dict) for each in sets)
    if not right or set(whole) != {"set"}:
        raise InvalidQuestionSet(f"{path}: a suite is a list of [[set]], and nothing else.")
    entries = tuple(_Reader(path, data, number).entry(each) for number, each in enumerate(sets or (), 1))
    names = [entry.task.name for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise InvalidQuestionSet(f"{path}: two sets are called {name}. Give one another name.")
    return entries


class _Reader:
    """Reads one entry, and says where it stands in what is wrong with it."""

    def __init__(self, path: Path, data: Path | None, number: int) -> None:
        self._path = path
        self._data = data
        self._place = f"{path}, set {number}"

    def entry(self, found: dict[str, Any]) -> Entry:
        """The entry."""
        unknown = sorted(set(found) - _KEYS)
        self._hold(not unknown, f"{', '.join(unknown)}: not known. There are {', '.join(sorted(_KEYS))}.")
        kind = "questions" if "questions" in found else "folder"
        self._hold(("folder" in found) != ("questions" in found), "a set has either folder or questions.")
        self._hold(("news" in found) == ("questions" in found), "questions and news go together.")
        (source,) = self._paths(kind, [found[kind]])
        name, every, asked = found.get("name", source.stem), found.get("every", 1), found.get("asked")
        self._hold(isinstance(name, str), "name is text.")
        self._hold(type(every) is int and every >= 1, "every is a whole number from 1.")
        self._hold(
            asked is None or type(asked) is date, "asked is a date, as 2025-12-16 without quotation marks."
        )
        task = Task(
            source=source,
            name=name,
            news=self._paths("news", [found["news"]])[0] if "news" in found else None,
            mix=self._paths("mix", found.get("mix", [])),
            unanswerable=self._paths("unanswerable", found.get("unanswerable", [])),
            every=every,
            groups=self._texts("groups", found.get("groups", [])),
            asked=asked,
        )
        return Entry(task, (*self._goals(found, least=True), *self._goals(found, least=False)))

    def _hold(self, right: bool, otherwise: str) -> None:
        if not right:
            raise InvalidQuestionSet(f"{self._place}: {otherwise}")

    def _texts(self, key: str, texts: Any) -> tuple[str, ...]:  # noqa: ANN401 - anything may stand in a file
        self._hold(
            isinstance(texts, list) and all(isinstance(text, str) for text in texts),
            f"{key} is made of texts.",
        )
        return tuple(texts)

    def _paths(self, key: str, texts: Any) -> tuple[Path, ...]:  # noqa: ANN401 - as above
        """Each path, relative to the file, with `{data}` replaced."""
        places = []
        for text in self._texts(key, texts):
            self._hold(
                self._data is not None or _DATA not in text,
                f"{key} is under {_DATA}: say where that is with --data.",
            )
            place = self._path.parent / text.replace(_DATA, str(self._data and self._data.absolute()))
            self._hold(place.exists(), f"{key} does not exist: {place}")
            places.append(place)
        return tuple(places)

    def _goals(self, found: Mapping[str, Any], *, least: bool) -> list[Goal]:
        key = "at_least" if least else "at_most"
        goals = found.get(key, {})
        self._hold(
            isinstance(goals, dict) and all(type(wanted) in (int, float) for wanted in goals.values()),
            f'{key} is a table of numbers, as {{ "R@1" = 0.9 }}.',
        )
        return [Goal(measure, float(wanted), least) for measure, wanted in goals.items()]
