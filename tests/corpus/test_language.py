from __future__ import annotations

import pytest

from corpus.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("纸鹤生物今日宣布PC-301获批", "zh"),
        ("The drug was approved on Monday.", "en"),
        ("重庆国际生物城 The city has 100 innovative drugs under research, with 42 in trials", "en"),
        ("PC-301 启动三期临床，Papercrane 与 Lanternfish Therapeutics 合作开发，首付款已经到账", "zh"),
        ("創新藥指數上半年升兩成", "zh"),
        ("", "en"),
        ("12,345.67 %", "en"),
        ("𠀀𠀁𠀂", "zh"),
    ],
)
def test_the_language_is_the_one_most_of_the_text_is_in(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_long_text_is_judged_by_its_beginning() -> None:
    assert language_of("中" * 2000 + " word" * 100_000) == "zh"
