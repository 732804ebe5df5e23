"""Rescheduling: what waits for a chat is due at another time when its wishes change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, update

from bot.chats import ChatSettings, load_settings
from bot.outbox import Kind, State, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Rescheduling:
    """Changes the times in the outbox of one bot, in a transaction of whoever changes the wishes.

    What was tried before waits for Telegram, and what a chat that is away is to be told waits for
    the chat; neither is hurried. `zone` is that of chats that have chosen none.
    """

    bot_id: int
    zone: ZoneInfo

    def news(
        self, connection: Connection, chat_id: int, subscriptions: Iterable[Subscription], now: datetime
    ) -> None:
        """Give the news that wait of some subscriptions of a chat the time they are due from now on."""
        settings = self._settings(connection, chat_id)
        if settings.inactive_since is not None:
            return
        waits = self._untried(chat_id)
        for each in subscriptions:
            due = each.schedule.next_due(now, self._zone_of(settings), settings.quiet)
            mine = outbox.c.subscription_id == each.id
            digest = each.schedule.is_digest
            connection.execute(update(outbox).where(waits, mine).values(due=due, digest=digest))

    def corrections(self, connection: Connection, chat_id: int, now: datetime) -> None:
        """Let a chat have the corrections that wait as soon as its quiet hours let it."""
        settings = self._settings(connection, chat_id)
        if settings.inactive_since is not None:
            return
        quiet = settings.quiet
        ends = quiet.ends_after(now, self._zone_of(settings)) if quiet is not None else None
        corrections = and_(self._untried(chat_id), outbox.c.kind == Kind.CORRECTION.value)
        connection.execute(update(outbox).where(corrections).values(due=ends or now))

    def _settings(self, connection: Connection, chat_id: int) -> ChatSettings:
        return load_settings(connection, self.bot_id, [chat_id]).get(chat_id, ChatSettings())

    def _zone_of(self, settings: ChatSettings) -> ZoneInfo:
        return ZoneInfo(settings.zone) if settings.zone else self.zone

    def _untried(self, chat_id: int) -> ColumnElement[bool]:
        return and_(waiting_in(self.bot_id, chat_id), outbox.c.attempts == 0)


def waiting_in(bot_id: int, chat_id: int) -> ColumnElement[bool]:
    """What a chat is to be told and nobody has begun to tell."""
    mine = and_(outbox.c.bot_id == bot_id, outbox.c.chat_id == chat_id)
    return and_(mine, outbox.c.state == State.PENDING.value)
