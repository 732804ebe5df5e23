"""An open database and a store, on both kinds of database; a web of hosts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from corpus.database import Database
from corpus.store import CorpusStore
from tests.corpus.web import Web

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


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served
