from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.signals import Stopped, run_until_stopped, stop_on_signals, unless_stopped

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")

STUBBORN = """
import asyncio
from bot.signals import stop_on_signals
async def main():
    with stop_on_signals() as stop:
        print("ready", flush=True)
        await stop.wait()
        print("stopping", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
async def test_a_signal_asks_to_stop(name: str) -> None:
    with stop_on_signals() as stop:
        assert not stop.is_set()
        signal.raise_signal(getattr(signal, name))
        await asyncio.wait_for(stop.wait(), 5)


async def test_signals_do_afterwards_what_they_did_before() -> None:
    before = signal.getsignal(signal.SIGINT)

    with stop_on_signals():
        assert signal.getsignal(signal.SIGINT) is not before

    assert signal.getsignal(signal.SIGINT) is before


async def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
            await asyncio.sleep(0)
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_interrupt_ends_the_program_at_once() -> None:
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:  # noqa: S603 - our own program
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        program.send_signal(signal.SIGINT)
        assert program.stdout.readline() == b"stopping\n"
        program.send_signal(signal.SIGINT)
        assert program.wait(10) == 128 + signal.SIGINT


async def test_work_that_ends_gives_its_result_or_error() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    async def fail() -> int:
        await asyncio.sleep(0)
        msg = "broken"
        raise ValueError(msg)

    assert await unless_stopped(asyncio.Event(), work()) == 7
    with pytest.raises(ValueError, match="broken"):
        await unless_stopped(asyncio.Event(), fail())


async def test_work_is_cancelled_when_asked_to_stop_and_cleans_up_first() -> None:
    cleaned = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)

    with pytest.raises(Stopped):
        await unless_stopped(stop, work())

    assert cleaned == [True]


def test_a_command_that_is_stopped_cleans_up_first() -> None:
    cleaned = []

    async def work() -> None:
        try:
            asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGTERM)
            await asyncio.sleep(60)
        finally:
            cleaned.append(True)

    with pytest.raises(Stopped):
        run_until_stopped(work())

    assert cleaned == [True]


def test_a_command_that_ends_gives_its_result() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    assert run_until_stopped(work()) == 7
