"""Suggestions: terms that the corpus has, for those of a question that it lacks.

Typing errors that are certain enough are mended without a word (`retrieval.typos`). What is
suggested here may be wrong: a reader decides, so words of a dictionary are not spared.
"""

from __future__ import annotations

import itertools
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.question_words import CHINESE, ENGLISH
from retrieval.terms import Kind, is_cjk, unit_matches, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.analyzer import Analyzer, Word
    from retrieval.homophones import Homophones
    from retrieval.typos import Frequencies, Mender

# Of a pasted page nothing is suggested.
_LONGEST = 200
_SHORTEST_WORD = 4
_LONGEST_WORD = 24
# So many terms are looked into, and for each so many are suggested.
_MOST_TERMS = 6
_EACH = 2
_TRIED = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that the corpus lacks as the reader wrote it, the nearest it has, and the question with that."""

    written: str
    meant: str
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A unit of a question: as the normal form writes it, where it stands, and its word."""

    raw: str
    start: int
    word: Word
    word_start: int


class Suggester:
    """Finds the nearest terms. Thread-safe.

    Args:
        analyzer: reads questions as it read the passages.
        homophones: what sounds alike.
        mender: knows names that are joined or parted otherwise, and surer slips.
    """

    def __init__(self, analyzer: Analyzer, homophones: Homophones, mender: Mender) -> None:
        self._analyzer = analyzer
        self._homophones = homophones
        self._mender = mender

    def suggestions(self, text: str, frequencies: Frequencies, limit: int) -> tuple[Suggestion, ...]:
        """For each term that the corpus lacks the nearest it has, those of the first terms first.

        Args:
            text: the question.
            frequencies: in how many passages each term occurs.
            limit: the most suggestions.
        """
        if len(text) > _LONGEST:
            return ()
        normal = self._analyzer.normalise(text)
        changes = [(each.start, each.end, each.text) for each in self._mender.changes(normal, frequencies)]
        taken = [range(start, end) for start, end, _ in changes]
        for start, end, meant in self._nearest(normal, frequencies):
            if not any(start < each.stop and each.start < end for each in taken):
                changes.append((start, end, meant))
        found: dict[tuple[str, str], Suggestion] = {}
        for start, end, meant in sorted(changes, key=lambda change: change[0]):
            changed = normal[:start] + meant + normal[end:]
            first, last = self._word_around(changed, start, start + len(meant))
            whole = text[:start] + meant + text[end:]
            lacking = text[first : last - len(meant) + end - start]
            found.setdefault((lacking.lower(), whole.lower()), Suggestion(lacking, whole[first:last], whole))
        return tuple(found.values())[:limit]

    def _nearest(self, normal: str, frequencies: Frequencies) -> Iterator[tuple[int, int, str]]:
        """Stretches of the normal form that the corpus lacks, each with the nearest that it has."""
        terms = 0
        for run in self._pieces(normal):
            for at, piece in enumerate(run):
                if terms == _MOST_TERMS:
                    return
                if not is_cjk(piece.raw):
                    nearest = list(self._misspelt(piece, frequencies))
                elif at + 1 < len(run) and _is_name(piece, run[at + 1]):
                    nearest = list(self._alike(normal, piece, run[at + 1], frequencies))
                else:
                    continue
                terms += bool(nearest)
                yield from nearest

    def _pieces(self, normal: str) -> Iterator[list[_Piece]]:
        at = 0
        for run in self._analyzer.runs(normal):
            pieces = []
            for word in run:
                at = normal.index(word.raw, at)
                pieces += [_Piece(unit, at + start, word, at) for unit, start, _ in unit_matches(word.raw)]
                at += len(word.raw)
            yield pieces

    def _misspelt(self, piece: _Piece, frequencies: Frequencies) -> Iterator[tuple[int, int, str]]:
        """Latin words and codes that one slip parts from one that the corpus has."""
        word = piece.raw
        fits = (
            _SHORTEST_WORD <= len(word) <= _LONGEST_WORD
            and word.isascii()
            and not word.replace(".", "").isdigit()
        )
        term = Kind.CHARACTER + written(piece.word.form)
        if not fits or word in ENGLISH or frequencies([term])[term]:
            return
        slips: dict[str, str] = {}
        for slip in _slips(word):
            slips.setdefault(Kind.CHARACTER + written(self._analyzer.stem(slip)), slip)
        counts = frequencies(slips)
        for other in sorted((each for each in slips if counts[each]), key=lambda each: -counts[each])[:_EACH]:
            yield piece.start, piece.start + len(word), slips[other]

    def _alike(
        self, normal: str, first: _Piece, second: _Piece, frequencies: Frequencies
    ) -> Iterator[tuple[int, int, str]]:
        """Two characters that never stand together: one of them replaced by one that sounds alike."""
        pair = Kind.BIGRAM + first.raw + second.raw
        if frequencies([pair])[pair]:
            return
        terms: dict[str, tuple[_Piece, str]] = {}
        for piece in (first, second):
            for other in (*self._homophones.alike(piece.raw), *self._homophones.near(piece.raw)):
                both = other + second.raw if piece is first else first.raw + other
                terms.setdefault(Kind.BIGRAM + both, (piece, other))
        counts = frequencies(terms)
        best = sorted((term for term in terms if counts[term]), key=lambda term: -counts[term])
        made = {}
        for term in best[:_TRIED]:
            piece, other = terms[term]
            size = self._makes_a_word(normal, piece, other, frequencies)
            if size:
                made[piece.start, piece.start + 1, other] = size
        # The longer the word, the less it is by chance.
        yield from sorted(made, key=lambda each: -made[each])[:_EACH]

    def _makes_a_word(self, normal: str, piece: _Piece, other: str, frequencies: Frequencies) -> int:
        """The length of the word of the corpus that a character makes of what stands around it, or 0.

        It has all of the word that stood there: a name is not taken apart for a word inside it.
        """
        changed = normal[: piece.start] + other + normal[piece.start + 1 :]
        first, last = self._word_around(changed, piece.start, piece.start + 1)
        whole = first <= piece.word_start and piece.word_start + len(piece.word.raw) <= last
        term = Kind.WORD + changed[first:last]
        return last - first if whole and last - first > 1 and frequencies([term])[term] else 0

    def _word_around(self, normal: str, start: int, end: int) -> tuple[int, int]:
        """The stretch widened to the words that it touches."""
        pieces = list(itertools.chain.from_iterable(self._pieces(normal)))
        touched = [each for each in pieces if each.start < end and start < each.start + len(each.raw)]
        if not touched:
            return start, end
        return (
            min(start, *(each.word_start for each in touched)),
            max(end, *(each.word_start + len(each.word.raw) for each in touched)),
        )


def _is_name(first: _Piece, second: _Piece) -> bool:
    """Whether two characters belong together: in one word, or both left over between words."""
    if not is_cjk(second.raw) or first.raw in CHINESE or second.raw in CHINESE:
        return False
    return first.word_start == second.word_start or len(first.word.raw) == len(second.word.raw) == 1


def _slips(word: str) -> Iterator[str]:
    """Words with two signs exchanged, one less, one other or one more, in that order."""
    signs: Sequence[str] = string.ascii_lowercase + (string.digits if not word.isalpha() else "")
    cuts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + tail[1:] for head, tail in cuts if tail)
    for sign in signs:
        yield from (head + sign + tail[1:] for head, tail in cuts if tail)
        yield from (head + sign + tail for head, tail in cuts)
