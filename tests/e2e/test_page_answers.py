"""The bot itself in a real browser, on the news that ships with it: what a newcomer does first."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.app import run_polling
from bot.local import LocalTelegram
from bot.running import with_local_chat
from bot.services import open_services
from bot.settings import Settings
from tests.installing import installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.e2e.browser import Browser

pytest_plugins = ["tests.e2e.browser"]
pytestmark = pytest.mark.browser

ENTER = "\ue007"
DOCS = Path(__file__).parents[2] / "docs"
QUESTION = "重庆国际生物城的 GR1803 授权金额是多少"
MORNING = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where to put new pictures of the page; None unless they are asked for with WENXUN_SCREENSHOTS=1."""
    return DOCS if os.environ.get("WENXUN_SCREENSHOTS") == "1" else None


@pytest.fixture
async def server(tmp_path: Path, prepared: Path) -> AsyncIterator[LocalTelegram]:
    """The whole program as `wenxun run` puts it together, at a time that does not change."""
    settings = Settings(data=installed(prepared, tmp_path / "data"))
    async with (
        LocalTelegram(clock=lambda: MORNING, floods=False) as local,
        open_services(settings, lambda _: None) as services,
    ):
        report = await services.loader.load()
        assert not report.rejected
        stop = asyncio.Event()
        bot = asyncio.create_task(run_polling(with_local_chat(services, local), stop))
        yield local
        stop.set()
        await bot


async def test_a_newcomer_asks_and_is_answered(
    browser: Browser, server: LocalTelegram, pictures: Path | None
) -> None:
    await browser.open(server.page_url)
    await browser.click("#start")
    await browser.find(".message.bot .key")
    examples = await browser.count(".key")
    assert examples >= 2

    await browser.type(QUESTION, ENTER)
    await browser.find(".bot blockquote", "GR1803")
    first = await browser.script("return $('.bot blockquote').innerText")
    assert "dual antibody drug GR1803, totaling $712 million" in str(first)
    assert "2025-12-16" in await browser.text(".message.bot .text")
    assert await browser.script("return $$('.bot blockquote strong').some((e) => e.innerText === 'GR1803')")
    answers = await browser.count(".message.bot:not(.typing)")
    await browser.click(".key")
    await browser.until("$$('.message.bot:not(.typing)').length > arguments[0]", answers)
    await browser.until("$$('.key.waiting').length === 0")
    assert await browser.count(".message.bot:last-of-type blockquote") >= 1
    if pictures is not None:
        await browser.type("东屿的支持办法施行一年，有多少件申请走了三十日通道？", ENTER)
        await browser.until("$$('.message.bot:not(.typing)').length > arguments[0] + 1", answers)
        await _picture(browser, pictures / "screenshot.png", 1200, 800)
        await _picture(browser, pictures / "screenshot-phone.png", 390, 780)
    assert await browser.complaints() == []
    await browser.open("about:blank")


async def test_an_english_reader_is_answered_in_english(browser: Browser, server: LocalTelegram) -> None:
    await browser.open(server.page_url)
    await browser.click('[data-chat="1003"]')
    await browser.find("#start")
    await browser.type("How many innovative drugs are under research in Chongqing?", ENTER)
    await browser.find(".bot blockquote")
    assert "2025-12-16" in await browser.text(".message.bot .text")
    await browser.type("/")
    await browser.find(".option", "/help")
    await browser.open("about:blank")


async def _picture(browser: Browser, path: Path, width: int, height: int) -> None:
    """The page at a size, from the last question on or the end, with nothing that blinks."""
    await browser.resize(width, height)
    await browser.script("document.activeElement.blur(); $$('.message.own').at(-1).scrollIntoView()")
    await asyncio.sleep(0.3)
    await browser.screenshot(path)
    await browser.resize(1200, 800)
