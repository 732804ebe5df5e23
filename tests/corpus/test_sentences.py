from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import LONG_SENTENCE, hard_lines, sentence_spans

# Texts dense in everything the rules are about.
MARKS = "。！？；…，：“”‘’「」『』（）()《》[]\"'.!?;, \n\t\u3000ab1AZ新药说"
TEXTS = st.lists(st.sampled_from([*MARKS, "Inc.", "U.S.", "3.5", "……"]), max_size=80).map("".join)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(TEXTS | st.text(max_size=60))
def test_the_spans_cover_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


@given(TEXTS)
def test_white_space_belongs_to_the_sentence_before(text: str) -> None:
    for start, _ in sentence_spans(text)[1:]:
        assert not text[start].isspace()
        assert text[:start].strip()


@given(TEXTS)
def test_a_closed_quotation_is_never_cut(text: str) -> None:
    for start, _ in sentence_spans(
        f"他说：“{''.join(c for c in text if c not in '“”' and not c.isspace())}”"
    )[1:]:
        assert start == 0, "a sentence begins inside the quotation"


@pytest.mark.parametrize(
    "sentences",
    [
        ["获批上市。", "股价上涨！", "原因何在？", "尚不清楚"],
        ["第一句｡", "第二句。。。", "第三句"],
        ["他说：“今天很好。明天也好。”", "会后，记者离开。"],
        ["“真的吗？”张三问道。", "没有人回答。"],
        ["“早期新药十个里活下来一两个。”李四表示。", "他没有多说。"],
        ["“谁来买单？”成为热议话题。", "答案不明。"],
        ["「賺了一部手機的錢，」她說，「後來又升了，有點心疼。」", "說完就走。"],
        ["他读了《为什么？怎么办！》一书。", "很好。"],
        ["（记者 王五。）", "会议结束。"],
        ["新药（见附表。共三页。）获批。", "下一句。"],
        ["他（张（三））走。", "她留。"],
        ["他停了一下……", "然后走了。"],
        ["营收增长3.5%。", "XeSS 1.2.0.13 版本发布。"],
        ["据Acme Inc.宣布，交易完成。", "价格未披露。"],
        ["他来了.", "她走了.", "都走了"],
        ["一；二；三。", "四。"],
        ["他说“你好！”。", "然后离开。"],
    ],
)
def test_chinese(sentences: list[str]) -> None:
    assert cut("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["The U.S. economy grew 3.5 percent. ", "Acme Inc. said so on Monday. ", "It rose."],
        ["Dr. Smith of Acme Corp. bought no. 5 and No. 7. ", "He left."],
        ["It moved to the U.S. ", "The company stayed."],
        ["They met at 5 p.m. ", "The talks failed."],
        ["They met on Dec. 16 at noon. ", "Nobody spoke."],
        ["Prices rose (e.g. by half. Or more.) in May. ", "They fell again."],
        ["“We did it.” ", "The company left."],
        ['"Great?" he asked. ', '"Done." ', "The end."],
        ['"We paid for the gentleness," said Oakes. ', '"Strength we could make ourselves." ', "It ended."],
        ['"We did it." Smith said. ', "It was late."],
        ["Really?! ", "Yes... ", "No."],
        ["1. First point. ", "2. Second point."],
        ["It paid $1.4 billion. ", "Shares fell 6.4% to 13.29. ", "That was all."],
        ["See example.com/a?b=1. ", "Then go."],
        ["PC-301获批。", "The drug was approved. ", "股价上涨。"],
    ],
)
def test_english_and_mixed(sentences: list[str]) -> None:
    assert cut("".join(sentences)) == sentences


def test_a_line_break_is_an_end() -> None:
    assert cut("标题\n正文第一句。第二句\n\n尾") == ["标题\n", "正文第一句。", "第二句\n\n", "尾"]


def test_a_line_an_editor_wrapped_goes_on() -> None:
    wrapped = "In 2025 it grew, and\nthe company went on. "
    assert cut(wrapped + "Then it stopped.") == [wrapped, "Then it stopped."]
    long_line = (
        "The company that makes the drug and sells it in the whole of Asia,\nAcme Holdings, has gone.\n"
    )
    assert cut(long_line + "New") == [long_line, "New"]


def test_a_heading_is_not_taken_for_a_wrapped_line() -> None:
    assert cut("What comes next\nThe company waits.") == ["What comes next\n", "The company waits."]


@pytest.mark.parametrize("opening", list('“‘「『（([《【"'))
def test_an_unbalanced_mark_swallows_nothing(opening: str) -> None:
    assert cut(f"未闭合的{opening}引号。下一句。再下一句！")[1:] == ["下一句。", "再下一句！"]


def test_a_quotation_left_open_does_not_reach_into_the_next_one() -> None:
    assert cut("他说：“不行。会后，他又说：“可以。”")[0] == "他说：“不行。"


def test_a_quotation_mark_that_never_closes_nearby_counts_for_nothing() -> None:
    assert len(cut("“" + "很长的一句话。" * 200 + "”")) == 200


def test_a_very_long_sentence_is_cut_at_semicolons() -> None:
    clause = "这是一个分句" * 10 + "；"
    sentences = cut(clause * 8 + "完。")
    assert len(sentences) > 1
    assert all(len(sentence) <= LONG_SENTENCE for sentence in sentences)
    assert all(sentence.endswith("；") for sentence in sentences[:-1])


def test_nothing_in_nothing_out() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n ") == [(0, 3)]
    assert hard_lines("") == []


@pytest.mark.parametrize(
    "unit", ["（", "“", '"', "。", "a. ", "；", "\n", " ", "‘’", "[[]", "Inc. A", "“。”", "说"]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    sentence_spans(text)
    assert time.process_time() - started < 5
