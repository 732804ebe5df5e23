"""One file for a load: whether it has changed, and its documents in batches fit for the database."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.reading import READING_VERSION
from corpus.staging import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpus.model import Document
    from corpus.reading import ReadOptions

_BATCH_BYTES: Final = 2**20
_LOG = logging.getLogger(__name__)

UNSTORABLE: Final = "It holds characters that no text may hold (NUL, or half of a surrogate pair)."


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file's directory entry says: as long as it stays the same, the file is not opened."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents of a file, in its order. `size` is the bytes of their texts."""

    documents: tuple[Document, ...]
    size: int


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file now.

    Raises:
        OSError: it is not there, or not to be seen.
    """
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint_of(options: ReadOptions, *, refused: bool) -> str:
    """A name for all that decides, besides its bytes, what is read from a file.

    The limit of size only decides which files are refused: raising it must not cost the
    reading of all others.
    """
    common = f"{READING_VERSION} {options.zone.key}"
    return f"{common} {options.max_bytes}" if refused else common


def batches_of(origin: str, read: Iterable[Document]) -> Iterator[Batch]:
    """What is `read` from a file, as much at a time as the database takes in one short transaction.

    Raises:
        UnreadableFile: at any batch; what came before must be forgotten.
    """
    documents: list[Document] = []
    size = 0
    try:
        for document in read:
            documents.append(document)
            size += _size_of(document)
            if len(documents) == BATCH or size >= _BATCH_BYTES:
                yield Batch(tuple(documents), size)
                documents, size = [], 0
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(refusals.unopened(error)) from error
    except Exception as error:
        # A reader's mistake about one file must not keep all others from being loaded.
        _LOG.exception("Reading %s failed", origin)
        msg = f"Reading it failed ({type(error).__name__}); this is a fault of Wenxun, its log says more."
        raise UnreadableFile(msg) from error
    yield Batch(tuple(documents), size)


def _size_of(document: Document) -> int:
    parts = [document.id, document.title, document.source, document.url, *document.topics]
    for passage in document.passages:
        parts += [passage.text, passage.section, *passage.marks]
    text = "".join(part for part in parts if part is not None)
    if "\0" in text:
        raise UnreadableFile(UNSTORABLE)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise UnreadableFile(UNSTORABLE) from None
