"""Typing errors: what a question means where it writes what no passage has.

Three kinds are mended, and only where the index lacks what is written and has what is put
in its place: names joined or parted otherwise than in the news (PC301, Lantern fish), Chinese
characters typed for others that sound alike (生务城), and slips in a Latin word (Lanternfsh).
Nothing is kept beside the index: candidates are made from the question and looked up, which is
some hundred document frequencies for each unit in doubt, and none when there is no doubt.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.question_words import CHINESE, ENGLISH
from retrieval.terms import Kind, is_cjk, unit_matches, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.analyzer import Analyzer, Word
    from retrieval.homophones import Homophones

Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
"""In how many passages each term occurs, as a snapshot tells it."""

# How sure each kind of change is: what only the changed question asks with counts that much.
_JOINED = 0.95
_ALIKE = 0.8
_NEAR = 0.6
_MISSPELT = 0.7

# Shorter words have too many neighbours, longer ones are no words.
_SHORTEST_WORD = 5
_LONGEST_WORD = 24
_LONGEST_JOINED = 3
# Of a pasted page enough is right, and a question has at most a few slips.
_MOST_UNITS = 150
_MOST_DOUBTS = 4
_LONGEST_ROW = 3
_TRIED = 3
_MANY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """Characters `start` to `end` (exclusive) of a normal form, what is meant, and how sure that is."""

    start: int
    end: int
    text: str
    certainty: float


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of a stretch: as written, its form in the index, where it stands and in what word."""

    raw: str
    form: str
    start: int
    word: str

    @property
    def end(self) -> int:
        return self.start + len(self.raw)

    @property
    def cjk(self) -> bool:
        return is_cjk(self.raw)


class Mender:
    """Finds what a question means. Thread-safe.

    Args:
        analyzer: reads questions as it read the passages.
        homophones: what sounds alike.
        knows: whether something is a word in its own right, as a normal form writes it, in
            either language. Words are not mended into others: the news just lack them.
        familiar: whether a bigram term is usual in the language at large, with the same consequence.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        homophones: Homophones,
        knows: Callable[[str], bool],
        familiar: Callable[[str], bool],
    ) -> None:
        self._analyzer = analyzer
        self._homophones = homophones
        self._knows = knows
        self._familiar = familiar

    def changes(self, normal: str, frequencies: Frequencies) -> list[Change]:
        """The changes that make a question's normal form one that the index knows, in order."""
        stretches = list(self._stretches(normal))
        if sum(map(len, stretches)) > _MOST_UNITS:
            return []
        bigrams = [_bigram(a, b) for stretch in stretches for a, b in itertools.pairwise(stretch)]
        singles = [_single(unit.form) for stretch in stretches for unit in stretch if not unit.cjk]
        known = {term for term, count in frequencies({*bigrams, *singles}).items() if count}
        found: list[Change] = []
        doubts = 0
        for stretch in stretches:
            done = 0
            for at in self._doubts(stretch, known):
                if stretch[at].start < done or doubts == _MOST_DOUBTS:
                    continue
                doubts += 1
                if stretch[at].cjk:
                    change = self._alike(stretch, at, frequencies)
                else:
                    change = self._latin(stretch, at, known, frequencies)
                if change is not None:
                    found.append(change)
                    done = change.end
        return found

    def _doubts(self, stretch: Sequence[_Unit], known: set[str]) -> list[int]:
        """The places of a stretch that may be slips. Many in a row are a name that the news lack."""
        doubtful = [at for at in range(len(stretch)) if self._is_doubtful(stretch, at, known)]
        row: list[int] = []
        kept: list[int] = []
        for at in [*doubtful, len(stretch) + 1]:
            if row and at != row[-1] + 1:
                if len(row) <= _LONGEST_ROW or not stretch[row[0]].cjk:
                    kept += row
                row = []
            row.append(at)
        return kept

    def _stretches(self, normal: str) -> Iterator[list[_Unit]]:
        """Adjacent units between question words, with their offsets."""
        at = 0
        for run in self._analyzer.runs(normal):
            stretch: list[_Unit] = []
            for word in run:
                at = normal.index(word.raw, at)
                if word.raw in (CHINESE if is_cjk(word.raw) else ENGLISH):
                    yield stretch
                    stretch = []
                else:
                    stretch.extend(_units(word, at))
                at += len(word.raw)
            yield stretch

    def _is_doubtful(self, stretch: Sequence[_Unit], at: int, known: set[str]) -> bool:
        """Whether the index lacks a unit, or has it never beside those that stand beside it here."""
        unit = stretch[at]
        left = at > 0 and _bigram(stretch[at - 1], unit) in known
        right = at + 1 < len(stretch) and _bigram(unit, stretch[at + 1]) in known
        if not unit.cjk:
            latin_next = at + 1 < len(stretch) and not stretch[at + 1].cjk
            return _single(unit.form) not in known or (latin_next and not right)
        if left or right or unit.raw in CHINESE or (len(unit.word) > 1 and self._knows(unit.word)):
            return False
        bigrams = [
            _bigram(first, second)
            for first, second in itertools.pairwise(stretch[max(at - 1, 0) : at + 2])
            if first.cjk and second.cjk
        ]
        return bool(bigrams) and not any(map(self._familiar, bigrams))

    def _alike(self, stretch: Sequence[_Unit], at: int, frequencies: Frequencies) -> Change | None:
        """A character of the same sound, else of a near one, that the index has beside both neighbours."""
        unit = stretch[at]
        for others, certainty in (
            (self._homophones.alike(unit.raw), _ALIKE),
            (self._homophones.near(unit.raw), _NEAR),
        ):
            fitting = dict.fromkeys(others, _MANY)
            for neighbour, before in ((at - 1, True), (at + 1, False)):
                if not (0 <= neighbour < len(stretch) and stretch[neighbour].cjk):
                    continue
                beside = stretch[neighbour].raw
                terms = {
                    Kind.BIGRAM + (beside + other if before else other + beside): other for other in fitting
                }
                fitting = {
                    terms[term]: min(count, fitting[terms[term]])
                    for term, count in frequencies(terms).items()
                    if count
                }
            for other in sorted(fitting, key=lambda other: -fitting[other])[:_TRIED]:
                if self._makes_a_word(stretch, at, other, frequencies):
                    return Change(unit.start, unit.end, other, certainty)
        return None

    def _makes_a_word(self, stretch: Sequence[_Unit], at: int, other: str, frequencies: Frequencies) -> bool:
        """Whether a character makes a word of the index here; that its neighbours fit proves little."""
        first = last = at
        while first > 0 and stretch[first - 1].cjk:
            first -= 1
        while last + 1 < len(stretch) and stretch[last + 1].cjk:
            last += 1
        text = "".join(unit.raw for unit in stretch[first:at]) + other
        text += "".join(unit.raw for unit in stretch[at + 1 : last + 1])
        begin = 0
        for run in self._analyzer.runs(text):
            for word in run:
                if begin <= at - first < begin + len(word.raw):
                    term = Kind.WORD + word.form
                    return len(word.raw) > 1 and frequencies([term])[term] > 0
                begin += len(word.raw)
        return False

    def _latin(
        self, stretch: Sequence[_Unit], at: int, known: set[str], frequencies: Frequencies
    ) -> Change | None:
        unit = stretch[at]
        change = self._joined(stretch, at, known, frequencies)
        if change is None and _single(unit.form) not in known:
            change = self._parted(unit, frequencies) or self._misspelt(unit, frequencies)
        return change

    def _joined(
        self, stretch: Sequence[_Unit], at: int, known: set[str], frequencies: Frequencies
    ) -> Change | None:
        """Latin units that the news write as one: GR-1803, Lantern fish."""
        if at + 1 < len(stretch) and _bigram(stretch[at], stretch[at + 1]) in known:
            return None
        for size in range(_LONGEST_JOINED, 1, -1):
            units = stretch[at : at + size]
            if len(units) < size or any(unit.cjk for unit in units):
                continue
            text = "".join(unit.raw for unit in units)
            term = _single(self._analyzer.stem(text))
            if not text.isdigit() and frequencies([term])[term]:
                return Change(units[0].start, units[-1].end, text, _JOINED)
        return None

    def _parted(self, unit: _Unit, frequencies: Frequencies) -> Change | None:
        """A Latin unit that the news write as two: PC301 for PC-301."""
        if not 2 < len(unit.raw) <= _LONGEST_WORD or unit.raw.isdigit():  # noqa: PLR2004 - of two letters
            return None
        stem = self._analyzer.stem
        parts = {
            Kind.BIGRAM + written(stem(unit.raw[:cut])) + written(stem(unit.raw[cut:])): cut
            for cut in range(1, len(unit.raw))
        }
        counts = frequencies(parts)
        best = max(counts, key=lambda term: counts[term])
        if not counts[best]:
            return None
        cut = parts[best]
        return Change(unit.start, unit.end, f"{unit.raw[:cut]} {unit.raw[cut:]}", _JOINED)

    def _misspelt(self, unit: _Unit, frequencies: Frequencies) -> Change | None:
        """A Latin word that one slip of the finger parts from one that the index has."""
        word = unit.raw
        if not (_SHORTEST_WORD <= len(word) <= _LONGEST_WORD and word.isascii() and word.isalpha()):
            return None
        if self._knows(word):
            return None
        terms: dict[str, str] = {}
        for slip in _slips(word):
            terms.setdefault(_single(self._analyzer.stem(slip)), slip)
        counts = frequencies(terms)
        best = max(counts, key=lambda term: counts[term])
        return Change(unit.start, unit.end, terms[best], _MISSPELT) if counts[best] else None


def apply(normal: str, changes: Sequence[Change]) -> str:
    """A normal form with changes made."""
    pieces = []
    at = 0
    for change in changes:
        pieces += [normal[at : change.start], change.text]
        at = change.end
    return "".join((*pieces, normal[at:]))


def mended(
    weights: Mapping[str, float], meant: Mapping[str, float], changes: Sequence[Change]
) -> dict[str, float]:
    """The weights of a question's terms with those that it would have had without its slips.

    What only the mended question has counts by the least certainty of the changes; what only
    the written one has keeps the rest, so that the doubt stays in the highest possible score.

    Args:
        weights: of the question as written.
        meant: of the same with the changes made.
        changes: at least one.
    """
    certainty = min(change.certainty for change in changes)
    shares = {term: weight if term in meant else weight * (1 - certainty) for term, weight in weights.items()}
    return {term: weight * certainty for term, weight in meant.items() if term not in weights} | shares


def _units(word: Word, start: int) -> Iterator[_Unit]:
    if not is_cjk(word.raw):
        yield _Unit(word.raw, word.form, start, word.raw)
        return
    for unit, at, _ in unit_matches(word.raw):
        yield _Unit(unit, unit, start + at, word.raw)


def _single(form: str) -> str:
    return Kind.CHARACTER + written(form)


def _bigram(first: _Unit, second: _Unit) -> str:
    return Kind.BIGRAM + written(first.form) + written(second.form)


def _slips(word: str) -> Iterator[str]:
    """Words with two letters exchanged, one less, one other or one more, in that order."""
    cuts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + tail[1:] for head, tail in cuts if tail)
    for letter in string.ascii_lowercase:
        yield from (head + letter + tail[1:] for head, tail in cuts if tail)
    for letter in string.ascii_lowercase:
        yield from (head + letter + tail for head, tail in cuts)
