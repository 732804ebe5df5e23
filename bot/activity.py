"""The sign "typing…", shown in a chat while the bot works on an answer."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram.constants import ChatAction
from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

# Telegram shows it for five seconds, or until a message comes.
_EVERY = 4.0
_LAST_CALL = 1.0

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def typing(bot: Bot, chat_id: int, thread_id: int | None) -> AsyncIterator[None]:
    """Show "typing" at once and until the block ends. That it cannot be shown is no failure."""
    done = asyncio.Event()
    shown = asyncio.create_task(_show(bot, chat_id, thread_id, done))
    try:
        yield
    finally:
        done.set()
        # A call under way ends first: arriving after the answer, it would show "typing" for nothing.
        await asyncio.wait([shown], timeout=_LAST_CALL)
        shown.cancel()


async def _show(bot: Bot, chat_id: int, thread_id: int | None, done: asyncio.Event) -> None:
    while not done.is_set():
        try:
            await bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id)
        except TelegramError as error:
            _LOG.debug("typing could not be shown: %s", type(error).__name__)
            return
        try:
            await asyncio.wait_for(done.wait(), _EVERY)
        except TimeoutError:
            continue
