"""How an evaluation goes, while it goes: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from retrieval.examination import Watcher

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def watching(console: Console, name: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Watcher]:
    """Show how the examination of a set goes; give what it yields to `examine`."""
    if not console.is_terminal:
        yield _Lines(console, name, clock)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Bars(bars, name)


class _Bars:
    """A bar for indexing, without an end since nobody has counted, and one for asking."""

    def __init__(self, bars: Progress, name: str) -> None:
        self._bars = bars
        self._indexing = bars.add_task(f"{name}: indexing documents", total=None)
        self._asking = bars.add_task(f"{name}: asking questions", total=None, visible=False)

    def indexing(self, documents: int) -> None:
        self._bars.update(self._indexing, completed=documents)

    def asking(self, done: int, total: int) -> None:
        self._bars.update(self._indexing, visible=False)
        self._bars.update(self._asking, completed=done, total=total, visible=True)


class _Lines:
    """A line at the beginning and every few seconds, so that a log stays short."""

    def __init__(self, console: Console, name: str, clock: Callable[[], float]) -> None:
        self._console = console
        self._name = name
        self._clock = clock
        self._said = clock()
        console.print(f"Measuring {name}.")

    def indexing(self, documents: int) -> None:
        self._say(f"{documents:,} documents indexed")

    def asking(self, done: int, total: int) -> None:
        self._say(f"{done:,} of {total:,} questions asked")

    def _say(self, what: str) -> None:
        if self._clock() - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = self._clock()
            self._console.print(f"{self._name}: {what}")
