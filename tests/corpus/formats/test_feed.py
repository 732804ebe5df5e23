from __future__ import annotations

import pytest

from corpus import refusals
from tests.corpus.newsroom import read_all, read_one, refusal_of, texts_of


def rss(items: str, channel: str = "<title>样刊</title>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'
    )


ITEM = """<item><title>融资28.5亿元</title><link>https://news.example/1</link><guid>g1</guid>
<pubDate>Thu, 09 Apr 2026 10:30:00 +0900</pubDate><category>融资</category><category>融资</category>
<description>&lt;p&gt;第一段&lt;b&gt;重点&lt;/b&gt;。&lt;/p&gt;&lt;p&gt;第二段。&lt;/p&gt;</description></item>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>账簿</title>
<entry><title type="html">&lt;b&gt;PC&lt;/b&gt; &amp;amp; friends</title><id>urn:1</id>
<published>2026-07-28T07:15:00Z</published><updated>2026-08-01T00:00:00Z</updated>
<content type="html">&lt;p&gt;Text.&lt;/p&gt;</content></entry>
<entry><title>Only updated</title><id>urn:2</id><updated>2026-08-01T00:00:00Z</updated>
<summary>Plain 1 &lt; 2.</summary></entry>
</feed>"""


def test_an_rss_entry() -> None:
    document = read_one("a.rss", rss(ITEM))
    assert (document.title, document.source, document.topics) == ("融资28.5亿元", "样刊", ("融资",))
    assert document.published is not None
    assert document.published.at.isoformat() == "2026-04-09T10:30:00+09:00"
    assert document.id == document.url == "https://news.example/1"
    assert texts_of(document) == ["第一段重点。\n第二段。"]


def test_atom_entries() -> None:
    first, second = read_all("a.atom", ATOM)
    assert (first.title, first.source, first.id) == ("PC & friends", "账簿", "a.atom#urn:1")
    assert first.published is not None
    assert first.published.at.isoformat() == "2026-07-28T07:15:00+00:00"
    assert str(second.published) == "2026-08-01 00:00:00"
    assert texts_of(second) == ["Plain 1 < 2."]


def test_the_whole_text_is_preferred_to_the_summary() -> None:
    item = ITEM.replace(
        "</item>", "<content:encoded><![CDATA[<p>%s</p>]]></content:encoded></item>" % ("全文。" * 30)
    )
    text = rss(item).replace("<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')
    assert texts_of(read_one("a.xml", text)) == ["全文。" * 30]


def test_missing_parts_stay_missing() -> None:
    document = read_one("a.rss", rss("<item><description>只有正文。</description></item>", channel=""))
    assert (document.title, document.source, document.published, document.url) == (None, None, None, None)
    assert document.id == "a.rss#1"


def test_a_date_that_is_none_is_missing() -> None:
    assert (
        read_one("a.rss", rss(ITEM.replace("Thu, 09 Apr 2026 10:30:00 +0900", "yesterday"))).published is None
    )


def test_an_entry_of_a_headline_alone_is_kept_and_one_of_nothing_is_not() -> None:
    assert texts_of(read_one("a.rss", rss("<item><title>只有标题</title></item><item></item>"))) == [
        "只有标题"
    ]


def test_an_entry_repeated_is_read_once() -> None:
    assert len(read_all("a.rss", rss(ITEM + ITEM))) == 1


def test_script_in_an_entry_is_dropped() -> None:
    assert "evil" not in repr(
        read_one("a.rss", rss(ITEM.replace("第二段", "&lt;script&gt;evil()&lt;/script&gt;第二段")))
    )


def test_gb2312_feeds() -> None:
    text = rss(ITEM).replace("UTF-8", "gb2312")
    assert read_one("a.xml", text.encode("gb2312")).title == "融资28.5亿元"


def test_a_small_flaw_is_forgiven() -> None:
    assert read_one("a.rss", rss(ITEM.replace("融资28.5亿元", "A & B"))).title == "A & B"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_feed_that_is_cut_off_is_refused(cut: float) -> None:
    text = rss(ITEM * 3)
    assert refusal_of("a.rss", text[: int(len(text) * cut)]) in (
        refusals.DAMAGED_FEED,
        refusals.FEED_WITHOUT_ENTRIES,
    )


def test_a_feed_its_parser_stumbles_over_is_refused() -> None:
    assert refusal_of("a.rss", rss("<item><category>x</item></category>")) == refusals.DAMAGED_FEED


def test_a_feed_without_entries_is_refused() -> None:
    assert refusal_of("a.rss", rss("")) == refusals.FEED_WITHOUT_ENTRIES


def test_entities_of_its_own_are_refused() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert refusal_of("a.rss", rss(ITEM).replace("?><rss", f"?>{bomb}<rss")) == refusals.XML_ENTITIES
    external = '<!DOCTYPE rss [<!entity x SYSTEM "file:///etc/passwd">]>'
    assert refusal_of("a.rss", rss(ITEM).replace("?><rss", f"?>{external}<rss")) == refusals.XML_ENTITIES


def test_a_file_that_holds_an_address_fetches_nothing() -> None:
    # tests/conftest.py makes any look-up fail.
    assert "was expected" in refusal_of("a.rss", "http://news.example/feed.rss")
