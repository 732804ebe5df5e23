"""How fast a bot may send: Telegram's limits for a chat, a group and all chats together."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.local.refusals import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float


OVERALL: Final = Limit(30, 1)
A_GROUP: Final = Limit(20, 60)
A_CHAT: Final = (Limit(10, 3), Limit(30, 30))
"""One message a second in the long run; short bursts are tolerated."""


class Floods:
    """Counts what is sent and refuses what is too much."""

    def __init__(self, clock: Callable[[], datetime], *, enabled: bool = True) -> None:
        self._clock = clock
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)
        self.enabled = enabled

    def count(self, chat_id: int) -> None:
        """Count one message to a chat.

        Raises:
            Refusal: it is too much; `retry_after` says when there is room again.
        """
        if not self.enabled:
            return
        now = self._clock().timestamp()
        own = (*A_CHAT, A_GROUP) if chat_id < 0 else A_CHAT
        waits = [self._wait(chat_id, limit, now) for limit in own]
        waits.append(self._wait(0, OVERALL, now))
        if (wait := max(waits)) > 0:
            raise too_many_requests(math.ceil(wait))
        for key in (0, chat_id):
            sent = self._sent[key]
            sent.append(now)
            while sent[0] <= now - A_GROUP.seconds:
                sent.popleft()

    def _wait(self, key: int, limit: Limit, now: float) -> float:
        """Seconds until one more message to `key` (0: all chats) is within the limit."""
        sent = self._sent[key]
        if len(sent) < limit.count:
            return 0
        return sent[-limit.count] + limit.seconds - now
