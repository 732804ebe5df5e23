"""Telegram's HTML: what it means, and how it is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity
from telegram.constants import MessageEntityType

from bot.local.entities import Entity, Formatted, settled, utf16_length
from bot.local.markup import parse_html
from bot.local.refusals import Refusal


def entities(source: str) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in parse_html(source).entities]


NOT_UNICODE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


def refusal(source: str) -> str:
    with pytest.raises(Refusal) as caught:
        parse_html(source)
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_has_its_kind(tag: str, kind: str) -> None:
    assert entities(f"a<{tag}>bc</{tag}>d") == [(kind, 1, 2)]


def test_tags_with_attributes() -> None:
    parsed = parse_html(
        '<span class="tg-spoiler">x</span><a href="https://example.com/?a=1&amp;b=2">y</a>'
        '<pre><code class="language-python">z</code></pre><blockquote expandable>q</blockquote>'
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'
    )
    assert parsed.text == "xyzq👍"
    assert parsed.entities == (
        Entity("spoiler", 0, 1),
        Entity("text_link", 1, 1, url="https://example.com/?a=1&b=2"),
        Entity("pre", 2, 1, language="python"),
        Entity("expandable_blockquote", 3, 1),
        Entity("custom_emoji", 4, 2, custom_emoji_id="5368324170671202286"),
    )


def test_a_link_without_address_links_to_its_text() -> None:
    assert parse_html("<a>example.com</a>").entities[0].url == "http://example.com/"


def test_a_link_to_a_user_is_a_mention() -> None:
    assert parse_html('<a href="tg://user?id=1001">x</a>').entities == (
        Entity("text_mention", 0, 1, user_id=1001),
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "localhost", "", "http://"])
def test_an_unfit_address_makes_no_link(address: str) -> None:
    assert parse_html(f'<a href="{address}">x y</a>') == Formatted("x y")


def test_offsets_count_utf16_units() -> None:
    assert entities("😀<b>字😀</b>") == [("bold", 2, 3)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#20013;&#x6587;", "中文"),
        ("&amp;lt;", "&lt;"),
        ("&nbsp;&copy; & &; a&b", "&nbsp;&copy; & &; a&b"),  # only four names are known
        ("&lt b", "< b"),  # Telegram does not insist on the semicolon
        ("&#0;", "&#0;"),
        ("&#xFFFFFFFFFF;", "&#xFFFFFFFFFF;"),
        ("a > b", "a > b"),
        ("'x'", "'x'"),
    ],
)
def test_character_references(source: str, text: str) -> None:
    assert parse_html(source).text == text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a<x>b</x>", 'Unsupported start tag "x" at byte offset 1'),
        ("字<路径>", 'Unsupported start tag "路径" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("x<", "Unclosed start tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "Nested blockquote at byte offset 13"),
        ("&#xD83D;", NOT_UNICODE),
    ],
)
def test_refusals(source: str, reason: str) -> None:
    assert refusal(source) == reason


def test_a_null_byte_is_refused() -> None:
    with pytest.raises(Refusal, match="text must not contain null bytes"):
        parse_html("a\0b")


def test_an_end_tag_without_name_ends_the_last_tag() -> None:
    assert entities("<b>x</>") == [("bold", 0, 1)]


def test_much_markup_takes_no_more_than_its_share() -> None:
    """With work that grows with the square of the source, this would take minutes."""
    tags = 20_000
    assert len(settled(parse_html("<b>x</b> " * tags)).entities) == 100
    assert settled(parse_html("<code>" * tags + "x" + "</code>" * tags)).entities == (Entity("code", 0, 1),)
    assert refusal("<a " + 'href="x" ' * tags) == "Unclosed start tag at byte offset 0"


def test_an_empty_tag_leaves_nothing() -> None:
    assert parse_html("a<b></b>c") == Formatted("ac")


# A text with entities, as HTML by python-telegram-bot's own hand, and back.

KINDS = ["bold", "italic", "underline", "strikethrough", "spoiler"]
TEXT = st.text(st.sampled_from("ab <&>\"'中文，😀\n"), min_size=1, max_size=30)


@st.composite
def formatted(draw: st.DrawFn) -> Formatted:
    """A quote or a link at the outside, kinds of emphasis nested inside; nothing crosses."""
    text = draw(TEXT)
    edges = [utf16_length(text[:at]) for at in range(len(text) + 1)]
    made = []
    low, high = 0, len(text)
    outer = draw(st.sampled_from([None, "blockquote", "expandable_blockquote", "text_link", "code"]))
    kinds = draw(st.permutations(KINDS)) if outer != "code" else []
    for kind in [outer, *kinds[: draw(st.integers(0, 3))]]:
        if kind is None:
            continue
        low = draw(st.integers(low, high - 1)) if low < high else low
        high = draw(st.integers(low + 1, high)) if low < high else high
        if low < high:
            url = "https://example.com/a?b=1&c=2" if kind == "text_link" else None
            made.append(Entity(kind, edges[low], edges[high] - edges[low], url=url))
    return settled(Formatted(text, tuple(made)))


@given(formatted())
def test_html_and_entities_say_the_same(given_text: Formatted) -> None:
    message = Message(
        1,
        date=None,  # type: ignore[arg-type] # not looked at
        chat=Chat(1, "private"),
        text=given_text.text,
        entities=[
            MessageEntity(MessageEntityType(e.type), e.offset, e.length, url=e.url)
            for e in given_text.entities
        ],
    )
    assert settled(parse_html(message.text_html if given_text.text else "")) == given_text


@given(st.text(st.sampled_from("<>/=\"'&;#xab b中😀"), max_size=40))
def test_any_source_is_parsed_or_refused(source: str) -> None:
    total = -1
    with contextlib.suppress(Refusal):
        parsed = parse_html(source)
        total = utf16_length(parsed.text)
        assert all(e.offset >= 0 and e.length > 0 and e.end <= total for e in parsed.entities)
    assert total <= utf16_length(source)
