"""Pieces of Telegram HTML, held against the local server's parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.entities import utf16_length
from bot.local.markup import parse_html
from bot.rendering.fragments import (
    MAX_ENTITIES,
    MAX_UNITS,
    Fragment,
    bold,
    joined,
    link,
    plain,
    quote,
    utf16_units,
)

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(ANY_TEXT)
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    assert parse_html(plain(text).html).text == text


@given(ANY_TEXT)
def test_its_length_is_counted_as_telegram_does(text: str) -> None:
    assert plain(text).units == utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(ANY_TEXT.filter(bool), ANY_TEXT.filter(bool))
def test_wrapping_costs_an_entity_and_no_text(text: str, other: str) -> None:
    fragment = quote(plain(text) + bold(plain(other)))
    parsed = parse_html(fragment.html)
    assert parsed.text == text + other
    assert fragment.entities == len(parsed.entities) == 2
    assert {entity.type for entity in parsed.entities} == {"bold", "blockquote"}


def test_a_link_keeps_an_address_with_quotes_and_ampersands() -> None:
    fragment = link(plain("标题"), "https://news.example/?a=1&b=it's")
    (entity,) = parse_html(fragment.html).entities
    assert entity.url == "https://news.example/?a=1&b=it's"


def test_nothing_around_nothing() -> None:
    assert bold(plain("")) == quote(plain("")) == link(plain(""), "https://news.example") == Fragment()


def test_joining_leaves_out_what_is_empty() -> None:
    assert joined(" · ", [Fragment(), plain("a"), Fragment(), plain("b"), Fragment()]).html == "a · b"
    assert not joined("\n", [])


@pytest.mark.parametrize("character", ["\ud83d", "\0"])
def test_what_telegram_never_takes_is_replaced(character: str) -> None:
    assert plain(f"a{character}b").html == "a\ufffdb"


def test_astral_characters_count_twice() -> None:
    assert utf16_units("a😀") == 3


@pytest.mark.parametrize(
    ("units", "entities", "fits"),
    [(MAX_UNITS, MAX_ENTITIES, True), (MAX_UNITS + 1, 0, False), (1, MAX_ENTITIES + 1, False)],
)
def test_what_fits_in_one_message(units: int, entities: int, fits: bool) -> None:
    assert Fragment("x", units, entities).fits is fits
