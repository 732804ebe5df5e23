"""Follow-ups: what refines the question before, and how both are put together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from retrieval.followup import Refined, language_meant, refined, refines
from tests.builders import ZONE
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

ASKED = datetime(2025, 12, 16, tzinfo=ZONE)
TABLE = Path(__file__).parents[1] / "data" / "follow_ups.tsv"


def _rows() -> list[tuple[str, str, bool]]:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [(said, previous, refining == "yes") for said, previous, refining in rows]


@pytest.mark.parametrize(("said", "previous", "refining"), _rows())
def test_tells_what_refines(said: str, previous: str, *, refining: bool) -> None:
    assert refines(said, previous) is refining


def test_the_table_has_both_kinds_of_rows() -> None:
    kinds = [refining for _, _, refining in _rows()]
    assert sum(kinds) >= 40
    assert len(kinds) - sum(kinds) >= 30


def test_nothing_is_refined_where_nothing_was_asked() -> None:
    assert not refines("那临床阶段的呢？", "")
    assert not refines("", "有多少创新药在研？")


@pytest.mark.parametrize(
    ("said", "context", "text", "new"),
    [
        ("那临床阶段的呢？", "有多少创新药在研？", "有多少创新药在研 临床阶段", "临床阶段"),
        (
            "and in clinical trials?",
            "How many drugs are under research?",
            "How many drugs are under research in clinical trials",
            "in clinical trials",
        ),
        # A date takes the place of the date.
        ("那2024年呢", "2023年授权金额是多少？", "2024年授权金额是多少", ""),
        ("what about 2024?", "What happened in 2023?", "What happened in 2024", ""),
        ("那2024年上海呢", "2023年重庆的营收是多少", "2024年重庆的营收是多少 上海", "上海"),
        ("2025年的呢", "2023年和2024年的营收是多少", "和 的营收是多少 2025年", "2025年"),
        # Without one it is added.
        ("去年的呢", "有什么新闻", "有什么新闻 去年", ""),
        # So does a quantity.
        ("超过10亿元的呢？", "5亿元的交易有哪些？", "的交易有哪些 超过10亿元", "超过10亿元"),
        ("为什么？", "GR-1803授权失败了吗？", "GR-1803授权失败了吗 为什么", "为什么"),
    ],
)
def test_puts_both_together(analyzer: Analyzer, said: str, context: str, text: str, new: str) -> None:
    assert refined(said, context, ASKED, analyzer.normalise) == Refined(text, new)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("那英文的呢", "en"),
        ("中文的呢？", "zh"),
        ("What about the English ones?", "en"),
        ("in Chinese?", "zh"),
        ("那英国的呢", None),
        ("English grammar", None),
    ],
)
def test_tells_the_language_that_is_asked_for(said: str, language: str | None) -> None:
    assert language_meant(said) == language


@given(any_text, any_text)
def test_any_two_texts_are_put_together(analyzer: Analyzer, said: str, context: str) -> None:
    refines(said, context)
    both = refined(said, context, ASKED, analyzer.normalise)
    assert both.new in both.text
