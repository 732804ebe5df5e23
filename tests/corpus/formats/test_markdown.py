from __future__ import annotations

import itertools
import time

import pytest

from tests.corpus.newsroom import read_one, refusal_of, texts_of

FRONT = """---
title: 云汐设立30亿元产业基金
source: 虚构财经
date: 2024-10-22 14:15
url: https://news.example/fund
topics: [产业基金, 资本市场]
language: zh
---
"""


def test_front_matter() -> None:
    document = read_one("a.md", FRONT + "\n正文第一段。\n")
    assert document.title == "云汐设立30亿元产业基金"
    assert (document.source, str(document.published)) == ("虚构财经", "2024-10-22 14:15")
    assert (document.url, document.id) == ("https://news.example/fund", "https://news.example/fund")
    assert (document.topics, document.language) == (("产业基金", "资本市场"), "zh")
    assert texts_of(document) == ["正文第一段。"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-10-22", "2024-10-22"),
        ("2024-10-22 14:15:16", "2024-10-22 14:15:16"),
        ("2024-10-22T14:15:16+08:00", "2024-10-22 14:15:16"),
        ("2024-10", "2024-10"),
        ("2024", "2024"),
        ("'2024年10月22日'", "2024-10-22"),
        ("22 October 2024", "2024-10-22"),
    ],
)
def test_dates_however_yaml_takes_them(written: str, read: str) -> None:
    assert str(read_one("a.md", f"---\npublished: {written}\n---\n正文。").published) == read


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("date: someday", '"date" is not a date'),
        ("date: 2024-13-01", "not YAML"),
        ("date: [1]", '"date" is not a date'),
        ("title: [unclosed", "not YAML (line"),
        ("title: a: b", "not YAML (line"),
        ("url: javascript:alert(1)", "http"),
        ("x: !!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_wrong_front_matter_is_refused(front: str, told: str) -> None:
    reason = refusal_of("a.md", f"---\n{front}\n---\n正文。")
    assert reason.startswith("Its front matter cannot be used")
    assert told in reason


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    document = read_one("a.md", "# 获批\n\n来源：虚构财经 2025-01-02\n\n正文。\n")
    assert (document.title, document.source, str(document.published)) == ("获批", "虚构财经", "2025-01-02")
    assert texts_of(document) == ["正文。"]


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert texts_of(read_one("a.md", FRONT + "# 云汐设立30亿元 产业基金\n\n正文。")) == ["正文。"]


def test_headings_are_sections_and_stay_in_the_text() -> None:
    document = read_one("a.md", FRONT + "开头。\n\n## 谁出钱\n\n保险公司。\n\n尾声\n---\n\n完。\n")
    assert [(passage.section, passage.text) for passage in document.passages] == [
        (None, "开头。"),
        ("谁出钱", "谁出钱\n保险公司。"),
        ("尾声", "尾声\n完。"),
    ]


def test_marks_of_markdown_are_no_text() -> None:
    text = "这是**新**药 `PC`，见[网站](https://x.example)，![图](a.png)与 <b>加粗</b>&amp;\\*星\\*，p<0.05。"
    assert texts_of(read_one("a.md", text)) == ["这是新药 PC，见网站，图与 加粗&*星*，p<0.05。"]


def test_wrapped_lines_are_one_paragraph() -> None:
    document = read_one("a.md", "东屿药品审评局\n副局长顾晚晴\nsaid on Monday\nthat it was  \nlate.\n")
    assert texts_of(document) == ["东屿药品审评局副局长顾晚晴said on Monday that it was\nlate."]


def test_lists_tables_quotations_and_code() -> None:
    text = "1. 第一\n2. 第二\n\n- 圆点\n\n> 引文\n\n| 年 | 亿元 |\n| --- | --- |\n| 2024 | 18.6 |\n"
    text += "\n```\ncode  here\n```\n"
    assert texts_of(read_one("a.md", text)) == [
        "1. 第一\n2. 第二\n圆点\n引文\n年\t亿元\n2024\t18.6\ncode  here"
    ]


def test_raw_html_gives_its_text_and_no_script() -> None:
    document = read_one("a.md", "<div>盒子里的字<script>evil()</script></div>\n\n<!-- 注释 -->\n\n正文。")
    assert texts_of(document) == ["盒子里的字\n正文。"]


def test_dashes_that_open_nothing_are_a_rule() -> None:
    assert texts_of(read_one("a.md", "---\n\n正文。")) == ["正文。"]


def test_a_yaml_bomb_does_not_go_off() -> None:
    rows = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    for last, name in itertools.pairwise("abcdefghij"):
        rows.append(f"{name}: &{name} [" + ",".join([f"*{last}"] * 9) + "]")
    started = time.process_time()
    document = read_one("a.md", "---\n" + "\n".join(rows) + "\ntitle: *j\ntopics: *j\n---\n正文。")
    assert time.process_time() - started < 2
    assert (document.title, document.topics) == (None, ())


@pytest.mark.parametrize(
    "unit", ["[", "![", "*a_", "> ", "<", "`", "- ", "&", "[a](", "|a\n|-\n", "# ", "<!--"]
)
def test_hostile_markdown_takes_bounded_time(unit: str) -> None:
    started = time.process_time()
    read_one("a.md", "字" + unit * (60_000 // len(unit)))
    assert time.process_time() - started < 10
