"""Chips say what was assumed, and which of how many they are."""

from datetime import date

import pytest

from bot.inquiry import Chip, ChipKind, Inquiry
from bot.locale.catalogue import Words
from bot.rendering.button_data import parse
from bot.rendering.chips import chip_rows, chip_text, label
from retrieval.scope import Scope
from tests.bot.answer_builders import ASKED

EN = Words("en", {})


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (ChipKind.CONTEXT, "重庆创新药", "following: 重庆创新药"),
        (ChipKind.SOURCE, "新华社", "from: 新华社"),
        (ChipKind.SINCE, "2025-11-01", "since 2025-11"),
        (ChipKind.SINCE, "2025-11-30", "since 2025-11-30"),
        (ChipKind.UNTIL, "2025-11-30", "until 2025-11"),
        (ChipKind.UNTIL, "2025-11-01", "until 2025-11-01"),
        (ChipKind.LANGUAGE, "zh", "only in Chinese"),
        (ChipKind.LANGUAGE, "en", "only in English"),
        (ChipKind.PHRASE, "{value}", "exactly “{value}”"),
        (ChipKind.EXCLUDED, "仿制药", "without: 仿制药"),
        (ChipKind.DOCUMENT, "很长很长很长很长很长很长的标题", "in: 很长很长很长很长很长很长的…"),
    ],
)
def test_a_chip_says_what_was_assumed(kind: ChipKind, value: str, said: str) -> None:
    assert chip_text(Chip(kind, value), EN) == said


def test_the_first_and_last_day_there_is() -> None:
    assert chip_text(Chip(ChipKind.SINCE, date.min.isoformat()), EN) == "since 0001-01"
    assert chip_text(Chip(ChipKind.UNTIL, date.max.isoformat()), EN) == "until 9999-12"


def test_chips_stand_two_a_row_and_tell_how_many_there_are() -> None:
    inquiry = Inquiry("授权", ASKED, scope=Scope(sources=("甲", "乙"), language="en"))
    rows = chip_rows(inquiry, "Zk3vQ9xT0b", EN)
    assert [[button.label for button in row] for row in rows] == [
        ["from: 甲 ✕", "from: 乙 ✕"],
        ["only in English ✕"],
    ]
    pressed = parse(rows[1][0].data or "")
    assert pressed is not None
    assert pressed.places == (2, 3)


def test_no_more_than_three_rows() -> None:
    inquiry = Inquiry("授权", ASKED, scope=Scope(phrases=tuple("甲乙丙丁戊己庚辛")))
    assert [len(row) for row in chip_rows(inquiry, "Zk3vQ9xT0b", EN)] == [2, 2, 2]


def test_a_label_is_never_empty() -> None:
    assert label(" \n\u200f", 10) == "–"
    assert label("a\0\ud83d", 10) == "a\ufffd\ufffd"
