from __future__ import annotations

import json

import pytest

from corpus import refusals
from tests.corpus.newsroom import read_one, refusal_of, texts_of

PARAGRAPHS = [
    "公司今日公告，已收到第一笔里程碑付款。" * 6,
    "受此消息影响，公司股价上午上涨6.8%，报36.20元。" * 5,
]


def page(head: str = "", body: str = "", *, above: str = "<h1>收到付款</h1>") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><nav><a href='/'>首页</a></nav>"
        f"<article>{above}{paragraphs}{body}</article><footer>版权所有 2020-01-01</footer></body></html>"
    )


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_the_article_without_what_stands_around_it() -> None:
    document = read_one("a.html", page())
    assert document.title == "收到付款"
    assert texts_of(document) == PARAGRAPHS
    assert (document.source, document.published, document.url) == (None, None, None)


def test_what_a_page_declares() -> None:
    head = meta("og:title", "声明的标题") + meta("og:site_name", "样刊日报")
    head += meta("article:tag", "授权") + meta("article:section", "医药")
    head += meta("article:published_time", "2026-08-11T12:10:00+08:00")
    head += '<link rel="canonical" href="https://news.example/1">'
    document = read_one("a.html", page(head))
    assert (document.title, document.source) == ("声明的标题", "样刊日报")
    assert document.published is not None
    assert document.published.at.isoformat() == "2026-08-11T12:10:00+08:00"
    assert (document.id, document.topics) == ("https://news.example/1", ("授权", "医药"))


def test_linked_data() -> None:
    item = {"@type": "NewsArticle", "headline": "另一标题", "datePublished": "2026-08-11"}
    graph = [{"@type": "WebSite", "name": "x"}, item | {"publisher": {"name": "样刊日报"}}]
    head = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    document = read_one("a.html", page(head))
    assert (document.title, document.source, str(document.published)) == (
        "另一标题",
        "样刊日报",
        "2026-08-11",
    )


@pytest.mark.parametrize("broken", ["{", "[" * 5000, '{"@type": ["NewsArticle"], "headline": 3}', "null"])
def test_broken_linked_data_is_passed_over(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script>'
    assert read_one("a.html", page(head)).title == "收到付款"


@pytest.mark.parametrize(
    ("byline", "source", "published"),
    [
        ("<p class='byline'>来源：虚构财经 2026年8月11日 12:10</p>", "虚构财经", "2026-08-11 12:10"),
        (
            "<div><span>2026-08-11 12:10</span> <span>来源：虚构财经</span></div>",
            "虚构财经",
            "2026-08-11 12:10",
        ),
        ("<time itemprop='datePublished' datetime='2026-08-11'>昨天</time>", None, "2026-08-11"),
    ],
)
def test_a_visible_byline(byline: str, source: str | None, published: str) -> None:
    document = read_one("a.html", page(above=f"<h1>收到付款</h1>{byline}"))
    assert (document.source, str(document.published)) == (source, published)


@pytest.mark.parametrize(
    "noise",
    [
        "<p>公司成立于2017年3月1日。</p>",
        meta("article:modified_time", "2026-09-01"),
        meta("og:url", "https://news.example/2026/08/11/x"),
        meta("article:published_time", "2026-13-45"),
        "<a href='/2026/08/11/'>归档</a>",
        "<time datetime='2026-08-11'>相关报道</time>",
    ],
)
def test_a_date_is_never_guessed(noise: str) -> None:
    assert read_one("a.html", page(noise if noise.startswith("<meta") else "", noise)).published is None


def test_the_source_is_not_the_hosts_name() -> None:
    assert read_one("a.html", page('<link rel="canonical" href="https://news.example/1">')).source is None


def test_the_title_element_without_the_sites_name() -> None:
    head = "<title>标题在此 - 样刊日报</title>" + meta("og:site_name", "样刊日报")
    assert read_one("a.html", page(head, above="")).title == "标题在此"


def test_an_address_that_is_no_web_address_is_left_out() -> None:
    assert read_one("a.html", page('<link rel="canonical" href="javascript:alert(1)">')).url is None


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030", "utf-8"])
def test_chinese_encodings(encoding: str) -> None:
    text = page(f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">')
    assert texts_of(read_one("a.html", text.encode(encoding))) == PARAGRAPHS


def test_big5() -> None:
    body = "紙鶴生物今日在東嶼交易所掛牌，較發行價高出三成七，成交額居所有新股首位。" * 3
    text = f'<head><meta charset="big5"><title>掛牌</title></head><body><p>{body}</p></body>'
    assert texts_of(read_one("a.htm", text.encode("big5"))) == [body]


def test_xhtml_with_a_prolog() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + page().replace(
        "<html>", '<html xmlns="http://www.w3.org/1999/xhtml">'
    )
    assert texts_of(read_one("a.xhtml", text)) == PARAGRAPHS


def test_headings_lists_and_tables() -> None:
    body = (
        "<h2>比较</h2><ul><li>第一项</li><li>第二项</li></ul>"
        "<table><tr><th>年份</th><th>金额</th></tr><tr><td>2024</td><td>18.6</td></tr></table><p>一行<br>又一行。</p>"
    )
    last = read_one("a.html", page(body=body)).passages[-1]
    assert last.section == "比较"
    assert last.text == "比较\n第一项\n第二项\n年份\t金额\n2024\t18.6\n一行\n又一行。"


def test_no_script_style_or_markup_gets_into_the_text() -> None:
    body = "<script>evil()</script><style>p{}</style>"
    body += "<p>他写道：&lt;script&gt;是标签，p&lt;0.05。这一段足够长，可以当作正文。</p>"
    text = "\n".join(texts_of(read_one("a.html", page(body=body))))
    assert "evil" not in text
    assert "p{}" not in text
    assert "<script>是标签，p<0.05。" in text


@pytest.mark.parametrize(
    "content", ["<html></html>", "<body><script>x()</script>", "<p></p>", "<div> </div>"]
)
def test_a_page_without_text_is_refused(content: str) -> None:
    assert refusal_of("a.html", content) == refusals.NO_TEXT


def test_a_short_page_without_an_article_is_read_as_it_is_seen() -> None:
    assert texts_of(read_one("a.html", "<html><body><p>今日停牌。</p></body></html>")) == ["今日停牌。"]


def test_too_deep_or_too_much_is_refused() -> None:
    assert refusal_of("a.html", page(body="<div>字" * 2000)) == refusals.TOO_DEEP
    assert refusal_of("a.html", page(body="<p>字" * 40_000)) == refusals.too_many("elements", 30_000)
