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
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# The first headword that is not before a text in the order of code points: either the text
# itself, or one that begins with it, or none does.
_CHINESE = "SELECT key, frequency, variants FROM chinese WHERE key >= ? LIMIT 1"
_ENGLISH = "SELECT key, variants FROM english WHERE key >= ? LIMIT 1"
_BACKGROUND = "SELECT frequency FROM background WHERE key = ?"

LONGEST_CHINESE = 15
LONGEST_ENGLISH = 6

# Words that the frequency list lacks count as a little rarer than the rarest it has.
_UNKNOWN_LOG10 = -8.5


@dataclass(frozen=True, slots=True)
class Headword:
    """An entry: its units, how frequent it is, and its translations, heaviest first.

    `log10` is the decimal logarithm of the word's share of running Chinese text; for English
    headwords, whose frequency nothing asks for, it is 0.
    """

    units: tuple[str, ...]
    log10: float
    variants: tuple[Variant, ...]


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
    def file(self) -> LexiconFile:
        """The file, which `Background` reads too."""
        return self._file

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def chinese(self, units: Sequence[str]) -> list[Headword]:
        """Every Chinese headword that `units` begin with, shortest first."""
        found = []
        for size in range(1, min(len(units), LONGEST_CHINESE) + 1):
            text = "".join(units[:size])
            row = self._file.first(_CHINESE, text)
            if row is None or not row[0].startswith(text):
                break
            if row[0] == text:
                log10 = row[1] / 100 - 9 if row[1] else _UNKNOWN_LOG10
                found.append(Headword(tuple(units[:size]), log10, tuple(_variants(row[2]))))
        return found

    def english(self, stems: Sequence[str]) -> list[Headword]:
        """Every English headword that `stems` begin with, shortest first."""
        found = []
        for size in range(1, min(len(stems), LONGEST_ENGLISH) + 1):
            text = " ".join(stems[:size])
            row = self._file.first(_ENGLISH, text)
            if row is None or not row[0].startswith(text):
                break
            if row[0] == text:
                found.append(Headword(tuple(stems[:size]), 0.0, tuple(_variants(row[1]))))
        return found


class Background:
    """How frequent terms are in news and books at large, to keep a small corpus's statistics sane.

    Args:
        file: the unpacked data.
    """

    def __init__(self, file: LexiconFile) -> None:
        self._file = file

    def frequency(self, term: str) -> float:
        """The share of passages of 150 units, in the term's own language, that have a term.

        Words, characters and bigrams (`retrieval.terms`) as if words fell independently
        (1 - exp(-rate)); 0.0 for a term in fewer than one of 2,000 passages.
        """
        row = self._file.first(_BACKGROUND, term)
        return row[0] / 10_000 if row else 0.0


def _variants(text: str) -> Iterator[Variant]:
    for cell in text.split("\t"):
        written, _, weight = cell.partition(":")
        units = tuple(written.split()) if " " in written or not is_cjk(written) else tuple(written)
        yield Variant(units, int(weight) / 100 if weight else 1.0)
