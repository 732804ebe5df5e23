"""The percolator as the program makes it: with the lexicon, the language at large and the shipped models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.breadth import Breadth
from retrieval.knowledge import Knowledge
from tests.installing import QUICK_ENCODER, installed
from tests.retrieval.indexed import index_of
from tests.retrieval.percolating import DOCUMENTS, NOW, passages_of, question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.analyzer import Analyzer


@pytest.fixture
def knowledge(analyzer: Analyzer, prepared: Path, tmp_path: Path) -> Iterator[Knowledge]:
    data = installed(prepared, tmp_path / "data")
    opened = Knowledge.open(data, analyzer, data / "glossary.tsv", QUICK_ENCODER)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("创新药授权", {"deal", "paper"}),
        ("产业基金募集了多少钱？", {"fund"}),
        ("innovative drug licensed to a partner abroad", {"deal", "paper"}),
        ("餐厅开业", {"food"}),
        ("大熊猫", set()),
    ],
)
def test_a_keyword_or_a_question_finds_its_news(
    knowledge: Knowledge, analyzer: Analyzer, text: str, documents: set[str]
) -> None:
    percolator = knowledge.percolator(index_of(analyzer, DOCUMENTS))
    percolator.add("one", question(text), Breadth.STRICT)
    passages = passages_of(analyzer, *DOCUMENTS)
    matches = percolator.match(passages)
    assert {each.excerpt.citation.document_id for each in matches} == documents
    preview = percolator.preview(question(text), Breadth.STRICT, NOW)
    assert {each.citation.document_id for each in preview.excerpts} == documents
    matching = [percolator.matching(each) for each in passages]
    assert [score for each in matching for score in each.values()] == [each.score for each in matches]
