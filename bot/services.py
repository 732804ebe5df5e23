"""The composition root: every part opened in order, handed out together, closed in reverse."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.data_folder import make_data_folder
from bot.fanout import Fanout
from bot.keeping.kept_files import glossary_file, glossary_stand_in
from corpus.database import Database
from corpus.errors import LoadInProgress
from corpus.fetching import Fetcher
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from retrieval.analyzer import Analyzer
from retrieval.engines import open_index
from retrieval.glossary import Glossary
from retrieval.indexing import Indexer
from retrieval.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.settings import Settings
    from retrieval.answerer import Answerer

_CATCH_UP_TRIES = 50
_CATCH_UP_PAUSE = 0.2  # seconds
_CATCH_UP_TOLD = 10_000


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """The open parts of a running Wenxun."""

    settings: Settings
    database: Database
    store: CorpusStore
    indexer: Indexer
    knowledge: Knowledge
    answerer: Answerer
    loader: Loader
    fanout: Fanout
    fetcher: Fetcher


def open_knowledge(settings: Settings) -> Knowledge:
    """Open dictionaries, lexicon and encoder; this takes a second, and some more in a new data folder.

    Raises:
        RetrievalError: the lexicon or the vectors cannot be opened, or the encoder that is named.
    """
    analyzer = Analyzer(settings.data / "cache")
    glossary = Glossary(glossary_file(settings), analyzer, glossary_stand_in(settings))
    return Knowledge.open(settings.data, analyzer, glossary, settings.encoder)


@asynccontextmanager
async def open_services(
    settings: Settings,
    on_step: Callable[[str], None],
    *,
    folder: Path | None = None,
    on_the_fly: int = 0,
    clock: Callable[[], datetime] = now,
) -> AsyncIterator[Services]:
    """Open the database and the index, bring the index up to what is published, and hand out the parts.

    Args:
        settings: where everything is.
        on_step: is told each part that stands, in a few words.
        folder: the news to load, if not those of the settings.
        on_the_fly: for how many candidates sentence vectors are made while a question waits.
        clock: the time, aware.

    Raises:
        CorpusError: the database cannot be opened.
        RetrievalError: the index cannot be opened.
        BotError: the data folder cannot be made.
    """
    make_data_folder(settings.data)
    async with AsyncExitStack() as stack:
        # Reading the dictionary and the encoder take the longest, so they go on while the database opens.
        knowledge_task = asyncio.ensure_future(asyncio.to_thread(open_knowledge, settings))
        stack.push_async_callback(_settle, knowledge_task)
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        store = CorpusStore(database)
        on_step("database ready")
        knowledge = await knowledge_task
        stack.callback(knowledge.close)
        analyzer = knowledge.analyzer
        on_step("dictionaries ready")
        if knowledge.missing is not None:
            on_step(f"without sentence vectors: {knowledge.missing}")
        # An index of another analysis, or of another database's generations, is of no use.
        fingerprint = f"{analyzer.fingerprint}-{await store.identity()}"
        index = await asyncio.to_thread(open_index, settings.index_url, fingerprint)
        stack.callback(index.close)
        fanout = Fanout(database, index, knowledge, zone=settings.zone, clock=clock)
        indexer = Indexer(index, analyzer, settings.worker_count, fanout.see)
        stack.push_async_callback(indexer.close)
        await _catch_up(indexer, store, on_step)
        on_step("index ready")
        # To read which authorities are trusted takes a while.
        fetcher = await stack.enter_async_context(await asyncio.to_thread(Fetcher))
        options = ReadOptions(zone=settings.zone, max_bytes=settings.max_file_mb * 2**20)
        yield Services(
            settings=settings,
            database=database,
            store=store,
            indexer=indexer,
            knowledge=knowledge,
            answerer=knowledge.answerer(index, on_the_fly=on_the_fly),
            loader=Loader(
                store, indexer, folder or settings.corpus, options, clock=clock, publication=fanout
            ),
            fanout=fanout,
            fetcher=fetcher,
        )


async def _catch_up(indexer: Indexer, store: CorpusStore, on_step: Callable[[str], None]) -> None:
    """Bring the index up to what is published, or let another process that is at it finish.

    If that takes long, the index goes on showing the generation it has.
    """
    told = 0

    def progress(done: int) -> None:
        # Building a large index anew takes minutes, and whoever waits should see it move.
        nonlocal told
        if done - told >= _CATCH_UP_TOLD:
            told = done
            on_step(f"{done:,} documents indexed anew")

    for _ in range(_CATCH_UP_TRIES):
        try:
            await indexer.catch_up(store, progress)
        except LoadInProgress:
            await asyncio.sleep(_CATCH_UP_PAUSE)
        else:
            return
    if indexer.generation is None:
        await indexer.catch_up(store, progress)


async def _settle(task: asyncio.Future[Knowledge]) -> None:
    """Wait for a thread that cannot be stopped, so that none outlives what it works for."""
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # taken, or asyncio would complain that nobody did
