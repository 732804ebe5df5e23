"""Reverse search: a new passage finds its subscriptions, and a preview says the same as a match."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.breadth import Breadth
from retrieval.corpus_statistics import CorpusStatistics
from retrieval.demand import demand_of
from retrieval.passage_lines import PassageLines
from retrieval.percolator import Percolator
from retrieval.profile import Profiler
from retrieval.scope import Scope
from retrieval.weights import Direction
from tests.builders import build_document, build_published
from tests.retrieval.indexed import index_of
from tests.retrieval.percolating import (
    DOCUMENTS,
    ENTRIES,
    NOW,
    RELEVANCE,
    passages_of,
    percolator_of,
    question,
)
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.answer import Question

QUESTIONS = [
    "纸鹤生物的创新药授权金额是多少？",
    "创新药 授权",
    "产业基金",
    "重庆产业基金募集",
    "园区餐厅",
    "昨天开业的餐厅",
    "innovative drug",
    "PaperCrane licensed",
    "GR1803",
    "7.12亿美元",
    "大熊猫",
]
SCOPES = [
    Scope(),
    Scope(sources=("重庆",)),
    Scope(language="en"),
    Scope(phrases=("产业基金",)),
    Scope(excluded=("海外", "abroad")),
    Scope(document_id="fund"),
]


@pytest.fixture
def percolator(analyzer: Analyzer, tmp_path: Path) -> Percolator:
    return percolator_of(analyzer, tmp_path)


def told(percolator: Percolator, analyzer: Analyzer, **followed: str) -> set[tuple[object, str]]:
    """Which subscriptions are told of which documents, if each is a broad one."""
    for key, text in followed.items():
        percolator.add(key, question(text), Breadth.BROAD)
    matches = percolator.match(passages_of(analyzer, *DOCUMENTS))
    return {(each.subscription, each.excerpt.citation.document_id) for each in matches}


def test_a_passage_finds_the_subscriptions_that_it_answers(
    percolator: Percolator, analyzer: Analyzer
) -> None:
    found = told(percolator, analyzer, deal="纸鹤生物授权金额", fund="产业基金", panda="大熊猫")
    assert found == {("deal", "deal"), ("fund", "fund")}


def test_subscriptions_are_translated_both_ways(percolator: Percolator, analyzer: Analyzer) -> None:
    found = told(percolator, analyzer, chinese="创新药", english="innovative drug")
    assert found == {
        ("chinese", "deal"),
        ("chinese", "paper"),
        ("english", "deal"),
        ("english", "paper"),
    }


def test_a_strict_subscription_is_told_of_less(percolator: Percolator, analyzer: Analyzer) -> None:
    text = "纸鹤生物的创新药在海外的销售渠道"
    for breadth in Breadth:
        percolator.add(breadth, question(text), breadth)
    passages = passages_of(analyzer, *DOCUMENTS)
    by_breadth = {
        breadth: [each for each in percolator.match(passages) if each.subscription == breadth]
        for breadth in Breadth
    }
    assert len(by_breadth[Breadth.STRICT]) < len(by_breadth[Breadth.BROAD])
    assert all(0.5 <= each.score < 0.9 for each in by_breadth[Breadth.BROAD])


def test_an_excerpt_is_verbatim_and_marked(percolator: Percolator, analyzer: Analyzer) -> None:
    percolator.add("fund", question("产业基金募集多少"), Breadth.BROAD)
    (match,) = percolator.match(passages_of(analyzer, *DOCUMENTS))
    excerpt = match.excerpt
    assert excerpt.text in DOCUMENTS[1].passages[0].text
    assert excerpt.score == match.score
    marked = {excerpt.passage.text[each.start : each.end] for each in excerpt.matches}
    assert any("产业基金" in each for each in marked)
    assert excerpt.answer is not None
    assert excerpt.passage.text[excerpt.answer.start : excerpt.answer.end] == "30亿元"


def test_the_same_key_replaces_and_a_removed_one_is_silent(
    percolator: Percolator, analyzer: Analyzer
) -> None:
    assert told(percolator, analyzer, one="产业基金") == {("one", "fund")}
    assert told(percolator, analyzer, one="园区餐厅") == {("one", "food")}
    assert len(percolator) == 1
    percolator.remove("one")
    percolator.remove("never there")
    assert len(percolator) == 0
    assert told(percolator, analyzer) == set()


def test_many_changes_leave_nothing_behind(percolator: Percolator, analyzer: Analyzer) -> None:
    for _ in range(30):
        told(percolator, analyzer, one="产业基金", two="园区餐厅")
    assert told(percolator, analyzer) == {("one", "fund"), ("two", "food")}


def test_dates_and_days_are_left_out(percolator: Percolator, analyzer: Analyzer) -> None:
    gone = Scope(since=date(2019, 1, 1), until=date(2019, 12, 31))
    percolator.add("dated", question("2019年上个月的产业基金", gone), Breadth.STRICT)
    percolator.add("plain", question("产业基金"), Breadth.STRICT)
    matches = percolator.match(passages_of(analyzer, *DOCUMENTS))
    assert {each.subscription for each in matches} == {"dated", "plain"}
    assert len({each.score for each in matches}) == 1


@pytest.mark.parametrize("text", ["的", "是什么", "2025年12月", "", "？！", "  "])
def test_a_question_of_nothing_is_no_error(percolator: Percolator, analyzer: Analyzer, text: str) -> None:
    percolator.add("nothing", question(text), Breadth.BROAD)
    percolator.match(passages_of(analyzer, *DOCUMENTS))
    assert percolator.preview(question(text), Breadth.BROAD, NOW).total >= 0


def asked(scope: Scope) -> list[Question]:
    return [question(text, scope) for text in QUESTIONS]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("breadth", Breadth)
def test_a_match_and_a_preview_agree_on_every_passage(
    percolator: Percolator, analyzer: Analyzer, scope: Scope, breadth: Breadth
) -> None:
    for number, each in enumerate(asked(scope)):
        percolator.add(number, each, breadth)
    matched: dict[object, dict[str, float]] = {}
    for match in percolator.match(passages_of(analyzer, *DOCUMENTS)):
        matched.setdefault(match.subscription, {})[match.excerpt.passage.id] = match.score
    for number, each in enumerate(asked(scope)):
        preview = percolator.preview(each, breadth, NOW, limit=100)
        assert preview.total == len(preview.excerpts)
        assert {one.passage.id: one.score for one in preview.excerpts} == matched.get(number, {})


def test_the_shipped_models_agree_too_on_an_index_on_disk(analyzer: Analyzer, tmp_path: Path) -> None:
    index = index_of(analyzer, DOCUMENTS, f"tantivy:{tmp_path / 'index'}")
    percolator = Percolator(index, analyzer, Profiler(analyzer, translator_of(analyzer, tmp_path, *ENTRIES)))
    total = 0
    for each in asked(Scope()):
        percolator.add("one", each, Breadth.BROAD)
        matched = {one.excerpt.passage.id for one in percolator.match(passages_of(analyzer, *DOCUMENTS))}
        preview = percolator.preview(each, Breadth.BROAD, NOW, limit=100)
        assert {one.passage.id for one in preview.excerpts} == matched
        total += len(matched)
    assert total


def test_no_match_is_missed_for_speed(analyzer: Analyzer, tmp_path: Path) -> None:
    # Every passage is held to every subscription, one by one.
    percolator = percolator_of(analyzer, tmp_path)
    profiler = Profiler(analyzer, translator_of(analyzer, tmp_path, *ENTRIES))
    statistics = CorpusStatistics(index_of(analyzer, DOCUMENTS).snapshot())
    passages = passages_of(analyzer, *DOCUMENTS)
    expected = set()
    for number, each in enumerate(asked(Scope())):
        percolator.add(number, each, Breadth.BROAD)
        profile = profiler.profile(each)
        for indexed in passages:
            direction = Direction.SAME if indexed.forms.language == profile.language else Direction.OTHER
            features = demand_of(profile, direction, statistics).features(PassageLines(indexed.forms))
            if features and RELEVANCE.score(features, direction) >= 0.5:
                expected.add((number, indexed.passage.id))
    matches = percolator.match(passages)
    assert {(each.subscription, each.excerpt.passage.id) for each in matches} == expected
    assert len(expected) > len(QUESTIONS)


def test_a_preview_has_the_newest_first_and_the_undated_last(analyzer: Analyzer, tmp_path: Path) -> None:
    days = ["2025-12-01", "2025-12-19", None, "2025-10-30"]
    documents = [
        build_document(
            f"d{number}",
            title="基金",
            published=build_published(day) if day else None,
            passages=[f"产业基金募集{number}亿元。"],
        )
        for number, day in enumerate(days)
    ]
    percolator = percolator_of(analyzer, tmp_path, *documents)
    preview = percolator.preview(question("产业基金"), Breadth.BROAD, NOW)
    assert [each.citation.document_id for each in preview.excerpts] == ["d1", "d0", "d3", "d2"]
    assert preview.total == 4
    assert preview.per_week == pytest.approx(3 / 8)
    first = percolator.preview(question("产业基金"), Breadth.BROAD, NOW, limit=1)
    assert [each.citation.document_id for each in first.excerpts] == ["d1"]
    assert first.total == 4
    later = percolator.preview(question("产业基金"), Breadth.BROAD, NOW + timedelta(weeks=52))
    assert later.per_week == pytest.approx(3 / (51 + 52 / 7 - 0.2), abs=0.02)


def test_rarity_follows_the_corpus(analyzer: Analyzer, tmp_path: Path) -> None:
    index = index_of(analyzer, DOCUMENTS)
    percolator = Percolator(
        index, analyzer, Profiler(analyzer, translator_of(analyzer, tmp_path, *ENTRIES)), relevance=RELEVANCE
    )
    percolator.add("one", question("产业基金 餐厅"), Breadth.BROAD)

    def score() -> float:
        found = percolator.match(passages_of(analyzer, DOCUMENTS[1]))
        return found[0].score if found else 0.0

    before = score()
    writer = index.writer()
    writer.add(
        passages_of(
            analyzer,
            *(
                build_document(f"f{number}", title="基金", passages=["产业基金募集。"])
                for number in range(60)
            ),
        )
    )
    writer.commit(2)
    assert score() < before


def test_a_kept_profile_is_the_same_and_a_stale_one_is_made_anew(
    percolator: Percolator, analyzer: Analyzer
) -> None:
    text = question("纸鹤生物的创新药授权")
    passages = passages_of(analyzer, *DOCUMENTS)
    percolator.add("one", text, Breadth.BROAD)
    expected = percolator.match(passages)
    profile = percolator.profile(text)
    percolator.add("one", text, Breadth.BROAD, profile)
    assert percolator.match(passages) == expected
    other = percolator.profile(question("园区餐厅"))
    percolator.add("one", text, Breadth.BROAD, other)
    assert percolator.match(passages) != expected
    percolator.add("one", text, Breadth.BROAD, replace(other, fingerprint="of another analysis"))
    assert percolator.match(passages) == expected


def test_it_is_safe_from_many_threads(percolator: Percolator, analyzer: Analyzer) -> None:
    passages = passages_of(analyzer, *DOCUMENTS)
    percolator.add("stays", question("产业基金"), Breadth.BROAD)

    def change(number: int) -> list[object]:
        percolator.add(number, question(QUESTIONS[number % len(QUESTIONS)]), Breadth.BROAD)
        found = percolator.match(passages)
        percolator.remove(number)
        return [each.subscription for each in found]

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(change, range(200)))
    assert all("stays" in each for each in seen)
    assert {each.subscription for each in percolator.match(passages)} == {"stays"}
