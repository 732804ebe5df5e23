"""What lies behind an answer: why its excerpts were found, and when the matter was reported."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.answering import send_kept, where
from bot.context import understood
from bot.handlers.addressing import command_argument
from bot.inquiry import Inquiry
from bot.rendering.timeline import render_timeline
from bot.rendering.why import render_why

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.button_data import Pressed
    from bot.rendering.message import Message
    from bot.reply import Reply
    from bot.talk import Talk


async def explain(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """How the question was understood, and what counted for each excerpt that is shown."""
    await talk.acknowledge()
    await talk.replace(await asyncio.to_thread(_why, desk, talk, reply, pressed.place(0)))


async def show_timeline(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """The same results, day by day, in the place of the answer."""
    await talk.acknowledge()
    found = await asyncio.to_thread(desk.answerer.timeline, reply.inquiry.question)
    offset, first = pressed.place(0), pressed.place(1)
    await talk.replace(render_timeline(found, first, reply.key, offset, talk.words))


async def timeline(desk: Desk, talk: Talk) -> None:
    """`/timeline question`: when a matter was reported; without a question, that of the last answer."""
    message = talk.update.message
    if message is None:
        return
    said = command_argument(message)
    earlier = None if said else await desk.replies.latest(talk.chat_id, talk.thread_id, talk.user_id)
    asked = earlier.inquiry if earlier is not None else await understood(said, message, desk, talk)
    if isinstance(asked, Inquiry):
        await _reply_with_timeline(desk, talk, asked)
    else:
        await talk.reply(asked)


async def _reply_with_timeline(desk: Desk, talk: Talk, inquiry: Inquiry) -> None:
    async with talk.typing():
        answer = await desk.answer(inquiry)
        found = await asyncio.to_thread(desk.answerer.timeline, inquiry.question)
    key = await desk.replies.keep(where(talk), inquiry, (), answer.verdict, answer.confidence)
    await send_kept(desk, talk, key, render_timeline(found, 0, key, 0, talk.words))


def _why(desk: Desk, talk: Talk, reply: Reply, offset: int) -> Message:
    ranking = desk.answerer.rank(reply.inquiry.question)
    ranked = {each.candidate.passage_id: each for each in ranking.ranked if each.features}
    explained = [
        (found.candidate.record().citation, desk.answerer.explain(ranking, found))
        for each in reply.page(offset)
        if (found := ranked.get(each.passage_id)) is not None
    ]
    return render_why(ranking.query, explained, reply.key, offset, talk.words, talk.view)
