"""Queries that wait for the bot's answer: pressed buttons and inline questions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.local.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.local.people import Person
    from bot.local.wire import JsonObject

LIFETIME: Final = timedelta(seconds=30)
_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Query:
    """One query. `answer` is None until the bot answers it; an inline question has a text and an offset."""

    id: str
    person: Person
    chat_id: int
    message_id: int | None
    asked: datetime
    answer: JsonObject | None = None
    text: str = ""
    offset: str = ""


class Queries:
    """The queries of one kind, by id. A query can be answered once, and not for long."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._open: dict[str, Query] = {}

    def ask(
        self, person: Person, chat_id: int, message_id: int | None = None, *, text: str = "", offset: str = ""
    ) -> Query:
        """Open a query."""
        now = self._clock()
        self._open = {key: query for key, query in self._open.items() if now - query.asked <= LIFETIME}
        query = Query(
            str(secrets.randbelow(2**62) + 2**61), person, chat_id, message_id, now, None, text, offset
        )
        self._open[query.id] = query
        return query

    def check(self, query_id: str) -> Query:
        """The query a bot may still answer.

        Raises:
            Refusal: there is none, or not any more.
        """
        query = self._open.get(query_id)
        if query is None or self._clock() - query.asked > LIFETIME:
            refuse(_TOO_OLD)
        return query

    def answer(self, query_id: str, answer: JsonObject) -> Query:
        """Answer a query.

        Raises:
            Refusal: there is none, or not any more.
        """
        query = self.check(query_id)
        query.answer = answer
        del self._open[query_id]
        return query
