"""PDF, by pypdf: the text of its pages, lines put back together into paragraphs.

The date in a PDF's properties says when the file was made, not when the news was
published, so only a dated line under the headline counts.
"""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Final

from pypdf import PasswordType, PdfReader
from pypdf.errors import LimitReachedError, PyPdfError

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.byline import head_of
from corpus.formats.lines import joined_lines
from corpus.formats.markup import same_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.formats.base import SourceFile

_MOST_PAGES: Final = 1000
_MOST_CHARACTERS: Final = 10_000_000
_LARGEST_PAGE: Final = 10 * 2**20
_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048
_HEAD_LINES: Final = 12
_TITLE_LINES: Final = 4
_NO_TITLE: Final = re.compile(
    r"untitled|无标题|未命名|\(?anonymous\)?|document\d*|microsoft word\b.*|.*\.(?:docx?|indd|pdf|txt|rtf|wps|tex|html?)",
    re.IGNORECASE,
)
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:page|第)?\s*(\d{1,4})\s*(?:页)?(?:\s*(?:/|of|共)\s*\d{1,4}\s*页?)?\W*", re.IGNORECASE
)
_REPEATS: Final = 3


def read(file: SourceFile) -> Iterator[Draft]:
    """Read the text of a PDF.

    Raises:
        UnreadableFile: It is damaged, encrypted, without text, or too much.
    """
    data = file.read()
    if _END not in data[-_END_WITHIN:]:
        raise UnreadableFile(refusals.DAMAGED_PDF)
    # pypdf tells the log about every flaw it repairs; what matters is told in the refusal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        lines, declared = _lines(data)
    except LimitReachedError:
        raise UnreadableFile(refusals.ZIP_BOMB) from None
    except RecursionError:
        raise UnreadableFile(refusals.TOO_DEEP) from None
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, OSError,
            NotImplementedError, AssertionError, LookupError):  # fmt: skip
        raise UnreadableFile(refusals.DAMAGED_PDF) from None
    if not any(line.strip() for line in lines):
        raise UnreadableFile(refusals.PDF_WITHOUT_TEXT)
    yield _draft(lines, declared, file)


def _lines(data: bytes) -> tuple[list[str], str | None]:
    """The lines of all pages, and the title in the properties if it is one."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise UnreadableFile(refusals.ENCRYPTED_PDF)
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableFile(refusals.too_many("pages", _MOST_PAGES))
    pages: list[list[str]] = []
    total = 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > _LARGEST_PAGE:
            raise UnreadableFile(refusals.ZIP_BOMB)
        text = _clean(page.extract_text())
        total += len(text)
        if total > _MOST_CHARACTERS:
            raise UnreadableFile(refusals.too_many("characters", _MOST_CHARACTERS))
        pages.append(text.splitlines())
    return _without_running_lines(pages), _declared_title(reader)


def _clean(text: str) -> str:
    """Halves of characters, which broken fonts give, made whole or replaced; no NULs."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _declared_title(reader: PdfReader) -> str | None:
    metadata = reader.metadata
    title = metadata.title if metadata is not None else None
    if not isinstance(title, str):
        return None
    title = " ".join(_clean(title).split())
    return title if title and not _NO_TITLE.fullmatch(title) else None


def _without_running_lines(pages: list[list[str]]) -> list[str]:
    """The lines of all pages without page numbers and lines that run along every page."""
    edges = [[line.strip() for line in page if line.strip()] for page in pages]
    edges = [[page[0], page[-1]] for page in edges if page]
    counts: dict[str, int] = {}
    for page in edges:
        for line in set(page):
            counts[line] = counts.get(line, 0) + 1
    running = {line for line, count in counts.items() if count >= max(_REPEATS, len(edges) * 0.6)}
    kept: list[str] = []
    for number, page in enumerate(pages, start=1):
        filled = [place for place, line in enumerate(page) if line.strip()]
        for place, line in enumerate(page):
            edge = bool(filled) and place in (filled[0], filled[-1])
            match = _PAGE_NUMBER.fullmatch(line.strip()) if edge else None
            if edge and (line.strip() in running or (match and int(match[1]) == number)):
                continue
            kept.append(line)
    return kept


def _draft(lines: Sequence[str], declared: str | None, file: SourceFile) -> Draft:
    zone = file.options.zone
    taken = _title_lines(lines, declared) if declared else 0
    head = head_of(lines[taken : taken + _HEAD_LINES], zone, title=declared if taken else None)
    composer = Composer()
    for paragraph in joined_lines(lines[taken + head.lines :]):
        composer.add(paragraph)
    return Draft(
        composer.body,
        composer.blocks,
        title=head.title or declared,
        source=head.source,
        published=head.published,
    )


def _title_lines(lines: Sequence[str], title: str) -> int:
    """How many lines at the top are the title; 0 if it does not stand there."""
    top = ""
    for number, line in enumerate(lines[: _TITLE_LINES * 2], start=1):
        top += line
        if same_text(top, title):
            return number
    return 0
