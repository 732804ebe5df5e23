"""Feeds on a local web: what they bring becomes files, whatever their peculiarities."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from corpus import web_refusals
from corpus.article_files import ArticleFiles
from corpus.errors import FetchFailed, FetchRefused
from corpus.feeds import MOST_ARTICLES, Feeds
from corpus.reading import ReadOptions, news_files, read_documents
from tests.corpus.web import Request, Web, answer, redirect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from corpus.database import Database
    from corpus.fetching import Fetcher
    from corpus.model import Document

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = "虚构银行今天宣布下调存款利率，幅度为五个基点，自明日起执行，涉及全部期限的定期存款产品。"


def page(text: str = TEXT, head: str = "") -> bytes:
    return answer(f"<html><head>{head}</head><body><article><p>{text}</p></article></body></html>")


def rss(*items: str, title: str = "虚构财经") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(number: int | str, link: str | None = None, extra: str = "", text: str = "") -> str:
    address = f"<link>{link}</link>" if link else ""
    return f"<item><title>第{number}条</title>{address}<description>{text}</description>{extra}</item>"


@pytest.fixture
async def fetcher(web: Web) -> AsyncIterator[Fetcher]:
    async with web.fetcher() as opened:
        yield opened


class Desk:
    """Feeds with their folder and web."""

    def __init__(self, web: Web, fetcher: Fetcher, database: Database, folder: Path) -> None:
        self.web = web
        self.folder = folder
        folder.mkdir()
        self.feeds = Feeds(database, fetcher, ArticleFiles(folder), chance=lambda: 0.0)

    def serve(self, place: str, feed: str | bytes, kind: str = "application/rss+xml", **headers: str) -> None:
        self.web.pages[place] = answer(feed, kind=kind, **headers)

    def articles(self, host: str, *numbers: int) -> None:
        for number in numbers:
            self.web.pages[f"{host}/{number}"] = page(f"第{number}条消息。{TEXT}")

    def documents(self) -> list[Document]:
        return [
            document
            for origin in news_files(self.folder)
            for document in read_documents(self.folder, origin, ReadOptions())
        ]

    async def add(self, place: str) -> str:
        return (await self.feeds.add(self.web.url(place), NOW)).feed.id


@pytest.fixture
def desk(web: Web, fetcher: Fetcher, database: Database, tmp_path: Path) -> Desk:
    return Desk(web, fetcher, database, tmp_path / "news")


async def test_what_a_feed_brings_becomes_files(desk: Desk) -> None:
    date = "<pubDate>Tue, 16 Dec 2025 08:35:00 +0800</pubDate>"
    desk.serve("a.example/feed", rss(item(1, desk.web.url("a.example/1"), date, "摘要")))
    desk.articles("a.example", 1)
    added = await desk.feeds.add(desk.web.url("a.example/feed"), NOW)
    assert (added.feed.title, added.entries, added.is_new) == ("虚构财经", 1, True)
    report = await desk.feeds.poll_due(NOW)
    assert (report.polled, report.updated, report.failures, report.has_news) == (1, (), (), True)
    (document,) = desk.documents()
    assert document.origin == report.added[0]
    assert document.origin.startswith("feeds/a.example/2025-12-16-1-")
    assert (document.title, document.source, document.url) == (
        "第1条",
        "虚构财经",
        desk.web.url("a.example/1"),
    )
    assert str(document.published) == "2025-12-16 08:35:00"
    assert document.passages[0].text == f"第1条消息。{TEXT}"
    assert await desk.feeds.counts() == {added.feed.id: 1}


async def test_a_feed_is_added_once_and_by_the_page_that_names_it(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    desk.web.pages["a.example/"] = answer(
        '<html><head><link rel="alternate" type="application/rss+xml" href="feed"></head></html>'
    )
    first = await desk.feeds.add(desk.web.url("a.example/"), NOW)
    again = await desk.feeds.add(desk.web.url("a.example/feed"), NOW)
    assert (first.is_new, again.is_new, again.feed) == (True, False, first.feed)
    assert [feed.url for feed in await desk.feeds.list()] == [desk.web.url("a.example/feed")]


NO_FEEDS = {
    "a page": (page(), web_refusals.NOT_A_FEED),
    "a page that names itself": (
        answer("<html><link rel=alternate type=application/rss+xml href='/x'></html>"),
        web_refusals.NOT_A_FEED,
    ),
    "a page that names what is inside": (
        answer("<html><link rel=alternate type=application/rss+xml href='http://10.0.0.1/'></html>"),
        web_refusals.PRIVATE_ADDRESS,
    ),
    "a page that names a file": (
        answer("<html><link rel=alternate type=application/rss+xml href='file:///etc/passwd'></html>"),
        web_refusals.SCHEME,
    ),
    "XML": (answer("<?xml version='1.0'?><x/>", kind="text/xml"), web_refusals.NOT_A_FEED),
    "entities": (
        answer(
            "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
            f"{rss(item('&b;'))}",
            kind="text/xml",
        ),
        "It defines XML entities of its own, which no news needs and attacks use.",
    ),
    "a file of the server": (
        answer(
            "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
            + rss(item("&a;")),
            kind="text/xml",
        ),
        "It defines XML entities of its own, which no news needs and attacks use.",
    ),
    "half a feed": (
        answer(rss(item(1, "http://a.example/1"))[:60], kind="text/xml"),
        "It is cut off or damaged: the feed does not end as it should.",
    ),
    "a bomb": (
        answer(gzip.compress(b"<rss>" + b" " * 9_000_000), kind="text/xml", Content_Encoding="gzip"),
        web_refusals.BOMB,
    ),
    "a picture": (answer(b"\x89PNG\r\n", kind="image/png"), None),
    "a picture that says it is a feed": (answer(b"\x89PNG\r\n", kind="text/xml"), web_refusals.NOT_A_FEED),
}


@pytest.mark.parametrize("name", NO_FEEDS)
async def test_what_is_no_feed_is_refused(desk: Desk, name: str) -> None:
    desk.web.pages["a.example/x"], reason = NO_FEEDS[name]
    with pytest.raises(FetchRefused) as refused:
        await desk.feeds.add(desk.web.url("a.example/x"), NOW)
    assert reason is None or refused.value.reason == reason
    assert await desk.feeds.list() == ()


async def test_only_changes_are_asked_for_and_unchanged_is_no_news(desk: Desk) -> None:
    desk.articles("a.example", 1)
    whole = answer(rss(item(1, desk.web.url("a.example/1"))), kind="text/xml", ETag='"1"', Last_Modified="M")

    def feed(request: Request) -> bytes:
        known = (
            request.headers.get("if-none-match") == '"1"' and request.headers.get("if-modified-since") == "M"
        )
        return answer(status=304, kind=None) if known else whole

    desk.web.pages["a.example/feed"] = feed
    id_ = await desk.add("a.example/feed")
    assert (await desk.feeds.poll_due(NOW)).has_news
    for hours in (1, 2):
        report = await desk.feeds.poll_due(NOW + hours * HOUR)
        assert (report.polled, report.has_news, report.failures) == (1, False, ())
    assert desk.web.asked().count("a.example/1") == 1
    found = await desk.feeds.get(id_)
    assert found is not None
    assert (found.etag, found.modified, found.checked, found.changed) == ('"1"', "M", NOW + 2 * HOUR, NOW)


async def test_a_feed_is_not_asked_before_its_time(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    await desk.add("a.example/feed")
    assert (await desk.feeds.poll_due(NOW)).polled == 1
    assert (await desk.feeds.poll_due(NOW + timedelta(minutes=29))).polled == 0
    assert (await desk.feeds.poll_due(NOW + timedelta(minutes=31))).polled == 1


# --- Peculiarities of real feeds ------------------------------------------------------------------


async def test_changed_guids_and_tracking_bring_nothing_twice(desk: Desk) -> None:
    desk.articles("a.example", 1)
    for number, query in enumerate(("", "?utm_source=rss", "?utm_source=rss&amp;fbclid=7", "#top")):
        desk.web.pages["a.example/1?utm_source=rss"] = desk.web.pages["a.example/1"]
        link = desk.web.url("a.example/1") + query
        desk.serve("a.example/feed", rss(item(1, link, f"<guid isPermaLink='false'>{number}</guid>")))
        if not number:
            await desk.add("a.example/feed")
        report = await desk.feeds.poll_due(NOW + number * HOUR)
        assert len(report.added) == (number == 0)
        assert report.updated == ()
    assert len(desk.documents()) == 1


@pytest.mark.parametrize("guid", ["", "<guid isPermaLink='false'>7</guid>"])
async def test_entries_without_an_address_are_told_apart(desk: Desk, guid: str) -> None:
    desk.serve("a.example/feed", rss(item(1, None, guid, TEXT), item(2, None, "", f"另一条。{TEXT}")))
    await desk.add("a.example/feed")
    assert len((await desk.feeds.poll_due(NOW)).added) == 2
    assert not (await desk.feeds.poll_due(NOW + HOUR)).has_news
    first, second = desk.documents()
    assert first.url != second.url
    assert {first.title, second.title} == {"第1条", "第2条"}
    assert desk.web.asked() == ["a.example/feed"] * 3


async def test_an_address_that_all_entries_have_is_none(desk: Desk) -> None:
    home = desk.web.url("a.example/")
    desk.web.pages["a.example/"] = page("本站首页，欢迎光临，这里有很多消息，但是没有一条是完整的。")
    desk.serve("a.example/feed", rss(item(1, home, "", TEXT), item(2, home, "", f"另一条。{TEXT}")))
    await desk.add("a.example/feed")
    assert len((await desk.feeds.poll_due(NOW)).added) == 2
    assert {each.passages[0].text for each in desk.documents()} == {TEXT, f"另一条。{TEXT}"}


async def test_links_may_be_relative_and_hold_spaces(desk: Desk) -> None:
    desk.articles("a.example", 1)
    desk.web.pages["a.example/2025/a%20b"] = page(f"有空格的地址。{TEXT}")
    desk.web.pages["old.example/f"] = redirect(desk.web.url("a.example/2025/feed.xml"))
    desk.serve("a.example/2025/feed.xml", rss(item(1, "/1"), item(2, "a b")))
    await desk.add("old.example/f")
    assert len((await desk.feeds.poll_due(NOW)).added) == 2
    assert {each.url for each in desk.documents()} == {
        desk.web.url("a.example/1"),
        desk.web.url("a.example/2025/a%20b"),
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<pubDate>Tue, 16 Dec 2025 08:35:00 +0800</pubDate>", "2025-12-16 08:35:00"),
        ("<pubDate>2025-12-16 08:35</pubDate>", "2025-12-16 08:35"),
        ("<pubDate>2025年12月16日</pubDate>", "2025-12-16"),
        ("<pubDate>Sat, 20 Dec 2025 20:00:00 +0800</pubDate>", "2025-12-20 20:00:00"),
        ("<pubDate>Tue, 16 Dec 2036 08:35:00 +0800</pubDate>", None),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None),
        ("<pubDate>32 Foo 2025 99:99</pubDate>", None),
        ("<pubDate></pubDate>", None),
        ("", None),
    ],
)
async def test_a_date_that_cannot_be_is_missing(desk: Desk, written: str, read: str | None) -> None:
    desk.articles("a.example", 1)
    desk.serve("a.example/feed", rss(item(1, "/1", written)))
    await desk.add("a.example/feed")
    await desk.feeds.poll_due(NOW)
    (document,) = desk.documents()
    assert (str(document.published) if document.published else None) == read


async def test_the_page_says_when_where_the_feed_does_not(desk: Desk) -> None:
    head = '<meta name="pubdate" content="2025-12-15"><meta property="og:site_name" content="虚构日报">'
    for number, date in (
        (1, ""),
        (2, "<pubDate>Mon, 15 Dec 2025 08:35:00 +0800</pubDate>"),
        (3, "<pubDate>Sat, 20 Dec 2025 08:35:00 +0800</pubDate>"),
    ):
        desk.web.pages[f"a.example/{number}"] = page(f"第{number}条消息。{TEXT}", head)
        desk.serve(f"a.example/feed{number}", rss(item(number, f"/{number}", date)))
        await desk.add(f"a.example/feed{number}")
    await desk.feeds.poll_due(NOW)
    dates = {each.title: str(each.published) for each in desk.documents()}
    assert dates == {"第1条": "2025-12-15", "第2条": "2025-12-15 08:35:00", "第3条": "2025-12-15"}
    assert {each.source for each in desk.documents()} == {"虚构日报"}


@pytest.mark.parametrize(
    ("declared", "encoding", "said"),
    [
        ("gb2312", "gb18030", "text/xml"),
        ("GBK", "gb18030", "application/rss+xml; charset=gbk"),
        (None, "gb18030", "text/xml; charset=gb2312"),
        (None, "gb18030", "text/xml"),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("gb2312", "utf-8", "text/xml; charset=gb2312"),
        ("utf-8", "utf-8-sig", "text/plain"),
    ],
)
async def test_a_feed_is_read_in_its_encoding(
    desk: Desk, declared: str | None, encoding: str, said: str
) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = f"人民币汇率小幅走强，镕基时代的改革再被提起。{TEXT}"
    desk.serve("a.example/feed", (prolog + rss(item(1, None, "", text))).encode(encoding), said)
    await desk.add("a.example/feed")
    await desk.feeds.poll_due(NOW)
    (document,) = desk.documents()
    assert (document.passages[0].text, document.source) == (text, "虚构财经")


@pytest.mark.parametrize("said", ["gzip", "identity"])
async def test_a_packed_feed_is_unpacked(desk: Desk, said: str) -> None:
    data = gzip.compress(rss(item(1, None, "", TEXT)).encode())
    desk.serve("a.example/feed.gz", data, "application/x-gzip", Content_Encoding=said)
    await desk.add("a.example/feed.gz")
    assert len((await desk.feeds.poll_due(NOW)).added) == 1


async def test_atom_is_read(desk: Desk) -> None:
    entry = (
        "<entry><title type='html'>&lt;b&gt;降息&lt;/b&gt;</title><id>urn:1</id><link href='../1'/>"
        "<updated>2025-12-16T08:35:00Z</updated></entry>"
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>虚构财经</title>{entry}</feed>"
    desk.serve("a.example/x/feed", f"\n\n<?xml version='1.0'?>{feed}", "application/atom+xml")
    desk.articles("a.example", 1)
    await desk.add("a.example/x/feed")
    await desk.feeds.poll_due(NOW)
    (document,) = desk.documents()
    assert (document.title, document.url) == ("降息", desk.web.url("a.example/1"))
    assert str(document.published) == "2025-12-16 08:35:00"


async def test_a_feed_that_has_moved_for_good_is_asked_at_its_new_address(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    id_ = await desk.add("a.example/feed")
    desk.web.pages["a.example/feed"] = redirect(desk.web.url("b.example/feed"), 301)
    desk.serve("b.example/feed", rss())
    await desk.feeds.poll_due(NOW)
    await desk.feeds.poll_due(NOW + HOUR)
    found = await desk.feeds.get(id_)
    assert found is not None
    assert found.url == desk.web.url("b.example/feed")
    assert desk.web.asked().count("a.example/feed") == 2


# --- The same news more than once ------------------------------------------------------------------


async def test_duplicates_across_feeds_collapse(desk: Desk) -> None:
    long = TEXT * 6
    desk.web.pages |= {
        "a.example/1": page(long),
        "proxy.example/r": redirect(desk.web.url("a.example/1")),
        "copy.example/9": page(long),
    }
    for name, link in (
        ("one", "a.example/1"),
        ("two", "www.a.example/1?utm_source=two"),
        ("three", "proxy.example/r"),
        ("four", "copy.example/9"),
    ):
        desk.serve(f"{name}.example/feed", rss(item(1, desk.web.url(link)), title=name))
    desk.web.pages["www.a.example/1?utm_source=two"] = page(long)
    for name in ("one", "two", "three", "four"):
        await desk.add(f"{name}.example/feed")
    reports = [await desk.feeds.poll_due(NOW + hours * HOUR) for hours in range(3)]
    assert [len(report.added) for report in reports] == [1, 0, 0]
    assert [report.updated for report in reports] == [(), (), ()]
    assert len(desk.documents()) == 1


async def test_two_links_that_lead_to_one_page_are_one_article(
    desk: Desk,
) -> None:
    told = iter(range(9))
    desk.web.pages |= {
        "a.example/1": lambda _request: page(f"{TEXT}已有{next(told)}人读过。"),
        "proxy.example/r": redirect(desk.web.url("a.example/1")),
    }
    desk.serve("one.example/feed", rss(item(1, desk.web.url("proxy.example/r"))))
    desk.serve("two.example/feed", rss(item(1, desk.web.url("a.example/1"))))
    await desk.add("one.example/feed")
    assert len((await desk.feeds.poll_due(NOW)).added) == 1
    await desk.add("two.example/feed")
    assert (await desk.feeds.poll_due(NOW + HOUR)).added == ()
    desk.serve("three.example/feed", rss(item(1, desk.web.url("proxy.example/again"))))
    desk.web.pages["proxy.example/again"] = redirect(desk.web.url("a.example/1"))
    await desk.add("three.example/feed")
    report = await desk.feeds.poll_due(NOW + 2 * HOUR)
    assert (report.added, report.copies) == ((), 1)
    assert len(desk.documents()) == 1


async def test_feeds_do_not_take_an_article_from_each_other(
    desk: Desk,
) -> None:
    desk.articles("a.example", 1)
    link = desk.web.url("a.example/1")
    for name in ("one", "two"):
        desk.serve(f"{name}.example/feed", rss(item(name, link, "", f"{name}的摘要")))
    first = await desk.add("one.example/feed")
    await desk.feeds.poll_due(NOW)
    await desk.add("two.example/feed")
    for hours in range(1, 4):
        assert not (await desk.feeds.poll_due(NOW + hours * HOUR)).has_news
    assert desk.web.asked().count("a.example/1") == 1
    # When the first is watched no more, the other one's corrections count.
    await desk.feeds.remove(first)
    await desk.feeds.poll_due(NOW + 5 * HOUR)
    desk.web.pages["a.example/1"] = page(f"更正：{TEXT}")
    desk.serve("two.example/feed", rss(item("two", link, "", "更正的摘要")))
    assert len((await desk.feeds.poll_due(NOW + 7 * HOUR)).updated) == 1
    assert len(desk.documents()) == 1


async def test_short_texts_under_different_titles_are_no_copies(desk: Desk) -> None:
    desk.serve("a.example/feed", rss(item(1, None, "", "详情请见公告全文，本报将继续关注。" * 2)))
    desk.serve("b.example/feed", rss(item(2, None, "", "详情请见公告全文，本报将继续关注。" * 2)))
    await desk.add("a.example/feed")
    await desk.add("b.example/feed")
    assert len((await desk.feeds.poll_due(NOW)).added) == 2


async def test_a_corrected_article_takes_the_place_of_the_old_one(desk: Desk) -> None:
    desk.articles("a.example", 1)
    desk.serve("a.example/feed", rss(item(1, "/1", "", "五个基点")))
    await desk.add("a.example/feed")
    (origin,) = (await desk.feeds.poll_due(NOW)).added
    desk.web.pages["a.example/1"] = page(TEXT.replace("五个", "十个"))
    desk.serve("a.example/feed", rss(item(1, "/1", "", "十个基点")))
    report = await desk.feeds.poll_due(NOW + HOUR)
    assert (report.added, report.updated) == ((), (origin,))
    (document,) = desk.documents()
    assert document.passages[0].text == TEXT.replace("五个", "十个")
    assert not (await desk.feeds.poll_due(NOW + 2 * HOUR)).has_news


async def test_an_article_is_not_replaced_by_its_summary_when_its_page_is_gone(desk: Desk) -> None:
    desk.web.pages["a.example/1"] = page(TEXT * 5)
    desk.serve("a.example/feed", rss(item(1, "/1", "", "五个基点")))
    await desk.add("a.example/feed")
    await desk.feeds.poll_due(NOW)
    del desk.web.pages["a.example/1"]
    desk.serve("a.example/feed", rss(item(1, "/1", "", "五个基点！")))
    assert not (await desk.feeds.poll_due(NOW + HOUR)).has_news
    (document,) = desk.documents()
    assert document.passages[0].text.startswith(TEXT)


async def test_news_that_somebody_removed_does_not_come_back(desk: Desk) -> None:
    desk.articles("a.example", 1)
    desk.serve("a.example/feed", rss(item(1, "/1")))
    await desk.add("a.example/feed")
    (origin,) = (await desk.feeds.poll_due(NOW)).added
    (desk.folder / origin).unlink()
    desk.articles("a.example", 1)
    desk.web.pages["a.example/1"] = page(f"改过的消息。{TEXT}")
    desk.serve("a.example/feed", rss(item(1, "/1", "", "改过")))
    assert not (await desk.feeds.poll_due(NOW + HOUR)).has_news
    assert desk.documents() == []


# --- Articles that cannot be had ---------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_what_the_feed_says_is_taken_where_the_page_cannot_be_had(desk: Desk, status: int) -> None:
    desk.web.pages["a.example/1"] = answer(status=status)
    desk.serve("a.example/feed", rss(item(1, "/1", "", f"摘要：{TEXT}")))
    await desk.add("a.example/feed")
    await desk.feeds.poll_due(NOW)
    assert [each.passages[0].text for each in desk.documents()] == [f"摘要：{TEXT}"]


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://2130706433/",
        "http://localhost@10.0.0.1/", "file:///etc/passwd", "http://10.0.0.1:6379/", "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_an_entry_that_leads_inside_is_what_the_feed_says_of_it(desk: Desk, link: str) -> None:
    desk.serve("a.example/feed", rss(item(1, link, "", TEXT)))
    await desk.add("a.example/feed")
    await desk.feeds.poll_due(NOW)
    assert [each.passages[0].text for each in desk.documents()] == [TEXT]
    assert desk.web.asked() == ["a.example/feed"] * 2


async def test_an_article_that_cannot_be_had_now_is_tried_again(desk: Desk) -> None:
    desk.web.pages["a.example/1"] = answer(status=503)
    desk.serve("a.example/feed", rss(item(1, "/1", "", "摘要摘要")), ETag='"1"')
    await desk.add("a.example/feed")
    report = await desk.feeds.poll_due(NOW)
    assert (report.added, report.waiting, report.failures) == ((), 1, ())
    desk.articles("a.example", 1)
    report = await desk.feeds.poll_due(NOW + timedelta(minutes=16))
    assert (len(report.added), report.waiting) == (1, 0)
    assert desk.documents()[0].passages[0].text == f"第1条消息。{TEXT}"


async def test_an_article_that_cannot_be_had_at_all_is_given_up(desk: Desk) -> None:
    desk.web.pages["a.example/1"] = answer(status=503)
    desk.serve("a.example/feed", rss(item(1, "/1", "", "摘要摘要")))
    await desk.add("a.example/feed")
    added = [len((await desk.feeds.poll_due(NOW + hours * HOUR)).added) for hours in range(4)]
    assert added == [0, 0, 1, 0]
    assert desk.documents()[0].passages[0].text == "摘要摘要"


async def test_a_long_feed_is_taken_in_parts(desk: Desk) -> None:
    numbers = range(1, MOST_ARTICLES + 4)
    desk.articles("a.example", *numbers)
    desk.serve("a.example/feed", rss(*(item(number, f"/{number}") for number in numbers)), ETag='"1"')
    id_ = await desk.add("a.example/feed")
    report = await desk.feeds.poll_due(NOW)
    assert (len(report.added), report.waiting) == (MOST_ARTICLES, 3)
    waiting = await desk.feeds.get(id_)
    assert waiting is not None
    assert (waiting.etag, waiting.next_try) == (None, NOW + timedelta(minutes=1))
    report = await desk.feeds.poll_due(NOW + timedelta(minutes=1))
    assert (len(report.added), report.waiting) == (3, 0)
    assert len(desk.documents()) == MOST_ARTICLES + 3


# --- Feeds that fail -----------------------------------------------------------------------------------


async def test_a_feed_that_fails_is_asked_less_and_less_and_told_of_after_a_week(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    id_ = await desk.add("a.example/feed")
    desk.web.pages["a.example/feed"] = answer(status=500)
    asked, told = [], []
    for hour in range(24 * 16):
        report = await desk.feeds.poll_due(NOW + hour * HOUR)
        if report.polled:
            assert [each.reason for each in report.failures] == [web_refusals.status(500)]
            asked.append(hour)
        if report.failing:
            told.append(hour // 24)
    assert 15 < len(asked) < 30
    assert [day in (7, 8) or day in (14, 15) for day in told] == [True, True]
    desk.serve("a.example/feed", rss())
    await desk.feeds.poll_due(NOW + timedelta(days=20))
    found = await desk.feeds.get(id_)
    assert found is not None
    assert (found.failures, found.failing_since, found.reason, found.reported) == (0, None, None, None)


async def test_a_host_is_asked_again_no_sooner_than_it_wants(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    id_ = await desk.add("a.example/feed")
    desk.web.pages["a.example/feed"] = answer(status=429, Retry_After="7200")
    await desk.feeds.poll_due(NOW)
    found = await desk.feeds.get(id_)
    assert found is not None
    assert found.next_try == NOW + 2 * HOUR


async def test_a_feed_that_is_gone_is_asked_no_more_until_it_is_resumed(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    id_ = await desk.add("a.example/feed")
    desk.web.pages["a.example/feed"] = answer(status=410)
    report = await desk.feeds.poll_due(NOW)
    assert [feed.id for feed in report.gone] == [id_]
    assert (await desk.feeds.poll_due(NOW + timedelta(days=9))).polled == 0
    assert await desk.feeds.resume(id_, NOW + timedelta(days=9))
    desk.serve("a.example/feed", rss())
    assert (await desk.feeds.poll_due(NOW + timedelta(days=9))).failures == ()


async def test_a_feed_without_end_fails_and_the_others_do_not(desk: Desk) -> None:
    async def endless(_request: Request) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel>"
        while True:
            yield b"<item><title>x</title></item>" * 1_000

    for host in "ab":
        desk.serve(f"{host}.example/feed", rss(item(host, None, "", f"{host}：{TEXT}")))
        await desk.add(f"{host}.example/feed")
    desk.web.pages["a.example/feed"] = endless
    report = await desk.feeds.poll_due(NOW)
    assert [each.reason for each in report.failures] == [web_refusals.oversize(10 * 2**20)]
    assert (report.polled, len(report.added)) == (2, 1)


async def test_a_folder_that_cannot_be_written_is_the_feeds_failure(desk: Desk) -> None:
    desk.serve("a.example/feed", rss(item(1, None, "", TEXT)))
    await desk.add("a.example/feed")
    (desk.folder / "feeds").write_text("a file where a folder should be")
    report = await desk.feeds.poll_due(NOW)
    assert "cannot be written" in report.failures[0].reason


async def test_a_feed_that_is_paused_or_removed_is_not_asked(desk: Desk) -> None:
    for host in "ab":
        desk.serve(f"{host}.example/feed", rss(item(host, None, "", f"{host}：{TEXT}")))
    first, second = await desk.add("a.example/feed"), await desk.add("b.example/feed")
    await desk.feeds.poll_due(NOW)
    assert await desk.feeds.pause(first)
    assert await desk.feeds.remove(second)
    assert (await desk.feeds.poll_due(NOW + HOUR)).polled == 0
    assert [feed.paused for feed in await desk.feeds.list()] == [True]
    assert len(desk.documents()) == 2  # what came stays
    assert await desk.feeds.resume(first, NOW + HOUR)
    assert (await desk.feeds.poll_due(NOW + HOUR)).polled == 1
    for change in (desk.feeds.pause, desk.feeds.remove):
        assert not await change("none")


async def test_a_feed_is_asked_by_one_process_at_a_time(
    desk: Desk, fetcher: Fetcher, database: Database
) -> None:
    def feed(_request: Request) -> AsyncIterator[bytes]:
        return polling_meanwhile()

    other = Feeds(database, fetcher, ArticleFiles(desk.folder), chance=lambda: 0.0)
    polled: list[int] = []

    async def polling_meanwhile() -> AsyncIterator[bytes]:
        polled.append((await other.poll_due(NOW)).polled)
        yield answer(rss(), kind="text/xml")

    desk.serve("a.example/feed", rss())
    await desk.add("a.example/feed")
    desk.web.pages["a.example/feed"] = feed
    assert (await desk.feeds.poll_due(NOW)).polled == 1
    assert polled == [0]


async def test_a_feed_that_a_killed_process_had_is_asked_again(desk: Desk) -> None:
    desk.serve("a.example/feed", rss())
    await desk.add("a.example/feed")
    claimed = await desk.feeds._store.claim_due(NOW, 9)
    assert len(claimed) == 1
    assert (await desk.feeds.poll_due(NOW + timedelta(minutes=29))).polled == 0
    assert (await desk.feeds.poll_due(NOW + timedelta(minutes=31))).polled == 1


async def test_adding_tells_what_is_wrong(desk: Desk) -> None:
    with pytest.raises(FetchFailed, match="no such page"):
        await desk.feeds.add(desk.web.url("a.example/none"), NOW)
    with pytest.raises(FetchRefused, match="http"):
        await desk.feeds.add("file:///etc/passwd", NOW)
