"""How fast messages may leave."""

from __future__ import annotations

import asyncio

import pytest

from bot.token_bucket import A_CHAT, A_GROUP, OVERALL, Rate, TokenBucket, TokenBuckets


class Seconds:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.mark.parametrize("rate", [OVERALL, A_CHAT, A_GROUP, Rate(2, burst=5)])
def test_no_stretch_of_time_has_more_than_its_share(rate: Rate) -> None:
    bucket, now, taken = TokenBucket(rate), 0.0, []
    for number in range(500):
        now += max(0.0, bucket.wait(now)) + (7.3 if number % 50 == 0 else 0)
        bucket.take(now)
        taken.append(now)
    for length in (0.5, 1.0, 3.0, 60.0):
        most = max(sum(start <= each < start + length for each in taken) for start in taken)
        assert most <= rate.burst + length * rate.per_second + 1e-6


def test_a_bucket_gives_what_it_promises() -> None:
    bucket, now = TokenBucket(Rate(25, burst=2)), 0.0
    for _ in range(251):
        now += max(0.0, bucket.wait(now))
        bucket.take(now)
    assert now == pytest.approx(10, abs=0.05)


def test_what_was_not_used_is_saved_up_to_the_burst() -> None:
    bucket = TokenBucket(Rate(1, burst=3))
    waits = []
    for _ in range(5):
        waits.append(max(0.0, bucket.wait(50)))
        bucket.take(50)
    assert waits == [0, 0, 0, 1, 2]


def test_a_held_bucket_gives_nothing_before_its_time() -> None:
    bucket = TokenBucket(Rate(1, burst=3))
    bucket.hold(60)
    assert bucket.wait(50) == 10
    assert bucket.wait(60) == 0


async def test_chats_wait_for_themselves(seconds: Seconds) -> None:
    buckets = TokenBuckets(seconds, overall=Rate(1000, burst=1000))
    for chat in (1, -2):
        await buckets.turn(chat)
    assert buckets.waiting() == {1: pytest.approx(1), -2: pytest.approx(60 / 19)}
    assert buckets.wait_overall() <= 0
    seconds.now += 1
    assert buckets.waiting().keys() == {-2}
    buckets.hold(3, 30)
    assert buckets.waiting()[3] == pytest.approx(30)
    seconds.now += 30
    assert buckets.waiting() == {}
    assert buckets._chats == {}, "whoever need not wait costs no memory"


async def test_all_wait_when_all_are_held(seconds: Seconds) -> None:
    buckets = TokenBuckets(seconds)
    buckets.hold_all(20)
    assert buckets.wait_overall() == pytest.approx(20)
    assert buckets.waiting() == {}


async def test_turns_are_taken_in_order_and_in_time() -> None:
    loop = asyncio.get_running_loop()
    buckets = TokenBuckets(loop.time, overall=Rate(200, burst=1))
    order: list[int] = []

    async def take(chat: int) -> None:
        await buckets.turn(chat)
        order.append(chat)

    begun = loop.time()
    await asyncio.gather(*(take(chat) for chat in range(1, 21)))
    assert order == list(range(1, 21))
    assert loop.time() - begun >= 19 / 200
