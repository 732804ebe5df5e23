"""Where a document's text is cut into passages.

A passage is a paragraph. A paragraph under `SHORT` is joined with the next of its section
(the last one with the one before) as long as both stay within `LONG`; a paragraph over
`LONG` is cut at sentence ends into parts of about equal size. Nothing is cut inside a
sentence, so one sentence that is longer than `LONG` stays whole. A heading goes with what
follows it: into the passage's text, so that nothing is lost, and into its section. Points
that the source itself sets apart are never joined.

Sizes are counted in Chinese characters; an English word counts 7/4 of one, so that 80 to
350 characters of Chinese are about 45 to 200 words of English, in any mixture.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.formats.base import Block
from corpus.sentences import hard_lines, sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHORT: Final = 80
LONG: Final = 350
_WORD: Final = 1.75

_NARROW: Final = re.compile(r"[^\W_\u2e80-\uffff\U00020000-\U0003ffff]+")
_WIDE: Final = re.compile(r"[\u2e80-\uffff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to be: `body[start:end]`, with its section and the source's marks."""

    start: int
    end: int
    section: str | None = None
    marks: tuple[str, ...] = ()


def size_of(text: str) -> float:
    """How long a text is to a reader, in Chinese characters (a word of Latin script is 7/4)."""
    return sum(map(len, _WIDE.findall(text))) + _WORD * len(_NARROW.findall(text))


def paragraphs(text: str, *, section: str | None = None) -> tuple[Block, ...]:
    """The paragraphs of plain prose: its lines, lines that an editor wrapped taken together."""
    if len(text) <= LONG and "\n" not in text:
        return (Block(0, len(text), section),)
    return tuple(Block(start, end, section) for start, end in hard_lines(text))


def pieces(body: str, blocks: Sequence[Block]) -> Iterator[Piece]:
    """Cut a body into passages.

    Args:
        body: The document's text.
        blocks: Its parts, in order; they do not overlap.

    Yields:
        The passages in order: stretches of the body without white space around them.
    """
    run: list[Piece] = []
    opening: int | None = None
    section: str | None = None
    for block in blocks:
        if block.heading:
            if opening is None:
                yield from _joined(body, run)
                run, opening = [], block.start
            section = body[block.start : block.end].strip() or section
            continue
        under = block.section if block.section is not None else section
        trimmed = _trimmed(body, block.start if opening is None else opening, block.end)
        opening = None
        if trimmed is None:
            continue
        piece = Piece(*trimmed, under, block.marks)
        if block.fixed:
            yield from _joined(body, run)
            run = []
            yield from _parted(body, piece)
            continue
        if run and run[-1].section != under:
            yield from _joined(body, run)
            run = []
        run.append(piece)
    yield from _joined(body, run)
    if opening is not None and blocks and (last := _trimmed(body, opening, blocks[-1].end)):
        yield Piece(*last, section)


def _joined(body: str, run: Sequence[Piece]) -> Iterator[Piece]:
    """Join the short ones among a section's paragraphs, cut the long ones."""
    if len(run) == 1 and run[0].end - run[0].start <= LONG:
        yield run[0]
        return
    done: list[Piece] = []
    sizes: list[float] = []
    for number, piece in enumerate(run):
        size = size_of(body[piece.start : piece.end])
        last = number == len(run) - 1
        if done and (sizes[-1] < SHORT or (last and size < SHORT)) and sizes[-1] + size <= LONG:
            done[-1] = Piece(done[-1].start, piece.end, piece.section)
            sizes[-1] += size
        else:
            done.append(piece)
            sizes.append(size)
    for piece, size in zip(done, sizes, strict=True):
        if size > LONG:
            yield from _parted(body, piece)
        else:
            yield piece


def _parted(body: str, piece: Piece) -> Iterator[Piece]:
    """Cut a long passage at sentence ends, into parts of about equal size."""
    text = body[piece.start : piece.end]
    if len(text) <= LONG or (total := size_of(text)) <= LONG:
        yield piece
        return
    fair = total / math.ceil(total / LONG)
    start = 0
    filled, left = 0.0, total
    for begin, end in sentence_spans(text):
        size = size_of(text[begin:end])
        too_long = filled + size > LONG
        even = filled + size / 2 > fair and filled >= SHORT and left >= SHORT
        if filled and (too_long or even):
            yield _part(body, piece, start, begin)
            start, filled = begin, 0.0
        filled += size
        left -= size
    yield _part(body, piece, start, len(text))


def _part(body: str, piece: Piece, start: int, end: int) -> Piece:
    trimmed = _trimmed(body, piece.start + start, piece.start + end)
    first, last = trimmed or (piece.start + start, piece.start + end)
    return Piece(first, last, piece.section, piece.marks)


def _trimmed(body: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without white space around it, or None if there is nothing else in it."""
    text = body[start:end]
    inner = text.strip()
    if not inner:
        return None
    first = start + len(text) - len(text.lstrip())
    return first, first + len(inner)
