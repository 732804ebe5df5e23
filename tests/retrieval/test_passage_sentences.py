"""Unit strings: the fast way to them gives what the plain one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given

from retrieval.passage_sentences import UnitWriter
from retrieval.terms import is_cjk, unit_matches, written
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer


def test_a_passage_in_sentences(analyzer: Analyzer) -> None:
    sentences = UnitWriter(analyzer).sentences("授权1,500万元。该公司Licensed了PD-1。")
    assert list(sentences.units) == ["授权|1500|万元", "该公司|licens|了|pd||1|"]
    assert list(sentences.sizes) == [5, 7]
    assert list(sentences.leaning) == [False, True]
    assert sentences.size(0, 1) == 12


@given(any_text)
@example("10,20 1,500.5 中1,500文")
@example("㐀𠀀鿿豈䷀々〇")
def test_every_unit_is_in_the_unit_string(analyzer: Analyzer, text: str) -> None:
    normal = analyzer.normalise(text)
    expected = [unit if is_cjk(unit) else written(analyzer.stem(unit)) for unit, _, _ in unit_matches(normal)]
    writer = UnitWriter(analyzer)
    assert writer.units(normal) == expected
    assert writer.string(normal) == "".join(expected)
    sentences = writer.sentences(text)
    for (start, end), units, size in zip(sentences.spans, sentences.units, sentences.sizes, strict=True):
        piece = writer.units(normal[start:end])
        assert (units, size) == ("".join(piece), len(piece))
