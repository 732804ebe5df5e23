"""Composing: pages, the newest first, the days of a matter, and who else reports an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from retrieval.answer import MOST_EXCERPTS, Order, Verdict
from retrieval.answerer import Aids, Answerer
from tests.builders import build_document
from tests.retrieval.indexed import WEIGHTS, ask, index_of

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer

# Names of their own, so that they are different events.
NAMES = (
    "松针 海灯 纸鹤 竹影 萤石 灯笼 云汐 青松 白鹭 银杏 石榴 枫叶 "
    "海棠 芦苇 丁香 荷塘 雪松 红杉 胡杨 沙棘 桂花 兰草 菊园 梅岭"
).split()
MANY = [
    build_document(
        name,
        title=f"{name}公告",
        published=f"2025-11-{day:02d}",
        passages=[f"{name}公司宣布授权金额为{day}亿元。"],
    )
    for day, name in enumerate(NAMES, 1)
]
LOOSE = replace(WEIGHTS, related=0.0, answered=0.0)


@pytest.fixture(scope="module")
def answerer(analyzer: Analyzer) -> Answerer:
    undated = build_document(
        "undated", title="公告", published=None, passages=["某公司宣布授权金额为99亿元。"]
    )
    return Answerer(index_of(analyzer, [*MANY, undated]), analyzer, weights=LOOSE)


def test_pages_follow_one_another_and_are_part_of_one_order(answerer: Answerer) -> None:
    question = ask("公司宣布授权金额")
    whole = answerer.answer(question, 50)
    assert whole.total == len(whole.excerpts) == MOST_EXCERPTS
    pages = [answerer.answer(question, 3, offset) for offset in range(0, 21, 3)]
    assert [len(page.excerpts) for page in pages] == [3, 3, 3, 3, 3, 3, 2]
    assert [each for page in pages for each in page.excerpts] == list(whole.excerpts)
    assert {page.total for page in pages} == {MOST_EXCERPTS}
    assert [page.offset for page in pages] == list(range(0, 21, 3))
    behind = answerer.answer(question, 3, 30)
    assert (behind.excerpts, behind.total, behind.verdict) == ((), MOST_EXCERPTS, whole.verdict)


def test_the_newest_come_first_and_the_undated_last(answerer: Answerer) -> None:
    question = replace(ask("公司宣布授权金额"), order=Order.NEWEST)
    answer = answerer.answer(question, 50)
    days = [each.citation.day for each in answer.excerpts]
    assert days == sorted((day for day in days if day), reverse=True)
    assert days[0] == date(2025, 11, 24)


def test_what_has_no_day_comes_after_all_that_has(analyzer: Analyzer) -> None:
    documents = [
        build_document("undated", title="公告", published=None, passages=["某公司宣布授权金额为99亿元。"]),
        *MANY[5:9:3],
    ]
    answerer = Answerer(index_of(analyzer, documents), analyzer, weights=LOOSE)
    answer = answerer.answer(replace(ask("公司宣布授权金额"), order=Order.NEWEST))
    assert [each.citation.document_id for each in answer.excerpts] == ["白鹭", "灯笼", "undated"]


def test_only_what_is_related_is_put_in_the_order_of_time(analyzer: Analyzer) -> None:
    sure = build_document(
        "sure", title="松针公告", published="2024-01-01", passages=["松针公司授权金额为7亿元。"]
    )
    loose = build_document("loose", title="公告", published="2025-12-01", passages=["另一家公司获奖。"])
    answerer = Answerer(index_of(analyzer, [sure, loose]), analyzer, weights=WEIGHTS)
    question = replace(ask("松针公司的授权金额"), order=Order.NEWEST)
    assert len(answerer.rank(question).ranked) == 2
    assert [each.citation.document_id for each in answerer.answer(question).excerpts] == ["sure"]


def test_a_timeline_has_each_day_once_with_its_documents(analyzer: Analyzer) -> None:
    text = "松针公司宣布授权金额为7亿元，首付款已经到账，协议即日生效，双方都很满意。"
    documents = [
        build_document("a", title="松针公告", published="2025-11-01 08:00", passages=[text]),
        build_document("copy", title="松针公告", published="2025-11-01 09:00", passages=[text]),
        build_document(
            "b", title="松针", published="2025-11-03", passages=["松针公司授权金额7亿元全部到账。"]
        ),
        build_document("c", title="松针", published=None, passages=["松针公司授权金额再增。"]),
        build_document("month", title="松针", published="2025-11", passages=["松针公司授权金额未变。"]),
    ]
    answerer = Answerer(index_of(analyzer, documents), analyzer, weights=LOOSE)
    question = ask("松针公司授权金额")
    timeline = answerer.timeline(question)
    assert timeline.question == question
    assert [(day.day, day.count) for day in timeline.days] == [
        (date(2025, 11, 3), 1),
        (date(2025, 11, 1), 2),
    ]
    assert timeline.days[0].excerpt.citation.document_id == "b"
    assert timeline.days[1].excerpt.text == text
    assert timeline.undated == 2
    strict = Answerer(index_of(analyzer, documents), analyzer, weights=replace(WEIGHTS, related=1.1))
    assert strict.timeline(question).days == ()


REPORT = "松针医药今日在东屿签约，把双抗SZ-77的海外权益授权给灯笼鱼制药，首付款6000万美元，里程碑另计。"
IN_OTHER_WORDS = (
    "灯笼鱼制药宣布以6000万美元首付款取得SZ-77海外权益，这一双抗由东屿的松针医药研发，尚有里程碑款。"
)
# What the language at large lacks.
OWN_NAMES = frozenset(("松针", "灯笼", "灯笼鱼", "东屿", "sz", "77", "海灯", "竹影", "hd", "27"))
# So that the names are known elsewhere too.
BACKGROUND = [
    build_document(
        "old1", title="旧闻", published="2024-01-05", passages=["松针医药与灯笼鱼制药在东屿会谈。"]
    ),
    build_document("old2", title="旧闻", published="2024-02-05", passages=["SZ-77是双抗，权益归松针医药。"]),
]


def _usual(term: str) -> float:
    return 0.0 if term[1:] in OWN_NAMES else 0.005


def _reported(analyzer: Analyzer, *others: tuple[str, str, str]) -> dict[str, list[str]]:
    documents = [
        build_document("first", title="松针授权", published="2025-11-03", passages=[REPORT]),
        *(
            build_document(name, title=text[:12], published=day, passages=[text])
            for name, day, text in others
        ),
    ]
    index = index_of(analyzer, [*documents, *BACKGROUND])
    answerer = Answerer(index, analyzer, Aids(usual=_usual), LOOSE)
    answer = answerer.answer(ask("松针医药SZ-77的首付款"), 10)
    assert answer.verdict is Verdict.ANSWERED
    return {
        each.citation.document_id: [report.document_id for report in each.reports] for each in answer.excerpts
    }


def test_reports_of_an_event_in_other_words_stand_with_the_best(analyzer: Analyzer) -> None:
    told = _reported(analyzer, ("second", "2025-11-05", IN_OTHER_WORDS))
    assert [{name, *reports} for name, reports in told.items() if reports] == [{"first", "second"}]
    assert len([name for name in told if name in ("first", "second")]) == 1


def test_reports_of_other_days_or_of_other_events_stand_apart(analyzer: Analyzer) -> None:
    told = _reported(analyzer, ("later", "2025-11-06", IN_OTHER_WORDS))
    assert told["first"] == told["later"] == []
    other = "海灯药业今日在东屿签约，把口服药HD-27的国内权益授权给竹影制药，首付款6000万元，里程碑另计。"
    assert not any(_reported(analyzer, ("other", "2025-11-03", other)).values())
    template = REPORT.replace("灯笼鱼", "竹影").replace("里程碑另计", "里程碑款另计")
    assert not any(_reported(analyzer, ("template", "2025-11-03", template)).values())


def test_copies_of_a_report_are_cited_once_the_earliest_first(analyzer: Analyzer) -> None:
    told = _reported(
        analyzer,
        ("second", "2025-11-05", IN_OTHER_WORDS),
        ("copy", "2025-11-04", IN_OTHER_WORDS),
    )
    reports = [reports for reports in told.values() if reports]
    assert reports in ([["copy", "second"]], [["first"]])
