from __future__ import annotations

import codecs

import pytest

from corpus import refusals
from corpus.encoding import decode
from corpus.errors import UnreadableFile

SIMPLIFIED = (
    "重庆国际生物城建设创新药产业生态圈，目前全市在研创新药超过一百个，其中进入临床试验阶段的有四十二个。"
)
TRADITIONAL = "創新藥指數上半年升兩成，授權交易成主要推手，市場人士認為下半年的焦點是三期臨床何時開始。"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_simplified_chinese_without_a_declaration(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5"])
def test_traditional_chinese_without_a_declaration(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_disappears(mark: bytes, encoding: str) -> None:
    assert decode(mark + SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize(
    "head",
    ['<?xml version="1.0" encoding="{}"?>', '<meta charset="{}">', "<meta content='text/html; charset={}'>"],
)
@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("gb2312", "gb18030", "朱镕基与㐀"),
        ("GBK", "gb18030", SIMPLIFIED),
        ("big5", "big5hkscs", "創新藥嘅指數喺度"),
        ("utf-8", "utf-8", SIMPLIFIED),
        ("iso-8859-1", "cp1252", "It’s “late”"),
    ],
)
def test_a_declared_encoding_is_believed_with_its_extensions(
    head: str, declared: str, encoding: str, text: str
) -> None:
    whole = head.format(declared) + text
    assert decode(whole.encode(encoding), declares=True) == whole


@pytest.mark.parametrize("declared", ["gb2312", "klingon", "utf-16"])
def test_a_wrong_declaration_is_passed_over(declared: str) -> None:
    whole = f'<meta charset="{declared}">' + "重庆创新药é€😀"
    assert decode(whole.encode("utf-8"), declares=True) == whole


def test_a_declaration_counts_only_where_formats_have_one() -> None:
    whole = '<meta charset="gbk">纸鹤'
    assert decode(whole.encode("utf-8")) == whole


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 50, b"text\x00text", bytes(range(1, 32)) * 20])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        decode(data)
    assert refused.value.reason in (refusals.NOT_TEXT, refusals.UNKNOWN_ENCODING)


@pytest.mark.parametrize("place", [30, 100, -1])
def test_damaged_utf8_is_refused_not_taken_for_something_else(place: int) -> None:
    data = bytearray((SIMPLIFIED * 3).encode())
    data[place] ^= 0x55
    with pytest.raises(UnreadableFile, match="it looks as if it were in UTF-8"):
        decode(bytes(data))


@pytest.mark.parametrize(("encoding", "text"), [("gb18030", SIMPLIFIED), ("big5hkscs", TRADITIONAL)])
def test_a_damaged_page_is_refused_in_the_encoding_it_declares(encoding: str, text: str) -> None:
    data = bytearray(f'<meta charset="{encoding}">{text * 3}'.encode(encoding))
    data[40:41] = b"\xff"
    with pytest.raises(UnreadableFile, match=f"it declares {encoding.upper()}"):
        decode(bytes(data), declares=True)


def test_a_text_cut_off_inside_a_character_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        decode(SIMPLIFIED.encode()[:-1])


def test_bytes_that_contradict_the_byte_order_mark_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="its byte order mark says UTF-8"):
        decode(codecs.BOM_UTF8 + b"\xff\xff\xff")
