"""JSON Lines, also gzipped: one document a line, read as a stream."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import IO, TYPE_CHECKING, Final, cast

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.records import RecordError, draft_of

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
            same key, the gzip stream is damaged.
    """
    faults: list[str] = []
    count = 0
    seen: set[int] = set()
    zone = file.options.zone
    for number, line in enumerate(_lines(file), start=1):
        try:
            draft = draft_of(_object(line), zone, number) if line.strip() else None
            if draft is None:
                continue
            # Hashes, since a file of millions of lines must not be held in memory.
            identity = hash(draft.url or draft.key)
            if identity in seen:
                raise RecordError(f"another line has the same {'url' if draft.url else 'id'}")
            seen.add(identity)
        except RecordError as fault:
            count += 1
            if len(faults) < _NAMED_FAULTS:
                faults.append(f"line {number}: {fault.fault}")
            continue
        if not count:
            yield draft
    if count:
        raise UnreadableFile(refusals.bad_lines(faults, count))


def _object(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise RecordError("not UTF-8, as JSON must be") from None
    except json.JSONDecodeError as error:
        raise RecordError(f"not JSON ({error.msg.lower()} at character {error.pos + 1})") from None
    except (ValueError, RecursionError):
        raise RecordError("not JSON that can be read") from None


def _lines(file: SourceFile) -> Iterator[bytes]:
    """The lines of the file, unpacked if it is gzipped, none longer than allowed."""
    zipped = file.origin.casefold().endswith(".gz")
    limit = file.options.max_bytes
    most = max(limit, file.size * _MOST_INFLATED)
    total = 0
    first = True
    try:
        with cast("IO[bytes]", gzip.open(file.path) if zipped else file.path.open("rb")) as stream:
            while line := stream.readline(limit + 1):
                if len(line) > limit:
                    raise UnreadableFile(refusals.long_line(limit))
                total += len(line)
                if zipped and total > most:
                    raise UnreadableFile(refusals.ZIP_BOMB)
                if first:
                    line = line.removeprefix(_BOM)
                    first = False
                yield line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFile(refusals.DAMAGED_GZIP) from None
    except OSError as error:
        raise UnreadableFile(refusals.unopened(error)) from error
