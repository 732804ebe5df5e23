"""The engines, and what they are compared on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.reading import ReadOptions, news_files, read_documents
from retrieval.analyzer import Analyzer

if TYPE_CHECKING:
    from corpus.model import Document

NEWS = Path(__file__).resolve().parents[2] / "corpus" / "news"


@pytest.fixture(scope="session")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    """An analyzer whose dictionary's cache is in a folder of this run."""
    return Analyzer(tmp_path_factory.mktemp("analyzer"))


@pytest.fixture(scope="session")
def news() -> list[Document]:
    """The sample news."""
    return [
        document for origin in news_files(NEWS) for document in read_documents(NEWS, origin, ReadOptions())
    ]
