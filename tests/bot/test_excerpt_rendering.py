"""An excerpt as a block quote: verbatim, with bold matches, cut visibly or not at all."""

from dataclasses import replace

import pytest

from bot.local.entities import utf16_length, utf16_slice
from bot.local.markup import parse_html
from bot.rendering.excerpt import quotation
from retrieval.answer import Excerpt, Span
from tests.bot.answer_builders import build_excerpt


def quoted(excerpt: Excerpt, units: int = 1500) -> tuple[str, str, str]:
    """The text before the quote, in it, and after it."""
    parsed = parse_html(quotation(excerpt, 50, units).fragment.html)
    (block,) = [entity for entity in parsed.entities if entity.type == "blockquote"]
    before = utf16_slice(parsed.text, 0, block.offset)
    after = utf16_slice(parsed.text, block.end, utf16_length(parsed.text))
    return before, utf16_slice(parsed.text, block.offset, block.end), after


def test_matches_are_bold() -> None:
    fragment = quotation(build_excerpt("[GR1803]授权金额为[7.12亿美元]。"), 50).fragment
    assert fragment.html == "<blockquote><b>GR1803</b>授权金额为<b>7.12亿美元</b>。</blockquote>"


def test_the_answer_is_underlined_even_across_matches() -> None:
    excerpt = build_excerpt("首付款为[7.12]亿[美元]。")
    marked = replace(excerpt, answer=Span(5, 11))
    assert "<b>7</b><u><b>.12</b>亿<b>美元</b></u>。" in quotation(marked, 50).fragment.html
    assert "<u>" not in quotation(excerpt, 50).fragment.html


def test_only_the_excerpt_is_shown_of_a_passage() -> None:
    excerpt = build_excerpt("第二句[有]它。", around=("第一句。", "第三句。"))
    assert quoted(excerpt) == ("", "第二句有它。", "")


def test_neighbouring_matches_are_one_stretch() -> None:
    fragment = quotation(build_excerpt("[overseas] [licensing] deal, [GR][1803]"), 50).fragment
    assert "<b>overseas licensing</b> deal, <b>GR1803</b>" in fragment.html


def test_matches_beyond_the_allowance_stay_plain() -> None:
    fragment = quotation(build_excerpt("[一]、[二]、[三]"), 2).fragment
    assert "<b>一</b>、<b>二</b>、三" in fragment.html


def test_blanks_at_its_ends_are_not_shown() -> None:
    assert quoted(build_excerpt(" \n　[有]它。 \n")) == ("", "有它。", "")


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "\u202eabc", "e\u0301😀\u200d", "a\r\nb\tc", "x\u00a0y"])
def test_every_character_inside_is_the_sources(text: str) -> None:
    assert quoted(build_excerpt(f"始{text}[终]")) == ("", f"始{text}终", "")


def test_a_cut_shows_the_certain_answer_before_the_first_match() -> None:
    excerpt = build_excerpt("[授权]的消息。" + "这一句与问题无关。" * 30 + "首付款为七亿。")
    start = excerpt.passage.text.index("七亿")
    before, shown, after = quoted(replace(excerpt, answer=Span(start, start + 2)), units=60)
    assert (before, after) == ("…\n", "")
    assert shown == "首付款为七亿。"


def test_what_of_the_passage_is_shown_is_told() -> None:
    assert quotation(build_excerpt(" [有]它。 ", around=("第一句。", "第三句。")), 5).span == Span(5, 8)


def test_a_long_one_is_cut_at_a_sentence_and_says_so_outside_the_quote() -> None:
    sentences = [f"第{number}句说的是创新药的[授权]。" for number in range(10, 30)]
    before, shown, after = quoted(build_excerpt("".join(sentences)), units=100)
    assert (before, after) == ("", "\n…")
    assert shown.endswith("授权。")
    assert "".join(sentences).replace("[", "").replace("]", "").startswith(shown)
    assert 80 < utf16_length(shown) <= 100


def test_the_first_match_is_seen_wherever_it_stands() -> None:
    lead = "这一句与问题无关。" * 30
    before, shown, after = quoted(build_excerpt(f"{lead}答案是[7.12亿美元]。" + "后面还有。" * 30), units=60)
    assert before == after.strip("\n") + "\n" == "…\n"
    assert shown.startswith("答案是7.12亿美元。")


def test_a_sentence_that_never_ends_is_cut_around_the_match() -> None:
    text = "药" * 2000 + "[答案]" + "药" * 2000
    before, shown, after = quoted(build_excerpt(text), units=200)
    assert (before, after) == ("…\n", "\n…")
    assert shown == "药" * 50 + "答案" + "药" * 148


def test_a_cut_falls_between_words_when_one_ends_near() -> None:
    words = "licensing " * 60
    _, shown, _ = quoted(build_excerpt(f"[{words}]"), units=105)
    assert shown == ("licensing " * 10).rstrip()


def test_a_cut_before_falls_between_words_too() -> None:
    _, shown, _ = quoted(build_excerpt("licensing " * 60 + "[deal] " + "licensing " * 60), units=60)
    assert shown == "licensing deal licensing licensing licensing licensing"


def test_a_mark_stays_with_the_full_stop_that_it_stands_on() -> None:
    text = "第一句在这里。第二句[在]这里。\u0301第三句在这里。"
    _, shown, after = quoted(build_excerpt(text), units=16)
    assert (shown, after) == ("第一句在这里。", "\n…")
    before, shown, _ = quoted(build_excerpt("无关。\u0301" * 9 + "有[关]。"), units=4)
    assert (before, shown) == ("…\n", "有关。")


def test_a_cut_never_halves_an_emoji() -> None:
    family = "👨\u200d👩\u200d👧"
    _, shown, _ = quoted(build_excerpt(f"[{family * 50}]"), units=100)
    assert shown == family * (100 // utf16_length(family))
