"""The folder of news as it is kept from the chat: the copy of the sample, names, and files in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CannotKeep
from bot.keeping.corpus_folder import NewsFiles, ending_of, safe_name, settled
from bot.settings import Settings, sample_news

if TYPE_CHECKING:
    from pathlib import Path


def test_the_sample_is_copied_once_and_what_was_added_stays(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = settled(settings)
    assert first.corpus == tmp_path / "data" / "news"
    names = {path.name for path in sample_news().iterdir()} - {"__pycache__"}
    assert names == {path.name for path in first.corpus.iterdir()}
    (first.corpus / "mine.txt").write_text("x")
    assert settled(settings).corpus == first.corpus
    assert (first.corpus / "mine.txt").exists()
    own = Settings(data=tmp_path / "data", corpus=tmp_path)
    assert settled(own) == own


@pytest.mark.parametrize("words", ["../../etc/passwd", "a\\b:c*?", "CON", "\x00\ud800", "很长" * 200, ""])
def test_names_are_safe(words: str) -> None:
    name = safe_name("2025-12-16", words, ".txt")
    assert name.startswith("2025-12-16-")
    assert not set(name) & set("/\\:*?\x00")
    assert len(name.encode()) < 200


def test_endings() -> None:
    assert (ending_of("A.JSONL.GZ"), ending_of("a.exe"), ending_of("txt")) == (".jsonl.gz", "", "")


def test_nothing_is_overwritten_and_what_is_taken_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_text("x")
    files = NewsFiles(tmp_path / "news", tmp_path / "removed")
    assert files.put(file, "added/a.txt") == "added/a.txt"
    assert files.put(file, "added/a.txt") == "added/a-2.txt"
    kept = files.take("added/a.txt", "key")
    assert not (tmp_path / "news/added/a.txt").exists()
    assert files.put_back(kept, "added/a.txt") == "added/a.txt"


def test_nothing_leaves_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_text("x")
    files = NewsFiles(tmp_path / "news", tmp_path / "removed")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "out").symlink_to(tmp_path)
    for origin in ("../a.txt", "out/a.txt", "added/../../a.txt", "..", ""):
        with pytest.raises(CannotKeep):
            files.put(file, origin)
    with pytest.raises(CannotKeep):
        files.take("../sent", "key")
    assert file.exists()
