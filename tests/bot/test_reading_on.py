"""Reading around an excerpt and through its document: verbatim, with buttons that lead on and back."""

from dataclasses import replace

from bot.local.entities import utf16_slice
from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.dates import View
from bot.rendering.document_page import render_document_page
from bot.rendering.message import Message
from bot.rendering.passage import AROUND_UNITS, render_passage
from retrieval.answer import Excerpt, Span
from tests.bot.answer_builders import ASKED, build_citation, build_excerpt
from tests.builders import ZONE, build_document, build_passage

EN = Words("en", {})
VIEW = View(ASKED, ZONE)
KEY = "Zk3vQ9xT0b"
PLACE = (KEY, 4, 3)
TEXTS = ("第一段。", "第二段的金额是7亿。", "第三段。", "第四段。", "第五段。")
DOCUMENT = build_document(passages=[build_passage(text, ordinal=n) for n, text in enumerate(TEXTS)])


def excerpt_of(ordinal: int, words: str) -> Excerpt:
    passage = DOCUMENT.passages[ordinal]
    start = passage.text.index(words)
    return replace(build_excerpt(), passage=passage, span=Span(start, start + len(words)), matches=())


EXCERPT = excerpt_of(1, "金额是7亿。")


def quoted(message: Message) -> list[str]:
    formatted = parse_html(message.html)
    return [
        utf16_slice(formatted.text, entity.offset, entity.end)
        for entity in formatted.entities
        if entity.type == "blockquote"
    ]


def labels(message: Message) -> dict[str, str | None]:
    return {button.label: button.data for row in message.keyboard for button in row}


def test_a_passage_stands_between_its_neighbours_with_the_excerpt_bold() -> None:
    message = render_passage(DOCUMENT, EXCERPT, None, PLACE, EN, VIEW)
    assert quoted(message) == list(TEXTS[:3])
    assert "第二段的<b>金额是7亿。</b>" in message.html
    assert labels(message) == {
        "After ▶": f"a:{KEY}:4:3:3",
        "📄 Whole document": f"p:{KEY}:4:3",
        "↩ Back to the answer": f"b:{KEY}:3",
    }


def test_reading_on_goes_where_the_button_says() -> None:
    message = render_passage(DOCUMENT, EXCERPT, 3, PLACE, EN, VIEW)
    assert quoted(message) == list(TEXTS[2:])
    assert labels(message)["◀ Before"] == f"a:{KEY}:4:3:1"
    assert "After ▶" not in labels(message)


def test_a_place_beyond_the_document_is_its_end() -> None:
    assert quoted(render_passage(DOCUMENT, EXCERPT, 1000, PLACE, EN, VIEW)) == list(TEXTS[3:])


def test_neighbours_that_do_not_fit_are_left_for_the_buttons() -> None:
    texts = ("前" * 200, "中" * 900, "后" * 950)
    document = build_document(passages=[build_passage(text, ordinal=n) for n, text in enumerate(texts)])
    excerpt = replace(EXCERPT, passage=document.passages[1], span=Span(0, 5))
    message = render_passage(document, excerpt, None, PLACE, EN, VIEW)
    assert quoted(message) == [texts[0], texts[1]]
    assert labels(message)["After ▶"] == f"a:{KEY}:4:3:2"


def test_a_passage_that_is_too_long_is_cut_around_the_excerpt() -> None:
    text = "无关的话。" * 1000 + "答案在这里。" + "后面的话。" * 1000
    document = build_document(passages=[build_passage(text)])
    start = text.index("答案")
    excerpt = replace(EXCERPT, passage=document.passages[0], span=Span(start, start + 6))
    message = render_passage(document, excerpt, None, PLACE, EN, VIEW)
    (shown,) = quoted(message)
    assert len(shown) <= AROUND_UNITS
    assert "<b>答案在这里。</b>" in message.html
    assert f"…\n<blockquote>{shown[:0]}" in message.html
    assert "</blockquote>\n…" in message.html


def test_a_document_without_passages_is_only_its_heading() -> None:
    empty = build_document(passages=())
    assert quoted(render_passage(empty, EXCERPT, None, PLACE, EN, VIEW)) == []
    assert "There is no text." in render_document_page(empty, EXCERPT, None, PLACE, EN, VIEW).html


def test_a_document_is_headed_by_its_citation_and_shown_whole() -> None:
    excerpt = replace(EXCERPT, citation=build_citation("出海", url="https://news.example/1"))
    message = render_document_page(DOCUMENT, excerpt, None, PLACE, EN, VIEW)
    assert '<a href="https://news.example/1">出海</a>' in message.html.partition("\n")[0]
    assert quoted(message) == list(TEXTS)
    assert "<b>金额是7亿。</b>" in message.html
    assert "Page" not in message.html
    assert labels(message) == {"↩ Back to the answer": f"b:{KEY}:3"}


def test_sections_are_named_where_they_begin() -> None:
    passages = [
        build_passage(f"{n}。", ordinal=n, section=section)
        for n, section in enumerate(("甲", "甲", "乙", None))
    ]
    html = render_document_page(build_document(passages=passages), EXCERPT, None, PLACE, EN, VIEW).html
    assert html.endswith(
        "<b>甲</b>\n<blockquote>0。</blockquote>\n\n<blockquote>1。</blockquote>\n\n"
        "<b>乙</b>\n<blockquote>2。</blockquote>\n\n<blockquote>3。</blockquote>"
    )


def test_a_heading_that_stands_in_the_text_is_not_repeated_above_it() -> None:
    passages = [
        build_passage(text, ordinal=n, section="乙") for n, text in enumerate(("0。", "乙\n1。"), start=1)
    ]
    document = build_document(passages=[build_passage("乙\n0。", ordinal=0, section="乙"), *passages])
    html = render_document_page(document, EXCERPT, None, PLACE, EN, VIEW).html
    assert "<b>乙</b>" not in html
    assert html.count("乙") == 2


def test_a_long_document_opens_on_the_page_of_the_excerpt() -> None:
    passages = [build_passage(f"{n}" + "字" * 2000, ordinal=n, section="同一节") for n in range(4)]
    document = build_document(passages=passages)
    excerpt = replace(EXCERPT, passage=passages[2], span=Span(0, 5))
    message = render_document_page(document, excerpt, None, PLACE, EN, VIEW)
    assert "\nPage 3 of 4\n" in message.html
    assert "同一节" not in message.html
    assert labels(message)["◀ Page before"] == f"p:{KEY}:4:3:1"
    assert labels(message)["Next page ▶"] == f"p:{KEY}:4:3:3"
    last = render_document_page(document, excerpt, 99, PLACE, EN, VIEW)
    assert "\nPage 4 of 4\n" in last.html
    assert "Next page ▶" not in labels(last)
