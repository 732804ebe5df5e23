"""Those who keep the corpus, the messages that show them how it goes, and a load that waits to be let go."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

from bot.audit import Audit
from corpus.loader import Loader
from corpus.reading import ReadOptions
from tests.e2e.messages import text_of
from tests.e2e.pressing import newest

if TYPE_CHECKING:
    from telegram import Message

    from bot.audit import Entry
    from bot.fanout import Fanout
    from bot.local.people import Person
    from bot.services import Services
    from corpus.publication import Writes
    from corpus.store import CorpusStore
    from tests.e2e.conftest import Clock, Stage


async def becomes(stage: Stage, message: Message, words: str) -> Message:
    """The message, once it says this."""

    def look() -> Message | None:
        current = newest(stage, message)
        return current if words in text_of(current) else None

    return await stage.telegram.world.changes.until(look, 10)


async def pressed(stage: Stage, person: Person, message: Message, label: str, words: str) -> Message:
    """The message after a button was pressed, once it says this."""
    await stage.telegram.press(person, message, label)
    return await becomes(stage, message, words)


async def noted(stage: Stage) -> list[Entry]:
    """What is noted of who did what, oldest first."""
    bot_id = int(stage.telegram.token.partition(":")[0])
    entries = await Audit(stage.database, bot_id, stage.telegram.world.clock).latest(100)
    return list(reversed(entries))


class Held:
    """A publication that waits, with everything indexed, until it is let go."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self.reached = asyncio.Event()
        self.go = asyncio.Event()

    async def begin(self, store: CorpusStore, base: int | None, *, notify: bool) -> None:
        await self._fanout.begin(store, base, notify=notify)

    async def prepare(self, store: CorpusStore, base: int | None, generation: int) -> Writes | None:
        self.reached.set()
        await self.go.wait()
        return await self._fanout.prepare(store, base, generation)

    async def settled(self, store: CorpusStore) -> None:
        await self._fanout.settled(store)

    async def abandon(self) -> None:
        await self._fanout.abandon()


def holding(services: Services, clock: Clock) -> tuple[Services, Held]:
    """The same parts with loads that wait before they publish."""
    held = Held(services.fanout)
    loader = Loader(
        services.store,
        services.indexer,
        services.settings.corpus,
        ReadOptions(),
        clock=clock,
        publication=held,
    )
    return dataclasses.replace(services, loader=loader), held
