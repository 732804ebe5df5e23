"""Suggestions: the nearest terms of the corpus for those that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from retrieval.answerer import Aids, Answerer
from retrieval.homophones import Homophones
from retrieval.suggestions import Suggester, Suggestion
from retrieval.typos import Mender
from tests.builders import build_document
from tests.retrieval.indexed import ask, index_of
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

DOCUMENTS = (
    build_document("deal", title="灯笼鱼", passages=["重庆生物城宣布赔偿金额，费德勒出席，PC-301获批。"]),
    build_document("tower", title="Tower", passages=["Tesla and Lanternfish talk to Tower Semiconductor."]),
)


@pytest.fixture(scope="module")
def answerer(analyzer: Analyzer) -> Answerer:
    homophones = Homophones()
    mender = Mender(analyzer, homophones, analyzer.is_word, lambda _: False)
    suggester = Suggester(analyzer, homophones, mender)
    return Answerer(index_of(analyzer, DOCUMENTS), analyzer, Aids(suggester=suggester))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Tesle的股价", Suggestion("Tesle", "tesla", "tesla的股价")),
        (
            "Who bought Semicondutor?",
            Suggestion("Semicondutor", "semiconductor", "Who bought semiconductor?"),
        ),
        ("lantern fish什么时候成立", Suggestion("lantern fish", "lanternfish", "lanternfish什么时候成立")),
        ("赔尝多少", Suggestion("赔尝", "赔偿", "赔偿多少")),
        ("賠嘗多少", Suggestion("賠嘗", "賠偿", "賠偿多少")),
        ("费德乐退役", Suggestion("费德乐", "费德勒", "费德勒退役")),
    ],
)
def test_the_nearest_term_stands_in_the_whole_question(
    answerer: Answerer, question: str, expected: Suggestion
) -> None:
    assert expected in answerer.suggestions(ask(question))


@pytest.mark.parametrize(
    "question",
    [
        "重庆生物城的赔偿金额是多少？",
        "Who bought Tower Semiconductor?",
        # Nothing like it is there.
        "火星探测器",
        "quantum chromodynamics",
        # Numbers are not guessed, and of a pasted page nothing is.
        "69.55和2025",
        "赔尝" * 101,
        "",
    ],
)
def test_what_is_there_or_like_nothing_gets_no_suggestion(answerer: Answerer, question: str) -> None:
    assert answerer.suggestions(ask(question)) == ()


def test_no_more_are_given_than_asked_for(answerer: Answerer) -> None:
    question = ask("Tesle Semicondutor 赔尝 费德乐")
    assert len(answerer.suggestions(question)) == 4
    first = answerer.suggestions(question, 2)
    assert [each.written for each in first] == ["Tesle", "Semicondutor"]


def test_without_a_suggester_nothing_is_suggested(analyzer: Analyzer) -> None:
    assert Answerer(index_of(analyzer, DOCUMENTS), analyzer).suggestions(ask("Tesle")) == ()


@given(any_text)
def test_any_text_gets_suggestions_that_fit_it(answerer: Answerer, text: str) -> None:
    for each in answerer.suggestions(ask(text)):
        assert each.written in text
        assert each.meant in each.text
