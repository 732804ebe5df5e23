"""Steps that must not stop half-way when the task that takes them is cancelled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Do `work` to its end, also when the caller is cancelled meanwhile; the cancellation then goes on."""
    task = asyncio.create_task(work)
    cancellation = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancellation = error
    # An error of the work's own says more than that nobody waits for it any more.
    result = task.result()
    if cancellation is not None:
        raise cancellation
    return result
