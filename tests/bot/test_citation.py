"""The line below an excerpt: source, date, title."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.entities import utf16_length
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues
from bot.rendering.citation import SOURCE_UNITS, TITLE_UNITS, cited, date_of, is_web_address, one_line
from tests.bot.answer_builders import build_citation
from tests.builders import build_published

CATALOGUES = Catalogues.load()
ZH, EN = CATALOGUES.words["zh"], CATALOGUES.words["en"]


def test_source_date_and_linked_title() -> None:
    citation = build_citation("授权", source="虚构财经", published="2025-05-20", url="https://news.example/1")
    assert cited(citation, ZH).html == '虚构财经 · 2025-05-20 · <a href="https://news.example/1">授权</a>'


def test_what_is_missing_is_said_to_be_missing() -> None:
    nothing = build_citation(None, source=None, published=None)
    assert cited(nothing, ZH).html == "来源未注明 · 日期未注明 · 无标题"
    assert cited(nothing, EN).html == "no source given · no date given · untitled"


def test_a_blank_title_counts_as_missing() -> None:
    assert (
        cited(build_citation(" \n\u202e", source="\t"), EN).html
        == "no source given · 2025-12-16 08:35 · untitled"
    )


def test_an_untitled_document_with_an_address_is_still_linked() -> None:
    assert (
        '<a href="https://news.example/1">untitled</a>'
        in cited(build_citation(None, url="https://news.example/1"), EN).html
    )


@pytest.mark.parametrize("date", ["2025", "2025-12", "2025-12-16", "2025-12-16 08:35", "2025-12-16 08:35:07"])
def test_a_date_is_shown_no_more_exactly_than_it_is_known(date: str) -> None:
    assert date_of(build_published(date), ZH).html == date


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://news.example/a?b=c&d=e#f", True),
        ("http://news.example", True),
        ("https://新闻.example/标题", True),
        ("ftp://news.example/a", False),
        ("javascript:alert(1)", False),
        ("tg://user?id=1", False),
        ("news.example/a", False),
        ("https://", False),
        ("https://news.example/a b", False),
        ('https://news.example/"onclick', False),
        ("https://[::1", False),
        ("https://news.example/" + "a" * 2000, False),
    ],
)
def test_only_an_address_on_the_web_becomes_a_link(url: str, is_one: bool) -> None:
    assert is_web_address(url) is is_one


def test_html_in_a_title_is_text() -> None:
    line = cited(build_citation("<b>& </a><script>", source="<i>"), EN)
    parsed = parse_html(line.html)
    assert parsed.text == "<i> · 2025-12-16 08:35 · <b>& </a><script>"
    assert not parsed.entities


def test_a_long_title_is_cut_and_says_so() -> None:
    line = one_line("长" * 400, TITLE_UNITS)
    assert line == "长" * 299 + "…"


def test_line_breaks_become_spaces() -> None:
    assert one_line("一\r\n二\u2028三\x00四", 50) == "一 二 三 四"


def test_writing_from_right_to_left_is_isolated_and_controls_are_taken_out() -> None:
    assert one_line("\u202eGR1803\u2069", 50) == "GR1803"
    assert one_line("خبر GR1803", 50) == "\u2068خبر GR1803\u2069"


HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("<>&\"'\n\r\t\u202a\u202e\u2066\u2069\u200fא\u0627é😀\u200d\u0301"),
    )
)


@given(HOSTILE, HOSTILE)
def test_nothing_in_it_reaches_beyond_its_line(title: str, source: str) -> None:
    line = cited(build_citation(title, source=source), EN)
    text = parse_html(line.html).text
    assert "\n" not in text
    assert utf16_length(text) == line.units <= SOURCE_UNITS + TITLE_UNITS + 30
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        assert kind not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI"}
        depth += {"FSI": 1, "PDI": -1}.get(kind, 0)
        assert depth in {0, 1}
    assert depth == 0
