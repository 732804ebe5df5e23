"""Sending: what becomes of one call to Telegram when Telegram, or the way to it, refuses.

Telegram has no key that makes a call happen once. So a call is made again only when it surely
had no effect; when that cannot be known, it is left at that and the log says "uncertain".
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import httpx  # python-telegram-bot's own client, whose errors it hands on as causes
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LONGEST_WAIT = 300.0
_SLACK = 0.2
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_LOG = logging.getLogger(__name__)


class Delivery(StrEnum):
    """How a call ended."""

    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


class Watch(Protocol):
    """Who takes note of what a refusal says about a chat: `Presence`."""

    async def moved(self, old: int, new: int, chat_name: str) -> None:
        """A group has become a supergroup."""

    async def refused(self, chat_id: int, chat_name: str, error: TelegramError) -> bool:
        """Telegram refuses a call; returns whether it means that nobody can be reached in the chat."""


async def deliver(
    call: Callable[[int], Awaitable[object]], chat_id: int, chat_name: str, watch: Watch
) -> Delivery:
    """Make a call until it succeeded, may have succeeded, or is forbidden.

    Args:
        call: makes the call to the chat it is given; a group may have another id the second time.
        chat_id: the chat as it is known now.
        chat_name: what the log calls the chat.
        watch: is told that a chat has moved, or lets the bot write no more.

    Raises:
        TelegramError: Telegram refuses it for good, or could not be reached for a while.
    """
    failures = 0
    while True:
        try:
            await call(chat_id)
        except RetryAfter as error:
            await _wait_as_told(error, chat_name)
        except ChatMigrated as error:
            await watch.moved(chat_id, error.new_chat_id, chat_name)
            chat_id = error.new_chat_id
        except (
            Forbidden,
            BadRequest,
        ) as error:  # the library calls it a NetworkError; to try again is no use
            if await watch.refused(chat_id, chat_name, error):
                return Delivery.REFUSED
            raise
        except NetworkError as error:
            if not surely_unsent(error):
                _LOG.warning("%s: uncertain whether an answer arrived (%s)", chat_name, type(error).__name__)
                return Delivery.UNCERTAIN
            await _wait_after_failure(error, failures)
            failures += 1
        else:
            return Delivery.SENT


def seconds_told(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def _wait_as_told(error: RetryAfter, chat_name: str) -> None:
    seconds = seconds_told(error)
    if seconds > _LONGEST_WAIT:
        raise error
    _LOG.info("%s: told to wait %d s before sending", chat_name, seconds)
    await asyncio.sleep(seconds + _SLACK)


async def _wait_after_failure(error: NetworkError, failures: int) -> None:
    if failures == len(_PAUSES):
        raise error
    await asyncio.sleep(_PAUSES[failures])


def surely_unsent(error: NetworkError) -> bool:
    """Whether the call did not reach Telegram, or Telegram itself says that it failed (5xx)."""
    cause = error.__cause__
    return cause is None or isinstance(cause, (*_NEVER_LEFT, TelegramError))
