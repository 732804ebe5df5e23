from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest

from corpus import refusals
from corpus.reading import ReadOptions
from tests.corpus.newsroom import read_one, refusal_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as WordDocument

BODY = "办法共二十八条，覆盖研发、审评、生产、准入和融资五个环节，明年三月一日起施行。" * 3


def build_docx(fill: Callable[[WordDocument], object]) -> bytes:
    word = docx.Document()
    fill(word)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def article(word: WordDocument) -> None:
    word.add_paragraph("东屿通过创新药支持办法", style="Title")
    word.add_paragraph("来源：范例新闻社  2024-12-18 17:30")
    word.add_paragraph(BODY)
    word.add_heading("钱和医院", level=2)
    word.add_paragraph(BODY)


def test_title_byline_headings_and_paragraphs() -> None:
    document = read_one("a.docx", build_docx(article))
    assert (document.title, document.source) == ("东屿通过创新药支持办法", "范例新闻社")
    assert str(document.published) == "2024-12-18 17:30"
    assert [(passage.section, passage.text) for passage in document.passages] == [
        (None, BODY),
        ("钱和医院", f"钱和医院\n{BODY}"),
    ]


def test_the_first_heading_is_the_title_where_none_is_styled_so() -> None:
    def fill(word: WordDocument) -> None:
        word.add_heading("标题在此", level=1)
        word.add_paragraph(BODY)

    assert read_one("a.docx", build_docx(fill)).title == "标题在此"


def test_the_title_of_the_properties_is_the_last_resort_and_its_dates_are_not_used() -> None:
    def fill(word: WordDocument) -> None:
        word.core_properties.title = "属性里的标题"
        word.core_properties.author = "某人"
        word.add_paragraph(BODY)

    document = read_one("a.docx", build_docx(fill))
    assert (document.title, document.source, document.published) == ("属性里的标题", None, None)


def test_tables_are_rows_of_cells_in_their_place() -> None:
    def fill(word: WordDocument) -> None:
        word.add_paragraph("表前。")
        table = word.add_table(rows=2, cols=2)
        for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
            cell.text = f"格{number}"
        word.add_paragraph("表后。")

    assert texts_of(read_one("a.docx", build_docx(fill))) == ["表前。\n格0\t格1\n格2\t格3\n表后。"]


def rewritten(data: bytes, change: Callable[[str], str]) -> bytes:
    """The document with its main part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part.decode()) if name == "word/document.xml" else part)
    return made.getvalue()


def with_body(body: str) -> bytes:
    return rewritten(
        build_docx(lambda word: word.add_paragraph("X")),
        lambda text: text.replace("<w:p><w:r><w:t>X</w:t></w:r></w:p>", body),
    )


@pytest.mark.parametrize(
    "body",
    [
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>要的</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:ins><w:r><w:t>要的</w:t></w:r></w:ins><w:del><w:r><w:delText>不要</w:delText></w:r></w:del></w:p>",
        "<w:p><w:moveFrom><w:r><w:t>不要</w:t></w:r></w:moveFrom><w:r><w:t>要的</w:t></w:r></w:p>",
        "<w:p><w:hyperlink><w:r><w:t>要</w:t></w:r></w:hyperlink><w:r><w:t>的</w:t></w:r></w:p>",
    ],
)
def test_text_wherever_word_keeps_it(body: str) -> None:
    assert texts_of(read_one("a.docx", with_body(body))) == ["要的"]


def test_tabs_and_breaks() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/></w:r></w:p>"
    assert texts_of(read_one("a.docx", with_body(body))) == ["甲\t乙\n丙-"]


def test_a_document_without_text_is_refused() -> None:
    assert refusal_of("a.docx", build_docx(lambda word: word.add_paragraph(" "))) == refusals.NO_TEXT


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_document_that_is_cut_off_is_refused(share: float) -> None:
    data = build_docx(article)
    assert refusal_of("a.docx", data[: int(len(data) * share)]) == refusals.DAMAGED_DOCX


def test_flipped_bytes_are_refused() -> None:
    data = bytearray(build_docx(article))
    place = data.index(b"word/document.xml") + 200
    data[place : place + 50] = bytes(50)
    assert refusal_of("a.docx", bytes(data)) == refusals.DAMAGED_DOCX


def _zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def test_another_office_file_or_archive_is_refused() -> None:
    reason = refusal_of("a.docx", _zipped(**{"xl/workbook.xml": b"<x/>"}))
    assert reason == refusals.mismatch("a Word document", "another kind of ZIP or Office file")


def test_a_main_part_that_is_no_word_is_refused() -> None:
    assert refusal_of("a.docx", _zipped(**{"word/document.xml": b"<x/>"})) == refusals.DAMAGED_DOCX


def test_an_old_or_protected_file_is_refused_with_advice() -> None:
    reason = refusal_of("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refusals.OLD_OFFICE in reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = build_docx(article)
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.xml", bytes(200_000_000))
    assert refusal_of("a.docx", made.getvalue()) == refusals.ZIP_BOMB
    assert len(made.getvalue()) < 1_000_000


def test_a_bomb_that_lies_about_its_size_does_not_go_off() -> None:
    size = 0

    def padded(text: str) -> str:
        nonlocal size
        text += " " * 50_000_000
        size = len(text.encode())
        return text

    data = rewritten(build_docx(article), padded)
    data = data.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refusal_of("a.docx", data) == refusals.DAMAGED_DOCX


def test_too_many_parts_are_refused() -> None:
    made = io.BytesIO(build_docx(article))
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(5001):
            archive.writestr(f"x/{number}", b"")
    assert refusal_of("a.docx", made.getvalue()) == refusals.too_many("parts", 5000)


def test_entities_do_not_expand() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    data = rewritten(
        build_docx(article),
        lambda text: text.replace("<w:document", f"{bomb}<w:document", 1).replace("钱和医院", "&b;&c;钱"),
    )
    text = "\n".join(texts_of(read_one("a.docx", data)))
    assert "哈" not in text
    assert "root:" not in text


def test_deep_nesting_does_not_overflow() -> None:
    deep = (
        "<w:sdt><w:sdtContent>" * 200
        + "<w:p><w:r><w:t>深</w:t></w:r></w:p>"
        + "</w:sdtContent></w:sdt>" * 200
    )
    assert refusal_of("a.docx", with_body(deep)) == refusals.DAMAGED_DOCX


def test_the_size_limit_counts_before_anything_is_read() -> None:
    data = build_docx(article)
    options = ReadOptions(max_bytes=1000)
    assert refusal_of("a.docx", data, options) == refusals.oversize(len(data), 1000)
