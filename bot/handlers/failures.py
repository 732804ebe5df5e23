"""When a handler fails: the reader gets an apology with a code, the log what happened under it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import InlineQueryResultsButton
from telegram.error import TelegramError

from bot.incidents import record_incident
from bot.rendering.inline import START as INLINE_START
from bot.rendering.notices import inline_apology, render_apology, render_crowded

if TYPE_CHECKING:
    from telegram import Bot, InlineQuery

    from bot.locale.catalogue import Words
    from bot.talk import Talk

_LOG = logging.getLogger(__name__)


class NeverFinishedError(Exception):
    """An update was begun several times, and each time the process ended before it was handled."""


def record(error: BaseException) -> None:
    """Record an error that has no reader."""
    record_incident(error, "an update could not be handled")


async def apologise(error: BaseException, talk: Talk) -> None:
    """Record an error and tell the reader its code. That this cannot be sent is logged, not raised."""
    what = "a pressed button" if talk.update.callback_query is not None else "a message"
    code = record_incident(error, f"{what} could not be handled ({talk.name})")
    await talk.acknowledge()
    try:
        await talk.reply(render_apology(code, talk.words))
    except TelegramError as second:
        _LOG.warning("the apology for incident %s could not be sent (%s)", code, type(second).__name__)


async def apologise_inline(error: BaseException, query: InlineQuery, words: Words, bot: Bot) -> None:
    """Record an error and show its code above the results that did not come."""
    code = record_incident(error, "an inline query could not be handled")
    button = InlineQueryResultsButton(inline_apology(code, words), start_parameter=INLINE_START)
    try:
        await bot.answer_inline_query(query.id, [], cache_time=0, is_personal=True, button=button)
    except TelegramError as second:
        _LOG.warning("the apology for incident %s could not be shown (%s)", code, type(second).__name__)


async def give_up(talk: Talk) -> None:
    """An update that ended the process each time it was handled is not begun again."""
    await apologise(NeverFinishedError(), talk)


async def turn_away(most: int, talk: Talk) -> None:
    """A chat asks faster than it can be answered."""
    await talk.acknowledge()
    try:
        await talk.reply(render_crowded(most, talk.words))
    except TelegramError as error:
        _LOG.warning("%s: could not be told to slow down (%s)", talk.name, type(error).__name__)
