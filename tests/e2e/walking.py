"""The whole bot on the news that ships with it, once for all walks, and a person walking through the page."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.app import run_polling
from bot.local import LocalTelegram
from bot.running import with_local_chat
from bot.services import Services, open_services
from bot.settings import Settings
from tests.installing import installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.e2e.browser import Browser

ENTER, ESCAPE = "\ue007", "\ue00c"
READER, ALICE, YIJUN = 1001, 1003, 1004
GROUP, FORUM = -1001000002001, -1001000002002
MORNING = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs"

_LAST = "$$('.message.bot:not(.typing)').at(-1)"


@dataclass
class Newsroom:
    """The parts of the bot. Each bot on them has a token of its own, and so nothing of another's readers."""

    services: Services
    bots: int = 0

    def token(self) -> str:
        """A token that no other bot has had."""
        self.bots += 1
        return f"{7_000_000_000 + self.bots}:{'A' * 35}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def newsroom(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """All parts of the bot with the sample news loaded. It takes seconds, so all walks share them."""
    settings = Settings(data=installed(prepared, tmp_path_factory.mktemp("newsroom") / "data"))
    async with open_services(settings, lambda _: None) as services:
        report = await services.loader.load()
        assert not report.rejected
        yield Newsroom(services)


@dataclass
class Walk:
    """A person at the page. Nobody has said anything yet, and the bot knows nobody."""

    browser: Browser
    server: LocalTelegram
    pictures: Path | None
    """Where to put new pictures of the page; None unless they are asked for."""

    async def go(self, chat: int) -> None:
        """Go over to another chat."""
        await self.browser.script("$(arguments[0]).click()", f'[data-chat="{chat}"]')
        await self.browser.until("$(arguments[0])?.matches('[aria-current]')", f'[data-chat="{chat}"]')

    async def ask(self, text: str) -> str:
        """Write a message; the text of the reply, once it is shown."""
        before = await self.browser.count(".message.bot:not(.typing)")
        await self.browser.type(text, ENTER)
        await self.browser.until("$$('.message.bot:not(.typing)').length > arguments[0]", before)
        return await self.shown()

    async def shown(self) -> str:
        """The text of the last reply, as it is shown."""
        return str(await self.browser.script(f"return {_LAST}.querySelector('.text').innerText.trim()"))

    async def keys(self) -> list[str]:
        """What is on the buttons of the last reply."""
        found = await self.browser.script(
            f"return [...{_LAST}.querySelectorAll('.key')].map((e) => e.innerText)"
        )
        return list(found)

    async def quotes(self) -> list[str]:
        """What the last reply quotes, first what is not folded."""
        found = await self.browser.script(
            f"return [...{_LAST}.querySelectorAll('blockquote:not(.expandable)')].map((e) => e.innerText)"
        )
        return list(found)

    async def press(self, label: str, *, reply: bool = False) -> str:
        """Press the button of the last reply whose label begins so; the text once the bot has acted.

        With `reply` the bot answers with another message; without, it changes this one.
        """
        key = f"[...{_LAST}.querySelectorAll('.key')].find((e) => e.innerText.startsWith(arguments[0]))"
        shown = "$$('.message.bot:not(.typing)').length" if reply else f"{_LAST}.innerText"
        before = await self.browser.until(f"({key}) && {shown}", label)
        await self.browser.script(f"({key}).click()", label)
        await self.browser.until(f"{shown} !== arguments[0] && !$('.key.waiting')", before)
        return await self.shown()

    async def picture(self, name: str, *, phone: bool = False, dark: bool = False, end: bool = False) -> None:
        """Take a picture with nothing that blinks, if pictures are asked for.

        It begins with the last question or, with `end`, ends with the last button.
        """
        if self.pictures is None:
            return
        browser = self.browser
        await browser.resize(*((390, 844) if phone else (1200, 800)))
        theme = "dark" if dark else "light"
        await browser.script("document.documentElement.dataset.theme = arguments[0]", theme)
        await browser.script(
            "if (document.activeElement.id !== 'text' || !$('#text').value) document.activeElement.blur();"
            "if (arguments[0]) $('.log').scrollTop = 1e6; else $$('.message.own').at(-1)?.scrollIntoView()",
            end,
        )
        await asyncio.sleep(0.4)
        await browser.screenshot(self.pictures / name)
        await browser.script("delete document.documentElement.dataset.theme")
        await browser.resize(1200, 800)


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """The folder of the documentation if WENXUN_SCREENSHOTS=1 asks for new pictures."""
    return DOCS if os.environ.get("WENXUN_SCREENSHOTS") == "1" else None


@pytest_asyncio.fixture(loop_scope="session")
async def walk(browser: Browser, newsroom: Newsroom, pictures: Path | None) -> AsyncIterator[Walk]:
    """The page before anybody has said anything, and the bot behind it, at a time that does not change."""
    async with LocalTelegram(token=newsroom.token(), clock=lambda: MORNING, floods=False) as server:
        stop = asyncio.Event()
        services = with_local_chat(newsroom.services, server)
        bot = asyncio.create_task(run_polling(services, stop, clock=lambda: MORNING))
        await browser.open(server.page_url)
        await browser.script("sessionStorage.clear(); localStorage.clear()")
        await browser.open(server.page_url)
        await browser.find("#start")
        yield Walk(browser, server, pictures)
        assert await browser.complaints() == []  # no mistake, nothing the content policy had to stop
        await browser.open("about:blank")
        stop.set()
        await bot
