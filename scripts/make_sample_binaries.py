"""Builds the PDF and DOCX samples in corpus/news from the texts in scripts/samples.

The same texts give the same bytes with the same versions of reportlab and python-docx:
time stamps are the article's own (DOCX) or reportlab's invariant one (PDF).

    python scripts/make_sample_binaries.py [--into FOLDER]
"""

from __future__ import annotations

import argparse
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import docx
import frontmatter
from reportlab.lib.enums import TA_LEFT  # type: ignore[import-untyped]  # reportlab ships no types
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # as above
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # as above
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]  # as above
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]  # as above
from reportlab.platypus import Paragraph, SimpleDocTemplate  # type: ignore[import-untyped]  # as above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docx.document import Document as WordDocument

ROOT: Final = Path(__file__).resolve().parent.parent
TEXTS: Final = ROOT / "scripts" / "samples"
NEWS: Final = ROOT / "corpus" / "news"

# One of the fonts every PDF reader brings along for Chinese. It is named, not embedded, so no
# font is shipped and the file stays small; its encoding lets text be copied out again.
_CHINESE_FONT: Final = "STSong-Light"
_LATIN_FONT: Final = "Times-Roman"
_CHINESE_FROM: Final = "\u2e80"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an article: its `kind` ("heading", "item", "row" or "paragraph") and its text.

    A row's cells are divided by tabs.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One sample as its text file gives it."""

    name: str
    format: str
    title: str
    source: str
    published: datetime
    blocks: tuple[Block, ...]

    @property
    def chinese(self) -> bool:
        """Whether the title has Chinese characters."""
        return max(self.title) >= _CHINESE_FROM

    @property
    def byline(self) -> str:
        """The line under the title that names source and date."""
        source, date = ("来源：", "时间：") if self.chinese else ("Source: ", "Date: ")
        return f"{source}{self.source}  {date}{self.published:%Y-%m-%d %H:%M}"


def articles(folder: Path = TEXTS) -> Iterator[Article]:
    """The articles in a folder of Markdown texts with front matter, by name."""
    for path in sorted(folder.glob("*.md")):
        post = frontmatter.load(str(path), encoding="utf-8")
        yield Article(
            name=f"{path.stem}.{post['format']}",
            format=str(post["format"]),
            title=str(post["title"]),
            source=str(post["source"]),
            published=datetime.fromisoformat(str(post["date"])),
            blocks=tuple(_blocks(post.content)),
        )


def _blocks(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if line.startswith("## "):
            yield Block("heading", line.removeprefix("## "))
        elif line.startswith("- "):
            yield Block("item", line.removeprefix("- "))
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not all(set(cell) <= set("-: ") for cell in cells):
                yield Block("row", "\t".join(cells))
        elif line.strip():
            yield Block("paragraph", line.strip())


def pdf(article: Article) -> bytes:
    """The article as a PDF of one page or more."""
    font = _CHINESE_FONT if article.chinese else _LATIN_FONT
    if article.chinese:
        pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE_FONT))
    wrap = "CJK" if article.chinese else None
    body = ParagraphStyle(
        "body", fontName=font, fontSize=12, leading=19, spaceAfter=13, alignment=TA_LEFT, wordWrap=wrap
    )
    title = ParagraphStyle("title", parent=body, fontSize=17, leading=24)
    byline = ParagraphStyle("byline", parent=body, fontSize=9, leading=13)
    story = [Paragraph(article.title, title), Paragraph(article.byline, byline)]
    story += [Paragraph(block.text, body) for block in article.blocks]
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=A4, margin=92, title=article.title, author=article.source, invariant=1
    )
    template.build(story)
    return buffer.getvalue()


def word(article: Article) -> bytes:
    """The article as a Word document."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = article.title, article.source
    properties.created = properties.modified = article.published
    document.add_heading(article.title, level=0)
    document.add_paragraph(article.byline)
    rows: list[list[str]] = []
    for block in article.blocks:
        if block.kind == "row":
            rows.append(block.text.split("\t"))
            continue
        _add_table(document, rows)
        rows = []
        match block.kind:
            case "heading":
                document.add_heading(block.text, level=1)
            case "item":
                document.add_paragraph(block.text, style="List Bullet")
            case _:
                document.add_paragraph(block.text)
    _add_table(document, rows)
    buffer = io.BytesIO()
    document.save(buffer)
    return _stamped(buffer.getvalue(), article.published)


def _add_table(document: WordDocument, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _stamped(archive: bytes, moment: datetime) -> bytes:
    """The same archive with one time stamp on every member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return buffer.getvalue()


BUILDERS: Final[dict[str, Callable[[Article], bytes]]] = {"pdf": pdf, "docx": word}


def main() -> None:
    """Build every sample."""
    parser = argparse.ArgumentParser(description="Build the PDF and DOCX samples.")
    parser.add_argument("--into", type=Path, default=NEWS, help="the folder to write to")
    folder: Path = parser.parse_args().into
    for article in articles():
        data = BUILDERS[article.format](article)
        (folder / article.name).write_bytes(data)
        print(f"{article.name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
