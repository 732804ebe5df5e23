"""Every kind of message about an answer, for the golden files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.inquiry import Inquiry
from bot.rendering.card import render_card
from bot.rendering.card_buttons import Shown
from bot.rendering.dates import View
from bot.rendering.deep_link import Opened, Since, render_expired, render_opened
from bot.rendering.document_page import render_document_page
from bot.rendering.passage import render_passage
from bot.rendering.timeline import render_timeline
from bot.rendering.why import render_why
from retrieval.analyzer import Word
from retrieval.answer import Order, Question, Span, Verdict
from retrieval.concepts import Concept, Variant
from retrieval.dates import question_dates
from retrieval.explanation import Contribution, Explanation
from retrieval.question import Query
from retrieval.scope import Scope
from retrieval.suggestions import Suggestion
from retrieval.timeline import Day, Timeline
from retrieval.weights import Direction
from tests.bot.answer_builders import ASKED, build_answer, build_citation, build_excerpt
from tests.builders import ZONE, build_document, build_passage

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.rendering.message import Message
    from retrieval.answer import Citation, Excerpt

KEY = "Zk3vQ9xT0b"
PLACE = (KEY, 0, 0)
VIEW = View(ASKED, ZONE)
INQUIRY = Inquiry("GR1803 授权金额是多少", ASKED)
SHOWN = Shown(KEY, INQUIRY, username="wenxun_bot")
ASSUMED = Inquiry(
    "那临床阶段的呢？",
    ASKED,
    context="重庆有哪些创新药",
    scope=Scope(
        sources=("新华社",),
        since=date(2025, 11, 1),
        until=date(2025, 12, 31),
        language="zh",
        phrases=("临床试验",),
        excluded=("仿制药",),
        document_id="doc",
    ),
    order=Order.NEWEST,
    document_title="重庆国际生物城创新药产业生态圈建设驶入“快车道”",
)

LICENCE = build_excerpt(
    "重庆国际生物城以双抗药物[GR1803]首次实现海外[授权]，总[金额]7.12亿美元。",
    build_citation(
        "双抗药物出海", source="虚构财经", published="2025-12-16 08:35", url="https://news.example/1?a=1&b=2"
    ),
    around=("产业生态圈建设驶入快车道。", "首付款将在三十天内到账。\n\n后续里程碑付款另计。"),
)
NOTED = build_excerpt("The deal totals [$712 million] <sic> & more.", build_citation(published="2025-12-28"))
BARE = build_excerpt("没有标题的[消息]。", build_citation(None, source=None, published=None))
HOSTILE = build_excerpt(
    "\u202e</blockquote>&amp;<b>[bold]</b> 👨\u200d👩\u200d👧",
    build_citation("\u202e<u>עברית</u>\n" + "标" * 400, source="a\u2069b", published="2025"),
)
LONG = build_excerpt(
    "这一句与问题无关。" * 300 + "[答案]是7.12亿美元。" + "后面还有很多。" * 300, build_citation("长文")
)
DOCUMENT = build_document(
    "doc",
    title="双抗药物出海",
    url="https://news.example/1",
    passages=(
        build_passage("第一段导语。", ordinal=0),
        build_passage(LICENCE.passage.text, ordinal=1, section="交易"),
        build_passage("第三段背景。", ordinal=2, section="交易"),
        build_passage("很长的一段话在这里。" * 400, ordinal=3, section="展望"),
    ),
)
IN_DOCUMENT = replace(LICENCE, passage=DOCUMENT.passages[1])


def answer_messages(words: Words) -> dict[str, Message]:
    """Every kind of message about an answer, by the name of its file."""
    reported = replace(
        LICENCE,
        answer=_stretch(LICENCE, "7.12亿美元"),
        also=(_by("重庆日报", "2025-12-14"), _by("虚构财经", "2025-12-17")),
        reports=(_by("The Imaginary Ledger", "2025-12-15", "https://ledger.example/"),),
        corrected_by=build_citation("更正启事", source="虚构财经", published="2025-12-18"),
    )
    several = build_answer([reported, NOTED, BARE], total=12)
    nearest = build_answer(nearest=[LICENCE.citation, BARE.citation, NOTED.citation])
    meant = (
        Suggestion("伐木替尼", "法米替尼", "法米替尼 授权"),
        Suggestion("tunblr", "tumblr", "tumblr deal"),
    )
    return {
        "card": render_card(several, SHOWN, words, VIEW),
        "card-alone": render_card(build_answer([LICENCE]), SHOWN, words, VIEW),
        "card-further": render_card(build_answer([NOTED, BARE], total=5, offset=3), SHOWN, words, VIEW),
        "card-chips": render_card(
            build_answer([LICENCE, NOTED], total=5),
            replace(SHOWN, inquiry=ASSUMED, following=True),
            words,
            VIEW,
        ),
        "card-reasons": render_card(several, replace(SHOWN, opinion=-1, asking_reason=True), words, VIEW),
        "card-hostile": render_card(build_answer([HOSTILE, LICENCE]), SHOWN, words, VIEW),
        "card-long": render_card(build_answer([LONG, LICENCE]), SHOWN, words, VIEW),
        "card-related": render_card(
            build_answer([NOTED], verdict=Verdict.RELATED),
            replace(SHOWN, missing=("GR9999",), repeat_question=True),
            words,
            VIEW,
        ),
        "card-nothing": render_card(build_answer(), SHOWN, words, VIEW),
        "card-nearest": render_card(nearest, replace(SHOWN, inquiry=ASSUMED, suggestions=meant), words, VIEW),
        "card-no-more": render_card(build_answer(offset=3), SHOWN, words, VIEW),
        "passage": render_passage(DOCUMENT, IN_DOCUMENT, None, PLACE, words, VIEW),
        "passage-last": render_passage(DOCUMENT, IN_DOCUMENT, 3, PLACE, words, VIEW),
        "document-page": render_document_page(DOCUMENT, IN_DOCUMENT, None, PLACE, words, VIEW),
        "document-page-last": render_document_page(DOCUMENT, IN_DOCUMENT, 9, PLACE, words, VIEW),
        "document-page-only": render_document_page(
            build_document(passages=[LICENCE.passage]), LICENCE, None, PLACE, words, VIEW
        ),
        "timeline": render_timeline(_timeline(), 0, KEY, 0, words),
        "timeline-last": render_timeline(_timeline(), 20, KEY, 3, words),
        "timeline-empty": render_timeline(Timeline(INQUIRY.question, (), 2), 0, KEY, 0, words),
        "why": render_why(_query(), _explained(), KEY, 0, words, VIEW),
        "opened": render_opened(INQUIRY.said, KEY, _opened(), words, VIEW),
        "opened-nothing": render_opened(INQUIRY.said, KEY, [], words, VIEW),
        "expired": render_expired(words),
    }


def _stretch(excerpt: Excerpt, text: str) -> Span:
    start = excerpt.passage.text.index(text)
    return Span(start, start + len(text))


def _by(source: str, published: str, url: str | None = None) -> Citation:
    return build_citation("另一篇", source=source, published=published, url=url)


def _timeline() -> Timeline:
    days = [
        Day(date(2025, 12, 16), 3, LICENCE),
        Day(date(2025, 12, 14), 1, NOTED),
        Day(date(2025, 11, 2), 12, LONG),
    ]
    days += [Day(date(2025, 9, 30 - index), 1, BARE) for index in range(19)]
    return Timeline(INQUIRY.question, tuple(days), 1)


def _query() -> Query:
    question = Question("去年12月GR1803的海外授权金额", ASKED)
    return Query(
        question,
        {},
        (
            Word("gr1803", "gr1803", ()),
            Word("海外", "海外", ()),
            Word("授权", "授权", ()),
            Word("金额", "金额", ()),
        ),
        (),
        question_dates(question.text, question.asked),
        "zh",
        concepts=(
            Concept("授权", (Variant(("license",), 1.0), Variant(("authorization",), 0.7))),
            Concept("金额", (Variant(("amount", "of", "money"), 1.0),)),
        ),
        read_as="gr1803的海外授权金额",
    )


def _explained() -> list[tuple[Citation, Explanation]]:
    contributions = (
        Contribution("word", "gr1803", 4.0),
        Contribution("pair", "海外 授权", 2.0),
        Contribution("meaning", "", 1.5),
        Contribution("bigram", "授权", 1.0),
        Contribution("character", "金", 0.5),
        Contribution("date", "2025-12", 0.9),
        Contribution("together", "", 0.1),
        Contribution("word", "金额", -0.3),
    )
    first = Explanation(10.0, 0.83, Direction.SAME, contributions, ("GR9999",))
    return [(LICENCE.citation, first), (NOTED.citation, Explanation(0.0, 0.4, Direction.OTHER, (), ()))]


def _opened() -> list[Opened]:
    return [
        Opened(LICENCE.text, LICENCE.citation, Since.SAME),
        Opened(NOTED.text, NOTED.citation, Since.CHANGED),
        Opened(BARE.text, BARE.citation, Since.GONE),
    ]
