from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from corpus.formats.byline import byline_of, head_of, is_title

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("line", "source", "published"),
    [
        ("Xin Hua Cai Jing· 2025-12-16 08:35", "Xin Hua Cai Jing", "2025-12-16 08:35"),
        ("来源：虚构财经  2025年12月16日", "虚构财经", "2025-12-16"),
        ("来源：虚构财经 2025-12-16 08:35", "虚构财经", "2025-12-16 08:35"),
        ("来源：虚构财经", "虚构财经", None),
        ("来源: 虚构财经 | 发布时间: 2025/12/16 08:35", "虚构财经", "2025-12-16 08:35"),
        ("发布日期：2025年12月", None, "2025-12"),
        ("时间：2025-12-16 08:35 来源：虚构财经", "虚构财经", "2025-12-16 08:35"),
        ("Source: Specimen Wire", "Specimen Wire", None),
        ("Source: Specimen Wire Date: 16 December 2025", "Specimen Wire", "2025-12-16"),
        ("Specimen Wire | Dec 16, 2025", "Specimen Wire", "2025-12-16"),
        ("虚构财经\t2025-12-16", "虚构财经", "2025-12-16"),
        ("2025-12-16", None, "2025-12-16"),
        ("（2025年12月16日）", None, "2025-12-16"),
        ("虚构财经 · 2025-12-16 08:35:59", "虚构财经", "2025-12-16 08:35:59"),
    ],
)
def test_lines_that_are_bylines(line: str, source: str | None, published: str | None) -> None:
    byline = byline_of(line, SHANGHAI)
    assert byline is not None
    assert (byline.source, str(byline.published) if byline.published else None) == (source, published)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "纸鹤生物2025-12-16宣布获批",
        "他说：“2025年12月16日”",
        "融资额截至 2025-12-16",
        "公司成立于2025年12月16日。",
        "会议定于  2025-12-16 举行，地点待定",
        "来源：" + "很长的名字" * 20,
        "日期：尚未确定",
        "2025",
        "x" * 90 + " | 2025-12-16 08:35",
        "发布时间：2025-13-45",
    ],
)
def test_lines_that_are_not(line: str) -> None:
    assert byline_of(line, SHANGHAI) is None


def test_a_nonsense_date_is_taken_for_missing() -> None:
    byline = byline_of("来源：虚构财经 发布时间：2025-13-45", SHANGHAI)
    assert byline is not None
    assert (byline.source, byline.published) == ("虚构财经", None)


def test_a_head_is_title_and_bylines() -> None:
    head = head_of(["", "标题", "", "来源：虚构财经", "时间：2025-12-16", "正文。"], SHANGHAI)
    assert (head.title, head.source, str(head.published), head.lines) == ("标题", "虚构财经", "2025-12-16", 5)


def test_a_first_sentence_is_no_title() -> None:
    assert head_of(["第一句话就是正文。", "第二段"], SHANGHAI).title is None


def test_a_line_alone_is_text_not_title() -> None:
    head = head_of(["只有一行", ""], SHANGHAI)
    assert (head.title, head.lines) == (None, 0)


def test_a_byline_may_stand_above_the_title() -> None:
    head = head_of(["来源：虚构财经", "标题", "正文。"], SHANGHAI)
    assert (head.title, head.source, head.lines) == ("标题", "虚构财经", 2)


def test_a_labelled_title() -> None:
    assert head_of(["标题：获批", "正文。"], SHANGHAI).title == "获批"


def test_a_known_title_is_taken_off_where_it_is_repeated() -> None:
    assert head_of(["获批", "正文。"], SHANGHAI, title="获批").lines == 1
    assert head_of(["别的", "正文。"], SHANGHAI, title="获批").lines == 0


@pytest.mark.parametrize(
    ("line", "title"),
    [("谁来买单？", True), ("完了。", False), ("他说：", False), ("长" * 121, False), ("", False)],
)
def test_what_looks_like_a_headline(line: str, title: bool) -> None:
    assert is_title(line) is title
