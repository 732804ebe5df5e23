"""Inline mode: a question after the bot's name in any chat, and excerpts to insert there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.context import has_words
from bot.inquiry import Inquiry
from bot.rendering.dates import View
from bot.rendering.inline import MOST_RESULTS, START, inline_notice, inline_results
from retrieval.operators import read_operators

if TYPE_CHECKING:
    from telegram import Bot, InlineQuery

    from bot.desk import Desk
    from bot.rendering.inline import InlineResult
    from retrieval.answer import Answer

# A reader who types the same again is not answered from an older corpus for long.
_CACHED_SECONDS = 30
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_LOG = logging.getLogger(__name__)


async def answer_inline(desk: Desk, query: InlineQuery, bot: Bot) -> None:
    """Answer an inline query; only who asked gets these results."""
    now = desk.clock()
    settings = await desk.chats.settings(query.from_user.id)
    words, zone = desk.words(settings, query.from_user.language_code), desk.zone_of(settings)
    reading = read_operators(query.query, now.astimezone(zone).date())
    answer: Answer | None = None
    results: tuple[InlineResult, ...] = ()
    if not reading.problems and has_words(reading.text):
        inquiry = Inquiry(
            reading.text, now.astimezone(zone), None, reading.scope, settings.order, excerpts=MOST_RESULTS
        )
        answer = await desk.answer(inquiry)
        results = inline_results(answer, words, View(now, zone))
    try:
        await bot.answer_inline_query(
            query.id,
            [_article(result) for result in results],
            cache_time=_CACHED_SECONDS,
            is_personal=True,
            button=InlineQueryResultsButton(
                inline_notice(answer, words, reading.problems), start_parameter=START
            ),
        )
    except BadRequest as error:
        # The reader has typed on since, or it waited for a restart; nobody looks at it any more.
        _LOG.info("an inline query was answered too late (%s)", error.message)


def _article(result: InlineResult) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        result.id,
        result.title,
        InputTextMessageContent(result.html, ParseMode.HTML, link_preview_options=_NO_PREVIEW),
        description=result.description,
    )
