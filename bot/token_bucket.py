"""The token buckets: how fast messages may leave, to one chat, to a group and overall.

Times are seconds of a clock that only goes forward. The figures stay below Telegram's own
(about one a second to a chat, 20 a minute to a group, 30 a second overall), because answers to
readers count there too, and messages arrive less evenly than they leave.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages a second in the long run, and up to `burst` at once.

    In any stretch of s seconds that are at most `burst` + s * `per_second` messages.
    """

    per_second: float
    burst: int = 1

    @property
    def seconds(self) -> float:
        """From one message to the next in the long run."""
        return 1 / self.per_second


OVERALL = Rate(25, burst=2)
A_CHAT = Rate(1)
A_GROUP = Rate(19 / 60)


class TokenBucket:
    """One bucket: it fills at its rate, up to the burst, and a message takes one token."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._full = float("-inf")  # when it is or was full again

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0 or less if there is one."""
        return self._full - (self._rate.burst - 1) * self._rate.seconds - now

    def take(self, now: float) -> None:
        """Take a token."""
        self._full = max(self._full, now) + self._rate.seconds

    def hold(self, until: float) -> None:
        """Have no token before a moment."""
        self._full = max(self._full, until + (self._rate.burst - 1) * self._rate.seconds)

    def is_full(self, now: float) -> bool:
        """Whether it is as good as new."""
        return self._full <= now


class TokenBuckets:
    """The buckets of all chats and the one overall. They are this process's own.

    Args:
        clock: seconds that only go forward, those of `asyncio.sleep`.
        overall: the rate of all chats together; a share of it where several processes deliver.
        chat: the rate of a chat.
        group: the rate of a group, whose number is negative.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        overall: Rate = OVERALL,
        chat: Rate = A_CHAT,
        group: Rate = A_GROUP,
    ) -> None:
        self._clock = clock
        self._overall = TokenBucket(overall)
        self._chat = chat
        self._group = group
        self._chats: dict[int, TokenBucket] = {}
        self._turn = asyncio.Lock()

    def waiting(self) -> dict[int, float]:
        """The chats that must wait, and for how many seconds."""
        now = self._clock()
        self._chats = {chat: each for chat, each in self._chats.items() if not each.is_full(now)}
        return {chat: wait for chat, each in self._chats.items() if (wait := each.wait(now)) > 0}

    def wait_overall(self) -> float:
        """Seconds until anything may leave; 0 or less if it may now."""
        return self._overall.wait(self._clock())

    async def turn(self, chat_id: int) -> None:
        """Wait until a message may leave, those who came first going first, and count it.

        Whoever is waiting for a chat keeps others waiting; so nobody should ask while `waiting` has it.
        """
        async with self._turn:
            bucket = self._of(chat_id)
            while (wait := max(self.wait_overall(), bucket.wait(self._clock()))) > 0:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(wait)
            self._overall.take(self._clock())
            bucket.take(self._clock())

    def hold(self, chat_id: int, seconds: float) -> None:
        """Let nothing leave to a chat for some time: Telegram says so."""
        self._of(chat_id).hold(self._clock() + seconds)

    def hold_all(self, seconds: float) -> None:
        """Let nothing leave at all for some time."""
        self._overall.hold(self._clock() + seconds)

    def _of(self, chat_id: int) -> TokenBucket:
        return self._chats.setdefault(chat_id, TokenBucket(self._group if chat_id < 0 else self._chat))
