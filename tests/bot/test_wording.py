"""Wording: spacing and punctuation say nothing, figures and letters do."""

from __future__ import annotations

import pytest

from bot.wording import stands_in, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("大桥全长8.6公里，投资47亿元。", "大桥 全长 8.6 公里,\n投资47亿元"),
        ("“通车”——今日", "「通车」今日"),
        ("ＡＢＣ１２", "ABC12"),
        ("1,200人", "1200人"),
        ("2024-2025年", "2024—2025年"),
        ("3~5天", "3～5天"),
        ("COVID-19", "COVID 19"),
        ("2024年-2025年", "2024年—2025年"),
        ("a\u200bb\xa0c", "abc"),
    ],
)
def test_the_same_in_other_punctuation(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("增长1.5倍", "增长15倍"),
        ("增长5%", "增长5"),
        ("增长5%", "增长5‰"),
        ("同比-5%", "同比5%"),
        ("同比\u22125%", "同比5%"),
        ("投资47亿元", "投资48亿元"),
        ("$5", "5"),
    ],
)
def test_another_figure_is_another_wording(one: str, other: str) -> None:
    assert wording(one) != wording(other)


def test_a_text_may_be_cut_into_other_passages() -> None:
    assert stands_in("甲。乙", ["前文。甲", "乙！后文"])
    assert not stands_in("甲。丙", ["前文。甲", "乙！后文"])
