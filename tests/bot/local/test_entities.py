"""What Telegram keeps of a text and its entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.detection import with_found
from bot.local.entities import MAX_ENTITIES, Entity, Formatted, settled, utf16_length, utf16_slice


def kept(text: str, *entities: Entity) -> Formatted:
    return settled(Formatted(text, entities))


def test_white_space_at_both_ends_goes_and_offsets_follow() -> None:
    assert kept("\n  ab \n", Entity("bold", 3, 4)) == Formatted("ab", (Entity("bold", 0, 2),))


def test_white_space_inside_an_entity_at_the_beginning_stays() -> None:
    assert kept("  ab", Entity("code", 0, 4)) == Formatted("  ab", (Entity("code", 0, 4),))


def test_control_characters_become_spaces_and_carriage_returns_go() -> None:
    assert kept("a\tb\r\nc\u202ed", Entity("bold", 5, 3)) == Formatted("a b\ncd", (Entity("bold", 4, 2),))


def test_an_entity_over_white_space_goes() -> None:
    assert kept("a b", Entity("bold", 1, 1)).entities == ()


def test_an_entity_beyond_the_text_goes() -> None:
    assert kept("ab", Entity("bold", 1, 5)).entities == ()


def test_touching_entities_of_a_kind_are_one() -> None:
    assert kept("abcd", Entity("bold", 0, 2), Entity("bold", 2, 2)).entities == (Entity("bold", 0, 4),)


def test_nothing_is_nested_in_code() -> None:
    found = kept("abcdef", Entity("bold", 0, 6), Entity("code", 2, 2))
    assert found.entities == (Entity("bold", 0, 2), Entity("code", 2, 2), Entity("bold", 4, 2))


def test_a_link_inside_code_goes() -> None:
    found = kept("abcdef", Entity("code", 0, 6), Entity("text_link", 2, 2, url="http://example.com/"))
    assert found.entities == (Entity("code", 0, 6),)


def test_a_link_inside_a_link_goes() -> None:
    outer = Entity("text_link", 0, 6, url="http://example.com/")
    assert kept("abcdef", outer, Entity("text_link", 1, 2, url="http://example.org/")).entities == (outer,)


def test_bold_that_crosses_a_quote_is_cut_at_its_edge() -> None:
    found = kept("abcdef", Entity("blockquote", 2, 4), Entity("bold", 0, 4))
    assert found.entities == (Entity("bold", 0, 2), Entity("blockquote", 2, 4), Entity("bold", 2, 2))


def test_what_is_left_of_bold_beside_code_is_cut_at_the_quote_too() -> None:
    found = kept("abc", Entity("bold", 0, 3), Entity("blockquote", 1, 2), Entity("code", 2, 1))
    assert [entity for entity in found.entities if entity.type == "bold"] == [
        Entity("bold", 0, 1),
        Entity("bold", 1, 1),
    ]


def test_after_a_hundred_entities_bold_is_dropped_before_links() -> None:
    bold = [Entity("bold", 4 * at, 1) for at in range(80)]
    links = [Entity("text_link", 4 * at + 2, 1, url="http://example.com/") for at in range(30)]
    found = kept("a b " * 80, *bold, *links).entities
    assert len(found) == MAX_ENTITIES
    assert sum(entity.type == "text_link" for entity in found) == 30
    assert [entity for entity in found if entity.type == "bold"] == bold[:70]


@given(
    st.text(st.sampled_from("ab \n\t\r中😀"), max_size=20),
    st.lists(
        st.tuples(
            st.sampled_from(["bold", "italic", "code", "pre", "blockquote", "text_link"]),
            st.integers(0, 24),
            st.integers(0, 24),
        ),
        max_size=8,
    ),
)
def test_settling_is_settled(text: str, given_entities: list[tuple[str, int, int]]) -> None:
    entities = tuple(Entity(kind, offset, length) for kind, offset, length in given_entities)
    once = settled(Formatted(text, entities))
    assert settled(once) == once
    total = utf16_length(once.text)
    assert all(0 <= e.offset < e.end <= total for e in once.entities)


def test_a_slice_by_utf16_offsets() -> None:
    assert utf16_slice("a😀b", 1, 4) == "😀b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/ask@wenxun_local_bot 新药", [("bot_command", "/ask@wenxun_local_bot")]),
        ("看 /help。", [("bot_command", "/help")]),
        ("1/2 and/or http://x", []),
        ("@wenxun_local_bot 你好", [("mention", "@wenxun_local_bot")]),
        ("写信给 a.b@example.com", [("email", "a.b@example.com")]),
        (
            "见 https://example.com/a?b=1，以及 example.org.",
            [("url", "https://example.com/a?b=1"), ("url", "example.org")],
        ),
        ("#新药 #1 a#b", [("hashtag", "#新药")]),
        ("😀 /start", [("bot_command", "/start")]),
    ],
)
def test_what_telegram_finds_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    entities = with_found(Formatted(text)).entities
    assert [(e.type, utf16_slice(text, e.offset, e.end)) for e in entities] == found


def test_nothing_is_found_inside_a_link_or_code() -> None:
    given_text = Formatted(
        "/start @someone", (Entity("code", 0, 6), Entity("text_link", 7, 8, url="http://example.com/"))
    )
    assert with_found(given_text) == given_text
