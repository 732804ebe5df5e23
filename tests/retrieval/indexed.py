"""Puts documents into an index as the program does, and asks it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from retrieval.answer import Question
from retrieval.engines import open_index
from retrieval.indexing import analyse
from retrieval.weights import Direction, Logistic, Models, Weights
from tests.builders import ZONE, build_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index, Snapshot

DEAL = build_document("deal", title="出海", passages=["GR1803授权金额7.12亿美元。", "园区新建实验中心。"])
FUND = build_document("fund", title="基金", passages=["产业基金授权管理人募集30亿元。"])
INDEX = build_document("index", title="指数", passages=["医药指数收报3120点。"])


def always(model: Logistic) -> Models:
    """A model, whether or not nearness in meaning is known."""
    return Models(model, model)


# Weights for tests of what is done with weights: a fit of the shipped ones changes nothing here.
WEIGHTS = Weights(
    signals={
        Direction.SAME: {
            "word": 0.5,
            "character": 0.3,
            "bigram": 0.2,
            "pair": 0.1,
            "date": 1.0,
            "quantity": 0.5,
            "sentence": 0.5,
            "title": 0.3,
            "meaning_clause": 1.0,
        },
        Direction.OTHER: {
            "concept": 1.0,
            "concept_pair": 0.2,
            "date": 0.6,
            "quantity": 0.5,
            "sentence": 0.5,
            "title": 0.3,
            "meaning_clause": 1.0,
        },
    },
    confidence={
        Direction.SAME: always(Logistic(-5.0, {"word": 4.0, "sentence": 6.0})),
        Direction.OTHER: always(Logistic(-5.0, {"concept": 4.0, "sentence": 6.0})),
    },
    choice=always(Logistic(-0.5, {"other_concept": 4.0, "same_word": -4.0})),
    encoder="tests",
    related=0.15,
    answered=0.5,
)

ASKED = datetime(2025, 12, 20, 12, tzinfo=ZONE)


def ask(text: str, asked: datetime = ASKED) -> Question:
    return Question(text, asked)


def index_of(analyzer: Analyzer, documents: Sequence[Document], url: str = "memory:") -> Index:
    """A new index of these documents, as generation 1."""
    index = open_index(url, analyzer.fingerprint)
    writer = index.writer()
    writer.add(analyse(analyzer, documents))
    writer.commit(1)
    return index


def found(snapshot: Snapshot, *terms: str, limit: int = 100) -> set[str]:
    """The documents of the candidates for these terms."""
    candidates = snapshot.candidates(dict.fromkeys(terms, 1.0), limit)
    return {candidate.record().citation.document_id for candidate in candidates}
