"""Reading a question: its terms, their weights, and what is left out."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from retrieval.analyzer import Analyzer, distinct_terms
from retrieval.answer import Question
from retrieval.question import Interpreter, Query
from retrieval.terms import Kind
from tests.builders import ZONE
from tests.retrieval.indexed import ASKED, ask
from tests.retrieval.texts import any_text
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from corpus.language import Language


@pytest.fixture(scope="module")
def interpreter(analyzer: Analyzer) -> Interpreter:
    return Interpreter(analyzer)


def subject(query: Query) -> list[str]:
    return [word.form for word in query.subject]


def test_weighs_every_kind(interpreter: Interpreter) -> None:
    assert interpreter.read(ask("重庆国际GR1803")).weights == {
        "w重庆": 1.0,
        "w国际": 1.0,
        "wgr1803": 1.0,
        "c重": 1.0,
        "c庆": 1.0,
        "c国": 1.0,
        "c际": 1.0,
        "c|gr1803|": 1.0,
        "b重庆": 1.0,
        "b庆国": 1.0,
        "b国际": 1.0,
        "b际|gr1803|": 1.0,
        "p重庆|国际": 1.0,
        "p国际|gr1803": 1.0,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("重庆国际生物城的授权金额是多少？", ["重庆", "国际", "生物", "城", "授权", "金额"]),
        ("請問重慶有多少創新藥？", ["重庆", "创新", "药"]),
        ("How many drugs are under research in Chongqing?", ["drug", "under", "research", "chongq"]),
        ("WHAT IS the GR1803 deal", ["gr1803", "deal"]),
        ("PD-1", ["pd", "1"]),
    ],
)
def test_question_words_are_left_out(interpreter: Interpreter, text: str, words: list[str]) -> None:
    assert subject(interpreter.read(ask(text))) == words


def test_what_a_question_word_parts_is_not_adjacent(interpreter: Interpreter) -> None:
    weights = interpreter.read(ask("重庆的授权")).weights
    assert {"c庆", "c授", "w重庆", "w授权"} <= weights.keys()
    assert not {"c的", "b庆的", "b的授", "b庆授", "p重庆|授权"} & weights.keys()


@pytest.mark.parametrize("text", ["什么是什么？", "为什么", "What is it?", "who"])
def test_nothing_but_question_words_is_taken_literally(interpreter: Interpreter, text: str) -> None:
    assert interpreter.read(ask(text)).weights


@pytest.mark.parametrize("text", ["", "？！……", "😀👨‍👩‍👧", "\0", "   \n", "\u202e"])
def test_what_says_nothing_has_no_terms(interpreter: Interpreter, text: str) -> None:
    query = interpreter.read(ask(text))
    assert (query.weights, query.subject) == ({}, ())


def test_words_inside_words_are_asked_for_too(interpreter: Interpreter) -> None:
    weights = interpreter.read(ask("中华人民共和国")).weights
    assert weights["w中华人民共和国"] == weights["w人民"] == weights["w共和国"] == 1.0


def test_what_is_said_twice_counts_twice(interpreter: Interpreter) -> None:
    weights = interpreter.read(ask("授权，授权")).weights
    assert weights == {"w授权": 2.0, "c授": 2.0, "c权": 2.0, "b授权": 2.0}


def weights_of(query: Query, kind: Kind) -> dict[str, float]:
    return {term: weight for term, weight in query.weights.items() if term[0] == kind}


def test_dates_are_terms_and_a_day_is_an_alternative_to_that_of_any_year(interpreter: Interpreter) -> None:
    query = interpreter.read(ask("2025年12月16日的授权"))
    assert weights_of(query, Kind.DATE) == {
        "d2025": 1.0,
        "d2025-12": 1.0,
        "d2025-12-16": 1.0,
        "d--12-16": 0.5,
    }
    assert query.alternatives == (("d2025",), ("d2025-12",), ("d2025-12-16", "d--12-16"))


def test_the_days_of_a_week_are_alternatives_to_the_week(interpreter: Interpreter) -> None:
    query = interpreter.read(ask("上周的授权"))
    (week,) = [group for group in query.alternatives if len(group) > 1]
    assert week[0] == "d2025-12-08~2025-12-14"
    assert set(week[1:]) == {f"d2025-12-{day:02}" for day in range(8, 15)}
    assert all(query.weights[day] < query.weights[week[0]] for day in week[1:])


def test_the_same_date_said_twice_has_its_alternatives_once(interpreter: Interpreter) -> None:
    query = interpreter.read(ask("2025年12月签约的当天，2025年12月公布了什么"))
    assert query.alternatives == (("d2025",), ("d2025-12",))


def test_a_question_without_dates_has_no_alternatives(interpreter: Interpreter) -> None:
    query = interpreter.read(ask("重庆的授权"))
    assert (query.alternatives, query.published, query.dates.expressions) == ((), None, ())


def test_quantities_are_terms(interpreter: Interpreter) -> None:
    assert weights_of(interpreter.read(ask("谁的授权金额是102亿元")), Kind.QUANTITY) == {
        "qCNY:10200000000": 1.0
    }
    assert weights_of(interpreter.read(ask("授权金额是多少亿元")), Kind.QUANTITY) == {}


def test_an_occasion_only_hints_at_its_quantity_too(interpreter: Interpreter) -> None:
    query = interpreter.read(ask("募集资金102亿元的当天，云汐指数收报多少"))
    assert weights_of(query, Kind.QUANTITY) == {"qCNY:10200000000": pytest.approx(0.1)}


@pytest.mark.parametrize(
    ("text", "language"),
    [("重庆的授权", "zh"), ("Who licensed it?", "en"), ("GR1803 和 CLDN18.2 的授权金额", "zh"), ("？", "en")],
)
def test_the_language(interpreter: Interpreter, text: str, language: Language) -> None:
    query = interpreter.read(ask(text))
    assert query.language == language
    assert {query.language, query.other_language} == {"zh", "en"}


def test_news_of_a_time_has_to_be_published_then_or_on_the_next_day(interpreter: Interpreter) -> None:
    assert interpreter.read(ask("2025年11月有什么新闻")).published == (date(2025, 11, 1), date(2025, 12, 1))
    assert interpreter.read(ask("昨天有哪些消息")).published == (date(2025, 12, 19), date(2025, 12, 20))
    # A fact about a time may be told at any time.
    assert interpreter.read(ask("2025年11月的授权金额是多少")).published is None


@pytest.fixture
def translating(analyzer: Analyzer, tmp_path: Path) -> Interpreter:
    return Interpreter(analyzer, translator_of(analyzer, tmp_path, "授权\tlicensing deal"))


def variants(query: Query) -> dict[str, list[tuple[str, ...]]]:
    return {concept.text: [variant.units for variant in concept.variants] for concept in query.concepts}


def test_a_question_is_translated_from_its_normal_form(translating: Interpreter) -> None:
    assert variants(translating.read(ask("重慶的授權是多少？")))["授权"] == [("licens", "deal")]
    assert ("授", "权") in variants(translating.read(ask("Whose Licensing Deal?")))["licensing deal"]


@pytest.mark.parametrize(("languages", "translated"), [({"zh"}, 0), ({"zh", "en"}, 1), ({"en"}, 1), ((), 0)])
def test_is_translated_only_where_there_is_something_in_the_other_language(
    translating: Interpreter, languages: set[str], translated: int
) -> None:
    assert len(translating.read(ask("授权"), languages).concepts) == translated


def test_without_a_translator_there_are_no_concepts(interpreter: Interpreter) -> None:
    assert interpreter.read(ask("授权")).concepts == ()


def test_relative_dates_are_read_on_the_day_of_asking_in_its_own_zone(interpreter: Interpreter) -> None:
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=ZONE)  # still 2025 in Greenwich
    assert "d2025-12-31" in interpreter.read(ask("昨天的授权", new_year)).weights
    assert "d2025" in interpreter.read(ask("去年的授权", new_year)).weights


@pytest.mark.parametrize(
    ("text", "occasion", "asked_for"),
    [
        ("重庆国际生物城签约的当天，纸鹤生物发布了什么公告？", "w重庆", "w公告"),
        ("紙鶴生物上市當日，雲汐指數收報多少？", "w上市", "w指数"),
        ("On the day PaperCrane was listed, where did the Yunxi index close?", "wpapercran", "windex"),
    ],
)
def test_an_occasion_only_dates_what_is_asked(
    interpreter: Interpreter, text: str, occasion: str, asked_for: str
) -> None:
    weights = interpreter.read(ask(text)).weights
    assert weights[occasion] == pytest.approx(0.1)
    assert weights[asked_for] == 1.0


def test_traditional_full_width_and_capital_writing_ask_the_same(interpreter: Interpreter) -> None:
    one = interpreter.read(ask("纸鹤生物PC-301在2025年的授权金额"))
    other = interpreter.read(ask("紙鶴生物ＰＣ－３０１在２０２５年的授權金額"))
    assert one.weights == other.weights


def test_the_time_of_asking_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Question("今天", datetime(2025, 1, 1))  # noqa: DTZ001 - what is refused


@given(text=any_text)
def test_any_question_is_read(interpreter: Interpreter, text: str) -> None:
    query = interpreter.read(ask(text))
    assert query.question == Question(text, ASKED)
    assert all(weight > 0 and Kind(term[0]) for term, weight in query.weights.items())


@given(text=any_text)
def test_a_question_asks_only_for_what_its_text_has(
    interpreter: Interpreter, analyzer: Analyzer, text: str
) -> None:
    asked = {term for term in interpreter.read(ask(text)).weights if term[0] not in "dq"}
    assert asked <= distinct_terms(analyzer.forms(text))


def test_terms_stand_in_the_same_order_in_every_process(analyzer: Analyzer) -> None:
    program = (
        "import sys, pathlib; from retrieval.analyzer import Analyzer;"
        "from retrieval.question import Interpreter;"
        "from tests.retrieval.indexed import ask;"
        "interpreter = Interpreter(Analyzer(pathlib.Path(sys.argv[1])));"
        "print(list(interpreter.read(ask('2024年12月16日至2025年3月5日')).weights))"
    )
    outputs = {
        subprocess.run(  # noqa: S603 - this very Python, with a program from above
            [sys.executable, "-c", program, str(analyzer.cache_folder)],
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(outputs) == 1


def test_of_a_refined_question_the_new_part_counts_most(analyzer: Analyzer) -> None:
    interpreter = Interpreter(analyzer)
    said = replace(ask("那适应症呢？"), context="GR-1803授权金额是多少？")
    query = interpreter.read(said)
    assert query.weights["w适应症"] == 1.0
    assert query.weights["w授权"] == query.weights["w1803"] == 0.5
    assert (query.asked, query.said) == (said, said)
    assert query.question.text == "GR-1803授权金额是多少 适应症"
    assert interpreter.read(ask("适应症")).asked == ask("适应症")


def test_dates_that_are_said_take_the_place_of_the_contexts(analyzer: Analyzer) -> None:
    said = replace(ask("那2024年的呢？"), context="2023年授权金额是多少？")
    query = Interpreter(analyzer).read(said)
    alone = Interpreter(analyzer).read(ask("2024年授权金额是多少"))
    assert query.weights == alone.weights
    assert "d2023" not in query.weights


def test_quantities_that_are_said_take_the_place_of_the_contexts(analyzer: Analyzer) -> None:
    said = replace(ask("10亿元的呢？"), context="5亿元的交易有哪些？")
    weights = Interpreter(analyzer).read(said).weights
    assert "qCNY:1000000000" in weights
    assert "qCNY:500000000" not in weights
