"""Reading a question: its terms, their weights, and what is left out."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given

from retrieval.analyzer import Analyzer, distinct_terms
from retrieval.answer import Question
from retrieval.question import WEIGHTS, Interpreter, Query
from retrieval.terms import Kind
from tests.builders import ZONE
from tests.retrieval.indexed import ASKED, ask
from tests.retrieval.texts import any_text

WORD, CHARACTER, BIGRAM, PAIR, DATE = (
    WEIGHTS[kind] for kind in (Kind.WORD, Kind.CHARACTER, Kind.BIGRAM, Kind.PAIR, Kind.DATE)
)


@pytest.fixture(scope="module")
def interpreter(analyzer: Analyzer) -> Interpreter:
    return Interpreter(analyzer)


def subject(query: Query) -> list[str]:
    return [word.form for word in query.subject]


def test_weighs_every_kind(interpreter: Interpreter) -> None:
    assert interpreter.read(ask("重庆国际GR1803")).weights == {
        "w重庆": WORD,
        "w国际": WORD,
        "wgr1803": WORD,
        "c重": CHARACTER,
        "c庆": CHARACTER,
        "c国": CHARACTER,
        "c际": CHARACTER,
        "c|gr1803|": CHARACTER,
        "b重庆": BIGRAM,
        "b庆国": BIGRAM,
        "b国际": BIGRAM,
        "b际|gr1803|": BIGRAM,
        "p重庆|国际": PAIR,
        "p国际|gr1803": PAIR,
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
    assert weights["w中华人民共和国"] == weights["w人民"] == weights["w共和国"] == WORD


def test_what_is_said_twice_counts_twice(interpreter: Interpreter) -> None:
    weights = interpreter.read(ask("授权，授权")).weights
    assert weights == {"w授权": 2 * WORD, "c授": 2 * CHARACTER, "c权": 2 * CHARACTER, "b授权": 2 * BIGRAM}


def test_dates_are_terms(interpreter: Interpreter) -> None:
    dates = {
        term: weight
        for term, weight in interpreter.read(ask("2025年12月16日")).weights.items()
        if term[0] == "d"
    }
    assert dates == dict.fromkeys(["d2025", "d2025-12", "d2025-12-16", "d--12-16"], DATE)


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
    assert weights[occasion] == pytest.approx(0.2 * WORD)
    assert weights[asked_for] == WORD


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
    asked = {term for term in interpreter.read(ask(text)).weights if term[0] != Kind.DATE}
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
