"""The expected type of an answer, by the question words of both languages."""

from __future__ import annotations

import pytest
from hypothesis import given

from retrieval.answer_type import AnswerType, expected_answer
from tests.retrieval.texts import any_text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("工厂什么时候建成", AnswerType.WHEN),
        ("布雷西亚足球俱乐部成立于哪一年？", AnswerType.WHEN),
        ("条例的公布日期是什么", AnswerType.WHEN),
        ("when was the plant opened?", AnswerType.WHEN),
        ("in what year did it open?", AnswerType.WHEN),
        ("签证最长可以停留多久", AnswerType.DURATION),
        ("建设花了几年", AnswerType.DURATION),
        ("how many years did it take?", AnswerType.DURATION),
        ("授权总额是多少", AnswerType.QUANTITY),
        ("大沙地站共有几层？", AnswerType.QUANTITY),
        ("how much did it cost?", AnswerType.QUANTITY),
        ("what percentage of patients stopped?", AnswerType.QUANTITY),
        ("谁成立了工作室", AnswerType.PERSON),
        ("who signed the deal?", AnswerType.PERSON),
        ("园区位于哪里", AnswerType.PLACE),
        ("哪个城市出台了政策", AnswerType.PLACE),
        ("where is the plant?", AnswerType.PLACE),
        ("哪家公司收购了它", AnswerType.ORGANISATION),
        ("which company bought it?", AnswerType.ORGANISATION),
        ("项目为什么停工", AnswerType.REASON),
        ("涨价的原因是什么", AnswerType.REASON),
        ("why did it fail?", AnswerType.REASON),
        ("椰子猫又称什么", AnswerType.NAME),
        ("what is the name of the drug?", AnswerType.NAME),
        ("什么是显微镜学", AnswerType.DEFINITION),
        ("what is septicemia?", AnswerType.DEFINITION),
        ("丙烯颜料有毒吗", AnswerType.YES_NO),
        ("是否已经获批", AnswerType.YES_NO),
        ("was it approved?", AnswerType.YES_NO),
        # What only looks like one of them.
        ("医院更名为什么", AnswerType.NAME),
        ("甲发布和乙开幕是同一天吗", AnswerType.YES_NO),
        ("甲发布和乙开幕哪个时间更早", AnswerType.OTHER),
        ("谭志源参与了第几届选举", AnswerType.OTHER),
        ("授权金额", AnswerType.OTHER),
        ("", AnswerType.OTHER),
    ],
)
def test_the_type(question: str, expected: AnswerType) -> None:
    assert expected_answer(question).type is expected


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("大沙地站共有几层", "层"),
        ("宣布裁员多少人", "人"),
        ("授权费多少亿美元", "美元"),
        ("how many drugs are approved?", "drugs"),
        ("授权总额是多少", ""),
        ("谁成立了工作室", ""),
    ],
)
def test_what_is_counted(question: str, unit: str) -> None:
    assert expected_answer(question).unit == unit


def test_where_the_question_word_stands() -> None:
    expected = expected_answer("工厂在哪一年建成")
    assert "工厂在哪一年建成"[expected.start : expected.end] == "在哪一年"


@given(any_text)
def test_any_text_expects_something(text: str) -> None:
    expected = expected_answer(text)
    assert 0 <= expected.start <= expected.end <= len(text)
