"""The terminal: answers, reports and steps, with rich on a terminal and plain where there is none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import ConsoleOptions, RenderResult

    from corpus.loader import LoadReport, UndoReport
    from retrieval.answer import Answer, Citation, Excerpt, Question
    from retrieval.explanation import Explanation

_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")
_NAMES = 20
_HEADLINES = {
    Verdict.ANSWERED: "",
    Verdict.RELATED: "Not exactly found. Related:",
    Verdict.NOTHING: "Nothing found.",
}


def open_console(stream: TextIO) -> Console:
    """A console that writes to `stream` and reads no markup in what it is given."""
    return Console(file=stream, markup=False, highlight=False, emoji=False, soft_wrap=not stream.isatty())


def harmless(text: str) -> str:
    """`text` without control characters, with which a news file could play tricks on a terminal."""
    return text.translate(_CONTROLS)


class _Quote:
    """Text behind a bar, wrapped on a terminal and left in one line elsewhere."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        bar = Segment("▌ ", Style(color="cyan"))
        if not console.is_terminal:
            yield bar
            yield self._text
            return
        for line in console.render_lines(self._text, options.update(width=options.max_width - 2), pad=False):
            yield bar
            yield from line
            yield Segment.line()


def print_understood(console: Console, question: Question) -> None:
    """Show what a question is confined to and what it refines; nothing if it is only itself."""
    scope = question.scope
    parts = [
        *(f"source {source}" for source in scope.sources),
        *(f"{name} {day}" for name, day in (("since", scope.since), ("until", scope.until)) if day),
        *(f"language {language}" for language in (scope.language,) if language),
        *(f'with "{phrase}"' for phrase in scope.phrases),
        *(f'without "{word}"' for word in scope.excluded),
        *(f"document {document_id}" for document_id in (scope.document_id,) if document_id),
    ]
    if question.context:
        console.print(Text(f"Refines: {harmless(question.context)}", "dim"))
    if parts:
        console.print(Text(f"Only: {harmless(' · '.join(parts))}", "dim"))


def print_answer(console: Console, answer: Answer) -> None:
    """Show the excerpts with what they cite, or that nothing was found and what comes nearest."""
    headline = _HEADLINES[answer.verdict]
    if headline:
        console.print(Text(headline, "bold"))
    for excerpt in answer.excerpts:
        if headline or excerpt is not answer.excerpts[0]:
            console.print()
        console.print(_Quote(_marked(excerpt)))
        console.print(_cited(excerpt.citation, excerpt.passage.section, excerpt.passage.marks))
        for label, citations in (
            ("Corrected by", (excerpt.corrected_by,)),
            ("Corrects", (excerpt.corrects,)),
            ("Also reported by", excerpt.also),
            ("The same event", excerpt.reports),
        ):
            for citation in filter(None, citations):
                console.print(Text(f"{label}: ") + _cited(citation))
        if excerpt.citation.url:
            console.print(Text(harmless(excerpt.citation.url), "dim underline"))
    following = answer.offset + len(answer.excerpts)
    if following < answer.total:
        console.print(Text(f"\n{answer.total - following} more: --offset {following}", "dim"))
    if not answer.excerpts and answer.nearest:
        console.print("The nearest news:")
        for citation in answer.nearest:
            console.print(Padding(_cited(citation), (0, 0, 0, 2), expand=False))


def print_explanation(console: Console, explanation: Explanation) -> None:
    """Prints what each term added to the score of the first passage."""
    language = "in the question's language" if explanation.direction == "same" else "in the other language"
    console.print(
        f"\nThe first passage is {language}; score {explanation.score:.1f}, "
        f"confidence {explanation.confidence:.2f}:"
    )
    for part in explanation.contributions:
        console.print(f"  {part.points:6.2f}  {part.kind} {harmless(part.text)}".rstrip())
    if explanation.missing:
        console.print("Not in the corpus: " + harmless(", ".join(explanation.missing)))


def _marked(excerpt: Excerpt) -> Text:
    text = Text(harmless(excerpt.text))
    for match in excerpt.matches:
        text.stylize("bold yellow", match.start - excerpt.span.start, match.end - excerpt.span.start)
    if excerpt.answer is not None:
        text.stylize(
            "underline", excerpt.answer.start - excerpt.span.start, excerpt.answer.end - excerpt.span.start
        )
    return text


def _cited(citation: Citation, section: str | None = None, marks: Sequence[str] = ()) -> Text:
    parts = [
        (citation.source or "source not stated", "green"),
        (str(citation.published) if citation.published else "date not stated", "green"),
        (citation.title or "no title", "default"),
        (section or "", "dim"),
        (" ".join(marks), "dim"),
    ]
    return Text(" · ").join(Text(harmless(text), style) for text, style in parts if text)


def print_report(console: Console, report: LoadReport, *, dry_run: bool = False) -> None:
    """Tell what a load changed, or would change, what it refused and why, and what is served then."""
    changes = [
        f"{len(names):,} {word}"
        for word, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed))
        if names
    ]
    console.print(f"Files: {', '.join([*changes, f'{report.unchanged:,} unchanged'])}")
    if report.rejected:
        console.print(Text(f"{len(report.rejected):,} rejected:", "yellow"))
        for rejection in report.rejected:
            console.print(Text(f"  {harmless(rejection.origin)}: {harmless(rejection.reason)}"))
    if report.withheld:
        console.print(
            f"{len(report.withheld):,} held back, because the load that took them was undone "
            "(--include-undone loads them):"
        )
        _print_names(console, report.withheld)
    if report.notified:
        console.print(f"{_count(report.notified, 'notification')} for those who follow this.")
    _print_served(console, report, dry_run=dry_run)


def print_undo(console: Console, report: UndoReport, zone: ZoneInfo, *, dry_run: bool = False) -> None:
    """Tell what going back takes away and brings back, and what is served then."""
    loaded = f" of {report.loaded.astimezone(zone):%Y-%m-%d %H:%M}" if report.loaded else ""
    console.print(f"{'Would undo' if dry_run else 'Undone'}: the load{loaded}.")
    for what, names in (
        ("no longer served", report.withdrawn),
        ("served as before", report.reverted),
        ("served again", report.restored),
    ):
        if names:
            console.print(f"{_count(len(names), 'file')} {what}:")
            _print_names(console, names)
    if report.notified:
        console.print(f"{_count(report.notified, 'notification')} for those who were told otherwise.")
    _print_served(console, report, dry_run=dry_run)


def _print_names(console: Console, names: Sequence[str]) -> None:
    for name in names[:_NAMES]:
        console.print(Text(f"  {harmless(name)}"))
    if len(names) > _NAMES:
        console.print(f"  and {len(names) - _NAMES:,} more")


def _print_served(console: Console, report: LoadReport | UndoReport, *, dry_run: bool) -> None:
    served = f"{_count(report.documents, 'document')}, {_count(report.passages, 'passage')}"
    console.print(f"{'It would serve' if dry_run else 'Serving'} {served} ({report.seconds:.1f} s).")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


class Steps:
    """A line for each step of a start, with the time it took."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._last = clock()

    def __call__(self, what: str) -> None:
        """Say that `what` is done; its time is the time since the step before."""
        now = self._clock()
        line = Text("✓ ", "green") + Text(what, "default") + Text(f"  {now - self._last:.2f} s", "dim")
        self._console.print(line)
        self._last = now
