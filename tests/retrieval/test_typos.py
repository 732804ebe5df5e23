"""Typing errors: what the index lacks is mended to what it has, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings

from retrieval.homophones import Homophones
from retrieval.typos import Change, Mender, apply, mended
from scripts.build_sounds import TARGET, table
from tests.builders import build_document
from tests.retrieval.indexed import index_of
from tests.retrieval.texts import any_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Snapshot

HOMOPHONES = Homophones()
DOCUMENTS = [
    build_document(
        "city", title="重庆国际生物城", passages=["GR1803授权金额7.12亿美元,PD-1与PD-L1抗体和CAR-T疗法在研。"]
    ),
    build_document(
        "valley", title="云汐生物谷", passages=["纸鹤生物、海灯药业和竹影制药都在园区。那所大学比分20 25。"]
    ),
    build_document(
        "deal",
        title="Lanternfish",
        passages=["Lanternfish pays Sino Biopharm upfront. Research is an innovative project."],
    ),
]
# What the language has although these few texts do not.
WORDS = frozenset("量子 protect serious".split())
FAMILIAR = frozenset(("b胜物",))


@pytest.fixture(scope="module")
def snapshot(analyzer: Analyzer) -> Snapshot:
    return index_of(analyzer, DOCUMENTS).snapshot()


@pytest.fixture(scope="module")
def mender(analyzer: Analyzer) -> Mender:
    return Mender(analyzer, HOMOPHONES, WORDS.__contains__, FAMILIAR.__contains__)


def mend(text: str, mender: Mender, analyzer: Analyzer, snapshot: Snapshot) -> str:
    normal = analyzer.normalise(text)
    return apply(normal, mender.changes(normal, snapshot.document_frequencies))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("重庆国际生务城的授权金额", "重庆国际生物城的授权金额"),
        ("云夕生物谷有什么?", "云汐生物谷有什么?"),
        ("纸贺生物的抗体", "纸鹤生物的抗体"),
        ("竹英制药和海登药业", "竹影制药和海灯药业"),
        ("雲夕生物谷", "云汐生物谷"),
        ("PD1抗体", "pd 1抗体"),
        ("ＰＤＬ１抗体", "pd l1抗体"),
        ("CART疗法", "car t疗法"),
        ("GR-1803授权", "gr1803授权"),
        ("GR 1803", "gr1803"),
        ("SinoBiopharm", "sino biopharm"),
        ("Lantern fish pays", "lanternfish pays"),
        ("Lanternfsh pays", "lanternfish pays"),
        ("Lanternfihs pays", "lanternfish pays"),
        ("Lantterfish pays", "lantterfish pays"),  # two slips
        ("reserch is inovative", "research is innovative"),
    ],
)
def test_slips_are_mended(
    written: str, meant: str, mender: Mender, analyzer: Analyzer, snapshot: Snapshot
) -> None:
    assert mend(written, mender, analyzer, snapshot) == meant


@pytest.mark.parametrize(
    "text",
    [
        "重庆国际生物城的GR1803授权金额是多少?",
        "Lanternfish pays Sino Biopharm",
        "PD-1抗体, PD-L1, CAR-T, GR1803",
        "量子生物",  # a word that the texts lack
        "胜物",  # usual in the language
        "哪所大学",
        "药业荷竹影",  # 药业和竹影 fits, but 和 makes no word
        "甲纸贺生",  # nothing here is known: a name
        "2025",
        "张继科与马龙在巴黎夺冠",  # nothing that sounds alike
        "GR1830",  # numbers are not guessed
        "serious, protect",
        "reserch and fun " * 80,  # a pasted page
        "的吗是什么",
        "what is the",
        "",
    ],
)
def test_the_rest_stays_as_it_is(text: str, mender: Mender, analyzer: Analyzer, snapshot: Snapshot) -> None:
    assert mend(text, mender, analyzer, snapshot) == analyzer.normalise(text)


def test_a_question_that_the_index_knows_costs_one_look_up(
    mender: Mender, analyzer: Analyzer, snapshot: Snapshot
) -> None:
    asked: list[int] = []

    def frequencies(terms: Iterable[str]) -> dict[str, int]:
        terms = list(terms)
        asked.append(len(terms))
        return snapshot.document_frequencies(terms)

    assert not mender.changes(analyzer.normalise("重庆国际生物城的GR1803授权金额"), frequencies)
    assert len(asked) == 1
    assert asked[0] <= 15
    mender.changes(analyzer.normalise("重庆国际生务城的Lanternfsh授权金额"), frequencies)
    assert len(asked) > 1


def test_a_near_sound_is_less_sure_than_the_same(mender: Mender, snapshot: Snapshot) -> None:
    def certainty(text: str) -> float:
        [change] = mender.changes(text, snapshot.document_frequencies)
        return change.certainty

    assert certainty("纸贺生物") > certainty("竹引制药")  # 引 yin, 影 ying


@given(text=any_text)
@example(text="GR GR GR 1803 1803")
@example(text="云夕" * 20)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_mended(text: str, mender: Mender, analyzer: Analyzer, snapshot: Snapshot) -> None:
    normal = analyzer.normalise(text)
    end = 0
    for change in mender.changes(normal, snapshot.document_frequencies):
        assert end <= change.start < change.end <= len(normal)
        assert change.text
        assert 0 < change.certainty < 1
        end = change.end


def test_changes_are_applied_in_order() -> None:
    assert apply("abcdef", [Change(1, 2, "XX", 0.5), Change(3, 5, "", 0.5)]) == "aXXcf"


def test_weights_of_what_was_meant() -> None:
    changes = [Change(0, 1, "x", 0.75), Change(2, 3, "y", 0.875)]
    weights = mended({"same": 2.0, "slip": 1.0}, {"same": 2.0, "meant": 4.0}, changes)
    assert weights == {"same": 2.0, "slip": 0.25, "meant": 3.0}


def test_characters_that_sound_alike() -> None:
    assert "物" in HOMOPHONES.alike("务")
    assert "庆" not in HOMOPHONES.alike("务")
    assert "务" not in HOMOPHONES.alike("务")
    assert "影" in HOMOPHONES.near("引")
    assert "影" not in HOMOPHONES.alike("引")
    assert "龙" in HOMOPHONES.near("农")
    assert not set(HOMOPHONES.near("弄")) & set(HOMOPHONES.alike("弄"))
    assert HOMOPHONES.alike("x") == HOMOPHONES.near("鿿") == []


def test_the_table_of_sounds_is_current() -> None:
    assert TARGET.read_text(encoding="utf-8") == table()
