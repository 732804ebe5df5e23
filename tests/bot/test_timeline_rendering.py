"""The timeline: newest day first, one line each, and a sparkline from left to right."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.local.markup import parse_html
from bot.locale.catalogue import Words
from bot.rendering.timeline import DAYS_A_PAGE, render_timeline, sparkline
from retrieval.answer import Question, Span
from retrieval.timeline import Day, Timeline
from tests.bot.answer_builders import ASKED, build_citation, build_excerpt

EN = Words("en", {})
KEY = "Zk3vQ9xT0b"
LAST = date(2025, 12, 16)
EXCERPT = build_excerpt("[授权]金额。", build_citation(source="甲报"))


def timeline(*days: tuple[int, int], undated: int = 0) -> Timeline:
    """Days as (days before the last one, reports)."""
    made = tuple(Day(LAST - timedelta(days=before), count, EXCERPT) for before, count in days)
    return Timeline(Question("授权", ASKED), made, undated)


def text_of(shown: Timeline, first: int = 0) -> str:
    return parse_html(render_timeline(shown, first, KEY, 3, EN).html).text


@pytest.mark.parametrize(
    ("days", "line"),
    [
        ([(0, 1)], "█"),
        ([(0, 1), (2, 7)], "█▁▂"),
        ([(0, 7), (1, 1), (3, 4)], "▅▁▂█"),
        ([(0, 1), (23, 1)], "█" + "▁" * 22 + "█"),
        ([(0, 1), (1, 1), (24, 1)], "▅" + "▁" * 11 + "█"),  # two days a bar, the newest pair whole
        ([(0, 500), (9, 1)], "▂▁▁▁▁▁▁▁▁█"),
    ],
)
def test_a_sparkline_runs_from_the_first_day_to_the_last(days: list[tuple[int, int]], line: str) -> None:
    assert sparkline(timeline(*days).days) == line


def test_each_day_is_one_line_with_its_reports_and_an_excerpt() -> None:
    assert text_of(timeline((0, 3), (2, 1), undated=1)).split("\n") == [
        "授权",
        "",
        "▄▁█",
        "2025-12-14 – 2025-12-16 · 4 reports",
        "",
        "2025-12-16 · ×3 · “授权金额。” · 甲报",
        "2025-12-14 · “授权金额。” · 甲报",
        "",
        "1 report has no date.",
    ]


def test_one_day_needs_no_sparkline() -> None:
    assert text_of(timeline((0, 1))).split("\n")[2] == "1 report"


def test_no_dated_news_is_said() -> None:
    assert text_of(timeline(undated=2)) == "授权\n\nNo dated news is about this.\n\n2 reports have no date."


def test_an_excerpt_is_cut_to_one_line_around_its_match_outside_the_quotation_marks() -> None:
    long = build_excerpt("标题行\n" + "无关的话。" * 40 + "[答案]在这里。" + "后面的话。" * 40 + "\n尾行")
    shown = Timeline(Question("答案", ASKED), (Day(LAST, 1, long),), 0)
    match = re.search("…“(.*)”…", text_of(shown))
    assert match is not None
    assert match[1].startswith("答案在这里。")
    assert match[1] in long.passage.text
    assert len(match[1]) <= 90


def test_a_match_on_another_line_shows_that_line() -> None:
    excerpt = build_excerpt("第一行。\n第二行有[答案]。\n第三行。")
    shown = Timeline(Question("答案", ASKED), (Day(LAST, 1, excerpt),), 0)
    assert "…“第二行有答案。”…" in text_of(shown)


def test_an_excerpt_of_an_address_is_linked() -> None:
    linked = replace(EXCERPT, citation=build_citation(url="https://news.example/1"), span=Span(0, 2))
    html = render_timeline(Timeline(Question("x", ASKED), (Day(LAST, 1, linked),), 0), 0, KEY, 0, EN).html
    assert '“<a href="https://news.example/1">授权</a>”' in html


def test_pages_of_days() -> None:
    shown = timeline(*((n, 1) for n in range(DAYS_A_PAGE + 1)))
    first, last = render_timeline(shown, 0, KEY, 3, EN), render_timeline(shown, 999, KEY, 3, EN)
    assert [button.data for row in first.keyboard for button in row] == [f"t:{KEY}:3:20", f"b:{KEY}:3"]
    assert [button.data for row in last.keyboard for button in row] == [f"t:{KEY}:3:0", f"b:{KEY}:3"]
    assert first.html.count("“") == DAYS_A_PAGE
    assert last.html.count("“") == 1
