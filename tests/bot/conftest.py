"""An open database on both kinds of database, and a clock that stands still until it is moved."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from corpus.database import Database
from retrieval.analyzer import Analyzer
from retrieval.knowledge import Knowledge
from tests.bot.clock import Clock
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def knowledge(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    """Dictionaries and the lexicon, without sentence vectors; all tests share them."""
    data = installed(prepared, tmp_path_factory.mktemp("knowledge") / "data")
    whole = Knowledge.open(data, Analyzer(data / "cache"), data / "no glossary", QUICK_ENCODER)
    yield dataclasses.replace(whole, encoder=None, vectors=None, missing="none in these tests")
    whole.close()
