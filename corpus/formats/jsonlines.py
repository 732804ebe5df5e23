"""JSON Lines, also gzipped: one document a line, read as a stream."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING, Final, cast

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.records import RecordError, draft_of, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.formats.base import Draft, SourceFile

# Real text shrinks to a third or a tenth; a bomb to a thousandth.
_MOST_INFLATED: Final = 100
_NAMED_FAULTS: Final = 3
_BOM: Final = b"\xef\xbb\xbf"


def read(file: SourceFile) -> Iterator[Draft]:
    """Read one document a line. Empty lines are passed over.

    After the first faulty line no more documents are given; the rest is only checked, so
    that the error can name the first faulty lines and tell how many there are.

    Raises:
        UnreadableFile: Also while iterating: a line is not a document, two lines have the
            same id or url, the gzip stream is damaged.
    """
    keys = Keys()
    faults: list[str] = []
    count = 0
    for number, line in enumerate(_lines(file), start=1):
        record = line.strip()
        if not record:
            continue
        try:
            draft = keys.checked(draft_of(parsed(record), file.options.zone, number))
        except RecordError as error:
            count += 1
            if len(faults) < _NAMED_FAULTS:
                faults.append(f"line {number}: {error.fault}")
            continue
        if not count:
            yield draft
    if count:
        raise UnreadableFile(refusals.bad_records("lines", faults, count))


class Keys:
    """The identities seen in one file, as hashes: a file may hold millions."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def checked(self, draft: Draft) -> Draft:
        """The draft itself, if no other one in the file has its id.

        Raises:
            RecordError: Another one has.
        """
        by_url = draft.url is not None and not draft.keyed
        identity = hash(("url", draft.url) if by_url else ("id", draft.key))
        if identity in self._seen:
            fault = f'another one has the same "{"url" if by_url else "id"}"'
            raise RecordError(fault)
        self._seen.add(identity)
        return draft


def _lines(file: SourceFile) -> Iterator[bytes]:
    """The lines of the file, unpacked if it is gzipped, none longer than allowed."""
    zipped = file.origin.casefold().endswith(".gz")
    limit = file.options.max_bytes
    most = max(limit, file.size * _MOST_INFLATED)
    total = 0
    try:
        with cast("IO[bytes]", gzip.open(file.path) if zipped else file.path.open("rb")) as stream:
            while line := stream.readline(limit + 1):
                _check_size(len(line), limit, refusals.long_line(limit))
                if not total:
                    line = line.removeprefix(_BOM)
                total += len(line)
                if zipped:
                    _check_size(total, most, refusals.ZIP_BOMB)
                yield line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFile(refusals.DAMAGED_GZIP) from None
    except OSError as error:
        raise UnreadableFile(refusals.unopened(error)) from error


def _check_size(size: int, most: int, reason: str) -> None:
    if size > most:
        raise UnreadableFile(reason)
