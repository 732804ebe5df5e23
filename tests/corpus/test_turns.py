"""Turns at a host: one at a time, with pauses, and nobody waits for another host."""

from __future__ import annotations

import asyncio

import pytest

from corpus.turns import Turns


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def test_a_pause_follows_each_turn_at_the_same_host() -> None:
    clock = Clock()
    turns = Turns(clock, clock.sleep)
    for host, pause in (("a", 2.0), ("b", 1.0), ("a", 0.0), ("a", 0.0)):
        async with turns.at(host, pause):
            clock.now += 0.5
    assert clock.slept == [1.5]


async def test_a_turn_that_fails_ends_and_is_followed_by_its_pause() -> None:
    clock = Clock()
    turns = Turns(clock, clock.sleep)
    with pytest.raises(ValueError, match="x"):
        async with turns.at("a", 3.0):
            raise ValueError("x")  # noqa: EM101 - the shortest that fails
    async with turns.at("a", 0.0):
        pass
    assert clock.slept == [3.0]


async def test_only_one_is_at_a_host_and_others_are_elsewhere() -> None:
    clock = Clock()
    turns = Turns(clock, clock.sleep)
    here = {"a": 0, "b": 0}
    most = dict(here)
    together = 0

    async def visit(host: str) -> None:
        nonlocal together
        async with turns.at(host, 0.0):
            here[host] += 1
            most[host] = max(most[host], here[host])
            together = max(together, sum(here.values()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            here[host] -= 1

    await asyncio.gather(*(visit(host) for host in "ababab"))
    assert most == {"a": 1, "b": 1}
    assert together == 2


async def test_who_gives_up_waiting_leaves_no_trace() -> None:
    clock = Clock()
    turns = Turns(clock, clock.sleep)

    async def wait() -> None:
        async with turns.at("a", 0.0):
            pass

    async with turns.at("a", 0.0):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await wait()
    assert turns._hosts["a"].waiting == 0


async def test_hosts_are_forgotten_when_their_pause_is_over() -> None:
    clock = Clock()
    turns = Turns(clock, clock.sleep)
    for number in range(2_500):
        async with turns.at(str(number), 0.0 if number else 9.0):
            clock.now += 0.001
    assert len(turns._hosts) <= 1_001
    assert "0" in turns._hosts  # its pause is not over
