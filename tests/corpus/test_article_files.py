"""Files of articles: read again as they were, safe names, nothing outside, nothing half."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.article_files import ArticleFiles, file_name, host_folder
from corpus.errors import CorpusError, FetchRefused
from corpus.formats.base import Composer
from corpus.model import Precision, Published
from corpus.reading import ReadOptions, news_files, read_documents

URL = "https://news.example/2025/rate-cut.html?id=7"


def article(*paragraphs: str, url: str = URL, **fields: object) -> Article:
    composer = Composer()
    for paragraph in paragraphs or ("第一段。",):
        composer.add(paragraph)
    return Article(url, composer.body, composer.blocks, **fields)  # type: ignore[arg-type]  # as the test says


def test_an_article_is_read_again_as_it_was(tmp_path: Path) -> None:
    at = datetime(2025, 12, 16, 8, 35, tzinfo=timezone(timedelta(hours=-5)))
    saved = article(
        "第一段 *星号* [1]。",
        "# No heading & <b>no</b> markup",
        title="“标题”",
        source="虚构财经",
        published=Published(at, Precision.MINUTE),
        topics=("银行", "利率"),
    )
    origin = ArticleFiles(tmp_path).save(saved, "feeds")
    assert origin.startswith("feeds/news.example/2025-12-16-rate-cut-")
    assert list(news_files(tmp_path)) == [origin]
    (document,) = read_documents(tmp_path, origin, ReadOptions())
    assert (document.id, document.url, document.title) == (URL, URL, "“标题”")
    assert (document.source, document.topics) == ("虚构财经", ("银行", "利率"))
    assert document.published is not None
    assert (document.published.at, document.published.precision) == (at, Precision.MINUTE)
    text = "\n".join(passage.text for passage in document.passages)
    assert text == saved.body


@pytest.mark.parametrize("precision", list(Precision))
def test_a_date_is_as_exact_as_it_was(tmp_path: Path, precision: Precision) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    at = datetime(2025, 1, 1, tzinfo=zone)
    origin = ArticleFiles(tmp_path).save(article(published=Published(at, precision)), "feeds")
    (document,) = read_documents(tmp_path, origin, ReadOptions(zone=zone))
    assert document.published == Published(at, precision)


def test_points_keep_their_groups_and_marks(tmp_path: Path) -> None:
    composer = Composer()
    composer.add("第一点", section="Group 1", marks=("[1]",), fixed=True)
    origin = ArticleFiles(tmp_path).save(Article(URL, composer.body, composer.blocks), "added")
    (document,) = read_documents(tmp_path, origin, ReadOptions())
    assert [(each.text, each.section, each.marks) for each in document.passages] == [
        ("第一点", "Group 1", ("[1]",))
    ]


def test_a_headline_alone_is_a_document(tmp_path: Path) -> None:
    origin = ArticleFiles(tmp_path).save(Article(URL, "", (), title="快讯"), "feeds")
    (document,) = read_documents(tmp_path, origin, ReadOptions())
    assert document.passages[0].text == "快讯"


HOSTILE = [
    "https://news.example/../../../etc/passwd",
    "https://news.example/%2e%2e%2f%2e%2e%2fetc/passwd",
    "https://news.example/..%5c..%5cwindows",
    "https://news.example/.hidden",
    "https://news.example/README",
    "https://news.example/license.txt",
    "https://news.example/a~",
    "https://news.example/x.tmp",
    "https://news.example/con.json",
    "https://news.example/a%00b",
    "https://news.example/" + "很长" * 300,
    "https://news.example/",
    "https://../x",
    "https://...example/",
    "https://[2606:4700::1111]/x",
    "not an address",
    "https://-/",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_address_makes_a_name_that_leads_out_or_is_not_news(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    origin = ArticleFiles(folder).save(article(url=url), "feeds")
    assert list(news_files(folder)) == [origin]
    assert [path.name for path in tmp_path.iterdir()] == ["news"]
    assert len(Path(origin).name) < 120


@given(st.text(max_size=80))
def test_any_address_makes_a_safe_name(url: str) -> None:
    for name in (host_folder(url), file_name(article(url=url))):
        assert name.strip(".-")
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
        assert not name.startswith(".")
        assert len(name) < 130


@pytest.mark.parametrize("place", ["..", "../x", "/elsewhere", "feeds/../.."])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    with pytest.raises(CorpusError, match="outside"):
        ArticleFiles(folder).save(article(), place, None if place != "../x" else "../x.json")
    assert [path.name for path in tmp_path.iterdir()] == ["news"]


def test_nothing_is_written_over_a_link_that_leads_out(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "news", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "feeds").symlink_to(elsewhere)
    with pytest.raises(CorpusError, match="outside"):
        ArticleFiles(folder).save(article(), "feeds")
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    (folder / "feeds").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (folder / "feeds/a.json").symlink_to(tmp_path / "secret")
    ArticleFiles(folder).save(article(), "feeds", "feeds/a.json")
    assert (tmp_path / "secret").read_text() == "secret"
    assert json.loads((folder / "feeds/a.json").read_text())["url"] == URL


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    files = ArticleFiles(tmp_path)
    origin = files.save(article("旧"), "feeds")
    before = (tmp_path / origin).read_bytes()
    with pytest.raises(FetchRefused):
        files.save(article("half \ud800 a character"), "feeds", origin)
    # A folder where the file beside it would be written.
    (tmp_path / origin).with_name(f".{Path(origin).name}.{os.getpid()}.tmp").mkdir()
    with pytest.raises(CorpusError, match="cannot be written"):
        files.save(article("新"), "feeds", origin)
    assert (tmp_path / origin).read_bytes() == before
    assert list(news_files(tmp_path)) == [origin]


def test_an_article_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    files = ArticleFiles(tmp_path)
    origin = files.save(article("旧"), "feeds")
    assert files.save(article("新", title="另一个"), "feeds", origin) == origin
    assert list(news_files(tmp_path)) == [origin]
    assert files.size(origin) == (tmp_path / origin).stat().st_size
    assert files.size("feeds/none.json") is None
