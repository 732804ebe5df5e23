"""The index of an evaluation: what is mixed in is searched and never right; what is kept is used again."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from corpus.reading import ReadOptions
from retrieval.answerer import Answerer
from retrieval.engines import open_index
from retrieval.errors import InvalidQuestionSet
from retrieval.evaluation import Examiner, evaluate
from retrieval.evaluation_index import fingerprint, index_set, kept_in
from retrieval.excerpt import Excerpter
from retrieval.question_set import QuestionSet, open_corpus, read_question_set
from tests.builders import ZONE
from tests.retrieval.beir import lines_of, write_set

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index

NOW = datetime(2025, 12, 20, 8, 30, tzinfo=ZONE)
OWN = [
    {"_id": "d1", "title": "授权", "text": "GR1803授权7.12亿美元。", "url": "https://news.example/1"},
    {"_id": "d2", "title": "", "text": "产业基金30亿元。"},
]
# The same keys and the same addresses as the set's own, with what answers better.
OTHER = [
    {
        "_id": "d1",
        "title": "授权",
        "text": "GR1803授权金额，GR1803授权金额。",
        "url": "https://news.example/1",
    },
    {"_id": "d2", "title": "", "text": "天气晴朗。"},
    {"_id": "d3", "title": "", "text": "列车准点。"},
]


def written(folder: Path, corpus: list[dict[str, Any]]) -> Path:
    return write_set(folder, corpus, [{"_id": "q", "text": "GR1803授权金额"}], [("q", "d1", 1)])


@pytest.fixture
def own(tmp_path: Path) -> QuestionSet:
    return read_question_set(written(tmp_path / "own", OWN), now=NOW)


@pytest.fixture
def mixed(own: QuestionSet, tmp_path: Path) -> QuestionSet:
    return replace(own, mixed=(open_corpus(written(tmp_path / "other", OTHER)),))


@pytest.fixture(params=["memory:", "tantivy:index"])
def index(request: pytest.FixtureRequest, analyzer: Analyzer) -> Index:
    return open_index(request.param, analyzer.fingerprint)


async def rank_of_the_question(chosen: QuestionSet, index: Index, analyzer: Analyzer) -> int | None:
    searched = await index_set(chosen, index, analyzer, ReadOptions(), workers=1)
    examiner = Examiner(Answerer(index, analyzer), Excerpter(analyzer), analyzer, searched)
    return evaluate(chosen, examiner).outcomes[0].rank


async def test_what_is_mixed_in_is_found_and_never_right_even_under_the_same_key(
    own: QuestionSet, mixed: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    alone = open_index("memory:", analyzer.fingerprint)
    assert await rank_of_the_question(own, alone, analyzer) == 1
    assert await rank_of_the_question(mixed, index, analyzer) == 2
    assert index.snapshot().passages == 5


async def test_a_set_mixed_with_itself_is_there_twice(
    own: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    twice = replace(own, mixed=(own.corpus, own.corpus))
    searched = await index_set(twice, index, analyzer, ReadOptions(), workers=1)
    assert index.snapshot().passages == 6
    assert sorted(searched.keys.values()) == ["d1", "d2"]


async def test_what_answers_is_kept_whole_for_judging(
    own: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    searched = await index_set(own, index, analyzer, ReadOptions(), workers=1)
    assert {key: (right.title, right.text) for key, right in searched.right.items()} == {
        "d1": ("授权", "GR1803授权7.12亿美元。")
    }


async def test_an_index_that_is_there_is_used_again(
    mixed: QuestionSet, index: Index, analyzer: Analyzer
) -> None:
    done: list[int] = []
    first = await index_set(mixed, index, analyzer, ReadOptions(), workers=1, progress=done.append)
    assert done == [2, 5]
    again = await index_set(mixed, index, analyzer, ReadOptions(), workers=1, progress=done.append)
    assert done == [2, 5]
    assert again == first
    assert await rank_of_the_question(mixed, index, analyzer) == 2


async def test_a_failed_indexing_leaves_the_index_free(
    mixed: QuestionSet, analyzer: Analyzer, index: Index
) -> None:
    with mixed.mixed[0].place.open("a", encoding="utf-8") as corpus:
        corpus.write("{\n")
    with pytest.raises(Exception, match="line 4"):
        await index_set(mixed, index, analyzer, ReadOptions(), workers=1)
    assert index.snapshot().generation is None
    index.writer().rollback()


def test_each_combination_of_corpora_has_a_folder(mixed: QuestionSet, tmp_path: Path) -> None:
    own, other = mixed.corpora
    places = [kept_in(tmp_path, corpora) for corpora in ((own,), (other,), (own, other), (other, own))]
    assert len(set(places)) == 4
    assert kept_in(tmp_path, mixed.corpora) == places[2]
    assert {place.parent for place in places} == {tmp_path}


def test_an_index_is_of_use_while_nothing_it_is_made_of_changes(
    mixed: QuestionSet, analyzer: Analyzer
) -> None:
    options = ReadOptions()
    mark = fingerprint(analyzer, mixed.corpora, options)
    assert mark.startswith(analyzer.fingerprint + "-")
    assert fingerprint(analyzer, mixed.corpora, options) == mark
    changed = {
        fingerprint(analyzer, mixed.corpora[:1], options),
        fingerprint(analyzer, mixed.corpora[::-1], options),
        fingerprint(analyzer, mixed.corpora, ReadOptions(zone=ZoneInfo("UTC"))),
        fingerprint(analyzer, mixed.corpora, ReadOptions(max_bytes=1000)),
    }
    mixed.mixed[0].place.write_text(lines_of(OTHER[:2]), "utf-8")
    changed.add(fingerprint(analyzer, mixed.corpora, options))
    assert len(changed) == 5
    assert mark not in changed


def test_an_index_of_another_analysis_under_the_same_version_is_not_used(
    own: QuestionSet, analyzer: Analyzer, tmp_path: Path
) -> None:
    other = type(analyzer)(tmp_path / "cache")
    other._stem = str.upper
    assert other.fingerprint == analyzer.fingerprint
    assert fingerprint(other, own.corpora, ReadOptions()) != fingerprint(analyzer, own.corpora, ReadOptions())


def test_a_corpus_that_is_gone_is_named(own: QuestionSet, analyzer: Analyzer) -> None:
    own.corpus.place.unlink()
    with pytest.raises(InvalidQuestionSet, match="cannot be read"):
        fingerprint(analyzer, own.corpora, ReadOptions())


async def test_a_packed_corpus_can_be_mixed_in(own: QuestionSet, index: Index, analyzer: Analyzer) -> None:
    folder = own.corpus.place.parent.parent / "packed"
    folder.mkdir()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines_of(OTHER).encode()))
    packed = replace(own, mixed=(open_corpus(folder),))
    assert await rank_of_the_question(packed, index, analyzer) == 2
