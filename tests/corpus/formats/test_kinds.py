from __future__ import annotations

import gzip

import pytest

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.kinds import ENDINGS, Kind, kind_of

HTML = b"<!DOCTYPE html>\n<html><body><p>x</p></body></html>"
FEED = b'<?xml version="1.0"?>\n<rss version="2.0"></rss>'
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>'
XML = b"<?xml version='1.0'?><other/>"
TEXT = "标题\n正文。".encode()
ZIP = b"PK\x03\x04rest"
GZIP = gzip.compress(b"{}")

SAMPLES = {
    "text": TEXT,
    "html": HTML,
    "feed": FEED,
    "xml": XML,
    "pdf": b"%PDF-1.7\n",
    "zip": ZIP,
    "gzip": GZIP,
    "old office": b"\xd0\xcf\x11\xe0rest",
    "rtf": rb"{\rtf1 x}",
    "picture": b"\x89PNG\r\n",
}
FITTING = {
    ".txt": {"text"},
    ".md": {"text"},
    ".html": {"html"},
    ".pdf": {"pdf"},
    ".docx": {"zip"},
    ".json": {"text"},
    ".jsonl": {"text"},
    ".jsonl.gz": {"gzip"},
    ".rss": {"feed"},
    ".xml": {"feed"},
}


@pytest.mark.parametrize("content", SAMPLES)
@pytest.mark.parametrize("ending", FITTING)
def test_name_and_content_must_agree(ending: str, content: str) -> None:
    if content in FITTING[ending]:
        assert kind_of(f"news{ending}", SAMPLES[content]) is ENDINGS[ending]
    else:
        with pytest.raises(UnreadableFile, match="It is not what its name says"):
            kind_of(f"news{ending}", SAMPLES[content])


def test_the_refusal_says_what_it_is() -> None:
    with pytest.raises(UnreadableFile) as refused:
        kind_of("news.pdf", HTML)
    assert refused.value.reason == "It is not what its name says: a PDF was expected, but it holds HTML."


@pytest.mark.parametrize("name", ["A.PDF", "x.y/b.Pdf", "新闻.pdf"])
def test_case_and_folders_do_not_matter(name: str) -> None:
    assert kind_of(name, b"%PDF-1.4") is Kind.PDF


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.doc", 'Files ending in ".doc" are not read'),
        ("a.txt.gz", 'Files ending in ".gz" are not read'),
        ("folder.md/plain", "no ending"),
        ("a.jpg", ".docx"),
    ],
)
def test_other_names_are_refused_with_the_list_of_what_is_read(name: str, told: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        kind_of(name, TEXT)
    assert told in refused.value.reason
    assert all(ending in refused.value.reason for ending in ENDINGS)


@pytest.mark.parametrize(
    "head", [b"\xef\xbb\xbf" + HTML, HTML.decode().encode("utf-16"), b"  \n" + HTML, b"<!-- saved -->" + HTML]
)
def test_html_however_it_begins(head: bytes) -> None:
    assert kind_of("a.html", head) is Kind.HTML
    with pytest.raises(UnreadableFile):
        kind_of("a.txt", head)


def test_a_fragment_of_html_is_html_and_a_text_is_not() -> None:
    assert kind_of("a.html", b"<div><p>x</p></div>") is Kind.HTML
    with pytest.raises(UnreadableFile, match="something else"):
        kind_of("a.html", TEXT)


@pytest.mark.parametrize(
    "head", [FEED, ATOM, b"<!-- x -->\n" + FEED, b"<?xml version='1.0'?><rdf:RDF xmlns='x'/>"]
)
def test_feeds_however_they_begin(head: bytes) -> None:
    assert kind_of("a.xml", head) is Kind.FEED


def test_a_text_may_speak_of_markup() -> None:
    assert kind_of("a.txt", b"The tag <html> begins a page, <rss> a feed.") is Kind.PLAIN
    assert kind_of("a.md", b"{brace} first") is Kind.MARKDOWN
    assert refusals.mismatch("HTML", None).endswith("something else.")
