"""An open database and a store, on both kinds of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.database import Database
from corpus.store import CorpusStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def store(database: Database) -> CorpusStore:
    return CorpusStore(database)
