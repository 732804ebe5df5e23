"""What a sentence is in its passage, and what it cannot stand without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.passage_sentences import UnitWriter
from retrieval.sentence_layout import Role, layout, leans

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.sentence_layout import Layout


def shape_of(analyzer: Analyzer, text: str) -> Layout:
    return layout(UnitWriter(analyzer).sentences(text))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("园区开工。园区竣工。", [Role.PROSE, Role.PROSE]),
        ("差额从何而来\n差额来自重复登记。", [Role.HEADING, Role.PROSE]),
        ("没有句号的一段话\n", [Role.PROSE]),
        ("三项措施：\n设立基金\n减免租金\n", [Role.INTRODUCTION, Role.ITEM, Role.ITEM]),
        ("措施如下。\n1. 设立基金\n2. 减免租金", [Role.PROSE, Role.ITEM, Role.ITEM]),
        ("设立基金\n减免租金\n建设平台\n措施自五月起实行。", [Role.ITEM, Role.ITEM, Role.ITEM, Role.PROSE]),
        ("见下表。\n指标\t甲\n体重\t1\n血糖\t2\n", [Role.PROSE, Role.HEADER, Role.ROW, Role.ROW]),
        ("", []),
    ],
)
def test_roles(analyzer: Analyzer, text: str, roles: list[Role]) -> None:
    assert list(shape_of(analyzer, text).roles) == roles


@pytest.mark.parametrize(
    ("text", "index", "opening"),
    [
        ("园区开工。园区竣工。", 1, 1),
        ("园区开工。该园区竣工。", 1, 0),
        ("该园区竣工。", 0, 0),
        ("差额从何而来\n差额来自重复登记。", 1, 0),
        ("见下表。\n指标\t甲\n体重\t1\n血糖\t2\n", 3, 1),
        ("见下表。\n指标\t甲\n体重\t1\n血糖\t2\n", 1, 1),
        ("三项措施：\n设立基金\n减免租金\n", 2, 0),
        ("园区开工。\n1. 设立基金\n2. 减免租金", 2, 1),
        ("1. 设立基金\n2. 减免租金", 1, 0),
    ],
)
def test_where_that_begins_which_a_sentence_needs(
    analyzer: Analyzer, text: str, index: int, opening: int
) -> None:
    assert shape_of(analyzer, text).opening(index) == opening


def test_what_only_announces_awaits_more(analyzer: Analyzer) -> None:
    shape = shape_of(analyzer, "三项措施：\n设立基金\n减免租金\n")
    assert [shape.awaits_more(index) for index in range(3)] == [True, False, False]
    assert [shape.goes_on(index) for index in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    "text", ["该公司扩建。", "其中有三家。", "“这很难。”他说。", "it grew.", "however, it grew."]
)
def test_what_leans_on_the_sentence_before(text: str) -> None:
    assert leans(text, 0)


@pytest.mark.parametrize("text", ["公司扩建。", "italy grew.", "hershey grew.", ""])
def test_what_does_not(text: str) -> None:
    assert not leans(text, 0)
