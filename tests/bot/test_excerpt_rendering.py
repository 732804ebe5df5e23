"""An excerpt as a block quote: verbatim, with bold matches, cut visibly or not at all."""

import pytest

from bot.local.entities import utf16_length, utf16_slice
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues
from bot.rendering.excerpt import excerpt_fragment
from retrieval.answer import Excerpt
from tests.bot.answer_builders import build_excerpt

ZH = Catalogues.load().words["zh"]
CITED = "\nXin Hua Cai Jing · 2025-12-16 08:35 · 重庆国际生物城创新药产业生态圈建设驶入“快车道”"


def quoted(excerpt: Excerpt, units: int = 1500) -> tuple[str, str, str]:
    """The text before the quote, in it, and between it and the citation."""
    parsed = parse_html(excerpt_fragment(excerpt, ZH, 50, units).html)
    (block,) = [entity for entity in parsed.entities if entity.type == "blockquote"]
    before = utf16_slice(parsed.text, 0, block.offset)
    after = utf16_slice(parsed.text, block.end, utf16_length(parsed.text))
    assert after.endswith(CITED)
    return before, utf16_slice(parsed.text, block.offset, block.end), after.removesuffix(CITED)


def test_matches_are_bold_and_the_citation_follows() -> None:
    fragment = excerpt_fragment(build_excerpt("[GR1803]授权金额为[7.12亿美元]。"), ZH, 50)
    assert fragment.html == (
        "<blockquote><b>GR1803</b>授权金额为<b>7.12亿美元</b>。</blockquote>" + CITED.replace("“", "“")
    )


def test_only_the_excerpt_is_shown_of_a_passage() -> None:
    excerpt = build_excerpt("第二句[有]它。", around=("第一句。", "第三句。"))
    assert quoted(excerpt) == ("", "第二句有它。", "")


def test_neighbouring_matches_are_one_stretch() -> None:
    fragment = excerpt_fragment(build_excerpt("[overseas] [licensing] deal, [GR][1803]"), ZH, 50)
    assert "<b>overseas licensing</b> deal, <b>GR1803</b>" in fragment.html


def test_matches_beyond_the_allowance_stay_plain() -> None:
    fragment = excerpt_fragment(build_excerpt("[一]、[二]、[三]"), ZH, 2)
    assert "<b>一</b>、<b>二</b>、三" in fragment.html


def test_blanks_at_its_ends_are_not_shown() -> None:
    assert quoted(build_excerpt(" \n　[有]它。 \n")) == ("", "有它。", "")


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "\u202eabc", "e\u0301😀\u200d", "a\r\nb\tc", "x\u00a0y"])
def test_every_character_inside_is_the_sources(text: str) -> None:
    assert quoted(build_excerpt(f"始{text}[终]")) == ("", f"始{text}终", "")


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


def test_a_cut_never_halves_an_emoji() -> None:
    family = "👨\u200d👩\u200d👧"
    _, shown, _ = quoted(build_excerpt(f"[{family * 50}]"), units=100)
    assert shown == family * (100 // utf16_length(family))
