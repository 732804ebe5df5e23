"""Articles of pages that were fetched: what is read, and what is refused."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from corpus import refusals, web_refusals
from corpus.addresses import web_address
from corpus.article import Article, identity_of, in_utf8, read_article, untracked
from corpus.errors import FetchRefused
from corpus.fetching import Fetched

HEAD = '<meta property="og:title" content="本币升值"><meta property="og:site_name" content="虚构财经">'
TEXT = "今天上午，虚构银行宣布下调存款利率，幅度为五个基点。市场人士认为，此举符合预期，后续仍有空间。"
BODY = f"<nav>首页 关于</nav><article><p>{TEXT}</p></article>"
PAGE = f"<html><head>{HEAD}{{more}}</head><body>{BODY}</body></html>"


def fetched(
    body: str | bytes,
    kind: str = "text/html",
    charset: str | None = None,
    url: str = "https://news.example/a/1.html",
) -> Fetched:
    data = body.encode() if isinstance(body, str) else body
    return Fetched(url, web_address(url), kind, charset, data)


def page(more: str = "") -> str:
    return PAGE.replace("{more}", more)


def test_an_article_is_taken_out_of_its_page() -> None:
    more = '<meta name="pubdate" content="2025-12-16 08:35"><meta property="article:tag" content="银行">'
    article = read_article(fetched(page(more)))
    assert article.paragraphs == (TEXT,)
    assert (article.title, article.source, article.topics) == ("本币升值", "虚构财经", ("银行",))
    assert article.published is not None
    assert article.published.at == datetime(2025, 12, 16, 8, 35, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert article.url == "https://news.example/a/1.html"


@pytest.mark.parametrize(
    ("encoding", "said", "declared"),
    [
        ("gb18030", "gb2312", ""),
        ("gb18030", None, '<meta charset="gb2312">'),
        ("gb18030", "iso-8859-1", '<meta charset="gbk">'),
        ("big5", "big5", ""),
        ("utf-8", "gb2312", ""),  # the host is wrong, as the bytes prove
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "no-such-encoding", ""),
        ("utf-16", "utf-16", ""),
    ],
)
def test_a_page_is_read_in_its_encoding(encoding: str, said: str | None, declared: str) -> None:
    text = page(declared)
    text = (
        text.replace("虚构财经", "財經")
        .replace("本币升值", "升值")
        .replace("首页 关于", "")
        .replace(TEXT, "今天上午市場一片平靜，沒有任何消息，交易員都在喝茶看報，等待收市。")
    )
    article = read_article(fetched(text.encode(encoding), charset=said))
    assert article.paragraphs[0].startswith("今天上午市場一片平靜")


def test_what_a_host_says_of_the_encoding_counts_where_the_bytes_do_not_tell() -> None:
    data = "Žďár".encode("iso-8859-2")
    assert in_utf8(data, "iso-8859-2").decode("utf-8-sig") == "Žďár"
    assert in_utf8(b"\xff\xff", "big5") == b"\xff\xff"  # it is not
    assert in_utf8(data, None) == data


@pytest.mark.parametrize(
    ("canonical", "cited"),
    [
        ("https://news.example/a/1", "https://news.example/a/1"),
        ("https://www.news.example/a/1?utm_source=x", "https://www.news.example/a/1"),
        ("https://bank.example/statement", "https://m.news.example/a/1.html?id=3"),  # another host's
        ("https://news.example/", "https://m.news.example/a/1.html?id=3"),  # the start page
        ("http://127.0.0.1/a", "https://m.news.example/a/1.html?id=3"),
        ("https://news.example@bank.example/", "https://m.news.example/a/1.html?id=3"),
    ],
)
def test_a_page_speaks_for_itself_only(canonical: str, cited: str) -> None:
    url = "https://m.news.example/a/1.html?id=3&utm_medium=feed&spm=a.b"
    assert read_article(fetched(page(f'<link rel="canonical" href="{canonical}">'), url=url)).url == cited


def test_what_is_not_said_to_be_anything_is_looked_at() -> None:
    assert read_article(fetched(page(), kind="")).paragraphs == (TEXT,)
    assert TEXT in read_article(fetched(f"标题\n\n{TEXT}", kind="")).body


def test_front_matter_from_the_web_is_not_believed() -> None:
    article = read_article(fetched(f"---\nurl: https://bank.example/\n---\n\n{TEXT}\n", kind="text/markdown"))
    assert article.url == "https://news.example/a/1.html"


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ("", "text/html", web_refusals.NO_ARTICLE),
        ("<html><body><script>x()</script></body></html>", "text/html", web_refusals.NO_ARTICLE),
        (" \n ", "text/plain", web_refusals.NO_ARTICLE),
        (b"%PDF-1.7 ...", "text/html", web_refusals.MISMATCH),
        (b"PK\x03\x04....", "text/html", web_refusals.MISMATCH),
        (b"PK\x03\x04....", "text/plain", web_refusals.MISMATCH),
        (b"\x89PNG\r\n", "text/html", web_refusals.MISMATCH),
        (b"\x7fELF\x02\x01\x01\x00\x00", "text/plain", refusals.NOT_TEXT),
        ("<html><p>no PDF</p></html>", "application/pdf", web_refusals.MISMATCH),
        (b"%PDF-1.7 cut off", "application/pdf", refusals.DAMAGED_PDF),
        ("<p>" * 40_000, "text/html", None),
        ("<div>" * 3_000 + "deep", "text/html", None),
        ("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "text/html", None),
    ],
)
def test_what_is_no_article_or_claims_to_be_another_kind_is_refused(
    body: str | bytes, kind: str, reason: str | None
) -> None:
    with pytest.raises(FetchRefused) as refused:
        read_article(fetched(body, kind))
    assert reason is None or refused.value.reason == reason


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/a?x=1&y=2",
        "https://www.news.example/a/?y=2&x=1",
        "https://news.example/a?x=1&y=2&utm_campaign=z&fbclid=q#top",
        "HTTPS://NEWS.example:443/a?x=1&y=2",
    ],
)
def test_one_page_has_one_identity(other: str) -> None:
    assert identity_of(other) == identity_of("https://news.example/a?x=1&y=2")
    assert identity_of("https://news.example/b") != identity_of("https://news.example/a")


def test_what_a_page_is_asked_for_stays_in_its_address() -> None:
    url = "https://news.example/a?id=7&q=%E4%B8%AD&empty=&flag"
    assert untracked(web_address(url)) == url


@given(st.text(min_size=1, max_size=200))
def test_an_article_has_its_paragraphs_verbatim(text: str) -> None:
    try:
        article = read_article(fetched(text.encode("utf-8", "replace"), "text/plain"))
    except FetchRefused:
        return
    assert isinstance(article, Article)
    joined = "".join(article.paragraphs)
    assert set(joined) <= set(text.replace("\ufffd", "?")) | set(" \n?")


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_file_is_an_article() -> None:
    assert read_article(fetched(word_file(TEXT), WORD)).paragraphs == (TEXT,)


def test_a_word_file_that_is_a_bomb_is_refused() -> None:
    bomb = BytesIO(word_file(TEXT))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.xml", bytes(64 * 2**20))
    with pytest.raises(FetchRefused) as refused:
        read_article(fetched(bomb.getvalue(), WORD))
    assert refused.value.reason == refusals.ZIP_BOMB


def test_a_pdf_is_an_article() -> None:
    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 700, "The invented bank cut its deposit rates by five basis points today.")
    canvas.save()
    article = read_article(fetched(stream.getvalue(), "application/pdf"))
    assert "five basis points" in article.body
