"""Pages of a document: all of it, each page fitting, cut at passages or else at sentences."""

from bot.rendering.fragments import utf16_units
from bot.rendering.pages import MOST_PIECES, PAGE_UNITS, Piece, page_with, pages_of
from corpus.model import Document
from tests.builders import build_document, build_passage

SENTENCE = "很长的一段话在这里。"


def document(*texts: str) -> Document:
    return build_document(passages=[build_passage(text, ordinal=n) for n, text in enumerate(texts)])


def text_of(piece: Piece) -> str:
    return piece.passage.text[piece.span.start : piece.span.end]


def test_a_short_document_is_one_page_without_its_blanks() -> None:
    ((first, second),) = pages_of(document(" 第一段。\n", "第二段。", " \n "))
    assert [text_of(first), text_of(second)] == ["第一段。", "第二段。"]


def test_a_document_of_blanks_has_no_page() -> None:
    assert pages_of(document(" ", "\n")) == ()


def test_a_passage_that_fits_on_the_next_page_is_not_cut() -> None:
    pages = pages_of(document("甲" * 2400, "乙" * 500))
    assert [[text_of(piece)[0] for piece in page] for page in pages] == [["甲"], ["乙"]]


def test_a_long_passage_is_cut_after_a_sentence_and_goes_on() -> None:
    pages = pages_of(document("开头。", SENTENCE * 900))
    assert len(pages) == 4
    assert all(text_of(piece).endswith("。") for page in pages for piece in page)
    assert "".join(text_of(piece) for page in pages for piece in page) == "开头。" + SENTENCE * 900
    assert all(sum(utf16_units(text_of(piece)) for piece in page) <= PAGE_UNITS for page in pages)


def test_a_sentence_without_end_is_cut_anywhere_but_in_a_character() -> None:
    pages = pages_of(document("😀" * 3000))
    assert [len(text_of(page[0])) for page in pages] == [1400, 1400, 200]


def test_a_mark_stays_with_the_full_stop_that_it_stands_on() -> None:
    pages = pages_of(document("很长的一段话在这里。\u0301" * 600))
    assert len(pages) == 3
    assert not any(text_of(piece).startswith("\u0301") for page in pages for piece in page)


def test_a_page_has_no_more_pieces_than_entities_allow() -> None:
    pages = pages_of(document(*("短。" for _ in range(MOST_PIECES + 1))))
    assert [len(page) for page in pages] == [MOST_PIECES, 1]


def test_the_page_of_a_place_is_found() -> None:
    made = document("开头。", SENTENCE * 900)
    pages = pages_of(made)
    long = made.passages[1]
    assert page_with(pages, made.passages[0].id, 0) == 0
    assert page_with(pages, long.id, pages[2][0].span.start) == 2
    assert page_with(pages, long.id, pages[2][0].span.end) == 3
    assert page_with(pages, "gone", 0) == 0
