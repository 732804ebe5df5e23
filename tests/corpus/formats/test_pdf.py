from __future__ import annotations

import io
import logging
import re
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus import refusals
from corpus.formats.lines import Line, paragraphs_of
from tests.corpus.newsroom import read_one, refusal_of, texts_of

FONT = "STSong-Light"


def build_pdf(pages: list[list[tuple[str, float, float]]], title: str | None = None, **options: Any) -> bytes:  # noqa: ANN401  reportlab's own options
    """A PDF whose lines are (text, size, space before)."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1, **options)
    if title is not None:
        canvas.setTitle(title)
    for lines in pages:
        height = 780.0
        for text, size, space in lines:
            height -= size * 1.4 + space
            canvas.setFont(FONT, size)
            canvas.drawString(70, height, text)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def prose(*paragraphs: list[str]) -> list[tuple[str, float, float]]:
    return [(line, 11, 12 if number == 0 else 0) for lines in paragraphs for number, line in enumerate(lines)]


HEAD = [("创新药支持办法公开征求意见", 18.0, 0.0), ("来源：范例新闻社  2024-08-01 10:00", 9.0, 10.0)]
FIRST = [
    "《东屿创新药全链条支持办法（征求意见稿）》今起公开征求意见，为期一个",
    "月，到八月三十一日结束。征求意见稿共二十八条，覆盖五个环节，最受关注",
]
SECOND = [
    "在资金方面，征求意见稿提出对获批上市的创新药给予一次性资助，每个品种",
    "最高两千万元。另外，对外授权首付款超过一千万美元的，还要再给奖励两百",
]


def test_title_byline_and_paragraphs_told_by_the_space_between_them() -> None:
    document = read_one("a.pdf", build_pdf([HEAD + prose(FIRST, SECOND)]))
    assert document.title == "创新药支持办法公开征求意见"
    assert (document.source, str(document.published)) == ("范例新闻社", "2024-08-01 10:00")
    assert "\n".join(texts_of(document)) == "".join(FIRST) + "\n" + "".join(SECOND)


def test_the_date_in_the_properties_is_not_used() -> None:
    data = build_pdf([prose(FIRST)])
    assert PdfReader(io.BytesIO(data)).metadata is not None
    assert read_one("a.pdf", data).published is None


@pytest.mark.parametrize("title", ["Microsoft Word - 稿件.doc", "untitled", "news.indd", "(anonymous)"])
def test_a_senseless_title_in_the_properties_is_not_used(title: str) -> None:
    assert (
        read_one("a.pdf", build_pdf([HEAD + prose(FIRST)], title=title)).title == "创新药支持办法公开征求意见"
    )


def test_a_title_in_the_properties_is_used_and_taken_off_the_page() -> None:
    lines = [("创新药支持办法", 18.0, 0.0), ("公开征求意见", 18.0, 0.0), *prose(FIRST)]
    document = read_one("a.pdf", build_pdf([lines], title="创新药支持办法 公开征求意见"))
    assert document.title == "创新药支持办法 公开征求意见"
    assert texts_of(document) == ["".join(FIRST)]


def test_larger_lines_are_headings() -> None:
    document = read_one("a.pdf", build_pdf([[*HEAD, *prose(FIRST), ("谁出钱", 14.0, 12.0), *prose(SECOND)]]))
    assert [passage.section for passage in document.passages] == [None, "谁出钱"]
    assert document.passages[1].text == "谁出钱\n" + "".join(SECOND)


def test_a_paragraph_goes_on_over_the_page_and_running_lines_are_left_out() -> None:
    pages = [
        [("范例新闻社内参", 9.0, 0.0), *prose(lines), (f"- {number} -", 9.0, 40.0)]
        for number, lines in enumerate((FIRST, SECOND, FIRST), start=1)
    ]
    text = "\n".join(texts_of(read_one("a.pdf", build_pdf(pages))))
    assert "内参" not in text
    assert "-" not in text
    assert "".join(FIRST + SECOND + FIRST) in text.replace("\n", "")


def test_english_lines_are_joined_with_spaces_and_hyphens_kept() -> None:
    lines = [
        "The bispecific antibody shrank tumours in eighteen of the late-",
        "stage patients with advanced gastric cancer, the company reported",
        "on Monday. It was well tolerated.",
    ]
    assert texts_of(read_one("a.pdf", build_pdf([prose(lines)])))[0].startswith(
        "The bispecific antibody shrank tumours in eighteen of the late-stage patients with advanced"
    )


def test_an_owner_password_does_not_keep_readers_out() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(build_pdf([prose(FIRST)])))
    writer.encrypt("", "owner", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    assert texts_of(read_one("a.pdf", made.getvalue())) == ["".join(FIRST)]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf_is_refused(algorithm: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(build_pdf([prose(FIRST)])))
    writer.encrypt("secret", algorithm=algorithm)
    made = io.BytesIO()
    writer.write(made)
    assert refusal_of("a.pdf", made.getvalue()) == refusals.ENCRYPTED_PDF


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_pdf_that_is_cut_off_is_refused(share: float) -> None:
    data = build_pdf([HEAD + prose(FIRST)])
    assert refusal_of("a.pdf", data[: int(len(data) * share)]) == refusals.DAMAGED_PDF


def test_an_update_at_the_end_that_is_cut_off_is_refused() -> None:
    data = build_pdf([HEAD + prose(FIRST)])
    assert refusal_of("a.pdf", data[: data.rindex(b"%%EOF")]) == refusals.DAMAGED_PDF
    assert (
        refusal_of("a.pdf", data + b"7 0 obj<</Length 9999>>stream\n" + b"x" * 5000) == refusals.DAMAGED_PDF
    )


def test_pages_without_text_are_told_from_damage() -> None:
    assert refusal_of("a.pdf", build_pdf([[], []])) == refusals.PDF_WITHOUT_TEXT


def test_no_more_than_a_thousand_pages() -> None:
    assert refusal_of("a.pdf", build_pdf([[("x", 11.0, 0.0)]] * 1001)) == refusals.too_many("pages", 1000)


def _with_stream(stream: bytes, filters: str) -> bytes:
    """A PDF of one page with this content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<<>>>>",
        f"<</Length {len(stream)}/Filter{filters}>>stream\n".encode() + stream + b"\nendstream",
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj".encode() + body + b"endobj\n"
    table = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return data + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()


def test_a_stream_that_inflates_without_end_is_refused() -> None:
    bomb = zlib.compress(b"q " * 60_000_000, 9)
    assert refusal_of("a.pdf", _with_stream(bomb, "/FlateDecode")) == refusals.ZIP_BOMB


def test_a_nested_bomb_is_refused() -> None:
    bomb = zlib.compress(zlib.compress(b"\0" * 200_000_000, 9), 9)
    assert refusal_of("a.pdf", _with_stream(bomb, "[/FlateDecode/FlateDecode]")) in (
        refusals.ZIP_BOMB,
        refusals.DAMAGED_PDF,
    )


def test_pages_that_contain_themselves_are_refused() -> None:
    data = build_pdf([prose(FIRST)])
    looped = re.sub(
        rb"/Kids \[ \d+ 0 R \]",
        lambda found: found.group().replace(re.findall(rb"\d+", found.group())[0], b"1"),
        data,
    )
    for hostile in (
        looped,
        b"%PDF-1.4\n" + b"[" * 100_000 + b"\n%%EOF",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-" + bytes(range(256)) * 8 + b"%%EOF",
    ):
        assert refusal_of("a.pdf", hostile) in (
            refusals.DAMAGED_PDF,
            refusals.TOO_DEEP,
            refusals.PDF_WITHOUT_TEXT,
        )


def test_nothing_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    data = build_pdf([prose(FIRST)])
    read_one("a.pdf", data.replace(b"startxref\n", b"startxref\n9"))
    refusal_of("b.pdf", b"%PDF-1.4 junk %%EOF")
    assert [record for record in caplog.records if record.name.startswith("pypdf")] == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (
            ["full width line of a page that goes on here", "and ends."],
            ["full width line of a page that goes on here and ends."],
        ),
        (
            ["short.", "full width line of a page that goes on here"],
            ["short.", "full width line of a page that goes on here"],
        ),
        (
            ["a line of the page that is cut with a soft hy\u00ad", "phen here."],
            ["a line of the page that is cut with a soft hyphen here."],
        ),
        (
            ["\u3000\u3000首行缩进的一段文字写满了整整的一行", "\u3000\u3000第二段"],
            ["首行缩进的一段文字写满了整整的一行", "第二段"],
        ),
        (["", " "], []),
    ],
)
def test_lines_without_geometry(lines: list[str], paragraphs: list[str]) -> None:
    assert [paragraph.text for paragraph in paragraphs_of([Line(line) for line in lines])] == paragraphs
