"""What every reader of a format is given and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from corpus import refusals
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.model import Published


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    `zone` is the zone of dates that name none. `max_bytes` is the size above which a file
    is refused; for JSON Lines, which are never held whole, the size of one line.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    max_bytes: int = 50 * 2**20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the corpus folder, about to be read."""

    path: Path
    origin: str
    size: int
    options: ReadOptions

    def read(self, most: int | None = None) -> bytes:
        """The whole file.

        Args:
            most: The most bytes this format may have, if fewer than others.

        Raises:
            UnreadableFile: It cannot be opened, or is larger than allowed.
        """
        limit = self.options.max_bytes if most is None else min(most, self.options.max_bytes)
        try:
            with self.path.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise UnreadableFile(refusals.unopened(error)) from error
        if len(data) > limit:
            raise UnreadableFile(refusals.oversize(self.size, limit))
        return data


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a draft's body, `start` to `end`: a paragraph, a heading or a point.

    A `fixed` block is a passage already (a point, a passage the file itself sets apart) and
    is never joined with another. A `heading` opens a section and goes with what follows.
    """

    start: int
    end: int
    section: str | None = None
    marks: tuple[str, ...] = ()
    fixed: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found in a file: a document that has no ids yet.

    `body` is the text verbatim and `blocks` its parts, in order and apart. `key` tells the
    documents of one file from another; it is None where a file is one document. A `keyed`
    draft is known by its key even if it has a url. Without `language` the text decides.
    """

    body: str
    blocks: tuple[Block, ...]
    title: str | None = None
    source: str | None = None
    published: Published | None = None
    url: str | None = None
    topics: tuple[str, ...] = ()
    language: str | None = None
    key: str | None = None
    keyed: bool = False


class Composer:
    """Puts a body together out of parts, for formats whose text is not one string."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def add(
        self,
        text: str,
        *,
        section: str | None = None,
        marks: tuple[str, ...] = (),
        fixed: bool = False,
        heading: bool = False,
    ) -> None:
        """Append one part on a line of its own; white space around it is dropped."""
        text = text.strip()
        if not text:
            return
        if self._parts:
            self._parts.append("\n")
            self._length += 1
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        self._blocks.append(Block(start, self._length, section, marks, fixed, heading))

    @property
    def body(self) -> str:
        """Everything added so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The parts, as stretches of the body."""
        return tuple(self._blocks)

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks)
