"""One analyzer for all tests of the package: loading its dictionary takes a second."""

from __future__ import annotations

import pytest

from retrieval.analyzer import Analyzer


@pytest.fixture(scope="session")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    """An analyzer whose dictionary's cache is in a folder of this run."""
    return Analyzer(tmp_path_factory.mktemp("analyzer"))
