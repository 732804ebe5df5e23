"""Where the files beside the news are, and that they are written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CannotKeep
from bot.keeping.kept_files import glossary_file, glossary_stand_in, pins_file, write_whole
from bot.settings import Settings, sample_news, shipped_glossary
from corpus.reading import news_files

if TYPE_CHECKING:
    from pathlib import Path


def test_pins_are_with_the_news_and_are_none(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    settings = Settings(corpus=news, data=tmp_path / "data")
    write_whole(pins_file(settings), "{}\n")
    assert pins_file(settings).parent == news
    assert list(news_files(news)) == []


def test_nothing_is_written_into_what_comes_with_wenxun(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert settings.corpus == sample_news()
    assert pins_file(settings).parent == glossary_file(settings).parent == tmp_path / "data"
    assert glossary_stand_in(settings) == shipped_glossary()
    own = Settings(data=tmp_path / "data", glossary=tmp_path / "own.tsv")
    assert (glossary_file(own), glossary_stand_in(own)) == (tmp_path / "own.tsv", None)


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_whole(path, "before")
    with pytest.raises(CannotKeep):
        write_whole(path, "half a pair \ud83d")
    assert path.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    with pytest.raises(CannotKeep):
        write_whole(path / "below", "x")
