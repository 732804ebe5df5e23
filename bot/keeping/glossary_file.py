"""The glossary file as it is changed from the chat: terms added and removed, everything else left as it is.

retrieval/glossary.py reads it, and takes a change up with the next question.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

from bot.errors import CannotKeep
from bot.keeping.kept_files import write_whole
from retrieval.terms import is_cjk, unit_matches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_TERMS: Final = 5_000
"""Terms of a glossary that is changed from the chat."""

MOST_NAMES: Final = 12
"""Names of one term, in both languages together."""

LONGEST_NAME: Final = 80
"""Characters of a name."""

_PARTED = re.compile(r"\s*[=＝\t\n]\s*")
_LISTED = re.compile(r"\s*[=＝,，、;；\t\n]\s*")
_FEWEST = 2


class Flaw(StrEnum):
    """Why a text is no term."""

    PARTS = "fewer than two names"
    CHINESE = "no Chinese name"
    ENGLISH = "no English name"
    LONG = "a name that is too long, or cannot be written"
    MANY = "too many names"


class NoTerm(ValueError):
    """A text is no term."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade: what it is called in Chinese and in English, the usual name of each first."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def id(self) -> str:
        """Eight characters that tell it from others."""
        return hashlib.sha256(self.line.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the file."""
        return (self.chinese[0], self.english[0], *self.chinese[1:], *self.english[1:])

    @property
    def line(self) -> str:
        """The term as a line of the file."""
        return "\t".join(self.names)

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """A term of its names in any order.

        Raises:
            NoTerm: they make none.
        """
        # A line that begins with # is a comment, and half a surrogate pair cannot be written.
        clean = (" ".join(name.split()).lstrip("#").strip() for name in names)
        kept = list(dict.fromkeys(name for name in clean if _units(name)))
        if len(kept) < _FEWEST:
            raise NoTerm(Flaw.PARTS)
        if len(kept) > MOST_NAMES:
            raise NoTerm(Flaw.MANY)
        if any(len(name) > LONGEST_NAME or not _is_writable(name) for name in kept):
            raise NoTerm(Flaw.LONG)
        chinese = tuple(name for name in kept if any(map(is_cjk, _units(name))))
        english = tuple(name for name in kept if name not in chinese)
        if not chinese:
            raise NoTerm(Flaw.CHINESE)
        if not english:
            raise NoTerm(Flaw.ENGLISH)
        return cls(chinese, english)


def read_term(text: str) -> Term:
    """The term that somebody writes: its names with = between them.

    Raises:
        NoTerm: it is none.
    """
    return Term.of(_PARTED.split(text.strip()))


def read_names(term: str, text: str) -> Term:
    """The term that somebody adds to a name it has: other names, with commas or = between them.

    Raises:
        NoTerm: they make none.
    """
    return Term.of((term, *_LISTED.split(text.strip())))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a glossary holds, in the order of the file, and how many lines cannot be used."""

    terms: tuple[Term, ...]
    unusable: int = 0

    def about(self, text: str) -> tuple[Term, ...]:
        """Those of which a name contains a text, in whatever case."""
        wanted = _folded(text)
        return tuple(term for term in self.terms if any(wanted in _folded(name) for name in term.names))


class GlossaryFile:
    """A glossary that can be changed. It is read anew each time: people edit it, too.

    Args:
        path: the file.
        shipped: what stands in for it as long as it is not there; it is copied at the first change.
    """

    def __init__(self, path: Path, shipped: Path | None = None) -> None:
        self._path = path
        self._shipped = shipped
        self._turn = asyncio.Lock()

    async def terms(self) -> Terms:
        """What it holds.

        Raises:
            CannotKeep: it is there and cannot be read.
        """
        return await asyncio.to_thread(self._read)

    async def add(self, term: Term) -> bool:
        """Add a term.

        Returns:
            Whether it was not there before.

        Raises:
            CannotKeep: the file cannot be read or written, or is full.
        """
        async with self._turn:
            return await asyncio.to_thread(self._add, term)

    async def remove(self, id: str) -> Term | None:  # noqa: A002 - named like the field it means
        """Remove a term; returns what it was.

        Raises:
            CannotKeep: the file cannot be read or written.
        """
        async with self._turn:
            return await asyncio.to_thread(self._remove, id)

    def _read(self) -> Terms:
        found = [term for _, term in self._lines() if term is not _NOTHING]
        terms = dict.fromkeys(term for term in found if isinstance(term, Term))
        return Terms(tuple(terms), sum(term is None for term in found))

    def _add(self, term: Term) -> bool:
        lines = self._lines()
        if any(isinstance(each, Term) and set(each.names) == set(term.names) for _, each in lines):
            return False
        if len(lines) >= MAX_TERMS:
            msg = f"{self._path.name} is full"
            raise CannotKeep(msg)
        self._write([*(line for line, _ in lines), term.line])
        return True

    def _remove(self, id: str) -> Term | None:  # noqa: A002 - as above
        lines = self._lines()
        removed = next((each for _, each in lines if isinstance(each, Term) and each.id == id), None)
        if removed is not None:
            self._write(line for line, each in lines if each != removed)
        return removed

    def _lines(self) -> list[tuple[str, Term | _Nothing | None]]:
        """The lines with the term of each; None where there should be one and is none."""
        text = self._text(self._path)
        if text is None and self._shipped is not None:
            text = self._text(self._shipped)
        lines = (text or "").removesuffix("\n").split("\n") if text else []
        return [(line, _term(line)) for line in lines]

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            msg = f"{path.name} is not UTF-8"
            raise CannotKeep(msg) from error
        except OSError as error:
            msg = f"{path.name} cannot be read ({error.strerror})"
            raise CannotKeep(msg) from error

    def _write(self, lines: Iterable[str]) -> None:
        write_whole(self._path, "".join(f"{line}\n" for line in lines))


class _Nothing:
    """What a comment or an empty line is instead of a term."""


_NOTHING: Final = _Nothing()


def _term(line: str) -> Term | _Nothing | None:
    line = line.rstrip("\r")
    if not line.strip() or line.lstrip().startswith("#"):
        return _NOTHING
    names = [name.strip() for name in line.split("\t") if _units(name)]
    chinese = tuple(name for name in names if any(map(is_cjk, _units(name))))
    english = tuple(name for name in names if name not in chinese)
    return Term(chinese, english) if chinese and english else None


def _units(name: str) -> list[str]:
    return [unit for unit, _, _ in unit_matches(unicodedata.normalize("NFKC", name).lower())]


def _is_writable(name: str) -> bool:
    return all(unicodedata.category(character) not in {"Cs", "Cc", "Cf"} for character in name)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
