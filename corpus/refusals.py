"""Why a file is refused: every reason, in words for the person who put the file there.

They are told together because they are one voice, and because `docs/formats.md` lists
them all (a test compares the two). Each is one or two plain sentences without the file's
name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

EMPTY: Final = "It is empty (0 bytes)."
NO_TEXT: Final = "There is no text in it."
OUTSIDE: Final = "It lies outside the folder of news."
UNUSABLE_NAME: Final = "Its name is not valid UTF-8. Rename it."
NOT_TEXT: Final = "It is not a text: it holds binary data."
UNKNOWN_ENCODING: Final = "Its encoding cannot be told, or it is not a text. Save it as UTF-8."
DAMAGED_GZIP: Final = "It is cut off or damaged: it cannot be unpacked to its end."
ZIP_BOMB: Final = "It would unpack to far more than a document needs: it may be a zip bomb."


def oversize(size: int, limit: int) -> str:
    """A file (or a line of one) of `size` bytes where at most `limit` are read."""
    return f"It is too large: {size / 2**20:.1f} MB, and at most {limit / 2**20:g} MB are read."


def long_line(limit: int) -> str:
    """A line of a file that is read line by line."""
    return f"One of its lines is too long: at most {limit / 2**20:g} MB are read."


def unopened(error: OSError) -> str:
    """A file that the system will not open."""
    return f"It cannot be opened: {(error.strerror or 'unknown error').lower()}."


def undecodable(encoding: str, why: str) -> str:
    """Bytes that are not what `why` makes of them ("its byte order mark says")."""
    return (
        f"Its characters cannot be read: {why} {encoding.upper()}, but some bytes are not. Save it as UTF-8."
    )


def bad_lines(faults: Sequence[str], count: int) -> str:
    """Faulty lines: the first ones with their faults, of `count` in all."""
    more = f"; and {count - len(faults)} more" if count > len(faults) else ""
    lines = "One of its lines" if count == 1 else f"{count} of its lines"
    return f"{lines} cannot be used: {'; '.join(faults)}{more}."
