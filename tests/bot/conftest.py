"""An open database on both kinds of database, and a clock that stands still until it is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.database import Database
from tests.bot.clock import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
