from __future__ import annotations

import pytest

from corpus import refusals
from tests.corpus.newsroom import read_one, refusal_of, texts_of

BODY = "纸鹤生物今日宣布获批。" * 10


def test_title_byline_and_paragraphs() -> None:
    second = "公司股价上涨三成。" * 12
    document = read_one(
        "a/news.txt", f"新药获批\n\n来源：样刊日报\n时间：2024-03-12 15:10\n\n{BODY}\n\n{second}\n"
    )
    assert (document.title, document.source, str(document.published)) == (
        "新药获批",
        "样刊日报",
        "2024-03-12 15:10",
    )
    assert (document.id, document.origin, document.url) == ("a/news.txt", "a/news.txt", None)
    assert texts_of(document) == [BODY, second]
    assert document.language == "zh"


def test_without_a_title_nothing_is_made_up() -> None:
    document = read_one("news.txt", BODY)
    assert (document.title, document.source, document.published, document.topics) == (None, None, None, ())
    assert texts_of(document) == [BODY]


def test_a_date_in_the_text_is_not_its_date() -> None:
    assert read_one("news.txt", f"标题\n\n公司成立于2017年3月1日。{BODY}").published is None


def test_windows_line_ends() -> None:
    document = read_one("news.txt", f"标题\r\n\r\n{BODY}\r\n\r\n{BODY}\r\n")
    assert (document.title, texts_of(document)) == ("标题", [BODY, BODY])


def test_a_wrapped_english_paragraph_is_one_passage() -> None:
    lines = [
        "Papercrane Bio said on Wednesday that a man with advanced cancer had become",
        "the first person to receive it.",
        "",
    ]
    document = read_one("news.txt", "A title\n\n" + "\n".join(lines * 2))
    assert "become\nthe first person" in document.passages[0].text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    document = read_one("news.txt", f"标题在此\n\n{BODY}".encode(encoding))
    assert (document.title, texts_of(document)) == ("标题在此", [BODY])


def test_big5() -> None:
    body = "創新藥指數今日上升，市場人士認為授權交易成為主要推手。" * 4
    document = read_one("news.txt", f"創新藥指數上升\n\n{body}".encode("big5"))
    assert texts_of(document) == [body]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", refusals.EMPTY),
        (b" \n\t\r\n\xe3\x80\x80", refusals.NO_TEXT),
        (b"\xef\xbb\xbf", refusals.NO_TEXT),
        (b"\x00" * 100, refusals.NOT_TEXT),
    ],
)
def test_what_holds_no_text_is_refused(content: bytes, reason: str) -> None:
    assert refusal_of("news.txt", content) == reason
