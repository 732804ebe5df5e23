"""`/feeds` over HTTP: watching feeds of a web on loopback, what they bring, and what is refused."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.settings import sample_news
from corpus.feed_store import FeedStore
from corpus.feed_tables import feeds
from tests.corpus.web import Web, answer
from tests.e2e.keeping import noted, pressed
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import forge, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Message

    from bot.services import Services
    from corpus.feed_store import Feed
    from tests.e2e.conftest import Stage

TEXT = "白鹭大桥主跨合龙，全长4260米，总投资47亿元，预计明年通车，届时两岸车程缩短四十分钟。"
QUESTION = "白鹭大桥全长多少米"
DEAD = "This button no longer works."


class Desk:
    """The bot's parts with a web, whose first feed is `a.example/feed`."""

    def __init__(self, stage: Stage, web: Web) -> None:
        self.stage = stage
        self.web = web
        self.administrator = stage.alice
        self.store = FeedStore(stage.database)
        self.serve("a.example/feed", "虚构财经")
        web.pages["a.example/1"] = answer(f"<html><body><article><p>{TEXT}</p></article></body></html>")

    def services(self, **changed: object) -> Services:
        settings = {"admins": (self.administrator.id,)} | changed
        return dataclasses.replace(self.stage.with_settings(**settings), fetcher=self.web.fetcher())

    def serve(self, place: str, title: str, link: str = "a.example/1") -> None:
        date = "<pubDate>Tue, 16 Dec 2025 08:35:00 +0800</pubDate>"
        item = f"<item><title>白鹭大桥合龙</title><link>{self.web.url(link)}</link>{date}</item>"
        feed = f"<rss version='2.0'><channel><title>{title}</title>{item}</channel></rss>"
        self.web.pages[place] = answer(feed, kind="application/rss+xml")

    async def say(self, words: str = "") -> Message:
        return await self.stage.ask(self.administrator, f"/feeds {words}".strip())

    async def press(self, message: Message, label: str, words: str) -> Message:
        return await pressed(self.stage, self.administrator, message, label, words)

    async def watch(self, place: str = "a.example/feed") -> Message:
        """Watch a feed; returns what is said of it."""
        return await self.press(await self.say(self.web.url(place)), "Watch", "is watched")

    async def add(self, count: int) -> list[Feed]:
        """Feeds that are not due."""
        later = self.stage.telegram.world.clock() + timedelta(hours=1)
        added = [(await self.store.add(f"https://{n}.example/", f"第{n}", later))[0] for n in range(count)]
        return sorted(added, key=lambda feed: feed.id)

    async def brought(self, count: int) -> Message:
        """The list, once the first feed has brought so many articles."""
        async with asyncio.timeout(10):
            while f"{count} article" not in text_of(shown := await self.say()):  # noqa: ASYNC110 - told by nobody
                await asyncio.sleep(0.02)
        return shown

    async def loaded(self) -> None:
        """Wait until something was loaded."""
        async with asyncio.timeout(10):
            while not any(entry.deed == "load" for entry in await noted(self.stage)):  # noqa: ASYNC110 - told by nobody
                await asyncio.sleep(0.02)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served


@pytest.fixture
def idle(stage: Stage, web: Web) -> Desk:
    """Everything but the running bot."""
    return Desk(stage, web)


@pytest.fixture
async def desk(idle: Desk) -> AsyncIterator[Desk]:
    services = idle.services()
    async with services.fetcher, idle.stage.running(services):
        yield idle


async def test_none_is_watched_yet(desk: Desk) -> None:
    shown = await desk.say()
    assert text_of(shown).startswith("Feeds\n\nNone is watched yet.")
    assert labels(shown) == []


async def test_a_feed_is_shown_before_it_is_watched_and_then_brings_news(desk: Desk) -> None:
    shown = await desk.say(desk.web.url("a.example/feed"))
    assert text_of(shown).startswith(
        f"虚构财经 · 1 entry\n{desk.web.url('a.example/feed')}\n\n· 白鹭大桥合龙 · 2025-12-16"
    )
    assert labels(shown) == ["Watch", "Cancel"]
    assert await desk.store.list() == ()
    shown = await desk.press(shown, "Watch", "“虚构财经” is watched.")
    assert labels(shown) == []
    await desk.loaded()
    assert TEXT in text_of(await desk.stage.ask(desk.stage.reader, QUESTION)).replace("\n", "")
    shown = await desk.brought(1)
    assert "1. 虚构财经 · a.example\n✓ asked just now · 1 article · last new: just now" in text_of(shown)
    assert labels(shown) == ["⏸ 1", "🗑 1", "Look again"]
    feed, load = await noted(desk.stage)
    assert (feed.actor, feed.deed) == (desk.administrator.id, "feed_added")
    assert feed.detail == {"address": desk.web.url("a.example/feed"), "title": "虚构财经"}
    assert (load.actor, load.deed, len(load.detail["added"])) == (None, "load", 1)


async def test_by_the_page_that_names_it_and_by_the_word_add(desk: Desk) -> None:
    desk.web.pages["a.example/"] = answer(
        '<html><head><link rel="alternate" type="application/rss+xml" href="feed"></head></html>'
    )
    shown = await desk.say(f"add {desk.web.url('a.example/')}")
    assert desk.web.url("a.example/feed") in text_of(shown)


async def test_it_need_not_be_watched(desk: Desk) -> None:
    shown = await desk.say(desk.web.url("a.example/feed"))
    shown = await desk.press(shown, "Cancel", "This feed is not watched.")
    assert labels(shown) == []
    assert (await desk.store.list(), await noted(desk.stage)) == ((), [])


async def test_it_is_watched_once(desk: Desk) -> None:
    await desk.watch()
    shown = await desk.press(
        await desk.say(desk.web.url("a.example/feed")), "Watch", "“虚构财经” is watched already."
    )
    assert labels(shown) == []
    assert [entry.deed for entry in await noted(desk.stage)].count("feed_added") == 1


REFUSED = {
    "http://169.254.169.254/latest/meta-data/": "Its host is not on the public web",
    "http://10.0.0.1/": "Its host is not on the public web",
    "http://[::1]/": "Its host is not on the public web",
    "file:///etc/passwd": "Only addresses that begin with http:// or https:// are fetched.",
    "虚构财经": "It is not the address of a page",
    "a.example/feed": "Its host cannot be reached.",  # it is asked over https, where nobody listens
    "http://user:secret@a.example/": "There is a user name or a password in the address.",
    "nowhere": "",
    "page": "It is not an RSS or Atom feed, and names none.",
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_cannot_be_watched_says_why(desk: Desk, what: str) -> None:
    address = {"page": desk.web.url("a.example/1"), "nowhere": "http://nowhere.test/"}.get(what, what)
    text = text_of(await desk.say(address))
    assert text.startswith("I cannot have this feed.\n\n")
    assert REFUSED[what] in text
    assert text.endswith("Nothing was changed.")
    assert (await desk.store.list(), await noted(desk.stage)) == ((), [])


async def test_a_feed_that_is_gone_when_it_is_confirmed(desk: Desk) -> None:
    shown = await desk.say(desk.web.url("a.example/feed"))
    desk.web.pages["a.example/feed"] = answer("", 410)
    await desk.press(shown, "Watch", "It is gone for good, its host says.")
    assert await desk.store.list() == ()


async def test_pausing_and_going_on(desk: Desk) -> None:
    await desk.watch()
    await desk.loaded()
    shown = await desk.press(await desk.brought(1), "⏸ 1", "⏸ paused · 1 article")
    assert labels(shown) == ["▶ 1", "🗑 1", "Look again"]
    assert [feed.paused for feed in await desk.store.list()] == [True]
    asked = len(desk.web.asked())
    await desk.press(shown, "▶ 1", "✓ asked just now")
    async with asyncio.timeout(10):
        while len(desk.web.asked()) == asked:  # noqa: ASYNC110 - a host tells nobody that it is asked
            await asyncio.sleep(0.01)
    assert [entry.deed for entry in await noted(desk.stage)][2:] == ["feed_paused", "feed_resumed"]


async def test_removing_is_asked_first_and_the_news_stays(desk: Desk) -> None:
    await desk.watch()
    await desk.loaded()
    shown = await desk.press(await desk.brought(1), "🗑 1", "Watch “虚构财经” no more?")
    assert "The 1 article that it brought stays." in text_of(shown)
    assert labels(shown) == ["Remove", "Keep"]
    shown = await desk.press(shown, "Keep", "1. 虚构财经")
    shown = await desk.press(shown, "🗑 1", "Watch “虚构财经” no more?")
    await desk.press(shown, "Remove", "None is watched yet.")
    assert await desk.store.list() == ()
    assert (await noted(desk.stage))[-1].deed == "feed_removed"
    assert TEXT in text_of(await desk.stage.ask(desk.stage.reader, QUESTION)).replace("\n", "")


async def test_pages_of_many(desk: Desk) -> None:
    await desk.add(7)
    shown = await desk.say()
    assert ("5. " in text_of(shown), "6. " in text_of(shown)) == (True, False)
    assert "⏸ 5" in labels(shown)
    shown = await desk.press(shown, "▶", "6. ")
    assert "5. " not in text_of(shown)
    assert "… not asked yet" in text_of(shown)
    shown = await desk.press(shown, "🗑 6", "no more?")
    shown = await desk.press(shown, "Remove", "6. ")
    shown = await desk.press(shown, "◀", "1. ")
    assert await noted(desk.stage) != []


async def test_a_page_that_has_gone_shows_the_last_one(desk: Desk) -> None:
    added = await desk.add(6)
    shown = await desk.press(await desk.say(), "▶", "6. ")
    for feed in added:
        await desk.store.remove(feed.id)
    await desk.press(shown, "Look again", "None is watched yet.")


async def test_a_button_of_a_feed_that_was_removed(desk: Desk) -> None:
    (feed,) = await desk.add(1)
    shown = await desk.say()
    await desk.store.remove(feed.id)
    notice = await told(desk.stage, desk.administrator, shown, "⏸ 1")
    assert notice["text"] == "This feed is not watched any more."
    assert await noted(desk.stage) == []


async def test_buttons_that_are_forged_or_pressed_by_others_do_nothing(desk: Desk) -> None:
    (feed,) = await desk.add(1)
    for data in (
        "fee:remove",
        f"fee:remove:{feed.id}",
        "fee:show:x",
        "fee:x",
        "fee:",
        "fee:add:1:2",
        "fee:show:1:2",
    ):
        shown = await desk.say()
        assert (await forge(desk.stage, desk.administrator, shown, data))["text"] == DEAD, data
    theirs = await desk.stage.ask(desk.stage.reader, "/settings")
    assert (await forge(desk.stage, desk.stage.reader, theirs, f"fee:remove:{feed.id}:0"))["text"] != ""
    # A message without an address in it adds nothing.
    shown = await desk.say()
    await forge(desk.stage, desk.administrator, shown, "fee:add")
    assert desk.stage.said(desk.administrator)[-1].startswith("I cannot read this message any more.")
    assert (await desk.store.list(), await noted(desk.stage)) == ((feed,), [])


async def test_nothing_is_added_to_the_sample_news(idle: Desk) -> None:
    services = idle.services(corpus=sample_news())
    async with services.fetcher, idle.stage.running(services):
        shown = await idle.say(idle.web.url("a.example/feed"))
        assert text_of(shown).startswith("Nothing can be added to the sample news that comes with Wenxun.")
        assert idle.web.asked() == []
        assert "None is watched yet." in text_of(await idle.say())


async def test_the_administrators_are_told_of_what_fails_for_a_week_and_of_what_is_gone(idle: Desk) -> None:
    now = idle.stage.telegram.world.clock()
    await idle.stage.telegram.say(idle.administrator, "hello")
    for place, title, code in (("b.example/feed", "晚报", 503), ("c.example/feed", "早报", 410)):
        idle.web.pages[place] = answer("", code)
        await idle.store.add(idle.web.url(place), title, now)
    failing = {"failures": 9, "failing_since": now - timedelta(days=7, minutes=1)}
    late = update(feeds).where(feeds.c.title == "晚报").values(**failing)
    await idle.stage.database.write(lambda connection: connection.execute(late))
    services = idle.services()
    async with services.fetcher, idle.stage.running(services), asyncio.timeout(10):
        while sum("feed “" in text for text in idle.stage.said(idle.administrator)) < 2:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
        listed = text_of(await idle.say())
    told_of = "\n".join(idle.stage.said(idle.administrator))
    assert "The feed “晚报” has failed for a week or more. It is tried again once a day." in told_of
    assert "Its host asks to come back later." in told_of
    assert "The feed “早报” is gone, its host says. It is not asked for any more." in told_of
    assert "⚠ failing since 7 days ago" in listed
    assert "✕ gone, its host says" in listed
    assert idle.stage.said(idle.stage.reader) == []


async def test_what_a_feed_calls_itself_does_no_harm(desk: Desk) -> None:
    desk.serve("d.example/feed", "&amp;lt;b&amp;gt;粗\u202e体&amp;lt;/b&amp;gt;" + "长" * 300)
    shown = await desk.say(desk.web.url("d.example/feed"))
    assert text_of(shown).startswith("<b>粗体</b>长长")
    assert len(text_of(shown).splitlines()[0]) < 130
    await desk.press(shown, "Watch", "is watched")
    assert "<b>粗体</b>" in text_of(await desk.say())
