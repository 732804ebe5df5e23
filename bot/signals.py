"""Stopping: a signal asks the program to finish what it is doing, a second Ctrl-C ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

T = TypeVar("T")

# SIGHUP is a closed terminal. Windows has neither it nor handlers of the event loop.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Stopped(Exception):
    """The program was asked to stop before it was ready."""


@contextmanager
def stop_on_signals() -> Iterator[asyncio.Event]:
    """An event that is set when the program is asked to stop; must be entered in a running event loop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    former: dict[int, Any] = {}

    def on_signal(number: int, frame: object) -> None:
        del frame
        if stop.is_set() and number == signal.SIGINT:
            os._exit(128 + number)
        loop.call_soon_threadsafe(stop.set)

    for name in _NAMES:
        number = getattr(signal, name, None)
        # One that is ignored already, as under nohup, stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            former[number] = signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Do `work` to its end, or cancel it as soon as `stop` is set.

    Raises:
        Stopped: it was cancelled, and has cleaned up.
    """
    task = asyncio.ensure_future(work)
    waiter = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([task, waiter], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        task.cancel()
        await asyncio.wait([task])
        raise Stopped
    finally:
        waiter.cancel()
        if not task.done():
            task.cancel()


def run_until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in an event loop of its own, and cancel it when a signal asks to stop.

    Raises:
        Stopped: it was cancelled, and has cleaned up.
    """

    async def watched() -> T:
        with stop_on_signals() as stop:
            return await unless_stopped(stop, work)

    return asyncio.run(watched())
