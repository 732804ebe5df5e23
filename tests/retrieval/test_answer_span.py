"""The answer itself, where it is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.excerpt import Excerpter
from retrieval.question import Interpreter
from tests.retrieval.indexed import ask

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer


def answer(analyzer: Analyzer, text: str, question: str) -> str | None:
    query = Interpreter(analyzer).read(ask(question))
    excerpter = Excerpter(analyzer)
    span = excerpter.excerpt(text, None, excerpter.sought(query, query.weights)).answer
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("GR1803授权总额7.12亿美元。", "GR1803授权总额是多少", "7.12亿美元"),
        ("工厂于2019年5月6日建成。", "工厂什么时候建成", "2019年5月6日"),
        ("The plant opened on May 6, 2019.", "When was the plant opened?", "May 6, 2019"),
        ("The plant opened on 6 May 2019.", "When was the plant opened?", "6 May 2019"),
        ("园区共有企业42家，在研药物66个。", "园区共有多少家企业", "42家"),
        ("园区企业实际完成融资12笔。", "园区企业完成融资多少笔", "12笔"),
        # The question says one of the two itself.
        ("2024年，工厂的授权总额为7亿元。", "工厂2024年的授权总额是多少", "7亿元"),
        ("2024年动工的工厂2025年竣工。", "2024年动工的工厂竣工是什么时候", "2025年"),
        # One of two stands where the question word does.
        ("工厂新增无症状感染者8例、确诊病例4例在本月。", "工厂新增无症状感染者几例", "8例"),
        # Two things of the type, one of them in the clause that the question is about.
        ("工厂于2018年动工，园区的大楼在2021年启用。", "园区的大楼什么时候启用", "2021年"),
        # Nothing tells which.
        ("工厂在2018年和2021年扩建。", "工厂什么时候扩建", None),
        ("工厂扩建很快。", "工厂什么时候扩建", None),
        # Names are never certain.
        ("李明创办了工厂。", "谁创办了工厂", None),
        ("工厂扩建花费7亿元。", "工厂扩建的意义", None),
        # Several are asked for at once.
        ("工厂和大楼花费7亿元。", "工厂和大楼分别花费多少", None),
    ],
)
def test_the_answer(analyzer: Analyzer, text: str, question: str, expected: str | None) -> None:
    assert answer(analyzer, text, question) == expected


def test_a_sentence_about_something_else_has_no_certain_answer(analyzer: Analyzer) -> None:
    assert answer(analyzer, "项目投资3亿元。", "海外临床试验中心建设项目获批多少元补助") is None
