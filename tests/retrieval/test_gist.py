"""The gist of a text: the sentence of it that the news has most about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from retrieval.answerer import Answerer
from retrieval.gist import LONGEST, MOST_PARTS, gist
from tests.retrieval.indexed import DEAL, FUND, INDEX, WEIGHTS, ask, index_of

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.answer import Answer, Question

TOLD = "产业基金授权管理人募集30亿元。"
OTHERS = tuple(f"第{number}天阴雨连绵，孩子们在家里下棋。" for number in range(100))


@dataclass
class Counting:
    """Answers as another does, and notes what it was asked."""

    answerer: Answerer
    asked: list[str] = field(default_factory=list)

    def answer(self, asked: Question, limit: int) -> Answer:
        self.asked.append(asked.text)
        return self.answerer.answer(asked, limit)


@pytest.fixture
def answerer(analyzer: Analyzer) -> Answerer:
    return Answerer(index_of(analyzer, [DEAL, FUND, INDEX]), analyzer, weights=WEIGHTS)


@pytest.mark.parametrize("place", [0, 3, 50, 99])
def test_the_sentence_that_the_news_has_most_about_is_found(answerer: Answerer, place: int) -> None:
    text = "\n".join((*OTHERS[:place], TOLD, *OTHERS[place:]))
    assert gist(ask(text), answerer) == TOLD


def test_words_that_the_news_lacks_are_left_out_where_nothing_is_found_with_them(analyzer: Analyzer) -> None:
    strict = replace(WEIGHTS, related=0.9)
    answerer = Answerer(index_of(analyzer, [DEAL, FUND, INDEX]), analyzer, weights=strict)
    text = "听邻居闲聊提起产业基金授权管理人募集30亿元"
    found = gist(ask(text), answerer)
    assert "产业基金" in found
    assert "邻居" not in found


def test_of_a_text_that_the_news_knows_nothing_of_the_first_sentence_is_asked(answerer: Answerer) -> None:
    assert gist(ask("".join(OTHERS)), answerer) == OTHERS[0]


@pytest.mark.parametrize("text", ["。" * 500, "药" * 4000, " a ", "\n\n", "😀" * 2000])
def test_any_text_has_one_that_is_short(answerer: Answerer, text: str) -> None:
    assert len(gist(ask(text), answerer)) <= LONGEST


def test_a_long_text_is_not_asked_for_sentence_by_sentence(answerer: Answerer) -> None:
    counting = Counting(answerer)
    gist(ask("".join(OTHERS)), counting)
    assert len(set(counting.asked)) < 2 * MOST_PARTS + len(OTHERS) // 2
    assert all(len(each) <= LONGEST + len(OTHERS) for each in counting.asked)
