"""The bilingual lexicon: what Chinese terms are called in English, and the reverse.

Keys and translations are sequences of units in normal form, English ones as stems. How the
data was made, and what its weights mean, is told in docs/lexicon.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.concepts import Variant
from retrieval.lexicon_file import PACKED, LexiconFile
from retrieval.terms import is_cjk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Chinese headwords that begin with the same two characters stand together, English ones
# with the same first word: all that a text may begin with are one look-up.
HEAD = 2
_LONGEST_CHINESE = 15
_LONGEST_ENGLISH = 6

# Words that the frequency list lacks count as a little rarer than the rarest it has.
UNKNOWN_LOG10 = -8.5


@dataclass(frozen=True, slots=True)
class Headword:
    """An entry: its units and how frequent it is.

    `log10` is the decimal logarithm of the word's share of running Chinese text; for English
    headwords, whose frequency nothing asks for, it is 0. `cells` are its translations as the
    data writes them.
    """

    units: tuple[str, ...]
    log10: float
    cells: str

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Its translations, heaviest first; the first weighs 1."""
        return tuple(map(_variant, self.cells.split(",")))


class Lexicon:
    """Looks terms up. Thread-safe; a look-up takes about ten microseconds.

    Args:
        file: the unpacked data.
    """

    def __init__(self, file: LexiconFile) -> None:
        self._file = file

    @classmethod
    def open(cls, folder: Path, packed: Path = PACKED) -> Lexicon:
        """The lexicon that ships, unpacked into `folder` if it is not there yet (some seconds).

        Raises:
            LexiconUnavailable: the data is missing or damaged, or the folder cannot be written to.
        """
        return cls(LexiconFile(folder, packed))

    @property
    def background(self) -> Background:
        """The frequencies that the same file holds."""
        return Background(self._file)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def chinese(self, units: Sequence[str]) -> list[Headword]:
        """Every Chinese headword that `units` begin with, shortest first."""
        text = "".join(units[:_LONGEST_CHINESE])
        groups = {
            size: self._file.value("chinese", text[:size]) for size in range(1, min(len(text), HEAD) + 1)
        }
        found = []
        for size in range(1, min(len(units), _LONGEST_CHINESE) + 1):
            key = "".join(units[:size])
            if cells := _entry(groups[min(len(key), HEAD)], key[HEAD:]):
                frequency, _, translations = cells.partition(",")
                log10 = int(frequency) / 100 - 9 if frequency != "0" else UNKNOWN_LOG10
                found.append(Headword(tuple(units[:size]), log10, translations))
        return found

    def english(self, stems: Sequence[str]) -> list[Headword]:
        """Every English headword that `stems` begin with, shortest first."""
        group = self._file.value("english", stems[0]) if stems else ""
        entries = ((size, _entry(group, " ".join(stems[1:size]))) for size in range(1, _LONGEST_ENGLISH + 1))
        return [
            Headword(tuple(stems[:size]), 0.0, cells)
            for size, cells in entries
            if cells and size <= len(stems)
        ]


class Background:
    """How frequent terms are in text at large, to keep a small corpus's statistics sane.

    Args:
        file: the unpacked data.
    """

    def __init__(self, file: LexiconFile) -> None:
        self._file = file

    def frequency(self, term: str) -> float:
        """The share of passages of 150 units, in the term's own language, that have a term.

        Words, characters and bigrams (`retrieval.terms`), as if words fell independently
        (1 - exp(-rate)); 0.0 for a term in fewer than one of 2,000 passages.
        """
        return int(self._file.value("background", term) or 0) / 10_000


def _entry(group: str, suffix: str) -> str:
    """What follows `;suffix,` in a group, up to the next entry; nothing if it has no such entry."""
    start = group.find(f";{suffix},")
    if start < 0:
        return ""
    start += len(suffix) + 2
    end = group.find(";", start)
    return group[start:] if end < 0 else group[start:end]


def _variant(cell: str) -> Variant:
    written, _, weight = cell.partition(":")
    units = tuple(written.split()) if " " in written or not is_cjk(written) else tuple(written)
    return Variant(units, int(weight) / 100 if weight else 1.0)
