from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from corpus.formats.base import Block, Composer
from corpus.sentences import sentence_spans
from corpus.splitter import LONG, SHORT, paragraphs, pieces, size_of

SENTENCES = st.sampled_from(
    [
        "纸鹤生物今日宣布，其双特异性抗体获批开展临床试验。",
        "他说：“失败的是一种药。不是一家公司。”",
        "PC-301 shrank tumours in 41% of patients, Acme Inc. said. ",
        "股价上涨3.5%！",
        "为什么？",
        "\n",
        "\n\n",
        "  ",
        "\u3000\u3000",
        "很长" * 120 + "。",
        "word " * 90 + "end. ",
        "未闭合的“引号，",
    ]
)
TEXTS = st.lists(SENTENCES, max_size=25).map("".join)


def cut(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces(text, paragraphs(text))]


@given(TEXTS | st.text(max_size=400))
def test_rejoining_the_passages_gives_the_text(text: str) -> None:
    position = 0
    for piece in pieces(text, paragraphs(text)):
        assert not text[position : piece.start].strip(), "something was lost between passages"
        assert text[piece.start : piece.end] == text[piece.start : piece.end].strip()
        assert piece.start < piece.end
        position = piece.end
    assert not text[position:].strip(), "something was lost at the end"


@given(TEXTS)
def test_no_passage_begins_inside_a_sentence(text: str) -> None:
    beginnings = {start for start, _ in sentence_spans(text)}
    for piece in list(pieces(text, paragraphs(text)))[1:]:
        assert piece.start in beginnings


@given(TEXTS)
def test_a_passage_over_the_limit_is_one_sentence(text: str) -> None:
    for passage in cut(text):
        assert size_of(passage) <= LONG or len(sentence_spans(passage)) == 1


@given(st.lists(SENTENCES.filter(lambda text: text.strip()), max_size=12))
def test_rejoining_holds_for_composed_bodies_too(parts: list[str]) -> None:
    composer = Composer()
    for number, part in enumerate(parts):
        composer.add(part, heading=number % 4 == 0, section=None)
    body = composer.body
    cut_out = [body[piece.start : piece.end] for piece in pieces(body, composer.blocks)]
    assert "".join("".join(cut_out).split()) == "".join(body.split())


def test_a_paragraph_is_a_passage() -> None:
    first, second = "第一段。" * 25, "第二段。" * 30
    assert cut(f"{first}\n\n{second}\n") == [first, second]


def test_short_paragraphs_join_the_next_until_they_are_long_enough() -> None:
    short, long = "短短的一段话。" * 4, "长长的一段话。" * 20
    assert cut(f"{short}\n{short}\n{short}\n{long}") == [f"{short}\n{short}\n{short}", long]


def test_a_short_last_paragraph_joins_the_one_before() -> None:
    long = "长长的一段话。" * 20
    assert cut(f"{long}\n完。") == [f"{long}\n完。"]


def test_joining_stops_at_the_limit() -> None:
    short, long = "短。", "长" * (LONG - 2) + "。"
    assert cut(f"{short}\n{long}") == [short, long]


def test_a_long_paragraph_is_cut_into_even_parts_at_sentence_ends() -> None:
    parts = cut("这是一句二十个字左右的话，用来凑长度。" * 40)
    assert len(parts) > 1
    assert all(SHORT <= size_of(part) <= LONG and part.endswith("。") for part in parts)
    assert max(map(len, parts)) - min(map(len, parts)) < 100


def test_english_is_measured_in_words() -> None:
    parts = cut("The company said that it would wait for the results of the trial. " * 40)
    assert all(40 <= len(part.split()) <= 200 for part in parts)


def test_one_endless_sentence_stays_whole() -> None:
    endless = "没有句号的话" * 200
    assert cut(endless) == [endless]


def test_a_quotation_is_not_cut() -> None:
    quotation = "“" + "引文里的一句话。" * 30 + "”"
    text = "前面的话说得很长很长。" * 15 + "他说：" + quotation + "后面的话也说得很长很长。" * 15
    assert any(quotation in part for part in cut(text))


def compose(*parts: tuple[str, bool]) -> Composer:
    composer = Composer()
    for text, heading in parts:
        composer.add(text, heading=heading)
    return composer


def test_a_heading_stays_with_what_follows_and_names_its_section() -> None:
    first, second = "第一节的正文。" * 15, "第二节的正文。" * 15
    composer = compose((first, False), ("谁出钱", True), (second, False))
    found = list(pieces(composer.body, composer.blocks))
    assert [composer.body[piece.start : piece.end] for piece in found] == [first, f"谁出钱\n{second}"]
    assert [piece.section for piece in found] == [None, "谁出钱"]


def test_headings_in_a_row_go_together() -> None:
    composer = compose(("大标题", True), ("小标题", True), ("正文。", False))
    (piece,) = pieces(composer.body, composer.blocks)
    assert (composer.body[piece.start : piece.end], piece.section) == ("大标题\n小标题\n正文。", "小标题")


def test_a_heading_at_the_end_is_not_lost() -> None:
    composer = compose(("正文。" * 30, False), ("尾声", True))
    assert composer.body[list(pieces(composer.body, composer.blocks))[-1].start :] == "尾声"


def test_short_paragraphs_do_not_join_across_sections() -> None:
    composer = compose(("甲", True), ("一。", False), ("乙", True), ("二。", False))
    assert [piece.section for piece in pieces(composer.body, composer.blocks)] == ["甲", "乙"]


def test_points_are_neither_joined_nor_trimmed_of_their_marks() -> None:
    composer = Composer()
    for number in (1, 2):
        composer.add(f"要点{number}", section="Group 1", marks=(f"[{number}]",), fixed=True)
    found = list(pieces(composer.body, composer.blocks))
    assert [(piece.section, piece.marks) for piece in found] == [("Group 1", ("[1]",)), ("Group 1", ("[2]",))]


def test_a_point_over_the_limit_is_cut_and_keeps_its_marks() -> None:
    composer = Composer()
    composer.add("这是要点里的一句话。" * 60, section="Group 1", marks=("[1]",), fixed=True)
    found = list(pieces(composer.body, composer.blocks))
    assert len(found) > 1
    assert {(piece.section, piece.marks) for piece in found} == {("Group 1", ("[1]",))}


def test_blocks_of_white_space_give_nothing() -> None:
    assert list(pieces(" \n ", (Block(0, 1), Block(1, 3)))) == []
    assert list(pieces("", ())) == []


def test_a_huge_text_takes_seconds_not_minutes() -> None:
    text = ("他说：“好。”（见上文。）然后Acme Inc.宣布增长3.5%。" * 40 + "\n") * 400
    started = time.process_time()
    cut(text)
    assert time.process_time() - started < 10
