"""The analyzer: from a text to the forms its terms are counted in.

Chinese is segmented by jieba, English stemmed by Snowball; both after normalisation. The
same analyzer serves passages and questions, in the main process and in worker processes.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jieba
import Stemmer

from retrieval.dates import date_terms, published_terms
from retrieval.normalizer import Normalizer
from retrieval.quantities import quantity_terms
from retrieval.terms import (
    BAR,
    BREAK,
    JOINERS,
    SENTENCE,
    Forms,
    Kind,
    is_cjk,
    pair_terms,
    unit_matches,
    unit_terms,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.model import Document, Passage

# Raised with every change that gives another analysis for the same text: an index that
# was written by another analysis is built anew.
ANALYSIS_VERSION = "2"

# Where one sentence ends for the ranking; quoting is `corpus.sentences`' business.
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")

_SHORTEST_PART = 2
_LONGEST_PART = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A segmented word: its term form, how the normal form writes it, and its units."""

    form: str
    raw: str
    units: tuple[str, ...]


class Analyzer:
    """Segments, stems and counts. Thread-safe once made.

    Args:
        cache_folder: where jieba keeps its compiled dictionary. It is unmarshalled at
            start, so it must be a folder that only the operator can write to.
    """

    def __init__(self, cache_folder: Path) -> None:
        # jieba writes to the terminal by itself; what it has to say belongs in the log.
        logging.getLogger("jieba").handlers.clear()
        jieba.setLogLevel(logging.WARNING)
        self.cache_folder = cache_folder
        cache_folder.mkdir(parents=True, exist_ok=True)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = str(cache_folder)
        self._jieba.cache_file = "jieba.cache"
        self._jieba.initialize()
        self._stem = Stemmer.Stemmer("english").stemWord
        self._normalizer = Normalizer()

    @property
    def fingerprint(self) -> str:
        """Names the analysis: an index under another fingerprint is of no use to this one."""
        return f"analysis-{ANALYSIS_VERSION}"

    def normalise(self, text: str) -> str:
        """The normal form, exactly as long as `text`."""
        return self._normalizer.normalise(text)

    def runs(self, normal: str) -> Iterator[list[Word]]:
        """Words of a normal form, in runs that punctuation separates."""
        run: list[Word] = []
        chinese: list[str] = []
        last_end = 0
        for unit, start, end in unit_matches(normal):
            gap = normal[last_end:start]
            cjk = is_cjk(unit)
            if chinese and (gap or not cjk):
                run.extend(self._segment("".join(chinese)))
                chinese.clear()
            # Spaces and hyphens join ("PD-1", "10.2 billion"); all else breaks.
            if gap.strip(JOINERS) and run:
                yield run
                run = []
            if cjk:
                chinese.append(unit)
            else:
                stem = self.stem(unit)
                run.append(Word(stem, unit, (stem,)))
            last_end = end
        if chinese:
            run.extend(self._segment("".join(chinese)))
        if run:
            yield run

    def stem(self, unit: str) -> str:
        """The term form of a Latin word or a number: "1,500" is 1500, "licensed" is licens, "ⅲ" is iii."""
        return str(self._stem(unicodedata.normalize("NFKC", unit).replace(",", "")))

    def is_word(self, text: str) -> bool:
        """Whether jieba's dictionary has a Chinese word."""
        return bool(self._jieba.FREQ.get(text))

    def parts(self, word: str) -> Iterator[str]:
        """Shorter dictionary words inside a Chinese word, as jieba's search mode has them."""
        if len(word) <= _SHORTEST_PART or not is_cjk(word):
            return
        known = self._jieba.FREQ
        for size in range(_SHORTEST_PART, min(_LONGEST_PART, len(word) - 1) + 1):
            for start in range(len(word) - size + 1):
                part = word[start : start + size]
                if known.get(part):
                    yield part

    def forms(
        self,
        text: str,
        *,
        title: str = "",
        dates: frozenset[str] = frozenset(),
        quantities: frozenset[str] = frozenset(),
    ) -> Forms:
        """The forms of a text, its title included, with these terms of dates and quantities."""
        length = 0
        unit_lines: list[str] = []
        word_lines: list[str] = []
        for sentence in (self.normalise(title), *_sentences(self.normalise(text))):
            units: list[str] = []
            words: list[str] = []
            parts: list[str] = []
            for run in self.runs(sentence):
                for word in run:
                    words.append(BAR + word.form + BAR)
                    units.extend(written(unit) for unit in word.units)
                    length += len(word.units)
                    parts.extend(BAR + part + BAR + BREAK for part in self.parts(word.form))
                words.append(BREAK)
                units.append(BREAK)
            unit_lines.append("".join(units))
            word_lines.append("".join(words + parts))
        return Forms(
            units=SENTENCE.join(unit_lines),
            words=SENTENCE.join(word_lines),
            dates="".join(BAR + part + BAR for part in sorted(dates)),
            quantities="".join(BAR + part + BAR for part in sorted(quantities)),
            length=length,
        )

    def passage_forms(self, document: Document, passage: Passage) -> Forms:
        """The forms of a passage: with its document's title, and its dates anchored on publication."""
        published = document.published
        anchor = published.day if published else None
        normal = self.normalise(passage.text)
        return self.forms(
            passage.text,
            title=document.title or "",
            dates=frozenset(date_terms(normal, anchor) | published_terms(published)),
            quantities=frozenset(quantity_terms(normal)),
        )

    def _segment(self, chinese: str) -> Iterator[Word]:
        for word in self._jieba.cut(chinese):
            yield Word(word, word, tuple(word))


def distinct_terms(forms: Forms) -> set[str]:
    """Every term that occurs in some forms, each once: what an inverted index holds."""
    terms: set[str] = set()
    for run in forms.words.replace(SENTENCE, BREAK).split(BREAK):
        words = [word for word in run.split(BAR) if word]
        terms.update(Kind.WORD + word for word in words)
        terms.update(pair_terms(words))
    for run in forms.units.replace(SENTENCE, BREAK).split(BREAK):
        terms.update(unit_terms(_units(run)))
    terms.update(Kind.DATE + part for part in forms.dates.split(BAR) if part)
    terms.update(Kind.QUANTITY + part for part in forms.quantities.split(BAR) if part)
    terms.add(Kind.LANGUAGE + forms.language)
    return terms


def _sentences(normal: str) -> Iterator[str]:
    """The sentences of a normal form that say anything."""
    start = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(normal)), len(normal)):
        sentence = normal[start:end]
        if sentence.strip():
            yield sentence
        start = end


def _units(run: str) -> list[str]:
    """A run of the units form taken apart again."""
    units: list[str] = []
    for index, piece in enumerate(run.split(BAR)):
        # Pieces between two bars stand at odd places: they are Latin units.
        if index % 2:
            units.append(piece)
        else:
            units.extend(piece)
    return units
