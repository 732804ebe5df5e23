"""Shares: whose code the processor time of a running bot is spent in.

The system counts the time of each thread. Threads that do one thing are taken whole; the main
thread runs everything else and is sampled: a timer of its own processor time interrupts it, and
the time since the interruption before is put to whoever's code it was in. Python's own timers
count the whole process's time, and would find the main thread waiting for the others. Linux only.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

EVERY_NS = 1_000_000  # nanoseconds of processor time; the system looks a few hundred times a second

_ROOT = Path(__file__).parents[1]

# Of the innermost frame that belongs to any of these, by a part of its file's name.
_OWNERS = (
    (f"{_ROOT}/bot/rendering/", "rendering"),
    (f"{_ROOT}/bot/", "handlers, inbox and lanes"),
    (f"{_ROOT}/retrieval/", "retrieval"),
    (f"{_ROOT}/corpus/", "database"),
    ("/sqlalchemy/", "database"),
    ("/telegram/", "python-telegram-bot"),
    ("/httpx/", "httpx"),
    ("/httpcore/", "httpx"),
    ("/h11/", "httpx"),
    ("/anyio/", "httpx"),
    ("/asyncio/", "event loop and sockets"),
    ("/selectors.py", "event loop and sockets"),
)
_THREADS = (("database-", "database"), ("asyncio_", "retrieval"))
_OTHER = "other"
_PLACES = 25


class Shares:
    """The processor time of a stretch by owner. Everything but making it is done on the main thread."""

    def __init__(self) -> None:
        self._shares: defaultdict[str, float] = defaultdict(float)
        self._places: defaultdict[str, float] = defaultdict(float)
        self._threads: dict[int, float] = {}
        self._last = 0.0

    def begin(self) -> None:
        """Begin anew, and go on to the end of the process."""
        self._shares.clear()
        self._places.clear()
        self._threads = {thread.native_id or 0: _used(thread) for thread in threading.enumerate()}
        self._last = time.thread_time()
        signal.signal(signal.SIGPROF, self._sample)
        _start_timer(signal.SIGPROF)

    def end(self) -> dict[str, Any]:
        """The seconds by owner, and the places with the most of the main thread's, until now."""
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        for thread in threading.enumerate():
            if thread is not threading.main_thread():
                spent = _used(thread) - self._threads.get(thread.native_id or 0, 0.0)
                owner = next((owner for name, owner in _THREADS if thread.name.startswith(name)), _OTHER)
                self._shares[owner] += spent
        return {
            "shares": dict(self._shares),
            "places": sorted(self._places.items(), key=lambda item: -item[1])[:_PLACES],
        }

    def _sample(self, _number: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        spent, self._last = now - self._last, now
        owner = _OTHER
        place = ""
        while frame is not None:
            name = frame.f_code.co_filename
            found = next((owner for part, owner in _OWNERS if part in name), None)
            if found is not None:
                owner = found
                place = f"{'/'.join(Path(name).parts[-3:])} {frame.f_code.co_qualname}"
                break
            frame = frame.f_back
        self._shares[owner] += spent
        self._places[place] += spent


def _used(thread: threading.Thread) -> float:
    """Seconds of processor time that a thread has had."""
    if thread.ident is None:
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


class _Event(ctypes.Structure):
    """`struct sigevent`, of which only the signal and how it comes are told."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("number", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("rest", ctypes.c_char * 48),
    )


class _Times(ctypes.Structure):
    """`struct itimerspec`."""

    _fields_ = (("every", ctypes.c_long * 2), ("first", ctypes.c_long * 2))


def _start_timer(number: int) -> None:
    """Have a signal sent for every so much processor time of the calling thread."""
    library = ctypes.CDLL(None, use_errno=True)
    timer, every = ctypes.c_void_p(), (ctypes.c_long * 2)(0, EVERY_NS)
    event, times = _Event(number=number), _Times(every, every)
    if library.timer_create(time.CLOCK_THREAD_CPUTIME_ID, ctypes.byref(event), ctypes.byref(timer)):
        raise OSError(ctypes.get_errno(), "timer_create")
    if library.timer_settime(timer, 0, ctypes.byref(times), None):
        raise OSError(ctypes.get_errno(), "timer_settime")
