"""PDF, by pypdf: the text of its pages, lines put back together into paragraphs.

The date in a PDF's properties says when the file was made, not when the news was
published, so only a dated line under the headline counts.
"""

from __future__ import annotations

import io
import itertools
import logging
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from pypdf import PasswordType, PdfReader
from pypdf.errors import LimitReachedError, PyPdfError

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.byline import head_of
from corpus.formats.lines import Line, paragraphs_of
from corpus.formats.markup import same_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdf import PageObject

    from corpus.formats.base import SourceFile

_MOST_PAGES: Final = 1000
_MOST_CHARACTERS: Final = 10_000_000
_LARGEST_PAGE: Final = 10 * 2**20
_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048
_HEAD_PARTS: Final = 6
_MORE_SPACE: Final = 1.3
_LEAST_SPACE: Final = 3.0
_TITLE_LINES: Final = 4
_NO_TITLE: Final = re.compile(
    r"untitled|无标题|未命名|\(?anonymous\)?|document\d*|microsoft word\b.*"
    r"|.*\.(?:docx?|indd|pdf|txt|rtf|wps|tex|html?)",
    re.IGNORECASE,
)
_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:page|第)?\s*(\d{1,4})\s*(?:页)?"
    r"(?:\s*(?:/|of|共)\s*\d{1,4}\s*页?)?\W*",
    re.IGNORECASE,
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
    if not any(line.text.strip() for line in lines):
        raise UnreadableFile(refusals.PDF_WITHOUT_TEXT)
    yield _draft(lines, declared, file)


def _lines(data: bytes) -> tuple[list[Line], str | None]:
    """The lines of all pages, and the title in the properties if it is one."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise UnreadableFile(refusals.ENCRYPTED_PDF)
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableFile(refusals.too_many("pages", _MOST_PAGES))
    pages: list[list[Line]] = []
    total = 0
    for page in reader.pages:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > _LARGEST_PAGE:
            raise UnreadableFile(refusals.ZIP_BOMB)
        lines = _page_lines(page)
        total += sum(len(line.text) for line in lines)
        if total > _MOST_CHARACTERS:
            raise UnreadableFile(refusals.too_many("characters", _MOST_CHARACTERS))
        pages.append(lines)
    return _without_running_lines(pages), _declared_title(reader)


class _Printed:
    """Collects what a page prints, with where and how large each line stands."""

    def __init__(self) -> None:
        self._text = ""
        self._place: tuple[float, float] | None = None
        self.lines: list[tuple[str, float | None, float]] = []

    def visit(self, text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        """Take one stretch of text; pypdf calls this in the order of printing."""
        del font
        first, *others = text.split("\n")
        self._add(first, cm, tm, size)
        for other in others:
            self.end_line()
            self._add(other, cm, tm, size)

    def _add(self, text: str, cm: Sequence[float], tm: Sequence[float], size: float) -> None:
        self._text += text
        if self._place is None and text.strip():
            scale = abs(tm[1] * cm[1] + tm[3] * cm[3]) or 1.0
            self._place = (tm[4] * cm[1] + tm[5] * cm[3] + cm[5], abs(round(size * scale, 1)))

    def end_line(self) -> None:
        """Put away the line that is complete."""
        if self._text.strip():
            height, size = self._place or (None, 0.0)
            self.lines.append((_clean(self._text), height, size))
        self._text, self._place = "", None


def _page_lines(page: PageObject) -> list[Line]:
    """The lines of one page; more space before a line than is usual there sets it apart."""
    printed = _Printed()
    page.extract_text(visitor_text=printed.visit)
    printed.end_line()
    found = printed.lines
    gaps = [
        above - below if above is not None and below is not None else 0.0
        for (_, above, _), (_, below, _) in itertools.pairwise(found)
    ]
    # The space inside paragraphs is the smaller one; where they are short it is not the commoner.
    positive = sorted(gap for gap in gaps if gap > _LEAST_SPACE)
    usual = positive[len(positive) // 4] if positive else 0.0
    aparts = [True, *(usual > 0 and gap > usual * _MORE_SPACE for gap in gaps)]
    return [
        Line(text, apart and place > 0, size)
        for place, (apart, (text, _, size)) in enumerate(zip(aparts, found, strict=False))
    ]


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


def _without_running_lines(pages: list[list[Line]]) -> list[Line]:
    """The lines of all pages without page numbers and lines that run along every page."""
    counts = Counter(text for page in pages if page for text in {page[0].text.strip(), page[-1].text.strip()})
    running = {text for text, count in counts.items() if count >= max(_REPEATS, len(pages) * 0.6)}
    kept: list[Line] = []
    for number, page in enumerate(pages, start=1):
        for place, line in enumerate(page):
            text = line.text.strip()
            if place in (0, len(page) - 1):
                match = _PAGE_NUMBER.fullmatch(text)
                if text in running or (match and int(match[1]) == number):
                    continue
            kept.append(line)
    return kept


def _draft(lines: Sequence[Line], declared: str | None, file: SourceFile) -> Draft:
    title: str | None = None
    taken = _title_lines(lines, declared) if declared else 0
    paragraphs = list(paragraphs_of(lines[taken:]))
    if taken:
        title = declared
    elif paragraphs and paragraphs[0].heading:
        title = paragraphs.pop(0).text
    head = head_of(
        [part.text for part in paragraphs[:_HEAD_PARTS] if not part.heading], file.options.zone, title=title
    )
    composer = Composer()
    for paragraph in paragraphs[head.lines :]:
        composer.add(paragraph.text, heading=paragraph.heading)
    return Draft(
        composer.body,
        composer.blocks,
        title=head.title or declared,
        source=head.source,
        published=head.published,
    )


def _title_lines(lines: Sequence[Line], title: str) -> int:
    """How many lines at the top are the title; 0 if it does not stand there."""
    top = ""
    for number, line in enumerate(lines[:_TITLE_LINES], start=1):
        top += line.text
        if same_text(top, title):
            return number
    return 0
