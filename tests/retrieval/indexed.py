"""Puts documents into an index as the program does, and asks it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from retrieval.answer import Question
from retrieval.engines import open_index
from retrieval.indexing import analyse
from tests.builders import ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Document
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Index

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
