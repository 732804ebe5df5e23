from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.progress import describe, load_progress
from bot.terminal import open_console
from corpus.loader import Progress


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def plain() -> Console:
    return open_console(io.StringIO())


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_without_a_terminal_progress_is_a_line_every_few_seconds() -> None:
    console, clock = plain(), Clock()

    with load_progress(console, clock) as progress:
        for done in range(21):
            progress(Progress("reading", done * 1000, 20_000, "documents"))
            clock.seconds += 1

    assert shown(console).splitlines() == [
        "reading 5,000 of 20,000 documents, 1,000/s, 15 s left",
        "reading 10,000 of 20,000 documents, 1,000/s, 10 s left",
        "reading 15,000 of 20,000 documents, 1,000/s, 5 s left",
        "reading 20,000 of 20,000 documents, 1,000/s",
    ]


def test_a_short_load_says_nothing_on_the_way() -> None:
    console, clock = plain(), Clock()

    with load_progress(console, clock) as progress:
        progress(Progress("reading", 1, 1, "files"))
        progress(Progress("indexing", 1, 1, "documents"))

    assert shown(console) == ""


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (12_000, 150_000, 6.0, "reading 12,000 of 150,000 files, 2,000/s, 69 s left"),
        (1_000, 601_000, 1.0, "reading 1,000 of 601,000 files, 1,000/s, 10 min left"),
        (10, None, 2.0, "reading 10 files, 5/s"),
        (0, 10, 2.0, "reading 0 of 10 files"),
        (5, 10, 0.0, "reading 5 of 10 files"),
    ],
)
def test_progress_tells_rate_and_time_left(done: int, total: int | None, seconds: float, line: str) -> None:
    assert describe(Progress("reading", done, total, "files"), seconds) == line


def test_bytes_are_told_in_megabytes() -> None:
    progress = Progress("reading", 12_500_000, 130_000_000, "bytes")

    assert describe(progress, 5.0) == "reading 12.5 of 130.0 MB, 2.5 MB/s, 47 s left"


def test_on_a_terminal_every_stage_has_a_bar_with_count_rate_and_time_left() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, legacy_windows=False)
    clock = Clock()

    with load_progress(console, clock) as progress:
        progress(Progress("reading", 0, 3_000_000, "bytes"))
        clock.seconds += 2
        progress(Progress("reading", 3_000_000, 3_000_000, "bytes"))
        progress(Progress("indexing", 0, 200, "documents"))
        clock.seconds += 1
        progress(Progress("indexing", 50, 200, "documents"))

    assert "━" in shown(console)
    assert "reading 3.0 of 3.0 MB, 1.5 MB/s" in shown(console)
    assert "indexing 50 of 200 documents, 50/s, 3 s left" in shown(console)


def test_a_bar_is_not_drawn_for_every_report_but_its_end_always_is() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, legacy_windows=False)
    clock = Clock()

    with load_progress(console, clock) as progress:
        for done in range(100):
            clock.seconds += 0.001
            progress(Progress("reading", done, 1000, "files"))
        progress(Progress("reading", 1000, 1000, "files"))

    assert "reading 98 of" not in shown(console)
    assert "reading 1,000 of 1,000 files" in shown(console)
