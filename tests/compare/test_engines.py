"""One contract for every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.analyzer import Analyzer, distinct_terms
from retrieval.engines import open_index
from retrieval.engines.base import Filter
from retrieval.errors import IndexLocked, IndexUnavailable
from retrieval.indexing import analyse
from retrieval.question import Interpreter
from retrieval.ranking import Ranker
from tests.builders import build_document, build_passage, build_published
from tests.retrieval.indexed import DEAL, FUND, INDEX, WEIGHTS, ask, found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.model import Document
    from retrieval.engines.base import Index
    from retrieval.ranking import Ranking

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["memory:", "tantivy:index"])
def url(request: pytest.FixtureRequest) -> str:
    """An engine each; every test runs in a folder of its own."""
    return str(request.param)


@pytest.fixture
def index(url: str, analyzer: Analyzer) -> Index:
    return open_index(url, analyzer.fingerprint)


@pytest.fixture
def publish(index: Index, analyzer: Analyzer) -> Callable[..., None]:
    """Makes a generation: documents are added after others are removed."""

    def make(generation: int, *documents: Document, remove: Sequence[str] = (), clear: bool = False) -> None:
        writer = index.writer()
        if clear:
            writer.clear()
        if remove:
            writer.remove(remove)
        writer.add(analyse(analyzer, documents))
        writer.commit(generation)

    return make


def test_an_empty_index(index: Index) -> None:
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages, snapshot.mean_length) == (None, 0, 1.0)
    assert snapshot.document_frequencies(["w授权", "d2025"]) == {"w授权": 0, "d2025": 0}
    assert list(snapshot.candidates({"w授权": 1.0}, 10)) == []
    assert list(snapshot.candidates({}, 10)) == []


def test_what_is_added_is_seen_after_the_commit_and_not_before(index: Index, analyzer: Analyzer) -> None:
    writer = index.writer()
    writer.add(analyse(analyzer, [DEAL]))
    writer.add(analyse(analyzer, [FUND]))
    assert index.snapshot().generation is None
    assert found(index.snapshot(), "w授权") == set()
    writer.commit(7)
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages) == (7, 3)
    assert found(snapshot, "w授权") == {"deal", "fund"}


def test_what_is_removed_is_no_candidate_after_the_commit(index: Index, publish: Callable[..., None]) -> None:
    publish(1, DEAL, FUND, INDEX)
    writer = index.writer()
    writer.remove(["deal", "nobody"])
    assert found(index.snapshot(), "w授权") == {"deal", "fund"}
    writer.commit(2)
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages) == (2, 2)
    assert found(snapshot, "w授权") == {"fund"}
    assert found(snapshot, "wgr1803") == set()


def test_a_document_that_is_removed_and_added_is_the_new_one(
    index: Index, publish: Callable[..., None]
) -> None:
    publish(1, DEAL, FUND)
    publish(2, build_document("deal", passages=["GR1803公告更正。"]), remove=["deal"])
    snapshot = index.snapshot()
    assert snapshot.passages == 2
    assert found(snapshot, "wgr1803") == found(snapshot, "w更正") == {"deal"}
    assert found(snapshot, "w授权") == {"fund"}


def test_clearing_leaves_what_is_added_after_it(index: Index, publish: Callable[..., None]) -> None:
    publish(1, DEAL, FUND)
    publish(2, INDEX, FUND, clear=True, remove=["index"])
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages) == (2, 2)
    assert found(snapshot, "w授权", "w指数") == {"fund", "index"}
    assert found(snapshot, "wgr1803") == set()


def test_a_generation_may_be_empty(index: Index, publish: Callable[..., None]) -> None:
    publish(1, DEAL)
    publish(2, clear=True)
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages, snapshot.mean_length) == (2, 0, 1.0)
    assert found(snapshot, "w授权") == set()


def test_a_generation_may_be_older_than_the_last(index: Index, publish: Callable[..., None]) -> None:
    publish(5, DEAL)
    publish(3, FUND, remove=["deal"])
    assert index.snapshot().generation == 3
    assert found(index.snapshot(), "w授权") == {"fund"}


def test_a_rollback_leaves_everything_as_it_was(
    index: Index, analyzer: Analyzer, publish: Callable[..., None]
) -> None:
    publish(1, DEAL, FUND)
    writer = index.writer()
    writer.remove(["deal"])
    writer.add(analyse(analyzer, [INDEX]))
    writer.clear()
    writer.rollback()
    publish(2)  # what was rolled back does not come with the next commit either
    snapshot = index.snapshot()
    assert (snapshot.generation, snapshot.passages) == (2, 3)
    assert found(snapshot, "w授权", "w指数") == {"deal", "fund"}


def order(ranking: Ranking) -> list[tuple[str, float]]:
    return [(each.candidate.passage_id, each.score) for each in ranking.ranked]


def test_a_snapshot_stays_as_it_was_while_and_after_others_commit(
    index: Index, analyzer: Analyzer, publish: Callable[..., None]
) -> None:
    publish(1, DEAL, FUND)
    old = index.snapshot()
    query = Interpreter(analyzer).read(ask("GR1803授权金额"))
    before = order(Ranker(WEIGHTS).rank(query, old))
    for generation in range(2, 8):  # enough for segments to be merged and files to be deleted
        publish(generation, build_document(f"d{generation}", passages=["授权授权。"]), remove=["deal"])
    assert (old.generation, old.passages) == (1, 3)
    assert found(old, "w授权") == {"deal", "fund"}
    assert order(Ranker(WEIGHTS).rank(query, old)) == before
    assert index.snapshot().generation == 7
    assert "deal" not in found(index.snapshot(), "w授权")


def test_document_frequencies(index: Index, analyzer: Analyzer, publish: Callable[..., None]) -> None:
    publish(1, DEAL, FUND, INDEX)
    passages = analyse(analyzer, [DEAL, FUND, INDEX])
    every = [distinct_terms(passage.forms) for passage in passages]
    terms = [*sorted(set().union(*every)), "w没有", "c|xyz|", "d1999"]
    expected = {term: sum(term in each for each in every) for term in terms}
    assert index.snapshot().document_frequencies(terms) == expected


def test_document_frequencies_count_what_was_removed_at_most_for_a_while(
    index: Index, publish: Callable[..., None]
) -> None:
    publish(1, DEAL, FUND)
    publish(2, remove=["deal"])
    assert 1 <= index.snapshot().document_frequencies(["w授权"])["w授权"] <= 2


def test_the_mean_length(index: Index, analyzer: Analyzer, publish: Callable[..., None]) -> None:
    publish(1, DEAL, FUND, INDEX)
    lengths = [passage.forms.length for passage in analyse(analyzer, [DEAL, FUND, INDEX])]
    assert index.snapshot().mean_length == pytest.approx(sum(lengths) / len(lengths))
    publish(2, remove=["deal"])
    assert index.snapshot().mean_length == pytest.approx(sum(lengths[2:]) / 2)


def test_candidates_are_the_best_as_many_as_asked_for(index: Index, publish: Callable[..., None]) -> None:
    publish(
        1, *(build_document(f"d{n:02}", title=None, passages=[f"授权第{n}项。"]) for n in range(30)), DEAL
    )
    snapshot = index.snapshot()
    assert len(found(snapshot, "w授权")) == 31
    assert len(snapshot.candidates({"w授权": 1.0}, 10)) == 10
    assert found(snapshot, "w授权", "wgr1803", limit=1) == {"deal"}
    assert (
        next(iter(snapshot.candidates({"w授权": 1.0, "wgr1803": 1.0}, 5))).passage_id == DEAL.passages[0].id
    )


def test_a_weight_matters(index: Index, publish: Callable[..., None]) -> None:
    publish(1, FUND, INDEX)
    snapshot = index.snapshot()
    for heavy, light, best in (("w基金", "w指数", "fund"), ("w指数", "w基金", "index")):
        candidates = snapshot.candidates({heavy: 2.0, light: 0.1}, 1)
        assert [each.record().citation.document_id for each in candidates] == [best]


def test_only_what_matches_is_a_candidate(index: Index, publish: Callable[..., None]) -> None:
    publish(1, DEAL, FUND, INDEX)
    snapshot = index.snapshot()
    assert found(snapshot, "w没有") == set()
    assert found(snapshot, "w没有", "w指数") == {"index"}
    # Not a query language, and nothing that the engine keeps for itself.
    for term in ("manifest", "*", "w*", "w授权 w指数", "d", ""):
        assert found(snapshot, term) == set()


ALL_KINDS = (
    build_document("zh", title=None, published="2025-11-30 23:59", passages=["授权102亿元，PD-1。"]),
    build_document("en", title=None, published="2025-12-01", language="en", passages=["PD-1 licensed."]),
    build_document("last", title=None, published="2025-12-31", passages=["授权PD-1公告。"]),
    build_document("month", title=None, published="2025-12", passages=["授权PD-1。"]),
    build_document("year", title=None, published="2025", passages=["授权PD-1。"]),
    # What a passage is written in counts, not what its document says.
    build_document("undated", title=None, published=None, language="en", passages=["授权PD-1。"]),
    build_document("number", title=None, published=None, language="en", passages=["PD-1"]),
)


def allowed(
    index: Index, *, published: tuple[date, date] | None = None, language: str | None = None
) -> set[str]:
    candidates = index.snapshot().candidates({"wpd": 1.0}, 100, Filter(language, published))
    return {candidate.record().citation.document_id for candidate in candidates}


def test_only_passages_in_a_language(index: Index, publish: Callable[..., None]) -> None:
    publish(1, *ALL_KINDS)
    assert allowed(index, language="en") == {"en", "number"}
    assert allowed(index, language="zh") == {"zh", "last", "month", "year", "undated"}
    assert allowed(index, language="fr") == set()
    assert allowed(index) == {document.id for document in ALL_KINDS}


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2025, 11, 30), date(2025, 12, 31), {"zh", "en", "last"}),
        (date(2025, 12, 1), date(2025, 12, 30), {"en"}),
        (date(2025, 12, 1), date(2025, 12, 1), {"en"}),
        (date(2025, 12, 2), date(2025, 12, 30), set()),
        (date(2025, 12, 31), date(2026, 12, 31), {"last"}),
        # What is known to the month or the year only was published on no day of it.
        (date(1, 1, 1), date(9999, 12, 31), {"zh", "en", "last"}),
    ],
)
def test_only_passages_published_in_a_range_of_days(
    index: Index, publish: Callable[..., None], first: date, last: date, found: set[str]
) -> None:
    publish(1, *ALL_KINDS)
    assert allowed(index, published=(first, last)) == found


def test_only_passages_of_a_document(index: Index, publish: Callable[..., None]) -> None:
    twice = build_document("zh twice", title="PD-1", passages=[f"PD-1授权{n}。" for n in range(120)])
    publish(1, *ALL_KINDS, twice)
    snapshot = index.snapshot()
    for wanted, count in (("zh twice", 120), ("zh", 1), ("twice", 0), ("", 0)):
        candidates = snapshot.candidates({"wpd": 1.0}, 200, Filter(document_id=wanted))
        assert [each.record().citation.document_id for each in candidates] == [wanted] * count


def test_only_passages_that_have_every_required_term(index: Index, publish: Callable[..., None]) -> None:
    publish(1, *ALL_KINDS)
    snapshot = index.snapshot()
    for required, documents in (
        ({"b公告"}, {"last"}),
        ({"w授权", "wpd", "len"}, set()),
        ({"w授权", "qCNY:10200000000"}, {"zh"}),
        ({"w没有"}, set()),
    ):
        candidates = snapshot.candidates({"wpd": 1.0}, 100, Filter(required=frozenset(required)))
        assert {each.record().citation.document_id for each in candidates} == documents


def test_filters_hold_together_and_add_nothing_of_their_own(
    index: Index, publish: Callable[..., None]
) -> None:
    publish(1, *ALL_KINDS)
    days = (date(2025, 11, 30), date(2025, 12, 31))
    assert allowed(index, language="zh", published=days) == {"zh", "last"}
    assert allowed(index, language="en", published=days) == {"en"}
    # What passes the filter but has none of the terms is no candidate.
    assert list(index.snapshot().candidates({"w没有": 1.0}, 10, Filter("zh", days))) == []
    assert list(index.snapshot().candidates({}, 10, Filter("zh", days))) == []
    one = Filter("zh", days, "last", frozenset({"w公告"}))
    assert [each.passage_id for each in index.snapshot().candidates({"wpd": 1.0}, 10, one)] == [
        ALL_KINDS[2].passages[0].id
    ]
    assert list(index.snapshot().candidates({"wpd": 1.0}, 10, replace(one, language="en"))) == []


def test_the_best_of_those_that_pass_a_filter_are_given(index: Index, publish: Callable[..., None]) -> None:
    better = [build_document(f"d{n}", title="授权", passages=["授权授权授权。"]) for n in range(30)]
    publish(1, *better, ALL_KINDS[1])
    weights = {"w授权": 1.0, "wpd": 0.1}
    (candidate,) = index.snapshot().candidates(weights, 5, Filter("en"))
    assert candidate.passage_id == ALL_KINDS[1].passages[0].id


def test_languages_are_counted(index: Index, publish: Callable[..., None]) -> None:
    publish(1, *ALL_KINDS)
    assert index.snapshot().document_frequencies(["lzh", "len", "lfr"]) == {"lzh": 5, "len": 2, "lfr": 0}


def test_quantities_find_what_has_them(index: Index, publish: Callable[..., None]) -> None:
    publish(1, *ALL_KINDS)
    assert found(index.snapshot(), "qCNY:10200000000") == {"zh"}
    assert found(index.snapshot(), "qCNY:102") == set()


def test_a_candidate_is_what_was_added_to_the_letter(index: Index, analyzer: Analyzer) -> None:
    passage = build_passage(
        "“授权”\u2028\0<b>&𠀀😀\x1f|  x\r\n\t", section="Group 1 \x1f", marks=("[1]", "[二]")
    )
    document = build_document(
        title="授权|\x1f",
        source=None,
        published=build_published("2025-12"),
        url="https://news.example/?a=1&b=“”",
        passages=[passage],
    )
    added = analyse(analyzer, [document])
    writer = index.writer()
    writer.add(added)
    writer.commit(1)
    (candidate,) = index.snapshot().candidates({"w授权": 1.0}, 10)
    assert candidate.passage_id == passage.id
    assert candidate.forms == added[0].forms
    assert candidate.record() == added[0]


def test_a_second_writer_is_refused_until_the_first_is_done(index: Index, analyzer: Analyzer) -> None:
    writer = index.writer()
    with pytest.raises(IndexLocked):
        index.writer()
    writer.add(analyse(analyzer, [DEAL]))
    writer.commit(1)
    writer = index.writer()
    with pytest.raises(IndexLocked):
        index.writer()
    writer.rollback()
    index.writer().rollback()
    assert index.snapshot().generation == 1


@pytest.mark.parametrize("name", ["", "tantivy", "tantivy:", "memory:x", "lucene:index", "index"])
def test_an_engine_that_is_none_is_unavailable(name: str) -> None:
    with pytest.raises(IndexUnavailable, match="memory:"):
        open_index(name, "f")


def test_a_passage_without_words_is_ranked_by_its_date(index: Index, analyzer: Analyzer) -> None:
    writer = index.writer()
    document = build_document(title=None, published="2025-12-16", passages=["……！"])
    writer.add(analyse(analyzer, [document]))
    writer.commit(1)
    assert index.snapshot().mean_length == 1.0
    query = Interpreter(analyzer).read(ask("2025年12月16日"))
    assert Ranker(WEIGHTS).rank(query, index.snapshot()).ranked[0].score > 0


def test_removing_takes_what_the_same_writer_has_added_too(index: Index, analyzer: Analyzer) -> None:
    writer = index.writer()
    writer.add(analyse(analyzer, [DEAL, FUND]))
    writer.remove(["deal"])
    writer.commit(1)
    assert found(index.snapshot(), "w授权") == {"fund"}


def test_the_same_generation_may_be_committed_again(index: Index, analyzer: Analyzer) -> None:
    for document in (DEAL, FUND):
        writer = index.writer()
        writer.add(analyse(analyzer, [document]))
        writer.commit(1)
        index.snapshot()
    assert index.snapshot().passages == len(DEAL.passages) + len(FUND.passages)


def test_a_document_may_be_called_as_the_index_calls_its_own(index: Index, analyzer: Analyzer) -> None:
    writer = index.writer()
    writer.add(analyse(analyzer, [build_document("manifest")]))
    writer.commit(1)
    assert (index.snapshot().generation, found(index.snapshot(), "w授权")) == (1, {"manifest"})
