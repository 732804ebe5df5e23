"""Reading the news: which files of a folder are news, and the documents in each."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from corpus import refusals
from corpus.documents import document_of
from corpus.errors import CorpusFolderMissing, UnreadableFile
from corpus.formats.base import ReadOptions, SourceFile
from corpus.formats.kinds import HEAD_BYTES, Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus.formats.base import Draft
    from corpus.model import Document

__all__ = ["READING_VERSION", "ReadOptions", "news_files", "read_documents"]

# Raise it whenever a reader, the splitter or the sentences would yield something else for
# the same file: every file is then read again at the next load.
READING_VERSION: Final = "1"

_LEFTOVERS: Final = ("~", ".tmp", ".part", ".swp")
_NOT_NEWS: Final = ("readme", "license", "licence")


def news_files(folder: Path) -> Iterator[str]:
    """The files of news in a folder and the folders in it, as origins, sorted.

    Hidden files and folders, README and LICENSE files and editors' leftovers are no news.
    Links to folders are not followed, links to files only if they stay inside.

    Raises:
        CorpusFolderMissing: There is no such folder.
    """
    if not folder.is_dir():
        problem = f"The folder of news does not exist: {folder}"
        raise CorpusFolderMissing(problem)
    root = folder.resolve()
    origins: list[str] = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if _is_news(name) and path.is_file() and path.resolve().is_relative_to(root):
                origins.append(_written(path.relative_to(folder).as_posix()))
    yield from sorted(origins)


def _written(origin: str) -> str:
    """The origin as people can be told it: bytes of a name that are not UTF-8 are spelled out."""
    return origin.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_news(name: str) -> bool:
    folded = name.casefold()
    return not (folded.startswith((".", *_NOT_NEWS)) or folded.endswith(_LEFTOVERS))


def read_documents(folder: Path, origin: str, options: ReadOptions) -> Iterator[Document]:
    """The documents of one file, in its order.

    Args:
        folder: The corpus folder.
        origin: The file's path in it, with forward slashes.
        options: How to read.

    Raises:
        UnreadableFile: Before the first document or while iterating. The file is then
            refused as a whole: forget what it gave so far.
    """
    path = folder / origin
    size = _size(path, folder)
    if size == 0:
        raise UnreadableFile(refusals.EMPTY)
    kind = kind_of(origin, _head(path))
    if kind is not Kind.JSON_LINES and size > options.max_bytes:
        raise UnreadableFile(refusals.oversize(size, options.max_bytes))
    empty = True
    for draft in _reader(kind)(SourceFile(path, origin, size, options)):
        yield document_of(draft, origin)
        empty = False
    if empty:
        raise UnreadableFile(refusals.NO_TEXT)


def _size(path: Path, folder: Path) -> int:
    """The size of a file, if it is one and lies in the folder."""
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            raise UnreadableFile(refusals.OUTSIDE)
        return path.stat().st_size
    except FileNotFoundError as error:
        raise UnreadableFile(
            refusals.UNUSABLE_NAME if "\\x" in path.name else refusals.unopened(error)
        ) from None
    except OSError as error:
        raise UnreadableFile(refusals.unopened(error)) from error
    except ValueError:
        raise UnreadableFile(refusals.UNUSABLE_NAME) from None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableFile(refusals.unopened(error)) from error


def _reader(kind: Kind) -> Callable[[SourceFile], Iterator[Draft]]:
    """The reader of a format. It is imported when the first such file is met: some need seconds."""
    reader: Callable[[SourceFile], Iterator[Draft]] = import_module(f"corpus.formats.{kind}").read
    return reader
