"""Questions over several things are taken apart; all others are left whole."""

from __future__ import annotations

import pytest
from hypothesis import given

from retrieval.subquestions import Relation, parts_of
from tests.retrieval.texts import any_text


@pytest.mark.parametrize(
    ("question", "relation", "parts"),
    [
        ("甲公司上市和乙公司退市哪个事件更早发生?", Relation.ORDER, ("甲公司上市", "乙公司退市")),
        (
            "甲公司上市、乙公司退市和丙公司破产,哪个最早?",
            Relation.ORDER,
            ("甲公司上市", "乙公司退市", "丙公司破产"),
        ),
        (
            "以下事件中,最早发生的是哪个:甲公司上市,乙公司退市,或者丙公司破产?",
            Relation.ORDER,
            ("甲公司上市", "乙公司退市", "丙公司破产"),
        ),
        ("甲公司上市、乙公司退市,这两个事件中哪个更晚?", Relation.ORDER, ("甲公司上市", "乙公司退市")),
        ("哪一个最早发生?1.甲公司上市,2.乙公司退市", Relation.ORDER, ("甲公司上市", "乙公司退市")),
        ("甲公司上市与乙公司退市是同一年发生的吗?", Relation.SAME_TIME, ("甲公司上市", "乙公司退市")),
        (
            "2023年,甲公司上市和乙公司退市是在同一个月吗?",
            Relation.SAME_TIME,
            ("2023年甲公司上市", "2023年乙公司退市"),
        ),
        ("甲公司和乙公司哪个营收更高?", Relation.AMOUNT, ("甲公司", "乙公司")),
        ("甲公司和乙公司分别裁员多少人?", Relation.EACH, ("甲公司裁员多少人", "乙公司裁员多少人")),
        ("甲公司在哪里上市,以及乙公司为什么退市?", Relation.EACH, ("甲公司在哪里上市", "乙公司为什么退市")),
        (
            "融资额从2023年到2024年怎么变化?",
            Relation.CHANGE,
            ("融资额2023年怎么变化?", "融资额2024年怎么变化?"),
        ),
        (
            "how did revenue change from 2023 to 2024?",
            Relation.CHANGE,
            ("how did revenue change in 2023?", "how did revenue change in 2024?"),
        ),
        (
            "which came first, the listing of paper crane or the price talks?",
            Relation.ORDER,
            ("the listing of paper crane", "the price talks"),
        ),
        (
            "which deal is larger, quillfeather or papercrane?",
            Relation.AMOUNT,
            ("quillfeather", "papercrane"),
        ),
        (
            "did the listing and the price talks happen in the same month?",
            Relation.SAME_TIME,
            ("did the listing", "the price talks"),
        ),
    ],
)
def test_the_likeliest_reading(question: str, relation: Relation, parts: tuple[str, ...]) -> None:
    found = parts_of(question)
    assert found is not None
    assert found.relation is relation
    assert found.readings[0] == parts


def test_where_a_conjunction_is_doubtful_there_are_several_readings() -> None:
    found = parts_of("甲方与乙方的会谈和丙方的演讲哪个更早?")
    assert found is not None
    assert ("甲方与乙方的会谈", "丙方的演讲") in found.readings
    assert len(found.readings) > 1


def test_what_stands_in_brackets_is_not_taken_apart() -> None:
    found = parts_of("《和平、战争与爱》上映和乙公司退市哪个更早?")
    assert found is not None
    assert found.readings == (("《和平、战争与爱》上映", "乙公司退市"),)


@pytest.mark.parametrize("relation", list(Relation))
def test_what_is_shown_by_date(relation: Relation) -> None:
    assert relation.over_time is (relation in {Relation.ORDER, Relation.CHANGE})


@pytest.mark.parametrize(
    "question",
    [
        "授权总额是多少?",
        "甲公司和乙公司的合作金额是多少?",
        "甲公司上市当天,乙公司的股价和成交量如何?",
        "甲公司上市和乙公司退市当天,丙公司和丁公司分别裁员多少人?",
        "比赛最后时刻谁进了球?",
        "who was the first quarterback to take two teams to more than one super bowl?",
        "when was the plant opened and closed?",
        "",
    ],
)
def test_one_thing_stays_whole(question: str) -> None:
    assert parts_of(question) is None


@given(any_text)
def test_any_text_can_be_asked(text: str) -> None:
    found = parts_of(text)
    if found:
        assert found.readings
        assert all(len(reading) > 1 and all(reading) for reading in found.readings)
