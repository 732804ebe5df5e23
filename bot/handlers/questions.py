"""Questions: plain messages, `/ask`, and the buttons with examples."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from bot.handlers.addressing import command_argument, said_to_bot
from bot.rendering.answers import render_answer
from bot.rendering.notices import (
    render_how_to_ask,
    render_outdated_example,
    render_question_too_long,
    render_text_only,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk import Desk
    from bot.talk import Talk

LONGEST_QUESTION = 1000

_LOG = logging.getLogger(__name__)


async def ask(desk: Desk, talk: Talk) -> None:
    """`/ask question`, in any chat."""
    message = talk.update.message
    if message is not None:
        await _reply_to(command_argument(message), desk, talk)


async def listen(desk: Desk, talk: Talk) -> None:
    """A message that is no command: a question, if it speaks to the bot."""
    message = talk.update.message
    said = said_to_bot(message, talk.bot.bot) if message is not None else None
    if message is None or said is None:
        return
    if message.text is None:
        spoken = bool(message.voice or message.audio or message.video_note)
        await talk.reply(render_text_only(talk.words, spoken=spoken))
    else:
        await _reply_to(said, desk, talk)


async def ask_example(desk: Desk, talk: Talk, key: str) -> None:
    """A pressed button with an example question."""
    await talk.acknowledge()
    question = await desk.examples.question(key)
    if question is None:
        await talk.reply(render_outdated_example(talk.words))
    else:
        await _answer(question, desk.clock(), desk, talk, repeat_question=True)


async def _reply_to(said: str, desk: Desk, talk: Talk) -> None:
    if len(said) > LONGEST_QUESTION:
        await talk.reply(render_question_too_long(LONGEST_QUESTION, talk.words))
    elif not any(character.isalnum() for character in said):
        examples = await desk.examples.offered(talk.words.language)
        await talk.reply(render_how_to_ask(examples, talk.words))
    else:
        await _answer(said, talk.asked, desk, talk)


async def _answer(
    question: str, asked: datetime, desk: Desk, talk: Talk, *, repeat_question: bool = False
) -> None:
    began = time.perf_counter()
    async with talk.typing():
        answer = await desk.answer(question, asked)
    found = time.perf_counter()
    delivery = await talk.reply(render_answer(answer, talk.words, repeat_question=repeat_question))
    _LOG.info(
        "%s: %s with %d excerpts, found in %d ms, %s after %d ms more",
        talk.name,
        answer.verdict,
        len(answer.excerpts),
        (found - began) * 1000,
        delivery,
        (time.perf_counter() - found) * 1000,
    )
