"""The alarm: administrators are told unasked when notifications do not get through."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.outbox import State
from bot.rendering.dates import View
from bot.rendering.outbox import render_alarm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from telegram import Bot

    from bot.backlog import Backlog, Overview
    from bot.chats import Chats
    from bot.locale.catalogue import Catalogues

PAUSE: Final = timedelta(hours=6)
"""Between two alarms to one administrator."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Looks into the outbox and raises the alarm.

    Attributes:
        backlog: what is looked into.
        bot: who tells.
        administrators: who is told, each in their private chat.
        chats: in which language and zone.
        catalogues: the words.
        zone: where "today" is for those who did not choose.
        limit: how long something may be overdue.
        clock: the time, aware.
    """

    backlog: Backlog
    bot: Bot
    administrators: frozenset[int]
    chats: Chats
    catalogues: Catalogues
    zone: ZoneInfo
    limit: timedelta
    clock: Callable[[], datetime]

    async def look(self) -> None:
        """Tell the administrators if anything is refused for good, stuck or overdue, now and then.

        Raises:
            DatabaseError: the outbox cannot be read.
        """
        overview = await self.backlog.overview()
        if not self._is_bad(overview):
            return
        _LOG.warning(
            "notifications need attention: %d refused for good, %d stuck, the oldest due at %s",
            overview.counts.get(State.DEAD, 0),
            overview.stuck,
            overview.oldest,
        )
        for administrator in sorted(self.administrators):
            if await self.backlog.may_alert(administrator, PAUSE):
                await self._tell(administrator, overview)

    def _is_bad(self, overview: Overview) -> bool:
        overdue = overview.oldest is not None and self.clock() - overview.oldest > self.limit
        return overdue or overview.stuck > 0 or overview.counts.get(State.DEAD, 0) > 0

    async def _tell(self, administrator: int, overview: Overview) -> None:
        settings = await self.chats.settings(administrator)
        zone = self.zone if settings.zone is None else ZoneInfo(settings.zone)
        message = render_alarm(
            overview, self.catalogues.speaking(settings.language), View(self.clock(), zone)
        )
        try:
            await self.bot.send_message(administrator, message.html, parse_mode=ParseMode.HTML)
        except TelegramError as error:
            _LOG.warning("an administrator could not be told of it (%s)", type(error).__name__)
