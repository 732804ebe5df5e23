"""A correction is known by what it says of itself, and found together with what it corrects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from corpus.model import Passage, Precision, Published
from retrieval.answer import Citation
from retrieval.corrections import Correction, corrections, is_correction
from retrieval.dates import date_terms
from retrieval.engines.base import IndexedPassage

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

REPORT = (
    "云汐生物谷一季度融资21.3亿元",
    "2025年第一季度园区企业完成融资13笔，总额21.3亿元。",
    10,
    "虚构财经",
)
CORRECTION = (
    "更正：云汐生物谷2025年一季度融资额应为20.7亿元",
    "本报4月10日刊发的《云汐生物谷一季度融资21.3亿元》一文中，融资总额有误。总额应为20.7亿元。",
    22,
    "虚构财经",
)
OTHER = ("产业基金完成募集", "产业基金完成募集，总额30亿元。", 11, "虚构财经")


def indexed(analyzer: Analyzer, title: str, text: str, day: int | None, source: str) -> IndexedPassage:
    published = Published(datetime(2025, 4, day, tzinfo=UTC), Precision.DAY) if day else None
    passage = Passage(f"{title}:0", 0, text)
    return IndexedPassage(
        passage, Citation(title, title, source, published, None, "zh"), analyzer.forms(text, title=title)
    )


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("更正：融资额应为20.7亿元", "融资额应为20.7亿元。", True),
        ("勘误", "昨日一版的数字有误。", True),
        ("关于传闻的澄清", "公司没有收购计划。", True),
        ("Correction: Fund raised 20.7 million", "The sum was wrong.", True),
        ("Clarification on licence talks", "There are no talks.", True),
        ("", "本报此前报道的数字有误，特此说明。", True),
        ("融资额增长", "融资额增长15%。此前报道有误。", False),
        ("Fund raises 20 million", "The fund is correct in its view.", False),
        ("", "", False),
    ],
)
def test_what_says_that_it_corrects(analyzer: Analyzer, title: str, text: str, expected: bool) -> None:
    assert is_correction(analyzer.forms(text, title=title)) is expected


def test_a_correction_quotes_what_it_corrects(analyzer: Analyzer) -> None:
    passages = [indexed(analyzer, *each) for each in (OTHER, REPORT, CORRECTION)]
    assert corrections(passages) == [Correction(later=2, earlier=1)]


def test_without_a_quotation_the_source_and_the_words_tell(analyzer: Analyzer) -> None:
    title, _, day, source = CORRECTION
    plain = (title, "融资总额有误，应为20.7亿元。", day, source)
    passages = [indexed(analyzer, *each) for each in (OTHER, REPORT, plain)]
    assert corrections(passages) == [Correction(later=2, earlier=1)]
    elsewhere = indexed(analyzer, *plain[:3], "别的报纸")
    assert corrections([*passages[:2], elsewhere]) == []


def test_the_day_of_the_report_tells_too(analyzer: Analyzer) -> None:
    report = ("ZY-09 fails", "The BRIDGE study gave 1,214 patients either ZY-09 or a placebo.", 10, "Wire")
    other = ("ZY-09 trial sites close", "The sites of the study of ZY-09 are closing.", 12, "Wire")
    title = "Correction: BRIDGE study of ZY-09 enrolled 1,124 patients"
    passages = [indexed(analyzer, *report), indexed(analyzer, *other)]
    for text, found in (("Our report of 10 April was wrong.", [Correction(2, 0)]), ("It was wrong.", [])):
        correction = indexed(analyzer, title, text, 22, "Wire")
        forms = analyzer.forms(
            text, title=title, dates=frozenset(date_terms(text.lower(), date(2025, 4, 22)))
        )
        assert corrections([*passages, replace(correction, forms=forms)]) == found


def test_what_one_passage_of_a_correction_is_of_all_are_of(analyzer: Analyzer) -> None:
    title, _, day, _ = CORRECTION
    more = indexed(analyzer, title, "管理处对此表示歉意。", day, "别的报纸")
    passages = [indexed(analyzer, *REPORT), indexed(analyzer, *CORRECTION), more]
    assert corrections(passages) == [Correction(1, 0), Correction(2, 0)]


def test_nothing_is_corrected_before_it_was_published(analyzer: Analyzer) -> None:
    late = (*REPORT[:2], 25, REPORT[3])
    assert corrections([indexed(analyzer, *late), indexed(analyzer, *CORRECTION)]) == []
    undated = (*REPORT[:2], None, REPORT[3])
    assert corrections([indexed(analyzer, *undated), indexed(analyzer, *CORRECTION)]) == [Correction(1, 0)]


def test_a_correction_alone_corrects_nothing_here(analyzer: Analyzer) -> None:
    assert corrections([indexed(analyzer, *CORRECTION), indexed(analyzer, *OTHER)]) == []
