"""Cuts that leave every visible character whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.fragments import utf16_units
from bot.rendering.graphemes import boundary_after, boundary_before, end_within, is_boundary, shortened

WHOLE = [
    "e\u0301",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇨🇳",
    "❤\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "ᄒ\u1161\u11ab",
    "क\u094dष\u093f",
    "\r\n",
    "ｶ\uff9e",
]


@pytest.mark.parametrize("character", WHOLE)
def test_what_a_reader_sees_as_one_character_is_never_cut(character: str) -> None:
    assert not any(is_boundary(character, place) for place in range(1, len(character)))


@pytest.mark.parametrize("character", WHOLE)
def test_between_such_characters_there_is_a_cut(character: str) -> None:
    text = f"中{character}中"
    assert is_boundary(text, 1)
    assert is_boundary(text, 1 + len(character))


def test_flags_are_cut_two_by_two() -> None:
    text = "🇨🇳🇺🇸🇫🇷"
    assert [place for place in range(len(text) + 1) if is_boundary(text, place)] == [0, 2, 4, 6]


def test_plain_chinese_and_english_can_be_cut_anywhere() -> None:
    text = "生物城 City, 한국"
    assert all(is_boundary(text, place) for place in range(len(text) + 1))


def test_the_next_cut_before_and_after() -> None:
    text = "a👨\u200d👩\u200d👧b"
    assert boundary_before(text, 3) == 1
    assert boundary_after(text, 3) == 6


@given(st.lists(st.sampled_from([*WHOLE, "中", "a", " "])).map("".join), st.integers(1, 20))
def test_an_end_fits_and_is_a_boundary(text: str, units: int) -> None:
    end = end_within(text, 0, len(text), units)
    assert utf16_units(text[:end]) <= units
    longest = max(map(utf16_units, WHOLE))
    assert is_boundary(text, end) or units < longest


def test_a_pile_of_marks_longer_than_a_message_is_cut_all_the_same() -> None:
    pile = "e" + "\u0301" * 5000
    assert end_within(pile, 0, len(pile), 100) == 100


def test_shortening_says_that_it_shortened() -> None:
    assert shortened("生物城", 3) == "生物城"
    assert shortened("国际生物城", 4) == "国际生…"
    assert shortened("abc  defg", 6) == "abc…"
    assert shortened("ab👨\u200d👩\u200d👧", 9) == "ab…"
