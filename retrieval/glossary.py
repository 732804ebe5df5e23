"""The corpus's own glossary: terms of its trade in both languages, which win over the lexicon.

A text file, one entry a line: the Chinese term, a tab, the English term, and after further
tabs synonyms in either language. Empty lines and lines that begin with # are left out.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.concepts import Variant
from retrieval.terms import is_cjk, unit_matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrieval.analyzer import Analyzer

_FEWEST_COLUMNS = 2
# A synonym counts a little less than the term that the glossary names first.
_SYNONYM = 0.8
_MOST_VARIANTS = 12

_Units = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A glossary as read: translations by units for each language, and what was wrong with it.

    `problems` has a sentence for each line that could not be used, fit for an operator to read.
    """

    chinese: Mapping[_Units, tuple[Variant, ...]]
    english: Mapping[_Units, tuple[Variant, ...]]
    problems: tuple[str, ...]
    longest: int

    def has(self, units: Sequence[str]) -> bool:
        """Whether these units are a term of either language."""
        return tuple(units) in self.chinese or tuple(units) in self.english

    def translations(
        self, units: Sequence[str], *, chinese: bool
    ) -> tuple[_Units, tuple[Variant, ...]] | None:
        """The longest entry that `units` begin with, and its translations."""
        table = self.chinese if chinese else self.english
        for size in range(min(self.longest, len(units)), 0, -1):
            head = tuple(units[:size])
            if head in table:
                return head, table[head]
        return None


_NOTHING = Entries({}, {}, (), 0)


class Glossary:
    """A glossary file, read again whenever it changes. Thread-safe; a missing file is an empty glossary.

    Args:
        path: the file.
        analyzer: brings terms into the units that passages are matched by.
        otherwise: the file that counts as long as the other one is missing.
    """

    def __init__(self, path: Path, analyzer: Analyzer, otherwise: Path | None = None) -> None:
        self._path = path
        self._otherwise = otherwise
        self._analyzer = analyzer
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._entries = _NOTHING

    def entries(self) -> Entries:
        """What the file holds now. Costs a `stat` when it has not changed."""
        path, stamp = self._path, _stamp(self._path)
        if stamp is None and self._otherwise is not None:
            path, stamp = self._otherwise, _stamp(self._otherwise)
        with self._lock:
            if stamp != self._stamp:
                self._entries = self._read(path) if stamp else _NOTHING
                self._stamp = stamp
            return self._entries

    def _read(self, path: Path) -> Entries:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            return Entries({}, {}, (f"{path.name} cannot be read: {error.strerror}",), 0)
        except UnicodeDecodeError:
            return Entries({}, {}, (f"{path.name} is not UTF-8; none of it is used",), 0)
        tables: dict[bool, defaultdict[_Units, dict[_Units, float]]] = {
            True: defaultdict(dict),
            False: defaultdict(dict),
        }
        problems = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            terms = [units for cell in line.split("\t") if (units := self._units(cell))]
            chinese = [units for units in terms if any(map(is_cjk, units))]
            english = [units for units in terms if not any(map(is_cjk, units))]
            if problem := _problem(line, chinese, english):
                problems.append(f"{path.name}, line {number}: {problem}")
                continue
            for keys, variants, cjk in ((chinese, english, True), (english, chinese, False)):
                for key in keys:
                    for rank, variant in enumerate(variants):
                        weights = tables[cjk][key]
                        weights[variant] = max(weights.get(variant, 0.0), _SYNONYM if rank else 1.0)
        return Entries(
            {key: _variants(weights) for key, weights in tables[True].items()},
            {key: _variants(weights) for key, weights in tables[False].items()},
            tuple(problems),
            max((len(key) for table in tables.values() for key in table), default=0),
        )

    def _units(self, cell: str) -> _Units:
        normal = self._analyzer.normalise(cell)
        return tuple(stem for unit, _, _ in unit_matches(normal) if (stem := self._analyzer.stem(unit)))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells that a file has changed; None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _problem(line: str, chinese: Sequence[_Units], english: Sequence[_Units]) -> str | None:
    """What is wrong with a line, if anything."""
    columns = len(line.split("\t"))
    if columns < _FEWEST_COLUMNS:
        return "there must be a tab between the Chinese and the English term; the line is left out"
    if not chinese:
        return "no column has Chinese characters; the line is left out"
    if not english:
        return "no column has an English term; the line is left out"
    return None


def _variants(weights: Mapping[_Units, float]) -> tuple[Variant, ...]:
    best = sorted(weights.items(), key=lambda each: -each[1])[:_MOST_VARIANTS]
    return tuple(Variant(units, weight / best[0][1]) for units, weight in best)
