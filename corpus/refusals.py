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
OLD_OFFICE: Final = "an Office file that is old or protected by a password"
DAMAGED_GZIP: Final = "It is cut off or damaged: it cannot be unpacked to its end."
DAMAGED_DOCX: Final = "It is cut off or damaged: Word's own parts cannot be found in it."
DAMAGED_PDF: Final = "It is cut off or damaged: the PDF cannot be read to its end."
ENCRYPTED_PDF: Final = "It is encrypted: a password is needed to read it."
PDF_WITHOUT_TEXT: Final = "There is no text in it: its pages are pictures, perhaps scanned."
DAMAGED_FEED: Final = "It is cut off or damaged: the feed does not end as it should."
FEED_WITHOUT_ENTRIES: Final = "There are no entries in the feed."
XML_ENTITIES: Final = "It defines XML entities of its own, which no news needs and attacks use."
TOO_DEEP: Final = "It is nested too deeply to be read."
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


def mismatch(expected: str, found: str | None) -> str:
    """A file that holds something else than its name says."""
    return f"It is not what its name says: {expected} was expected, but it holds {found or 'something else'}."


def unknown_kind(ending: str, known: Sequence[str]) -> str:
    """A file whose name ends in nothing that is read."""
    kind = (
        f'Files ending in ".{ending}" are not read'
        if ending
        else "Its name has no ending that tells what it is"
    )
    return f"{kind}. These are: {' '.join(known)}"


def too_many(what: str, most: int) -> str:
    """A file with more of something (pages, entries) than any news has."""
    return f"It has too many {what}: at most {most:,} are read."


def bad_front_matter(fault: str) -> str:
    """A Markdown file whose front matter is wrong."""
    return f"Its front matter cannot be used: {fault}."


def undecodable(encoding: str, why: str) -> str:
    """Bytes that are not what `why` makes of them ("its byte order mark says")."""
    return (
        f"Its characters cannot be read: {why} {encoding.upper()}, but some bytes are not. Save it as UTF-8."
    )


def bad_record(fault: str) -> str:
    """A file of one record that is not a document."""
    return f"It cannot be used: {fault}."


def bad_records(kind: str, faults: Sequence[str], count: int) -> str:
    """Faulty "lines" or "documents": the first ones with their faults, of `count` in all."""
    more = f"; and {count - len(faults)} more" if count > len(faults) else ""
    these = f"One of its {kind}" if count == 1 else f"{count} of its {kind}"
    return f"{these} cannot be used: {'; '.join(faults)}{more}."
