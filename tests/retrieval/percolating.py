"""Percolators for tests: a small corpus in both languages, and a translator that knows what it is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from retrieval.answer import Question
from retrieval.breadth import Breadth
from retrieval.indexing import analyse
from retrieval.percolator import Percolator
from retrieval.profile import Profiler
from retrieval.relevance import Relevance
from retrieval.scope import Scope
from retrieval.weights import Direction, Logistic
from tests.builders import ZONE, build_document, build_published
from tests.retrieval.indexed import index_of
from tests.retrieval.translating import translator_of

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import IndexedPassage

NOW = datetime(2025, 12, 20, 12, tzinfo=ZONE)

# A fit of the shipped model changes nothing here. What a passage has of all that is asked decides.
RELEVANCE = Relevance(
    {
        Direction.SAME: Logistic(-5.0, {"word": 6.0, "written": 1.0, "sentence": 2.0, "title": 0.5}),
        Direction.OTHER: Logistic(-5.0, {"concept": 6.0, "together": 1.0, "sentence": 2.0, "title": 0.5}),
    },
    {direction: {Breadth.STRICT: 0.9, Breadth.BROAD: 0.5} for direction in Direction},
)

DOCUMENTS = [
    build_document(
        "deal",
        title="创新药出海",
        source="重庆日报",
        published=build_published("2025-12-16"),
        passages=["纸鹤生物的创新药GR1803授权海外，授权金额7.12亿美元。", "园区新建实验中心。"],
    ),
    build_document(
        "fund",
        title="产业基金",
        source="新华社",
        published=build_published("2025-12-10"),
        passages=["重庆产业基金授权管理人募集30亿元。昨日，基金管理人表示募集完成。"],
    ),
    build_document(
        "paper",
        title="PaperCrane abroad",
        source="Reuters",
        language="en",
        published=build_published("2025-11-01"),
        passages=["PaperCrane licensed an innovative drug to a partner abroad for $712 million."],
    ),
    build_document(
        "food", title="餐厅", source="重庆晚报", published=None, passages=["园区的餐厅昨天开业。"]
    ),
]
ENTRIES = (
    "创新药\tinnovative drug",
    "创新\tinnovative",
    "药\tdrug",
    "纸鹤\tPaperCrane",
    "授权\tlicensed\tlicence",
)


def question(text: str, scope: Scope | None = None, asked: datetime = NOW) -> Question:
    return Question(text, asked, scope or Scope())


def passages_of(analyzer: Analyzer, *documents: Document) -> list[IndexedPassage]:
    return analyse(analyzer, documents)


def percolator_of(
    analyzer: Analyzer, folder: Path, *documents: Document, relevance: Relevance | None = RELEVANCE
) -> Percolator:
    """An empty percolator over these documents, or those above."""
    profiler = Profiler(analyzer, translator_of(analyzer, folder, *ENTRIES))
    index = index_of(analyzer, documents or DOCUMENTS)
    return Percolator(index, analyzer, profiler, relevance=relevance)
