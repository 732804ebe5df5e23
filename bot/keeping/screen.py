"""The screen: one message of the bot's that shows how far something is, edited now and then."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.incidents import record_incident
from bot.keyboard import inline_keyboard
from bot.pace import Pacer
from bot.sending import seconds_told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.pace import Pace
    from bot.rendering.message import Message
    from bot.talk import Talk
    from corpus.load_report import Progress

PAUSE: Final = 3.0
"""Seconds between two edits, at least. Telegram lets a group have 20 messages and edits a minute."""

_SLACK: Final = 0.2
_LOG = logging.getLogger(__name__)


class Screen:
    """Shows how far something is, and at last what came of it.

    What is edited too often is lost by Telegram's limits, and so is what is edited in vain, so a
    pace is shown when its time has come, the newest alone, and only if it looks different.

    Args:
        talk: the chat.
        message_id: the message.
        render: makes the message for a pace.
        pause: seconds between two edits, at least.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        talk: Talk,
        message_id: int,
        render: Callable[[Pace], Message],
        *,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._talk = talk
        self._message_id = message_id
        self._render = render
        self._pause = pause
        self._clock = clock
        self._pacer = Pacer(clock)
        self._pace: Pace | None = None
        self._news = asyncio.Event()
        self._shown = ""
        self._edited: float | None = None

    def tell(self, progress: Progress) -> None:
        """Take what the loader reports."""
        self._pace = self._pacer(progress)
        self._news.set()

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Edit the message while the block runs."""
        editing = asyncio.create_task(self._keep_editing())
        try:
            yield
        finally:
            editing.cancel()
            await asyncio.wait([editing])
            if not editing.cancelled() and (error := editing.exception()) is not None:
                record_incident(error, f"a message no longer showed how far a load is ({self._talk.name})")

    async def end(self, message: Message, *, at_once: bool = False) -> None:
        """Put the last word in the place of the pace, or send it where that cannot be.

        Args:
            message: the last word.
            at_once: whether there is no time to let the pause pass.
        """
        if self._edited is not None and not at_once:
            await asyncio.sleep(max(0.0, self._edited + self._pause - self._clock()))
        await self._talk.replace(message, self._message_id)

    async def _keep_editing(self) -> None:
        wait = self._pause  # what is done sooner needs no pace
        while True:
            await asyncio.sleep(wait)
            await self._news.wait()
            self._news.clear()
            if self._pace is not None:
                wait = max(self._pause, await self._edit(self._render(self._pace)))

    async def _edit(self, message: Message) -> float:
        """Change the message; returns the seconds for which Telegram wants to hear nothing more."""
        if message.html == self._shown:
            return 0.0
        self._edited = self._clock()
        try:
            await self._talk.bot.edit_message_text(
                message.html,
                self._talk.chat_id,
                self._message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=inline_keyboard(message),
            )
        except RetryAfter as error:
            self._news.set()  # it is still to be shown
            return seconds_told(error) + _SLACK
        except BadRequest as error:
            _LOG.debug("%s: a progress message cannot be changed (%s)", self._talk.name, error.message)
        except TelegramError as error:
            # The next edit says more than this one would have.
            _LOG.info("%s: a progress message was not changed (%s)", self._talk.name, type(error).__name__)
            return 0.0
        self._shown = message.html
        return 0.0
