"""The last lines of a run: what was skipped, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where it is seen; by default pytest only counts what it skipped."""
    reasons = Counter(reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for text, count in sorted(reasons.items()):
        terminalreporter.write_line(f"Skipped {count}: {text}", yellow=True)


def reason(report: pytest.TestReport) -> str:
    """Why a test was skipped, without the place that says so."""
    place = report.longrepr
    text = place[2] if isinstance(place, tuple) else str(place)
    return text.removeprefix("Skipped: ")
