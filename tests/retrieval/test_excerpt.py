"""The excerpt: which sentences are cut out, what in them is marked, and that both are verbatim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given

from corpus.sentences import sentence_spans
from retrieval.concepts import Concept, Variant
from retrieval.crosslingual import WeighedConcept
from retrieval.excerpt import Excerpter
from retrieval.question import Interpreter
from retrieval.terms import unit_matches, written
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
    excerpter = Excerpter(analyzer)
    cutting = excerpter.excerpt(text, title, excerpter.sought(query, query.weights))
    span, matches = cutting.span, cutting.matches
    return text[span.start : span.end], [text[match.start : match.end] for match in matches]


def test_the_sentence_that_answers(analyzer: Analyzer) -> None:
    excerpt, matches = cut(analyzer, PASSAGE, "GR1803的海外授权总额是多少？")
    assert excerpt == SENTENCES[1]
    assert matches == ["GR1803", "海外授权", "总额"]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_the_first_and_the_last_sentence_can_be_it(analyzer: Analyzer, number: int) -> None:
    questions = {0: "签约了多少项目", 2: "高峰湖实验室聚焦什么", 4: "公共汽车准点吗"}
    assert cut(analyzer, PASSAGE, questions[number])[0] == SENTENCES[number]


def test_a_neighbour_that_may_as_well_be_the_one_joins(analyzer: Analyzer) -> None:
    text = "首付金额为6000万美元。里程碑金额为6.5亿美元。天气很好。"
    assert cut(analyzer, text, "金额")[0] == "首付金额为6000万美元。里程碑金额为6.5亿美元。"


def test_at_most_three_sentences_join(analyzer: Analyzer) -> None:
    text = "".join(f"授权金额共{number}亿美元。" for number in range(1, 9))
    excerpt, _ = cut(analyzer, text, "授权金额")
    assert excerpt.count("。") == 3


def test_neighbours_that_say_less_stay_away(analyzer: Analyzer) -> None:
    text = "园区今年签约21个项目。GR1803授权总额7.12亿美元。园区还将建设实验室。"
    assert cut(analyzer, text, "GR1803的授权总额是多少")[0] == "GR1803授权总额7.12亿美元。"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("云汐公司在海州成立。该公司的年产能达到300万支。", "年产能是多少"),
        ("The plant opened in Haizhou. It makes 3 million doses a year.", "How many doses are made a year?"),
    ],
)
def test_what_a_pronoun_means_joins(analyzer: Analyzer, text: str, question: str) -> None:
    assert cut(analyzer, text, question)[0] == text


def test_a_connective_at_the_beginning_of_the_passage_needs_nothing(analyzer: Analyzer) -> None:
    text = "该公司的年产能达到300万支。天气很好，市民在江边散步。"
    assert cut(analyzer, text, "年产能是多少")[0] == "该公司的年产能达到300万支。"


def test_a_row_comes_with_its_header_and_a_header_with_rows(analyzer: Analyzer) -> None:
    table = "指标\tHD-27\t对照药\n糖化血红蛋白变化\t-1.62\t-0.71\n体重变化\t-7.9%\t-1.8%\n"
    text = f"主要结果见下表。\n{table}试验还在进行，结果将于年内公布。"
    assert cut(analyzer, text, "HD-27的体重变化")[0] == table.strip()
    assert cut(analyzer, text, "HD-27和对照药的指标")[0].startswith("指标\tHD-27")
    assert "-1.62" in cut(analyzer, text, "HD-27和对照药的指标")[0]


def test_a_list_comes_with_its_introduction(analyzer: Analyzer) -> None:
    listed = "园区出台三项措施：\n1. 设立引导基金\n2. 减免研发用房租金\n3. 建设公共平台\n"
    text = f"记者昨日走访园区。\n{listed}措施自五月起实行。"
    assert cut(analyzer, text, "园区出台哪些措施")[0] == listed.strip()
    assert cut(analyzer, text, "研发用房租金怎么减免")[0] == listed.strip()


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("云汐生物的工厂很大。工厂2019年建成。工厂由市政府出资。", "工厂什么时候建成", "工厂2019年建成。"),
        ("园区药物研发很快。园区药物共有66个。园区药物前景广阔。", "园区药物有多少个", "园区药物共有66个。"),
        (
            "The plant was praised by all. The plant cost 30 million yuan. The plant is large.",
            "How much did the plant cost?",
            "The plant cost 30 million yuan.",
        ),
        ("项目停工引发热议。因为资金没有到位，项目停工。", "项目为什么停工", "因为资金没有到位，项目停工。"),
    ],
)
def test_the_type_of_the_answer_decides_between_sentences_alike(
    analyzer: Analyzer, text: str, question: str, expected: str
) -> None:
    query = Interpreter(analyzer).read(ask(question))
    excerpter = Excerpter(analyzer)
    best = excerpter.best_sentence(text, None, excerpter.sought(query, query.weights))
    assert text[best.start : best.end] == expected


def test_closeness_in_meaning_decides_too(analyzer: Analyzer) -> None:
    query = Interpreter(analyzer).read(ask("哪里有湖"))
    excerpter = Excerpter(analyzer)
    asked = excerpter.sought(query, query.weights)
    text = "园区很大。市民散步。商店营业。"
    for number in range(3):
        meaning = [float(number == index) for index in range(3)]
        best = excerpter.best_sentence(text, None, asked, meaning)
        assert text[best.start : best.end] == text[5 * number :][:5]


def test_concepts_choose_and_are_marked_in_the_other_language(analyzer: Analyzer) -> None:
    text = "The park signed new tenants. The licence fee came to 712 million dollars. The weather was fine."
    query = Interpreter(analyzer).read(ask("授权费"))
    bodies = (("".join(map(written, ("licenc", "fee"))), 1.0),)
    concept = WeighedConcept(Concept("授权费", (Variant(("licenc", "fee"), 1.0),)), 2.0, bodies, {})
    excerpter = Excerpter(analyzer)
    cutting = excerpter.excerpt(text, None, excerpter.sought(query, query.weights, [concept]))
    assert text[cutting.span.start : cutting.span.end].startswith("The licence fee")
    assert [text[each.start : each.end] for each in cutting.matches] == ["licence fee"]


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
    excerpter = Excerpter(analyzer)
    cutting = excerpter.excerpt(text, title, excerpter.sought(query, query.weights))
    span, matches = cutting.span, cutting.matches
    if cutting.answer:
        assert span.start <= cutting.answer.start < cutting.answer.end <= span.end
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
    excerpter = Excerpter(analyzer)
    cutting = excerpter.excerpt(text, None, excerpter.sought(query, query.weights))
    span, matches = cutting.span, cutting.matches
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
