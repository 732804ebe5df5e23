"""Tables of an evaluation for the terminal: a run, what it changed, a suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from retrieval.evaluation_result import Result
    from retrieval.evaluation_suite import Goal

_NONE = "–"
# The columns of a suite, by their names in JSON, with a heading that fits.
_COLUMNS = {
    "questions": "questions",
    "R@1": "R@1",
    "R@3": "R@3",
    "R@10": "R@10",
    "MRR@10": "MRR@10",
    "excerpt": "excerpt",
    "one_sentence": "sentence",
    "answered": "answered",
    "AUROC": "AUROC",
    "answered_at_90": "at 90",
    "answered_at_95": "at 95",
    "refused": "refused",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
}
# A p-value below this is shown as such, not with digits that mean nothing.
_LEAST_P = 0.0001
_WIDE = 1000


def print_results(console: Console, results: Sequence[Result], *, suite: bool) -> None:
    """Prints what was measured, and what changed where there is something to compare with.

    Args:
        console: where to.
        results: a result for each set.
        suite: whether they belong together; else there is one.
    """
    tables = [_suite_table(results)] if suite else list(_run_tables(results[0]))
    tables += [_change_table(result) for result in results if result.changes]
    if not console.is_terminal:
        # In a file or a pipe nothing need be cut to the width of a terminal.
        console.width = _WIDE
    for table in tables:
        console.print(table)


def _run_tables(result: Result) -> Iterator[Table]:
    """A measure a line; and a line for each group of questions, where there are any."""
    groups = result.figures.get("groups", {})
    table = Table("measure", title=Text(result.run.name))
    table.add_column("value", justify="right")
    for measure, value in result.figures.items():
        if measure != "groups":
            table.add_row(measure, _figure(value, measure))
    yield table
    if groups:
        yield _figures_table("group", list(groups.items()))


def _change_table(result: Result) -> Table:
    """A measure a line: before, now, how many questions changed, and whether that is more than chance."""
    table = Table("measure", title=Text(f"{result.run.name}: what changed"))
    for heading in ("before", "now", "difference", "better", "worse", "p"):
        table.add_column(heading, justify="right")
    table.add_column("test")
    for each in result.changes:
        table.add_row(
            each.measure,
            f"{each.before:.4f}",
            f"{each.now:.4f}",
            f"{each.now - each.before:+.4f}",
            _figure(each.better),
            _figure(each.worse),
            _p_value(each.p_value),
            each.test,
        )
    return table


def _suite_table(results: Sequence[Result]) -> Table:
    """A set a line: all its figures, what was wanted, and whether that was reached."""
    rows = [(result.run.name, result.figures) for result in results]
    wanted = [Text("\n").join(_wanted(goal, result.figures) for goal in result.goals) for result in results]
    return _figures_table("set", rows, wanted)


def _wanted(goal: Goal, found: Mapping[str, Any]) -> Text:
    """A goal with whether it is reached; a group's figure stands in no column, so it is told here."""
    reached = goal.reached(found)
    mark = Text("✓ ", "green") if reached else Text("✗ ", "red")
    value = goal.value(found)
    told = "" if reached and "/" not in goal.measure else f", is {_figure(value)}"
    return mark + Text(f"{goal}{told}")


def _figures_table(
    heading: str, rows: Sequence[tuple[str, Mapping[str, Any]]], wanted: Sequence[Text] = ()
) -> Table:
    shown = {key: title for key, title in _COLUMNS.items() if any(key in found for _, found in rows)}
    table = Table(heading)
    for title in shown.values():
        table.add_column(title, justify="right")
    if wanted:
        table.add_column("wanted", no_wrap=True)
    for number, (name, found) in enumerate(rows):
        cells = [_figure(found.get(key), key) for key in shown]
        table.add_row(Text(name), *cells, *wanted[number : number + 1])
    return table


def _figure(value: float | None, measure: str = "") -> str:
    if value is None:
        return _NONE
    if measure.endswith("_ms"):
        return f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _p_value(value: float | None) -> str:
    if value is None:
        return _NONE
    return f"< {_LEAST_P}" if value < _LEAST_P else f"{value:.4f}"
