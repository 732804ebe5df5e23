from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import refusals
from corpus.errors import CorpusFolderMissing, UnreadableFile
from corpus.formats.kinds import ENDINGS
from corpus.reading import READING_VERSION, ReadOptions, news_files, read_documents
from tests.corpus.newsroom import outcome_of, read_one, refusal_of

ROOT = Path(__file__).parents[2]
NEWS = ROOT / "corpus" / "news"


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("标题\n\n正文。", "utf-8")


def test_the_files_of_news_sorted(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.txt", "sub/deep/c.md", "z.unknown", "新闻.txt")
    assert list(news_files(tmp_path)) == ["a.txt", "b.txt", "sub/deep/c.md", "z.unknown", "新闻.txt"]


def test_what_is_no_news_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.txt", ".git/config.txt", "README.md", "sub/readme.txt", "LICENSE", "Licence.txt")
    write(tmp_path, "a.txt~", "b.tmp", "c.part", ".d.txt.swp", "e.swp", "kept.txt")
    assert list(news_files(tmp_path)) == ["kept.txt"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    write(tmp_path, "file.txt")
    for wrong in (tmp_path / "none", tmp_path / "file.txt"):
        with pytest.raises(CorpusFolderMissing, match="does not exist"):
            list(news_files(wrong))


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    news, outside = tmp_path / "news", tmp_path / "outside"
    write(news, "inside.txt", "sub/x.txt")
    write(outside, "secret.txt")
    (news / "out.txt").symlink_to(outside / "secret.txt")
    (news / "folder").symlink_to(outside)
    (news / "loop").symlink_to(news)
    (news / "broken.txt").symlink_to(news / "nowhere.txt")
    (news / "link.txt").symlink_to(news / "inside.txt")
    assert list(news_files(news)) == ["inside.txt", "link.txt", "sub/x.txt"]
    for origin in ("out.txt", "folder/secret.txt", "../outside/secret.txt"):
        with pytest.raises(UnreadableFile) as refused:
            list(read_documents(news, origin, ReadOptions()))
        assert refused.value.reason == refusals.OUTSIDE


def test_what_is_not_a_file_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.txt"))
        assert list(news_files(tmp_path)) == ["a.txt"]
        with pytest.raises(UnreadableFile):
            list(read_documents(tmp_path, "pipe.txt", ReadOptions()))


def test_a_name_that_is_not_utf8_is_listed_and_refused(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/\xd0\xc2.txt")).write_text("正文。", "utf-8")
    (origin,) = news_files(tmp_path)
    origin.encode("utf-8")
    with pytest.raises(UnreadableFile) as refused:
        list(read_documents(tmp_path, origin, ReadOptions()))
    assert refused.value.reason == refusals.UNUSABLE_NAME


def test_a_file_that_is_gone_or_closed_to_us_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="It cannot be opened: no such file"):
        list(read_documents(tmp_path, "gone.txt", ReadOptions()))
    with pytest.raises(UnreadableFile, match="Its name is not valid"):
        list(read_documents(tmp_path, "a\x00.txt", ReadOptions()))


@pytest.mark.parametrize("ending", sorted(set(ENDINGS) - {".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"}))
def test_every_format_has_the_size_limit(ending: str) -> None:
    content = {
        ".pdf": b"%PDF-1.4",
        ".docx": b"PK\x03\x04",
        ".html": b"<p>",
        ".htm": b"<p>",
        ".xhtml": b"<p>",
    }.get(ending, b"x")
    content = b"<rss >" if ending in (".rss", ".atom", ".xml") else content
    assert refusal_of(f"a{ending}", content + b" " * 2_000_000, ReadOptions(max_bytes=2**20)).startswith(
        "It is too large: 1.9 MB"
    )


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_an_empty_file_of_any_format_is_refused(ending: str) -> None:
    assert refusal_of(f"a{ending}", b"") == refusals.EMPTY


def test_the_usual_zone_is_an_option() -> None:
    text = "标题\n2025-12-16 08:35\n正文。"
    published = read_one("a.txt", text, ReadOptions(zone=ZoneInfo("Europe/Berlin"))).published
    assert published is not None
    assert published.at.isoformat() == "2025-12-16T08:35:00+01:00"


def test_the_version_is_part_of_what_others_keep() -> None:
    assert READING_VERSION


def test_the_sample_news_reads_whole_and_twice_the_same() -> None:
    origins = list(news_files(NEWS))
    first = [document for origin in origins for document in read_documents(NEWS, origin, ReadOptions())]
    again = [document for origin in origins for document in read_documents(NEWS, origin, ReadOptions())]
    assert first == again
    assert len(first) > 30
    ids = [passage.id for document in first for passage in document.passages]
    assert len(set(ids)) == len(ids)


def test_importing_the_reading_imports_no_parser() -> None:
    code = (
        "import sys, corpus.reading; print({'trafilatura', 'pypdf', 'docx', 'feedparser'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603  our own code
    assert done.stdout.strip() == "set()"


HEADS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"<!doctype html><p>",
    b"<?xml version='1.0'?><rss>",
    b"{",
    b"[",
    b"---\n",
    b"\xff\xfe",
    b"Group 1 - ",
]
TAILS = [b"", b"%%EOF", b"</rss>", b"</html>", b"}", b" [1]", b"\n---\n", b"]"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(ENDINGS)),
    st.sampled_from(HEADS),
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(TAILS),
)
def test_any_bytes_are_read_or_refused_in_words(ending: str, head: bytes, middle: bytes, tail: bytes) -> None:
    outcome = outcome_of(f"a{ending}", head + middle + tail)
    assert outcome
    if isinstance(outcome, str):
        assert outcome.endswith((".", ".ndjson.gz .rss .atom .xml"))
        assert "Traceback" not in outcome
    else:
        assert all(passage.text.strip() for document in outcome for passage in document.passages)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_samples_are_read_or_refused_in_words(data: st.DataObject) -> None:
    origin = data.draw(st.sampled_from(sorted(news_files(NEWS))))
    content = bytearray((NEWS / origin).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert outcome_of(origin, bytes(content))
