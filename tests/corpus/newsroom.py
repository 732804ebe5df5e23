"""Puts a file into a folder of news and reads it: what every test of a reader does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import UnreadableFile
from corpus.reading import ReadOptions, read_documents

if TYPE_CHECKING:
    from corpus.model import Document


def read_all(name: str, content: str | bytes, options: ReadOptions | None = None) -> list[Document]:
    """The documents of a file with this name and content."""
    with tempfile.TemporaryDirectory(prefix="wenxun-news-") as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_documents(Path(folder), name, options or ReadOptions()))


def read_one(name: str, content: str | bytes, options: ReadOptions | None = None) -> Document:
    """The one document of a file."""
    (document,) = read_all(name, content, options)
    return document


def refusal_of(name: str, content: str | bytes, options: ReadOptions | None = None) -> str:
    """Why a file is refused; it must be."""
    with pytest.raises(UnreadableFile) as refused:
        read_all(name, content, options)
    return refused.value.reason


def outcome_of(name: str, content: str | bytes) -> list[Document] | str:
    """The documents of a file, or why it is refused."""
    try:
        return read_all(name, content)
    except UnreadableFile as refused:
        return refused.reason


def texts_of(document: Document) -> list[str]:
    """The texts of its passages."""
    return [passage.text for passage in document.passages]
