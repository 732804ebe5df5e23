"""Knowledge: the lexicon and the encoder opened together, and answering without an encoder."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from retrieval.errors import EncoderUnavailable
from retrieval.knowledge import Knowledge
from retrieval.weights import Direction
from tests.builders import build_document
from tests.installing import QUICK_ENCODER, installed
from tests.retrieval.indexed import ask, index_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.analyzer import Analyzer

DOCUMENTS = [
    build_document("zh", title="药物", passages=["纸鹤生物研发创新药。", "园区的餐厅昨天开业。"]),
    build_document("en", title="Deal", language="en", passages=["PaperCrane licensed an innovative drug."]),
]


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    return installed(prepared, tmp_path / "data")


@pytest.fixture
def knowledge(analyzer: Analyzer, data: Path) -> Iterator[Knowledge]:
    opened = Knowledge.open(data, analyzer, data / "glossary.tsv", QUICK_ENCODER)
    yield opened
    opened.close()


def test_all_parts_are_there(knowledge: Knowledge, data: Path) -> None:
    assert knowledge.missing is None
    assert knowledge.encoder is not None
    assert knowledge.vectors is not None
    assert knowledge.vectors.path.parent == data / "vectors"
    assert [path.parent for path in data.rglob("lexicon-*")] == [data / "lexicon"]
    assert knowledge.lexicon.chinese("药物")


def test_an_answerer_translates_and_compares_meaning(knowledge: Knowledge, analyzer: Analyzer) -> None:
    answerer = knowledge.answerer(index_of(analyzer, DOCUMENTS), on_the_fly=10)
    ranking = answerer.rank(ask("哪家研发创新药？"))
    assert {each.direction for each in ranking.ranked} == set(Direction)
    assert all("cosine" in each.signals for each in ranking.ranked)


def test_vectors_are_only_made_while_a_question_waits_if_that_is_wanted_and_then_kept(
    knowledge: Knowledge, analyzer: Analyzer
) -> None:
    index = index_of(analyzer, DOCUMENTS)

    def with_vectors(on_the_fly: int) -> int:
        ranked = knowledge.answerer(index, on_the_fly=on_the_fly).rank(ask("哪家研发创新药？")).ranked
        return sum("cosine" in each.signals for each in ranked)

    assert with_vectors(0) == 0
    assert with_vectors(10) == with_vectors(0) > 0


def test_what_is_typed_wrong_is_mended(knowledge: Knowledge, analyzer: Analyzer) -> None:
    answerer = knowledge.answerer(index_of(analyzer, DOCUMENTS))
    assert answerer.rank(ask("纸鹤生物的创心药")).query.read_as == "纸鹤生物的创新药"
    assert answerer.rank(ask("纸鹤生物的创新药")).query.read_as is None


def test_the_glossary_wins_over_the_lexicon(knowledge: Knowledge, analyzer: Analyzer, data: Path) -> None:
    answerer = knowledge.answerer(index_of(analyzer, DOCUMENTS))
    (data / "glossary.tsv").write_text("创新药\tPaperCrane\n", encoding="utf-8")
    concepts = {each.text: each for each in answerer.rank(ask("创新药")).query.concepts}
    assert concepts["创新药"].variants[0].units == (analyzer.stem("papercrane"),)


def test_without_an_encoder_everything_else_works(knowledge: Knowledge, analyzer: Analyzer) -> None:
    without = dataclasses.replace(knowledge, encoder=None, vectors=None, missing="not installed")
    ranking = without.answerer(index_of(analyzer, DOCUMENTS), on_the_fly=10).rank(ask("哪家研发创新药？"))
    assert {each.direction for each in ranking.ranked} == set(Direction)
    assert not any("cosine" in each.signals for each in ranking.ranked)


@pytest.mark.parametrize("name", ["no_such_module:factory", "retrieval.terms:Nothing", "json"])
def test_an_encoder_that_is_named_wrongly_is_an_error(analyzer: Analyzer, data: Path, name: str) -> None:
    with pytest.raises(EncoderUnavailable, match=name.partition(":")[0]):
        Knowledge.open(data, analyzer, data / "glossary.tsv", name)
