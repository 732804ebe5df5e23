"""The excerpt: which sentences are cut out, what in them is marked, and that both are verbatim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given

from corpus.sentences import sentence_spans
from retrieval.excerpt import Excerpter
from retrieval.question import Interpreter
from retrieval.terms import unit_matches
from tests.retrieval.indexed import ask
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

SENTENCES = (
    "重庆国际生物城今年签约21个项目。",
    "双抗药物GR1803实现首次海外授权，总额7.12亿美元。",
    "园区还将建设高峰湖实验室，聚焦大分子创新药。",
    "天气很好。",
    "市民在江边散步，商店照常营业，公共汽车准点到达。",
)
PASSAGE = "".join(SENTENCES)


def cut(analyzer: Analyzer, text: str, question: str, title: str | None = None) -> tuple[str, list[str]]:
    """The excerpt and its matches, as text; every term is worth its weight."""
    query = Interpreter(analyzer).read(ask(question))
    span, matches = Excerpter(analyzer).cut(text, title, query, query.weights)
    return text[span.start : span.end], [text[match.start : match.end] for match in matches]


def test_the_sentence_that_answers(analyzer: Analyzer) -> None:
    excerpt, matches = cut(analyzer, PASSAGE, "GR1803的海外授权总额是多少？")
    assert excerpt == SENTENCES[1]
    assert matches == ["GR1803", "海外授权", "总额"]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_the_first_and_the_last_sentence_can_be_it(analyzer: Analyzer, number: int) -> None:
    questions = {0: "签约了多少项目", 2: "高峰湖实验室聚焦什么", 4: "公共汽车准点吗"}
    assert cut(analyzer, PASSAGE, questions[number])[0] == SENTENCES[number]


def test_neighbours_that_say_nearly_as_much_join(analyzer: Analyzer) -> None:
    excerpt, _ = cut(analyzer, PASSAGE, "签约项目21个，授权总额7.12亿")
    assert excerpt == SENTENCES[0] + SENTENCES[1]


def test_at_most_three_sentences_join(analyzer: Analyzer) -> None:
    text = "".join(f"授权金额共{number}亿美元。" for number in range(1, 9))
    excerpt, _ = cut(analyzer, text, "授权金额")
    assert excerpt.count("。") == 3
    assert excerpt.startswith("授权金额共1亿")


def test_a_long_sentence_is_joined_by_none(analyzer: Analyzer) -> None:
    long = "授权金额" + "，".join(f"第{number}项合计若干亿美元" for number in range(15)) + "。"
    assert cut(analyzer, long + "授权金额共一亿。", "授权金额第三项合计")[0] == long


def test_a_heading_does_not_stand_alone(analyzer: Analyzer) -> None:
    excerpt, _ = cut(analyzer, "授权金额\n共计7.12亿美元，首付6000万。", "授权金额")
    assert excerpt == "授权金额\n共计7.12亿美元，首付6000万。"


def test_what_the_title_says_already_does_not_choose(analyzer: Analyzer) -> None:
    text = "重庆国际生物城创新药产业生态圈建设加快。在研药物超过100个。"
    question = "重庆国际生物城创新药产业生态圈的在研药物有多少"
    assert cut(analyzer, text, question)[0].startswith("重庆国际")
    assert cut(analyzer, text, question, title="重庆国际生物城创新药产业生态圈")[0].startswith("在研药物")


def test_where_the_title_says_everything_the_words_of_the_question_choose(analyzer: Analyzer) -> None:
    assert cut(analyzer, PASSAGE, "高峰湖实验室", title="高峰湖实验室")[0] == SENTENCES[2]


def test_space_around_it_is_no_part_of_it(analyzer: Analyzer) -> None:
    assert (
        cut(analyzer, "  \n 授权金额超过十亿美元。\n\n  园区照常营业。 ", "授权金额")[0]
        == "授权金额超过十亿美元。"
    )


@pytest.mark.parametrize(
    ("text", "question", "matches"),
    [
        ("授权金额超过10亿美元。", "授權金額", ["授权金额"]),
        ("The drugs were licensed for $712 million.", "Who licenses a drug?", ["drugs", "licensed"]),
        ("PD-1抑制剂和PD-L1抑制剂。", "PD-1", ["PD-1", "PD"]),
        ("总额1,500万元，另有15万元。", "1500万", ["1,500万"]),
        ("重庆与庆典，重逢。", "重庆", ["重庆"]),
        ("GR1803授权公布。", "授权GR1803", ["GR1803授权"]),
        ("ＧＲ１８０３的进展。", "gr1803", ["ＧＲ１８０３"]),
        ("授权 金额另计。", "授权金额", ["授权 金额"]),
        ("授权，金额另计。", "授权金额", ["授权", "金额"]),
        ("授权\n金额另计。", "授权金额", ["授权", "金额"]),
        ("园区照常营业。", "授权金额", []),
    ],
)
def test_matches(analyzer: Analyzer, text: str, question: str, matches: list[str]) -> None:
    assert cut(analyzer, text, question)[1] == matches


def test_question_words_are_not_marked(analyzer: Analyzer) -> None:
    assert cut(analyzer, "什么是授权？授权是许可。", "什么是授权")[1] == ["授权", "授权"]


@pytest.mark.parametrize("text", ["", " ", "\n　\n"])
def test_nothing_is_cut_out_of_nothing(analyzer: Analyzer, text: str) -> None:
    assert cut(analyzer, text, "授权金额") == ("", [])


@given(text=any_text, question=any_text, title=any_text)
@example(text="", question="", title="")
@example(text="乾縣。1,500 1,500", question="干县1500", title="乾县")
@example(text="\ud800授权。", question="授权", title="")
def test_an_excerpt_is_verbatim_whole_sentences(
    analyzer: Analyzer, text: str, question: str, title: str
) -> None:
    query = Interpreter(analyzer).read(ask(question))
    span, matches = Excerpter(analyzer).cut(text, title, query, query.weights)
    assert 0 <= span.start <= span.end <= len(text)
    excerpt = text[span.start : span.end]
    assert excerpt == excerpt.strip()
    last = span.start
    for match in matches:
        assert last <= match.start < match.end <= span.end
        last = match.end
    # It begins and ends where sentences do, but for the space around them.
    bounds = [text[:start].rstrip() for start, _ in sentence_spans(text)]
    assert text[: span.start].rstrip() in [*bounds, text.rstrip()]
    assert text[: span.end] in [text[:end].rstrip() for _, end in sentence_spans(text)] or not excerpt
    assert bool(excerpt) or not text.strip()


@given(text=any_text, question=any_text)
def test_a_match_begins_and_ends_with_a_unit_of_the_question(
    analyzer: Analyzer, text: str, question: str
) -> None:
    query = Interpreter(analyzer).read(ask(question))
    span, matches = Excerpter(analyzer).cut(text, None, query, query.weights)
    asked = {analyzer.stem(unit) for unit, _, _ in unit_matches(analyzer.normalise(question))}
    normal = analyzer.normalise(text)
    for match in matches:
        units = [analyzer.stem(unit) for unit, _, _ in unit_matches(normal[match.start : match.end])]
        assert {units[0], units[-1]} <= asked
    assert all(span.start <= match.start for match in matches)


def test_a_lone_character_is_marked_only_where_nothing_longer_matches(analyzer: Analyzer) -> None:
    text = "38件申请进入通道，最快的一件只用了17个工作日。"
    assert cut(analyzer, text, "有多少件申请")[1] == ["件申请"]
    assert cut(analyzer, text, "件")[1] == ["件", "件"]
