"""The card: the answer first, excerpts before paragraphs, and kind words where there is nothing."""

from dataclasses import replace

import pytest

from bot.inquiry import Inquiry
from bot.local.entities import Formatted, utf16_slice
from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.card import FIRST_UNITS, FURTHER_UNITS, render_card
from bot.rendering.card_buttons import Shown, mark_of
from bot.rendering.dates import View
from bot.rendering.message import Message
from retrieval.answer import Answer, Span, Verdict
from retrieval.scope import Scope
from retrieval.suggestions import Suggestion
from tests.bot.answer_builders import ASKED, build_answer, build_citation, build_excerpt
from tests.builders import ZONE

EN = Words("en", {})
VIEW = View(ASKED, ZONE)
SHOWN = Shown("Zk3vQ9xT0b", Inquiry("授权金额是多少", ASKED))


def card(answer: Answer, shown: Shown = SHOWN) -> Message:
    return render_card(answer, shown, EN, VIEW)


def quoted(message: Message, kind: str = "blockquote") -> list[str]:
    formatted = parse_html(message.html)
    return [slice_of(formatted, e.offset, e.end) for e in formatted.entities if e.type == kind]


def slice_of(formatted: Formatted, start: int, end: int) -> str:
    return utf16_slice(formatted.text, start, end)


def test_the_answer_stands_in_the_first_line() -> None:
    message = card(build_answer([build_excerpt("首付款为[7.12]亿美元。")]))
    assert message.html.startswith("<blockquote>首付款为<b>7.12</b>亿美元。</blockquote>\n")


def test_an_excerpt_that_stands_alone_has_no_number() -> None:
    alone = card(build_answer([build_excerpt()]))
    assert "\nXin Hua Cai Jing · " in alone.html
    one_of_two = card(build_answer([build_excerpt()], total=2))
    assert "\n1. Xin Hua Cai Jing · " in one_of_two.html


def test_numbers_go_on_over_pages() -> None:
    message = card(build_answer([build_excerpt(), build_excerpt("另一条")], total=9, offset=3))
    assert "\n4. " in message.html
    assert "\n5. " in message.html


def test_further_excerpts_are_short_and_show_their_match() -> None:
    long = build_excerpt("这一句与问题无关。" * 100 + "[答案]在这里。" + "后面还有很多。" * 300)
    first, second = quoted(card(build_answer([long, replace(long, citation=build_citation("另一篇"))])))
    assert FURTHER_UNITS < len(first) <= FIRST_UNITS
    assert len(second) <= FURTHER_UNITS
    assert "答案在这里。" in first
    assert "答案在这里。" in second


def test_an_excerpt_that_is_cut_shows_its_certain_answer() -> None:
    long = build_excerpt("[授权]的消息。" + "这一句与问题无关。" * 200 + "首付款为七亿。")
    start = long.passage.text.index("七亿")
    (shown,) = quoted(card(build_answer([replace(long, answer=Span(start, start + 2))])))
    assert shown.endswith("首付款为七亿。")
    assert "<u>七亿</u>" in card(build_answer([replace(long, answer=Span(start, start + 2))])).html


def test_the_whole_paragraph_is_folded_below_all_excerpts() -> None:
    within = build_excerpt("[授权]金额。", around=("前一句。", "后一句。"))
    message = card(build_answer([within, build_excerpt("第二条。")]))
    assert quoted(message) == ["授权金额。", "第二条。"]
    assert quoted(message, "expandable_blockquote") == ["前一句。授权金额。后一句。"]
    assert message.html.index("第二条") < message.html.index("The whole paragraph of 1:")


def test_a_paragraph_that_is_shown_whole_is_not_shown_again() -> None:
    assert quoted(card(build_answer([build_excerpt("[授权]金额。")])), "expandable_blockquote") == []


def test_a_paragraph_of_two_excerpts_is_shown_once() -> None:
    first = build_excerpt("[授权]金额。", around=("", "后一句。"))
    second = replace(first, span=Span(5, 9), matches=())
    assert len(quoted(card(build_answer([first, second])), "expandable_blockquote")) == 1


def test_paragraphs_give_way_to_excerpts() -> None:
    long = build_excerpt("[授权]金额。" * 60, around=("", "后一句。" * 600))
    message = card(build_answer([replace(long, citation=build_citation(f"第{n}篇")) for n in range(5)]))
    assert len(quoted(message)) == 5
    assert quoted(message, "expandable_blockquote") == []


def test_what_does_not_fit_is_the_first_of_the_next_page() -> None:
    long = build_excerpt("[药]" + "长" * 340, build_citation("标" * 300, source="源" * 100))
    crowded = replace(long, also=tuple(build_citation(source=f"{n}" * 40) for n in range(5)))
    message = card(build_answer([crowded] * 8, total=20))
    shown = len(quoted(message))
    assert 1 < shown < 8
    (more,) = [b for row in message.keyboard for b in row if "More results" in b.label]
    assert more.data == f"m:Zk3vQ9xT0b:{shown}"
    assert more.label == f"More results ({20 - shown}) ▶"


def test_bold_goes_to_the_best_excerpt_first() -> None:
    many = build_excerpt("、".join(f"[{number}]" for number in range(80)), build_citation(published="2025"))
    formatted = parse_html(card(build_answer([many, many, many])).html)
    quotes = [entity for entity in formatted.entities if entity.type == "blockquote"]
    bolds = [
        sum(b.type == "bold" and q.offset <= b.offset < q.end for b in formatted.entities) for q in quotes
    ]
    assert bolds == [80, 15, 1]  # two each are kept for the quote and its paragraph


def test_sources_of_one_event_are_counted_the_earliest_first() -> None:
    excerpt = replace(
        build_excerpt("[授权]金额", build_citation(source="甲报", published="2025-12-16")),
        also=(
            build_citation(source="乙报", published="2025-12-14"),
            build_citation(source=None, published=None),
        ),
        reports=(
            build_citation(source="丙报", published="2025-12-15"),
            build_citation(source="乙报", published="2025-12-17"),
        ),
    )
    assert (
        "\n👥 4 sources, the earliest first: "
        "乙报 2025-12-14, 丙报 2025-12-15, 甲报 2025-12-16, no source given"
        in card(build_answer([excerpt])).html
    )


def test_copies_of_one_source_are_one_source() -> None:
    excerpt = build_excerpt("[授权]金额")
    assert "👥" not in card(build_answer([replace(excerpt, also=(excerpt.citation,))])).html


def test_corrections_are_named_below_the_quote() -> None:
    excerpt = build_excerpt("[授权]金额")
    later = replace(excerpt.citation, title="更正启事", source="更正报")
    text = parse_html(card(build_answer([replace(excerpt, corrected_by=later)])).html).text
    assert "\n⚠️ Corrected by: 更正报" in text
    assert "更正启事" in text


def test_what_is_only_related_is_called_so() -> None:
    message = card(
        build_answer([build_excerpt()], verdict=Verdict.RELATED), replace(SHOWN, missing=("GR9999", "GR9998"))
    )
    assert message.html.startswith(
        "I did not find exactly that. This is related:\n"
        "Not in the news at all: GR9999 · GR9998\n\n<blockquote>"
    )


def test_nothing_is_said_with_what_comes_nearest() -> None:
    message = card(build_answer(nearest=[build_citation("最近的一篇")]))
    assert message.html.startswith("I found nothing about this in the news I have.\n\nThe nearest news:\n• ")
    assert "最近的一篇" in message.html


def test_nothing_found_under_assumptions_offers_to_take_them_back() -> None:
    narrow = Inquiry("授权", ASKED, scope=Scope(sources=("新华社",)))
    message = card(build_answer(), replace(SHOWN, inquiry=narrow))
    assert "Press one to take it back." in message.html
    assert message.keyboard[0][0].label == "from: 新华社 ✕"
    assert "take it back" not in card(build_answer()).html


def test_terms_that_the_news_lacks_come_with_the_nearest_it_has() -> None:
    meant = Suggestion("伐木替尼", "法米替尼", "法米替尼的授权")
    message = card(build_answer(), replace(SHOWN, suggestions=(meant,)))
    assert "Not in the news at all: 伐木替尼\n\nDid you mean one of these?" in message.html
    assert message.keyboard[0][0].label == "伐木替尼 → 法米替尼"
    assert message.keyboard[0][0].data == f"n:Zk3vQ9xT0b:0:{mark_of(meant)}"


def test_behind_the_last_page_is_no_more() -> None:
    message = card(build_answer(offset=3, total=3))
    assert message.html == "There are no more results."
    assert message.keyboard[0][0].data == "m:Zk3vQ9xT0b:0"


@pytest.mark.parametrize("verdict", [Verdict.ANSWERED, Verdict.RELATED])
def test_the_question_is_repeated_where_it_is_not_in_the_chat(verdict: Verdict) -> None:
    answer = build_answer([build_excerpt()], verdict=verdict)
    repeated = card(answer, replace(SHOWN, repeat_question=True))
    assert repeated.html.startswith("<b>授权金额是多少</b>\n\n")
    assert "授权金额是多少" not in card(answer).html
