"""Watching: loading whenever the folder of news changes, and going on whatever goes wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import awatch

from corpus.errors import CorpusError, LoadInProgress
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from watchfiles import Change

    from corpus.load_report import LoadReport, Rejection

LOOK_EVERY: Final = 60.0
"""Seconds after which the folder is looked at though nothing was heard of it: network drives say nothing."""

# A load begins when the folder has been quiet for so long, or when changes have come for the longest.
_QUIET: Final = 500  # milliseconds
_LONGEST: Final = 5_000
_TICK: Final = 500
_PAUSE: Final = 1.0


async def changes_in(
    folder: Path, *, ignored: Path | None = None, every: float = LOOK_EVERY
) -> AsyncIterator[None]:
    """Something may have changed in a folder: at each yield, for as long as it is asked.

    The first is as soon as whatever changes from now on will be heard of.

    Args:
        folder: the folder. It may be missing for a time.
        ignored: a folder in it that is of no interest, such as what Wenxun itself writes.
        every: seconds after which to yield though nothing was heard.
    """

    def interests(_change: Change, path: str) -> bool:
        changed = Path(path)
        if ignored is not None and changed.is_relative_to(ignored):
            return False
        return not any(part.startswith(".") for part in changed.parts[len(folder.parts) :])

    loop = asyncio.get_running_loop()
    while True:
        watched = _identity(folder)
        if watched is None:
            yield
            while _identity(folder) is None:  # noqa: ASYNC110 - nothing tells when it is there
                await asyncio.sleep(_PAUSE)
            continue
        looks = awatch(
            folder,
            watch_filter=interests,
            debounce=_LONGEST,
            step=_QUIET,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        looked: float | None = None
        try:
            async for heard in looks:
                if heard or looked is None or loop.time() - looked >= every:
                    yield
                    looked = loop.time()
                if _identity(folder) != watched:
                    break  # another folder has taken its place, of which nothing would be heard
        except FileNotFoundError:
            continue  # it went away just now
        finally:
            await looks.aclose()


async def keep_loaded(
    load: Callable[[], Awaitable[LoadReport]],
    looks: AsyncIterator[None],
    *,
    told: Callable[[LoadReport], None],
    failed: Callable[[Exception], None],
    pause: float = _PAUSE,
) -> None:
    """Load at every look, until there are no more.

    Args:
        load: loads.
        looks: when.
        told: is given what a load found, if it changed anything or refused other files than before.
        failed: is given an error that kept a load from succeeding, once for as long as it lasts.
        pause: seconds before trying again while another load runs.
    """
    refused: tuple[Rejection, ...] = ()
    trouble = ""
    async for _ in looks:
        try:
            report = await _when_free(load, pause)
        except (CorpusError, RetrievalError, OSError) as error:
            if str(error) != trouble:
                failed(error)
            trouble = str(error)
            continue
        if report.generation is not None or report.rejected != refused or trouble:
            told(report)
        refused, trouble = report.rejected, ""


async def _when_free(load: Callable[[], Awaitable[LoadReport]], pause: float) -> LoadReport:
    while True:
        try:
            return await load()
        except LoadInProgress:
            await asyncio.sleep(pause)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder this is, whatever it is called; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
