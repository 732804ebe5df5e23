"""Why this: the question's own words, shares instead of scores, and only what there is to say."""

from dataclasses import replace

import pytest

from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.dates import View
from bot.rendering.why import render_why
from retrieval.analyzer import Word
from retrieval.answer import Question
from retrieval.concepts import Concept, Variant
from retrieval.dates import question_dates
from retrieval.explanation import Contribution, Explanation
from retrieval.question import Query
from retrieval.weights import Direction
from tests.bot.answer_builders import ASKED, build_citation
from tests.builders import ZONE

EN = Words("en", {})
VIEW = View(ASKED, ZONE)


def query(text: str = "how many licences", *subject: Word) -> Query:
    question = Question(text, ASKED)
    return Query(question, {}, subject, (), question_dates(text, ASKED), "en")


def explanation(*contributions: tuple[str, str, float], missing: tuple[str, ...] = ()) -> Explanation:
    made = tuple(Contribution(*each) for each in contributions)
    return Explanation(99.0, 0.834, Direction.SAME, made, missing)


def text_of(asked: Query, *explained: Explanation, offset: int = 0) -> str:
    shown = [(build_citation("出海", published="2025"), each) for each in explained]
    return parse_html(render_why(asked, shown, "Zk3vQ9xT0b", offset, EN, VIEW).html).text


def test_words_are_the_questions_own_and_not_stems() -> None:
    asked = query("", Word("licenc", "licences", ()), Word("deal", "deals", ()))
    text = text_of(asked, explanation(("word", "licenc", 3.0), ("pair", "licenc deal", 1.0)))
    assert "\nI looked for: licences · deals\n" in text
    assert text.endswith("\nWhat counted: licences 75% · licences deals 25%")


def test_shares_are_of_all_that_counted_for_it_largest_first() -> None:
    text = text_of(
        query(),
        explanation(
            ("character", "金", 1.0),
            ("bigram", "金额", 1.0),
            ("meaning", "", 5.0),
            ("together", "", 1.0),
            ("quantity", "CNY:7", 1.0),
            ("date", "2025-12", 1.0),
            ("word", "金额", -9.0),
        ),
    )
    assert text.endswith(
        "What counted: nearness in meaning 50% · parts of words 20% · words standing together 10% · "
        "the amount 10% · the date 2025-12 10%"
    )


def test_neighbouring_chinese_words_count_as_the_word_they_make() -> None:
    text = text_of(query(), explanation(("pair", "创新 药", 1.0), ("concept", "创新药", 3.0)))
    assert text.endswith("What counted: 创新药 100%")


def test_a_word_that_is_written_alike_is_no_translation() -> None:
    asked = replace(query(), concepts=(Concept("gr1803", (Variant(("gr1803",), 1.0),)),))
    assert "Translated" not in text_of(asked, explanation())


def test_what_counts_hardly_is_left_out() -> None:
    text = text_of(query(), explanation(("word", "a", 1000.0), ("word", "b", 0.1)))
    assert text.endswith("What counted: a 100%")


def test_how_sure_it_is_is_a_share_and_no_score_is_shown() -> None:
    text = text_of(query(), explanation(("word", "a", 7.25)))
    assert "\nSure that it answers: 83%\n" in text
    assert "99" not in text
    assert "7.25" not in text


def test_excerpts_have_their_numbers_among_all() -> None:
    text = text_of(query(), explanation(), explanation(), offset=3)
    assert "\n4. Xin Hua Cai Jing · 2025" in text
    assert "\n5. Xin Hua Cai Jing · 2025" in text
    assert "What counted" not in text


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (replace(query(), read_as="gr1803 授权"), "I read it as: gr1803 授权"),
        (query("去年12月的授权"), "Dates I understood: 2025-12-01 – 2025-12-31"),
        (query("2025年12月16日的授权"), "Dates I understood: 2025-12-16"),
        (
            replace(
                query(),
                language="zh",
                concepts=(Concept("授权", (Variant(("out", "licens"), 1.0), Variant(("grant",), 0.5))),),
            ),
            "Translated “授权”: out licens… · grant…",
        ),
        (
            replace(query(), concepts=(Concept("licence", (Variant(("授", "权"), 1.0),)),)),
            "Translated “licence”: 授权",
        ),
    ],
)
def test_what_was_understood_is_said(asked: Query, line: str) -> None:
    assert line in text_of(asked, explanation()).split("\n")


def test_a_demanded_time_of_publication_is_said() -> None:
    asked = query("2025年12月的新闻")
    assert asked.published is not None
    assert f"Published: {asked.published[0]} – {asked.published[1]}" in text_of(asked)


def test_words_that_the_news_lacks_are_said_once() -> None:
    text = text_of(query(), explanation(missing=("gr9999",)), explanation(missing=("gr9999", "x")))
    assert "\nNot in the news at all: gr9999 · x\n" in text


def test_nothing_understood_leaves_the_heading() -> None:
    assert text_of(query("")) == "Why this answer"
    assert render_why(query(""), [], "Zk3vQ9xT0b", 3, EN, VIEW).keyboard[0][0].data == "b:Zk3vQ9xT0b:3"
