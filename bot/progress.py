"""How a load goes, while it goes: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from bot.pace import pace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from corpus.loader import Progress

_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_BETWEEN_DRAWINGS = 0.1
_LONG = 100.0  # seconds from which a duration is told in minutes
_MEGABYTE = 1_000_000


@contextmanager
def load_progress(
    console: Console, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Progress], None]]:
    """Show how a load goes; call what it gives with each report of the loader."""
    if not console.is_terminal:
        yield _Lines(console, clock)
        return
    with Bars(BarColumn(24), TextColumn("{task.description}"), console=console, transient=True) as bars:
        yield _Bars(bars, clock)


class _Bars:
    """Turns the loader's reports into one bar for each stage."""

    def __init__(self, bars: Bars, clock: Callable[[], float]) -> None:
        self._bars = bars
        self._clock = clock
        self._stages: dict[str, tuple[TaskID, float]] = {}
        self._drawn = 0.0

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        known = self._stages.get(progress.stage)
        finished = progress.done == progress.total
        if known and not finished and now - self._drawn < _SECONDS_BETWEEN_DRAWINGS:
            return
        self._drawn = now
        if known is None:
            known = self._stages[progress.stage] = (self._bars.add_task(progress.stage), now)
        task, began = known
        line = describe(progress, now - began)
        self._bars.update(task, total=progress.total, completed=progress.done, description=line)


class _Lines:
    """Turns the loader's reports into a line every few seconds, so that a log stays short."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._stage = ""
        self._began = self._said = clock()

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        if progress.stage != self._stage:
            self._stage, self._began, self._said = progress.stage, now, now
        if now - self._said < _SECONDS_BETWEEN_LINES:
            return
        self._said = now
        self._console.print(describe(progress, now - self._began))


def describe(progress: Progress, seconds: float) -> str:
    """One line such as "indexing 12,000 of 150,000 documents, 2,100/s, 71 s left"."""
    done, total = progress.done, progress.total
    in_bytes = progress.unit == "bytes"
    counted = _amount(done, progress)
    if total is not None:
        counted += f" of {_amount(total, progress)}"
    line = f"{progress.stage} {counted} {'MB' if in_bytes else progress.unit}"
    pace = pace_of(progress, seconds)
    if not pace.per_second:
        return line
    line += f", {_amount(pace.per_second, progress)}{' MB/s' if in_bytes else '/s'}"
    return line if pace.left is None else f"{line}, {_duration(pace.left)} left"


def _amount(number: float, progress: Progress) -> str:
    return f"{number / _MEGABYTE:,.1f}" if progress.unit == "bytes" else f"{number:,.0f}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _LONG else f"{seconds / 60:.0f} min"
