"""The pictures: charts drawn by a process of their own, so that no reader waits and no memory stays."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from bot.incidents import record_incident
from bot.keeping.drawing import draw
from retrieval.worker_process import follow_parent

if TYPE_CHECKING:
    from pathlib import Path

    from bot.keeping.charts import Chart

_PATIENCE = 60.0  # seconds: the very first picture on a machine looks at all of its fonts
_NICENESS = 10


class Pictures:
    """Draws charts, one at a time.

    Args:
        cache: a folder for what matplotlib finds out about the machine's fonts. It is made if missing.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._turn = asyncio.Lock()

    async def draw(self, chart: Chart) -> bytes | None:
        """The chart as a PNG; None if it cannot be drawn, which the log has an incident of."""
        async with self._turn:
            try:
                return await asyncio.to_thread(self._drawn, chart)
            except Exception as error:  # noqa: BLE001 - whatever it is, the numbers can be shown without it
                record_incident(error, "a picture could not be drawn")
                return None

    def _drawn(self, chart: Chart) -> bytes:
        with ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(str(self._cache),),
        ) as pool:
            return pool.submit(draw, chart).result(_PATIENCE)


def _start(cache: str) -> None:
    """Make ready a process that draws: answers come before pictures."""
    follow_parent()
    os.nice(_NICENESS)
    # Else it would look for a folder of the user's, who may have none.
    os.environ["MPLCONFIGDIR"] = cache
