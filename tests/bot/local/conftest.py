"""A local Telegram with a clock in the test's hand, and three ways to speak to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.local import LocalTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class HandClock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Raw:
    """Calls the Bot API without a library, so that nothing is put right on the way."""

    session: aiohttp.ClientSession
    root: str

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """A call as JSON; returns the body of the answer, refusals included."""
        async with self.session.post(f"{self.root}/{method}", json=parameters) as response:
            body = await response.json()
            assert body["ok"] is (response.status == 200)
            assert body.get("error_code", 200) == response.status
            return dict(body)

    async def result(self, method: str, **parameters: object) -> object:
        """A call that must succeed."""
        body = await self.call(method, **parameters)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **parameters: object) -> str:
        """A call that must be refused; returns the description."""
        body = await self.call(method, **parameters)
        assert not body["ok"], f"{method} was not refused: {json.dumps(body)}"
        return str(body["description"])


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def server(clock: HandClock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(clock=clock) as local:
        yield local


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as opened:
        yield opened


@pytest.fixture
def raw(server: LocalTelegram, session: aiohttp.ClientSession) -> Raw:
    return Raw(session, f"{server.url}/bot{server.token}")


@pytest.fixture
async def bot(server: LocalTelegram) -> AsyncIterator[Bot]:
    # Reading the machine's certificates would take most of a test's time, and loopback needs none.
    calls, polls = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    root = f"{server.url}/bot"
    files = f"{server.url}/file/bot"
    async with Bot(server.token, root, files, request=calls, get_updates_request=polls) as opened:
        yield opened


@pytest.fixture
async def met(server: LocalTelegram) -> LocalTelegram:
    """The server, once all three people have begun to talk to the bot."""
    for person in server.people.people:
        await server.say(person, "/start")
    server.world.updates.clear()
    return server
