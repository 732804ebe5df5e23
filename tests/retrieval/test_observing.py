"""Whoever looks on while passages are analysed sees each of them once, before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.engines import open_index
from retrieval.indexing import Indexer
from tests.builders import build_document
from tests.retrieval.indexed import DEAL, FUND, INDEX

if TYPE_CHECKING:
    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import IndexedPassage


@pytest.mark.parametrize("size", [1, 2_400])
async def test_all_that_is_analysed_is_seen_once(analyzer: Analyzer, size: int) -> None:
    seen: list[IndexedPassage] = []
    index = open_index("memory:", analyzer.fingerprint)
    indexer = Indexer(index, analyzer, 1, seen.extend)
    documents = [build_document(f"d{number}", passages=[f"授权公告{number}。"]) for number in range(size)]
    await indexer.begin()
    await indexer.add([DEAL, FUND, INDEX])
    await indexer.add(documents)
    await indexer.complete()
    ids = [each.passage.id for each in seen]
    expected = {passage.id for each in (DEAL, FUND, INDEX, *documents) for passage in each.passages}
    assert len(ids) == len(set(ids))
    assert set(ids) == expected
    assert index.snapshot().passages == 0
    await indexer.publish(1)
    assert len(seen) == len(ids)
    assert index.snapshot().passages == len(expected)
    await indexer.close()
