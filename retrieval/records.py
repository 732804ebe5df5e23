"""Records of question sets: the lines and JSON objects of a file, with the place of what is wrong."""

from __future__ import annotations

import gzip
import json
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from retrieval.errors import InvalidQuestionSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NOON = time(12)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file, unpacked if it is gzipped, with their numbers from 1.

    Raises:
        InvalidQuestionSet: it cannot be read, or is not UTF-8.
    """
    number = 0
    try:
        # As the reader of the corpus does: only "\n" ends a line, and a BOM is passed over.
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                yield number, line
    except UnicodeDecodeError as error:
        raise InvalidQuestionSet(f"{path} is not UTF-8 after line {number}.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidQuestionSet(f"{path} is damaged after line {number}.") from error
    except OSError as error:
        raise InvalidQuestionSet(f"{path} cannot be read ({error.strerror}).") from error


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, one a line, with the numbers of their lines.

    Raises:
        InvalidQuestionSet: it cannot be read, or a line is no JSON object.
    """
    for number, line in lines(path):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidQuestionSet(f"{path}, line {number}: this is not JSON.") from error
        if not isinstance(record, dict):
            raise InvalidQuestionSet(f"{path}, line {number}: this is not a JSON object.")
        yield number, record


def asking_time(text: object, otherwise: datetime) -> datetime:
    """Noon of the day of asking, in the zone of `otherwise`; unpadded months and days are accepted.

    Args:
        text: the day, as 2025-12-16; anything else is no day.
        otherwise: the time for questions that name none, or none that is a date.
    """
    try:
        year, month, day = (int(part) for part in str(text).split("-"))
        return datetime.combine(date(year, month, day), _NOON, tzinfo=otherwise.tzinfo)
    except ValueError:
        return otherwise
