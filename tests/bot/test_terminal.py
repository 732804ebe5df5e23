from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.terminal import Steps, harmless, open_console, print_answer, print_report, print_undo
from corpus.loader import LoadReport, Rejection, UndoReport
from retrieval.answer import Answer, Citation, Excerpt, Question, Span, Verdict
from tests.builders import build_passage, build_published

TEXT = "前一句。GR1803的授权金额为7.12亿美元。后一句。"


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def citation(**changes: object) -> Citation:
    fields: dict[str, object] = {
        "document_id": "d",
        "title": "快车道",
        "source": "Xin Hua",
        "published": build_published("2025-12-16"),
        "url": None,
        "language": "zh",
    }
    return Citation(**{**fields, **changes})  # type: ignore[arg-type] - built from what a test names


def excerpt(text: str = TEXT, *, start: int = 4, end: int = 24, of: Citation | None = None) -> Excerpt:
    passage = build_passage(text, section="Group 2", marks=("[2]",))
    return Excerpt(passage, of or citation(), Span(start, end), (Span(start, start + 6),), 1.0)


def answer(verdict: Verdict, *excerpts: Excerpt, nearest: tuple[Citation, ...] = ()) -> Answer:
    question = Question("GR1803?", datetime(2026, 1, 1, tzinfo=UTC))
    return Answer(question, verdict, 0.5, excerpts, nearest)


def plain() -> Console:
    return open_console(io.StringIO())


def terminal(width: int = 60) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, width=width, color_system="standard", legacy_windows=False
    )


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def report(**changes: object) -> LoadReport:
    fields: dict[str, object] = {
        "generation": 1,
        "added": ("a.txt", "b.txt"),
        "changed": (),
        "removed": ("c.txt",),
        "unchanged": 1200,
        "rejected": (),
        "documents": 1203,
        "passages": 5000,
        "seconds": 1.25,
    }
    return LoadReport(**{**fields, **changes})  # type: ignore[arg-type] - built from what a test names


def test_an_excerpt_is_shown_verbatim_with_what_it_cites() -> None:
    console = plain()

    print_answer(console, answer(Verdict.ANSWERED, excerpt(of=citation(url="https://example.com/1"))))

    assert shown(console).splitlines() == [
        "▌ GR1803的授权金额为7.12亿美元。",
        "Xin Hua · 2025-12-16 · 快车道 · Group 2 · [2]",
        "https://example.com/1",
    ]


def test_what_is_missing_is_said_to_be_missing() -> None:
    console = plain()

    print_answer(
        console, answer(Verdict.ANSWERED, excerpt(of=citation(title=None, source=None, published=None)))
    )

    assert "source not stated · date not stated · no title" in shown(console)


def test_a_long_excerpt_is_one_line_where_there_is_no_terminal() -> None:
    text = "A long sentence. " * 40
    console = plain()

    print_answer(console, answer(Verdict.ANSWERED, excerpt(text, start=0, end=len(text))))

    assert f"▌ {text}" in shown(console).splitlines()


def test_a_long_excerpt_is_wrapped_behind_a_bar_on_a_terminal_and_matches_are_bold() -> None:
    text = "创新药在研数量。" * 30
    console = terminal(40)

    print_answer(console, answer(Verdict.ANSWERED, excerpt(text, start=0, end=len(text))))

    lines = [line for line in shown(console).splitlines() if "▌" in line]
    assert len(lines) > 5
    assert "\x1b[1;33m创新药在研数\x1b[0m" in lines[0]


def test_markup_in_the_news_is_only_text() -> None:
    text = "[bold]see [link=x]this[/link] :smile: [/]"
    console = plain()

    print_answer(console, answer(Verdict.ANSWERED, excerpt(text, start=0, end=len(text))))

    assert text in shown(console)


def test_the_news_cannot_play_tricks_on_the_terminal() -> None:
    text = "\x1b]0;owned\x07\x1b[2J\r\x9bhidden\x00 text"
    console = terminal()

    print_answer(
        console, answer(Verdict.ANSWERED, excerpt(text, start=0, end=len(text), of=citation(title="\x1b[2J")))
    )

    assert "\x1b]0" not in shown(console)
    assert "\x1b[2J" not in shown(console)
    assert "\x9b" not in shown(console)
    assert len(harmless(text)) == len(text)
    assert harmless("一\n二\t三") == "一\n二\t三"


def test_a_related_answer_says_that_it_is_not_the_answer() -> None:
    console = plain()

    print_answer(console, answer(Verdict.RELATED, excerpt()))

    assert shown(console).startswith("Not exactly found. Related:\n\n▌ ")


def test_nothing_found_is_said_with_the_nearest_news() -> None:
    console = plain()

    print_answer(console, answer(Verdict.NOTHING, nearest=(citation(), citation(title="另一篇"))))

    assert shown(console).splitlines() == [
        "Nothing found.",
        "The nearest news:",
        "  Xin Hua · 2025-12-16 · 快车道",
        "  Xin Hua · 2025-12-16 · 另一篇",
    ]


def test_nothing_found_in_an_empty_corpus_is_one_line() -> None:
    console = plain()

    print_answer(console, answer(Verdict.NOTHING))

    assert shown(console) == "Nothing found.\n"


def test_a_report_tells_every_change_and_every_rejected_file() -> None:
    console = plain()

    print_report(console, report(rejected=(Rejection("bad\x1b.pdf", "It is encrypted."),)))

    assert shown(console).splitlines() == [
        "Files: 2 added, 1 removed, 1,200 unchanged",
        "1 rejected:",
        "  bad\N{REPLACEMENT CHARACTER}.pdf: It is encrypted.",
        "Serving 1,203 documents, 5,000 passages (1.2 s).",
    ]


def test_steps_tell_the_time_since_the_step_before() -> None:
    console, clock = plain(), Clock()
    step = Steps(console, clock)

    clock.seconds += 0.5
    step("database ready")
    clock.seconds += 2
    step("index ready")

    assert shown(console).splitlines() == ["✓ database ready  0.50 s", "✓ index ready  2.00 s"]


def test_a_report_tells_what_is_held_back_and_whom_it_notifies() -> None:
    console = plain()

    print_report(console, report(withheld=("a\x1b.txt",), notified=2), dry_run=True)

    assert shown(console).splitlines() == [
        "Files: 2 added, 1 removed, 1,200 unchanged",
        "1 held back, because the load that took them was undone (--include-undone loads them):",
        "  a\N{REPLACEMENT CHARACTER}.txt",
        "2 notifications for those who follow this.",
        "It would serve 1,203 documents, 5,000 passages (1.2 s).",
    ]


def test_an_undo_tells_what_goes_and_what_comes_back() -> None:
    console = plain()
    undone = UndoReport(
        generation=3,
        undone=4,
        loaded=datetime(2026, 1, 1, 17, tzinfo=UTC),
        withdrawn=tuple(f"{number}.txt" for number in range(22)),
        reverted=("a.txt",),
        restored=(),
        documents_withdrawn=22,
        documents_reverted=1,
        documents_restored=0,
        titles=(),
        documents=1,
        passages=2,
        seconds=0.5,
        notified=1,
    )

    print_undo(console, undone, ZoneInfo("Asia/Shanghai"))

    lines = shown(console).splitlines()
    assert lines[:3] == ["Undone: the load of 2026-01-02 01:00.", "22 files no longer served:", "  0.txt"]
    assert lines[-6:] == [
        "  19.txt",
        "  and 2 more",
        "1 file served as before:",
        "  a.txt",
        "1 notification for those who were told otherwise.",
        "Serving 1 document, 2 passages (0.5 s).",
    ]
