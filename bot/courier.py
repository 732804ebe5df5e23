"""The courier: what delivers the outbox of a running bot, put together of its parts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.alarm import Alarm
from bot.backlog import Backlog
from bot.claims import Claims
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.handlers.told import composer_of
from bot.token_bucket import TokenBuckets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Connection
    from telegram import Bot

    from bot.desk import Desk
    from bot.fanout import Fanout
    from bot.outbox import Batch
    from bot.settings import Settings
    from corpus.store import CorpusStore


def open_courier(bot: Bot, desk: Desk, settings: Settings, fanout: Fanout) -> Delivery:
    """Make what delivers, at the pace of this process. Nothing is sent before it runs.

    Args:
        bot: who sends.
        desk: the parts of the bot.
        settings: who is told when notifications do not get through, and when.
        fanout: who finds what was followed while news were loaded, perhaps by another process.
    """
    # The data folder's own name: no other process has it, and the next run of this one does.
    claimant = desk.names.of(desk.chats.bot_id)
    claims = Claims(desk.outbox, claimant, delivered=_delivered(desk))
    buckets = TokenBuckets(asyncio.get_running_loop().time)
    dispatch = Dispatch(
        claims=claims,
        bot=bot,
        composer=composer_of(desk),
        replies=desk.replies,
        watch=desk.presence,
        buckets=buckets,
        names=desk.names,
        clock=desk.clock,
        quiet_until=_quiet_until(desk),
    )
    alarm = Alarm(
        backlog=Backlog(desk.outbox),
        bot=bot,
        administrators=frozenset(settings.admins),
        chats=desk.chats,
        catalogues=desk.catalogues,
        zone=desk.zone,
        limit=timedelta(minutes=settings.outbox_alert_minutes),
        clock=desk.clock,
    )
    return Delivery(claims, dispatch, buckets, chore=rounds(alarm, fanout, desk.store))


def rounds(alarm: Alarm, fanout: Fanout, store: CorpusStore) -> Callable[[], Awaitable[None]]:
    """What is looked after once a minute: that things get through, and that nobody is left out."""

    async def round_() -> None:
        await alarm.look()
        await fanout.catch_up(store)

    return round_


def _delivered(desk: Desk) -> Callable[[Connection, Iterable[str], datetime], None]:
    def delivered(connection: Connection, ids: Iterable[str], moment: datetime) -> None:
        """Note what was sent with the subscriptions and in the figures of the day."""
        told = tuple(ids)
        desk.subscriptions.note_delivered(connection, told, moment)
        desk.figures.note_delivered(connection, len(told))

    return delivered


def _quiet_until(desk: Desk) -> Callable[[Batch], Awaitable[datetime | None]]:
    async def quiet_until(batch: Batch) -> datetime | None:
        """When a chat may be told what fell due, if it has quiet hours now."""
        chat = await desk.chats.settings(batch.chat_id)
        return None if chat.quiet is None else chat.quiet.ends_after(desk.clock(), desk.zone_of(chat))

    return quiet_until
