"""Confining: only what lies within a scope is found, in every engine, and all of it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from retrieval.answerer import Answerer
from retrieval.confining import admission, confined
from retrieval.engines.base import Filter
from retrieval.scope import Scope
from tests.builders import build_document
from tests.retrieval.indexed import WEIGHTS, ask, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Snapshot

DOCUMENTS = (
    build_document(
        "xinhua",
        title="GR-1803出海",
        source="新华社",
        published="2025-11-05",
        passages=["GR-1803的授权金额为7.12亿美元。", "授权方在重庆，交易\n双方都同意。"],
    ),
    build_document(
        "daily", title="授权", source="重慶日報", published="2025-12-01", passages=["授权PC-301。"]
    ),
    build_document("month", title="授权", source="新华网", published="2025-11", passages=["授权PC-30公告。"]),
    build_document("undated", title="授权", source=None, published=None, passages=["授权公告，股市上涨。"]),
    build_document(
        "english",
        title="Licence",
        source="Xinhua News Agency",
        published="2025-11-30",
        language="en",
        passages=["The licence for carbon drug PC-301, 授权, was signed by all parties in Chongqing."],
    ),
)


@pytest.fixture(params=["memory:", "tantivy:index"])
def snapshot(request: pytest.FixtureRequest, analyzer: Analyzer) -> Snapshot:
    return index_of(analyzer, DOCUMENTS, request.param).snapshot()


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), {"xinhua", "daily", "month", "undated", "english"}),
        (Scope(sources=("新华社",)), {"xinhua", "month", "english"}),
        (Scope(sources=("Xinhua",)), {"xinhua", "month", "english"}),
        (Scope(sources=("重庆日报",)), {"daily"}),
        (Scope(sources=("日報", "新华社")), {"daily", "xinhua", "month", "english"}),
        (Scope(sources=("路透",)), set()),
        (Scope(since=date(2025, 11, 5)), {"xinhua", "daily", "english"}),
        (Scope(since=date(2025, 11, 6)), {"daily", "english"}),
        (Scope(until=date(2025, 11, 30)), {"xinhua", "english"}),
        (Scope(since=date(2025, 11, 6), until=date(2025, 11, 30)), {"english"}),
        (Scope(since=date(2026, 1, 1)), set()),
        (Scope(language="en"), {"english"}),
        (Scope(language="zh"), {"xinhua", "daily", "month", "undated"}),
        (Scope(phrases=("授权金额",)), {"xinhua"}),
        # In the title; in another width, case and script; over a line's end.
        (Scope(phrases=("ｇｒ-1803出海",)), {"xinhua"}),
        (Scope(phrases=("授權金額",)), {"xinhua"}),
        (Scope(phrases=("交易 双方",)), {"xinhua"}),
        # Not inside a longer name or word.
        (Scope(phrases=("PC-30",)), {"month"}),
        (Scope(phrases=("car",)), set()),
        (Scope(phrases=("PC-301", "授权")), {"daily", "english"}),
        (Scope(excluded=("PC-301",)), {"xinhua", "month", "undated"}),
        (Scope(excluded=("PC-30",)), {"xinhua", "daily", "undated", "english"}),
        (Scope(excluded=("股市", "公告")), {"xinhua", "daily", "english"}),
        (Scope(document_id="month"), {"month"}),
        (Scope(document_id="absent"), set()),
        (Scope(sources=("新华社",), language="zh", since=date(2025, 1, 1)), {"xinhua"}),
    ],
)
def test_only_what_lies_within_is_found(
    snapshot: Snapshot, analyzer: Analyzer, scope: Scope, found: set[str]
) -> None:
    within = confined(snapshot, scope, analyzer)
    candidates = within.candidates({"w授权": 1.0}, 100)
    assert {each.record().citation.document_id for each in candidates} == found
    # What is checked on a passage by itself is the same.
    admits = admission(scope, analyzer.normalise)
    every = [each.record() for each in snapshot.candidates({"w授权": 1.0}, 100)]
    assert {each.citation.document_id for each in every if admits(each)} == found


def test_filters_and_scope_hold_together(snapshot: Snapshot, analyzer: Analyzer) -> None:
    def found(scope: Scope, allowed: Filter) -> set[str]:
        candidates = confined(snapshot, scope, analyzer).candidates({"w授权": 1.0}, 10, allowed)
        return {each.record().citation.document_id for each in candidates}

    november = (date(2025, 11, 1), date(2025, 11, 30))
    assert found(Scope(since=date(2025, 11, 20)), Filter(published=november)) == {"english"}
    assert found(Scope(since=date(2025, 12, 1)), Filter(published=november)) == set()
    assert found(Scope(language="zh"), Filter(language="en")) == set()
    assert found(Scope(language="zh"), Filter(published=november)) == {"xinhua"}


def test_the_rest_of_a_snapshot_is_as_it_was(snapshot: Snapshot, analyzer: Analyzer) -> None:
    within = confined(snapshot, Scope(language="en"), analyzer)
    assert (within.generation, within.passages) == (snapshot.generation, snapshot.passages)
    assert within.mean_length == snapshot.mean_length
    assert within.document_frequencies(["w授权"]) == snapshot.document_frequencies(["w授权"])
    assert confined(snapshot, Scope(), analyzer) is snapshot


def test_what_passes_is_found_behind_much_that_does_not(analyzer: Analyzer, tmp_path: Path) -> None:
    better = [
        build_document(f"d{n}", title="授权", source="别报", passages=[f"授权授权{n}。"]) for n in range(120)
    ]
    last = build_document("last", title=None, source="新华社", passages=["授权" + "其他内容" * 30 + "。"])
    for url in ("memory:", f"tantivy:{tmp_path / 'index'}"):
        snapshot = index_of(analyzer, [*better, last], url).snapshot()
        within = confined(snapshot, Scope(sources=("新华社",)), analyzer)
        (candidate,) = within.candidates({"w授权": 1.0}, 10)
        assert candidate.record().citation.document_id == "last"


def test_an_answer_keeps_within_its_scope(analyzer: Analyzer) -> None:
    answerer = Answerer(index_of(analyzer, DOCUMENTS), analyzer, weights=replace(WEIGHTS, related=0.0))
    question = ask("授权")
    assert len(answerer.answer(question, 10).excerpts) > 1
    scoped = replace(question, scope=Scope(document_id="daily"))
    answer = answerer.answer(scoped, 10)
    assert [each.citation.document_id for each in answer.excerpts] == ["daily"]
    assert answer.question == scoped
    nothing = answerer.answer(replace(question, scope=Scope(sources=("路透",))))
    assert (nothing.excerpts, nothing.total) == ((), 0)


def test_a_scope_is_true_if_it_confines_anything() -> None:
    assert not Scope()
    for scope in (Scope(sources=("a",)), Scope(until=date(2025, 1, 1)), Scope(document_id="d")):
        assert scope
