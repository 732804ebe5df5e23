"""Word documents, by python-docx: paragraphs, headings and tables in their order.

Text in content controls and text boxes and tracked insertions count, tracked deletions do
not. The properties' dates say when the file was made and are not used.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.byline import head_of
from corpus.formats.markup import MarkupError, same_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement

    from corpus.formats.base import SourceFile

_MAIN_PART: Final = "word/document.xml"
_MOST_PARTS: Final = 5000
_MOST_INFLATED: Final = 200
_FREE_INFLATION: Final = 20 * 2**20
_MAIN_LIMIT: Final = 100 * 2**20
_HEAD_PARTS: Final = 6

_P, _T, _TBL, _TR, _TC = qn("w:p"), qn("w:t"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TAB, _BR, _CR, _HYPHEN = qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")
_OMITTED: Final = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


def read(file: SourceFile) -> Iterator[Draft]:
    """Read a Word document.

    Raises:
        UnreadableFile: It is damaged, a zip bomb, or without text.
    """
    data = file.read()
    _check_archive(data, file)
    try:
        word = docx.Document(io.BytesIO(data))
        parts = list(_parts(word))
        declared = (word.core_properties.title or "").strip() or None
    except RecursionError:
        raise UnreadableFile(refusals.TOO_DEEP) from None
    except (OpcError, zipfile.BadZipFile, zlib.error, MarkupError, KeyError, ValueError, AttributeError,
            TypeError, IndexError, EOFError, OSError, NotImplementedError, AssertionError):  # fmt: skip
        raise UnreadableFile(refusals.DAMAGED_DOCX) from None
    yield _draft(parts, declared, file)


def _check_archive(data: bytes, file: SourceFile) -> None:
    """Look at what the archive says of itself before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if _MAIN_PART not in names:
                raise UnreadableFile(
                    refusals.mismatch("a Word document", "another kind of ZIP or Office file")
                )
            if len(entries) > _MOST_PARTS:
                raise UnreadableFile(refusals.too_many("parts", _MOST_PARTS))
            total = sum(entry.file_size for entry in entries)
            if total > max(_FREE_INFLATION, min(file.size * _MOST_INFLATED, 4 * file.options.max_bytes)):
                raise UnreadableFile(refusals.ZIP_BOMB)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(refusals.DAMAGED_DOCX) from None


class _Part:
    """One paragraph or table row, and the level of the heading it is (0: none; the title is 1)."""

    __slots__ = ("level", "text")

    def __init__(self, text: str, level: int = 0) -> None:
        self.text = text.strip()
        self.level = level


def _parts(word: WordDocument) -> Iterator[_Part]:
    """The paragraphs and table rows of a document that have text."""
    for element in word.element.body.iter(_P, _TR):
        if element.tag == _TR:
            if not _within(element, _TR):
                yield from _filled(_Part("\t".join(_cells(element))))
        elif not _within(element, _TR) and not _within(element, *_OMITTED):
            yield from _filled(_Part(_text(element), _level(Paragraph(element, word))))


def _filled(part: _Part) -> Iterator[_Part]:
    if part.text:
        yield part


def _cells(row: BaseOxmlElement) -> Iterator[str]:
    for cell in row.iterchildren(_TC):
        yield " ".join(text for paragraph in cell.iter(_P) if (text := _text(paragraph).strip()))


def _within(element: BaseOxmlElement, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _text(paragraph: BaseOxmlElement) -> str:
    """The text of a paragraph as it stands after all changes are accepted."""
    found: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _OMITTED or element.tag == _P:
            continue  # a paragraph in a text box comes by itself
        if element.tag == _T:
            found.append(element.text or "")
        elif element.tag == _TAB:
            found.append("\t")
        elif element.tag in (_BR, _CR):
            found.append("\n")
        elif element.tag == _HYPHEN:
            found.append("-")
        else:
            waiting.extend(reversed(element))
    return "".join(found)


def _level(paragraph: Paragraph) -> int:
    style = paragraph.style
    name = (style.name if style is not None else None) or ""
    folded = name.casefold()
    if folded in ("title", "标题"):
        return 1
    if folded.startswith(("heading ", "标题 ")) and folded[-1].isdigit():
        return int(folded[-1])
    return 0


def _draft(parts: list[_Part], declared: str | None, file: SourceFile) -> Draft:
    zone = file.options.zone
    title: str | None = None
    if parts and parts[0].level:
        title = parts.pop(0).text
    elif parts and declared and same_text(parts[0].text, declared):
        title = declared
        parts.pop(0)
    head = head_of(
        [part.text if not part.level else "" for part in parts[:_HEAD_PARTS]], zone, title=title or declared
    )
    composer = Composer()
    for part in parts[head.lines :]:
        composer.add(part.text, heading=part.level > 0)
    return Draft(
        composer.body,
        composer.blocks,
        title=title or head.title or declared,
        source=head.source,
        published=head.published,
    )
