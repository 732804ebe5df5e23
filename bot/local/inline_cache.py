"""Answers to inline questions that Telegram keeps, so that it need not ask the bot again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.local.queries import Query
    from bot.local.wire import JsonObject

USUAL_LIFETIME: Final = 300
"""Seconds an answer is kept when the bot names none."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: JsonObject
    until: datetime


class InlineCache:
    """Answers by question and offset: a personal one for who asked it only, any other for everybody."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str, int | None], _Kept] = {}

    def keep(self, query: Query, answer: JsonObject, seconds: int) -> None:
        """Keep the answer to a query for so many seconds, which may be none."""
        now = self._clock()
        self._kept = {key: kept for key, kept in self._kept.items() if kept.until > now}
        owner = query.person.id if answer["is_personal"] else None
        self._kept[query.text, query.offset, owner] = _Kept(answer, now + timedelta(seconds=seconds))

    def find(self, query: Query) -> JsonObject | None:
        """The answer kept for a query, if there is one."""
        for owner in (query.person.id, None):
            kept = self._kept.get((query.text, query.offset, owner))
            if kept is not None and kept.until > self._clock():
                return kept.answer
        return None
