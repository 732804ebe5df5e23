"""The whole bot on a small corpus of its own, talking over HTTP to the local Telegram."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import ssl
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import pytest
from sqlalchemy import func, select

from bot.app import run_polling
from bot.fanout import Fanout
from bot.inbox import updates
from bot.local import LocalTelegram
from bot.services import Services
from bot.settings import Settings
from corpus.database import Database
from corpus.fetching import Fetcher
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from retrieval.analyzer import Analyzer
from retrieval.engines import open_index
from retrieval.indexing import Indexer
from retrieval.knowledge import Knowledge
from tests.e2e.matters import write_bridge, write_chronicle
from tests.e2e.news import write_news
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime
    from pathlib import Path

    from telegram import Message

    from bot.local.people import Group, Person


class Clock(Protocol):
    def __call__(self) -> datetime: ...


@pytest.fixture(scope="session")
def knowledge(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowledge]:
    """Dictionaries and the lexicon, without sentence vectors; all tests share them."""
    data = installed(prepared, tmp_path_factory.mktemp("knowledge") / "data")
    whole = Knowledge.open(data, Analyzer(data / "cache"), data / "no glossary", QUICK_ENCODER)
    yield dataclasses.replace(whole, encoder=None, vectors=None, missing="none in these tests")
    whole.close()


class Stage:
    """A local Telegram, the parts of a bot, and the bot itself when it runs."""

    def __init__(self, telegram: LocalTelegram, services: Services) -> None:
        self.telegram = telegram
        self.services = services
        self.reader = telegram.people.reader
        self.alice = telegram.people.second_reader
        self.group = telegram.people.group
        self.database = services.database

    @asynccontextmanager
    async def running(self, services: Services | None = None) -> AsyncIterator[asyncio.Event]:
        """The bot while the block runs; the event stops it earlier."""
        stop = asyncio.Event()
        bot = asyncio.create_task(run_polling(services or self.services, stop))
        try:
            yield stop
        finally:
            stop.set()
            await bot

    async def ask(self, person: Person, text: str, chat: Group | None = None) -> Message:
        """The bot's reply to what somebody says."""
        said = await self.telegram.say(person, text, chat)
        return await self.telegram.wait_for_reply(chat or person, after=said)

    async def idle(self) -> None:
        """Wait until the bot has handled everything there is."""
        async with asyncio.timeout(10):
            while self.telegram.world.updates.pending or await self.unfinished():  # noqa: ASYNC110 - two places
                await asyncio.sleep(0.01)

    async def unfinished(self) -> int:
        """How many updates are in the inbox and not done."""
        async with self.database.connection() as connection:
            statement = select(func.count()).where(updates.c.done.is_(None))
            return (await connection.execute(statement)).scalar_one()

    def said(self, chat: Person | Group) -> list[str]:
        """The texts of the bot in a chat, oldest first."""
        messages = self.telegram.messages(chat)
        return [message.text or "" for message in messages if message.from_user and message.from_user.is_bot]

    def sent(self, method: str) -> int:
        """How often the bot called a method with success."""
        return sum(call.method == method and call.code == 200 for call in self.telegram.calls)

    def with_settings(self, **changed: object) -> Services:
        """The same parts with other settings."""
        settings = self.services.settings.model_copy(update=changed)
        return dataclasses.replace(self.services, settings=settings)

    def with_answerer(self, answerer: object) -> Services:
        """The same parts with something else that answers."""
        return dataclasses.replace(self.services, answerer=answerer)


@pytest.fixture
async def stage(tmp_path: Path, knowledge: Knowledge, migrated_file: Path) -> AsyncIterator[Stage]:
    """Everything but the running bot, with the news loaded."""
    news = tmp_path / "news"
    write_news(news)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(LocalTelegram(floods=False))
        settings = Settings(token=telegram.token, api_url=telegram.url, corpus=news, data=tmp_path / "data")
        settings.data.mkdir()
        shutil.copyfile(migrated_file, settings.data / "wenxun.db")
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        store = CorpusStore(database)
        index = open_index("memory:", knowledge.analyzer.fingerprint)
        fanout = Fanout(database, index, knowledge, zone=settings.zone, clock=telegram.world.clock)
        indexer = Indexer(index, knowledge.analyzer, 1, fanout.see)
        stack.push_async_callback(indexer.close)
        loader = Loader(store, indexer, news, ReadOptions(), clock=telegram.world.clock, publication=fanout)
        # Reading all authorities takes longer than a test, and none is asked.
        fetcher = await stack.enter_async_context(Fetcher(tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)))
        report = await loader.load()
        assert not report.rejected
        services = Services(
            settings, database, store, indexer, knowledge, knowledge.answerer(index), loader, fanout, fetcher
        )
        yield Stage(telegram, services)


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Stage]:
    """Everything, running."""
    async with stage.running():
        yield stage


@pytest.fixture
async def shelf(stage: Stage) -> Stage:
    """Everything but the running bot, with the bridge and the chronicle among the news."""
    folder = stage.services.settings.corpus
    write_bridge(folder)
    write_chronicle(folder)
    await stage.services.loader.load()
    return stage


@pytest.fixture
async def library(shelf: Stage) -> AsyncIterator[Stage]:
    """The same, running."""
    async with shelf.running():
        yield shelf
