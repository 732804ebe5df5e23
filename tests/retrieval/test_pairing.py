"""Each part of a question gets the passage that bears on it most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.pairing import Paired, paired
from retrieval.passage_sentences import UnitWriter
from retrieval.question import Interpreter
from retrieval.subquestions import Parts, parts_of
from retrieval.terms import Counter
from tests.retrieval.indexed import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.analyzer import Analyzer

LISTING = "纸鹤生物11月20日在港交所挂牌上市。"
TALKS = "医保局就降糖药展开价格谈判。"
BOTH_NAMED = "纸鹤生物与医保局出席论坛。"


def pair(analyzer: Analyzer, question: str, texts: Sequence[str], parts: Parts | None = None) -> Paired:
    values = Interpreter(analyzer).read(ask(question)).weights
    counter = Counter(values)
    counts = [counter.count(analyzer.forms(text)) for text in texts]
    found = parts or parts_of(analyzer.normalise(question))
    assert found is not None
    return paired(found, values, counts, UnitWriter(analyzer))


def test_each_part_gets_its_passage(analyzer: Analyzer) -> None:
    found = pair(analyzer, "纸鹤生物挂牌上市和降糖药价格谈判哪个更早？", [BOTH_NAMED, TALKS, LISTING])
    assert found.texts == ("纸鹤生物挂牌上市", "降糖药价格谈判")
    assert found.places == (2, 1)
    assert found.found == (1, 2)


def test_the_passages_tell_how_a_question_is_to_be_read(analyzer: Analyzer) -> None:
    texts = ["甲地与乙地签署协议。", "丙地举行演讲。"]
    found = pair(analyzer, "丙地举行演讲和甲地与乙地签署协议哪个更早？", texts)
    assert found.texts == ("丙地举行演讲", "甲地与乙地签署协议")
    assert found.places == (1, 0)


def test_no_passage_is_there_twice(analyzer: Analyzer) -> None:
    both = "纸鹤生物挂牌上市，医保局就降糖药展开价格谈判。"
    found = pair(analyzer, "纸鹤生物挂牌上市和降糖药价格谈判哪个更早？", [both])
    assert sorted(found.places, key=str) == [0, None]


def test_a_part_that_no_passage_bears_on_has_none(analyzer: Analyzer) -> None:
    found = pair(analyzer, "纸鹤生物挂牌上市和降糖药价格谈判哪个更早？", [LISTING, "市民在江边散步。"])
    assert found.places == (0, None)
    hardly = [LISTING, "价格公道，市民在江边散步。"]
    assert pair(analyzer, "纸鹤生物挂牌上市和降糖药价格谈判哪个更早？", hardly).places == (0, None)
    assert pair(analyzer, "纸鹤生物挂牌上市和降糖药价格谈判哪个更早？", []).found == ()


def test_one_thing_at_two_times(analyzer: Analyzer) -> None:
    texts = ["2024年园区融资额为21亿元。", "2023年园区融资额为18亿元。"]
    found = pair(analyzer, "园区融资额从2023年到2024年怎么变化？", texts)
    assert found.places == (1, 0)
