"""Translation: a question's terms as they are written in the other language.

A question is cut into headwords of the lexicon: Chinese by the likeliest path, English by
the longest phrase. Each is one concept with all its translations; what was measured is in
docs/lexicon.md.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.concepts import Concept, Variant
from retrieval.lexicon import UNKNOWN_LOG10
from retrieval.names import name_variants
from retrieval.question_words import CHINESE, ENGLISH
from retrieval.terms import is_cjk, unit_matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.language import Language
    from retrieval.analyzer import Analyzer
    from retrieval.glossary import Glossary
    from retrieval.lexicon import Headword, Lexicon

# Twelve translations, the term itself, and words inside translations.
MOST_VARIANTS = 16

# Inside a foreign name; between the words of a phrase.
_NAME_DOTS = "·‧・"
_PHRASE_JOINERS = " -‐‑·.'’&"
_APOSTROPHES = "'’"

# Gain of a path for each character that a headword is longer than one, in natural logarithms.
_LONGER = 4.0
# A headword of the glossary is taken whatever it costs.
_GLOSSARY = 1000.0
# A character by itself has many meanings, and so have its translations.
_SINGLE = 0.6
# Terms that say little of what a question is about.
_WEAK = 0.5
_WEAK_CHINESE = frozenset(
    """
        第 届 约 一项 一种 一位 一名 一座 一场 一次 一家 本 此 各 每 另 某 任 期间
    时候 叫 叫做 叫作 称为 被称为 来自     根据 通过 进行 作出 做出 已经 曾 曾经 正在
    为了 之一 情况 方面 用 使用 不 不是 有关 有 而言 来说 所有 只 仅     只有 至 至少
    最 太 很 非常 比 比较 与其 用作 作为 当 时 后 前 以 成为 拥有 位于 其中 其他 人 多
    少 大 小
    """.split()
)

_WEAK_ENGLISH = frozenset(
    """
        about above across after against ago all along also although among another any around away
    because become     before began begin being below between both call called came come consider
    considered during each either else     even ever every few first get give given go goes going gone
    got happen happened however instead kind known last     later less like made make many more most
    name named need neither never next no nor not number often old one     only other others our out
    over own part per rather same second see seen several since some something sometimes     sort still
    such take taken term third three through throughout time toward two type types under until up upon
    use used using usually very via way well went while whose within without yet
    """.split()
)

# A headword's parts repeat it, in case it is not written as a whole.
_CHINESE_PART = 0.5
_ENGLISH_PART = 0.4
_SHORTEST_WITH_PARTS = 3
# A shorter word inside a translation, for the translation.
_VARIANT_PART = 0.3


class Translator:
    """Translates terms of questions. Thread-safe.

    Args:
        analyzer: stems, and knows the shorter words inside long ones.
        lexicon: what terms are called.
        glossary: the corpus's own terms, which win over the lexicon.
    """

    def __init__(self, analyzer: Analyzer, lexicon: Lexicon, glossary: Glossary) -> None:
        self._analyzer = analyzer
        self._lexicon = lexicon
        self._glossary = glossary

    def concepts(self, normal: str, language: Language) -> tuple[Concept, ...]:
        """The concepts of a question's normal form, each once, in the order of the question.

        Args:
            normal: the normal form.
            language: what the question is written in; variants are in the other language.
        """
        found = self._from_chinese(normal) if language == "zh" else self._from_english(normal)
        concepts: dict[str, Concept] = {}
        for concept in found:
            known = concepts.get(concept.text)
            if known is None:
                concepts[concept.text] = concept
            elif concept.weight > known.weight:
                concepts[concept.text] = replace(known, weight=concept.weight)
        return tuple(concepts.values())

    def _from_chinese(self, normal: str) -> Iterator[Concept]:
        for run in _chinese_runs(normal):
            units = [self._analyzer.stem(unit) for unit in run]
            singles: list[str] = []
            for segment, variants in self._segment(units):
                text = "".join(segment)
                alone = len(segment) == 1 and is_cjk(text)
                if singles and (not alone or text in CHINESE):
                    yield from self._name(singles)
                    singles = []
                if text in CHINESE or text in ENGLISH:
                    continue
                if alone:
                    singles.append(text)
                if not is_cjk(text) and len(segment) == 1:
                    # A number, or a Latin name: written so in any language.
                    yield Concept(text, (Variant(segment, 1.0),))
                    continue
                weight = (_SINGLE if alone else 1.0) * (_WEAK if text in _WEAK_CHINESE else 1.0)
                if variants:
                    yield Concept(text, variants, weight)
                yield from self._chinese_parts(text, weight)
            yield from self._name(singles)

    def _chinese_parts(self, text: str, weight: float) -> Iterator[Concept]:
        if len(text) < _SHORTEST_WITH_PARTS:
            return
        for part in self._analyzer.parts(text):
            if part in CHINESE or part in _WEAK_CHINESE:
                continue
            headwords = self._lexicon.chinese(part)
            if headwords and len(headwords[-1].units) == len(part):
                yield Concept(part, headwords[-1].variants, weight * _CHINESE_PART)

    def _name(self, characters: Sequence[str]) -> Iterator[Concept]:
        """Characters in a row that make no word may be a name, which English writes by its sound."""
        variants = name_variants("".join(characters))
        if variants:
            stemmed = (
                Variant(tuple(map(self._analyzer.stem, variant.units)), variant.weight)
                for variant in variants
            )
            yield Concept("".join(characters), tuple(stemmed))

    def _segment(self, units: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[Variant, ...]]]:
        """The likeliest cut of a run into headwords, single units and question words."""
        size = len(units)
        best = [-math.inf] * (size + 1)
        best[0] = 0.0
        # How the best path to each place comes there: from where, and by what.
        last: list[tuple[int, Headword | None, tuple[Variant, ...]]] = [(0, None, ())] * (size + 1)

        def step(start: int, length: int, gain: float, by: Headword | None, own: tuple[Variant, ...]) -> None:
            if best[start] + gain > best[start + length]:
                best[start + length] = best[start] + gain
                last[start + length] = (start, by, own)

        entries = self._glossary.entries()
        for start in range(size):
            rest = units[start:]
            if entry := entries.translations(rest, chinese=True):
                step(start, len(entry[0]), _GLOSSARY * len(entry[0]), None, entry[1])
            for headword in self._lexicon.chinese(rest):
                length = len(headword.units)
                step(start, length, _gain(headword.log10, length), headword, ())
            for length in range(1, min(_LONGEST_QUESTION_WORD, size - start) + 1):
                if length == 1 or "".join(rest[:length]) in CHINESE:
                    step(start, length, _gain(UNKNOWN_LOG10, length), None, ())
        segments = []
        end = size
        while end:
            start, by, own = last[end]
            segments.append((tuple(units[start:end]), by.variants if by else own))
            end = start
        return segments[::-1]

    def _from_english(self, normal: str) -> Iterator[Concept]:
        words = [
            (unit, start, end)
            for unit, start, end in unit_matches(normal)
            # What an apostrophe cuts off: "what's", "don't".
            if not (len(unit) == 1 and start and normal[start - 1] in _APOSTROPHES)
        ]
        stems = [self._analyzer.stem(unit) for unit, _, _ in words]
        index = 0
        while index < len(words):
            size, variants = self._phrase(normal, words[index:], stems[index : index + _LONGEST_PHRASE])
            raw = [unit for unit, _, _ in words[index : index + size]]
            if size > 1:
                yield self._english_concept(" ".join(raw), stems[index : index + size], variants, 1.0)
            for unit, stem in zip(raw, stems[index : index + size], strict=True):
                if unit not in ENGLISH:
                    own = self._word(stem) if size > 1 else variants
                    weight = (_ENGLISH_PART if size > 1 else 1.0) * (_WEAK if unit in _WEAK_ENGLISH else 1.0)
                    yield self._english_concept(unit, [stem], own, weight)
            index += size

    def _phrase(
        self, normal: str, words: Sequence[tuple[str, int, int]], stems: Sequence[str]
    ) -> tuple[int, tuple[Variant, ...]]:
        """How many words the longest headword takes that begins here, at least one, and its translations."""
        reach = 1
        while reach < len(stems) and not normal[words[reach - 1][2] : words[reach][1]].strip(_PHRASE_JOINERS):
            reach += 1
        if words[0][0] in ENGLISH:
            reach = 1
        found: list[tuple[int, tuple[Variant, ...]]] = [
            (len(headword.units), headword.variants) for headword in self._lexicon.english(stems[:reach])
        ]
        if own := self._glossary.entries().translations(stems[:reach], chinese=False):
            found = [each for each in found if each[0] > len(own[0])]
            found.append((len(own[0]), own[1]))
        usable = [each for each in found if each[0] == 1 or words[each[0] - 1][0] not in ENGLISH]
        return max(usable, default=(1, ()), key=lambda each: each[0])

    def _word(self, stem: str) -> tuple[Variant, ...]:
        if own := self._glossary.entries().translations([stem], chinese=False):
            return own[1]
        headwords = self._lexicon.english([stem])
        return headwords[0].variants if headwords else ()

    def _english_concept(
        self, text: str, stems: Sequence[str], variants: Sequence[Variant], weight: float
    ) -> Concept:
        """A concept of an English term: the term itself, its translations, and words inside these."""
        weights = {tuple(stems): 1.0}
        for variant in variants:
            written = "".join(variant.units)
            if written not in CHINESE and written not in _WEAK_CHINESE:
                weights.setdefault(variant.units, variant.weight)
        for variant in variants:
            if len(variant.units) >= _SHORTEST_WITH_PARTS:
                for part in self._analyzer.parts("".join(variant.units)):
                    share = variant.weight * _VARIANT_PART
                    weights[tuple(part)] = max(weights.get(tuple(part), 0.0), share)
        best = sorted(weights.items(), key=lambda each: -each[1])[:MOST_VARIANTS]
        return Concept(text, tuple(Variant(units, share) for units, share in best), weight)


def _gain(log10: float, length: int) -> float:
    """What a word adds to a path: its log-probability, and a reward for each further character."""
    return log10 * math.log(10) + _LONGER * (length - 1)


_LONGEST_QUESTION_WORD = max(map(len, CHINESE))
_LONGEST_PHRASE = 6


def _chinese_runs(normal: str) -> Iterator[list[str]]:
    """Units in a row, across the dots inside foreign names."""
    run: list[str] = []
    last_end = 0
    for unit, start, end in unit_matches(normal):
        if run and normal[last_end:start].strip(_NAME_DOTS):
            yield run
            run = []
        run.append(unit)
        last_end = end
    if run:
        yield run
