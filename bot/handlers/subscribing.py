"""Following a question: what it would have sent is shown first, and saved when the reader says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering import send_kept, where
from bot.context import LONGEST_QUESTION, has_words, inquiry_of, replied_to
from bot.errors import TooManySubscriptions
from bot.handlers.addressing import command_argument
from bot.inquiry import Inquiry
from bot.rendering.draft import MOST_SHOWN, render_draft, render_how_to_subscribe, render_not_saved
from bot.rendering.follow import (
    already_followed,
    nothing_to_match,
    only_admins_follow,
    render_notice,
    too_long,
    too_many,
)
from bot.rendering.notices import DEAD_BUTTON, EXPIRED, render_operator_problems
from bot.rendering.plans import render_hours, render_when
from bot.rendering.subscription_data import Act, Plan, Pressed, data
from bot.rendering.subscriptions import render_subscription
from bot.reply import Origin, ReplyKind
from retrieval.answer import Verdict
from retrieval.operators import read_operators

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.reply import Reply
    from bot.talk import Talk


async def subscribe(desk: Desk, talk: Talk) -> None:
    """`/subscribe words…`; in reply to an answer, what that answers."""
    message = talk.update.message
    if message is None:
        return
    if not await talk.is_administrator():
        await talk.reply(render_notice(only_admins_follow(talk.words)))
        return
    said = command_argument(message)
    answered = None if said else await replied_to(message, desk, talk)
    if answered is not None:
        await offer(desk, talk, answered.inquiry)
    elif not said:
        found = await desk.subjects.found()
        await talk.reply(render_how_to_subscribe(found.examples.term, talk.words))
    else:
        meant = read_words(said, desk, talk)
        await (offer(desk, talk, meant) if isinstance(meant, Inquiry) else talk.reply(meant))


def read_words(said: str, desk: Desk, talk: Talk) -> Inquiry | Message:
    """The question to follow that somebody writes, or what to say where it is none."""
    if len(said) > LONGEST_QUESTION:
        return render_notice(too_long(LONGEST_QUESTION, talk.words))
    reading = read_operators(said, talk.asked.astimezone(talk.zone).date())
    if reading.problems:
        return render_operator_problems(reading.problems, talk.words)
    inquiry = replace(inquiry_of(reading.text, desk, talk), scope=reading.scope).lasting
    return inquiry if can_match(inquiry) else render_notice(nothing_to_match(talk.words))


def can_match(inquiry: Inquiry) -> bool:
    """Whether a question says anything that a passage could have."""
    asked = (inquiry.said, inquiry.context or "", *inquiry.scope.phrases)
    return any(map(has_words, asked))


async def offer(desk: Desk, talk: Talk, inquiry: Inquiry) -> None:
    """Show what following a question would have brought; that which is followed already, as it is."""
    inquiry = inquiry.lasting
    if not can_match(inquiry):
        await talk.reply(render_notice(nothing_to_match(talk.words)))
        return
    known = await desk.subscriptions.of(talk.chat_id, inquiry)
    if known is not None:
        above = already_followed(talk.words)
        paused = talk.settings.paused
        await talk.reply(render_subscription(known, talk.words, talk.view, above=above, paused=paused))
        return
    # It is kept as what a link opens: no question of the reader's history, and none to ask on from.
    here = replace(where(talk), question_message_id=None)
    origin = Origin(ReplyKind.OPENED)
    async with talk.typing():
        key = await desk.replies.keep(here, inquiry, (), Verdict.RELATED, 0.0, origin)
        message = await _draft(desk, talk, inquiry, key, Plan())
    await send_kept(desk, talk, key, message)


async def press_draft(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    """A pressed button of a draft."""
    reply = await desk.replies.get(pressed.key)
    if pressed.act is Act.CANCEL:
        await talk.acknowledge()
        await talk.replace(render_not_saved(talk.words))
    elif reply is None or reply.chat_id != talk.chat_id:
        await talk.acknowledge(talk.words.gettext(EXPIRED), alert=True)
    elif pressed.plan is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.SAVE:
        await _save(desk, talk, reply, pressed.plan)
    else:
        await talk.acknowledge()
        await talk.replace(await draft_screen(desk, talk, reply, pressed.act, pressed.plan))


async def draft_screen(desk: Desk, talk: Talk, reply: Reply, act: Act, plan: Plan) -> Message:
    """A screen of a draft: the draft itself, when to be told, or at which hour."""
    key = reply.key
    if act is Act.DRAFT_WHEN:
        hours, back = data(Act.DRAFT_HOURS, key, plan), data(Act.DRAFT, key, plan)
        return render_when(
            plan, lambda other: data(Act.DRAFT_WHEN, key, other), hours, back, talk.words, talk.view
        )
    if act is Act.DRAFT_HOURS:
        back = data(Act.DRAFT_WHEN, key, plan)
        return render_hours(plan, lambda other: data(Act.DRAFT_WHEN, key, other), back, talk.words, talk.view)
    return await _draft(desk, talk, reply.inquiry, key, plan)


async def _draft(desk: Desk, talk: Talk, inquiry: Inquiry, key: str, plan: Plan) -> Message:
    found = await asyncio.to_thread(
        desk.percolator.preview, inquiry.question, plan.breadth, talk.now, MOST_SHOWN
    )
    return render_draft(inquiry, key, plan, found, talk.words, talk.view)


async def _save(desk: Desk, talk: Talk, reply: Reply, plan: Plan) -> None:
    known = await desk.subscriptions.of(talk.chat_id, reply.inquiry)
    if known is None:
        try:
            known = await desk.subscriptions.add(
                where(talk),
                reply.inquiry,
                breadth=plan.breadth,
                schedule=plan.schedule,
                silent=plan.silent,
                seen=await desk.store.published(),
            )
        except TooManySubscriptions as error:
            await talk.acknowledge(too_many(error.most, talk.words), alert=True)
            return
        above = talk.words.gettext("✅ Followed from now on:")
    else:
        above = already_followed(talk.words)
    await talk.acknowledge()
    paused = talk.settings.paused
    await talk.replace(render_subscription(known, talk.words, talk.view, above=above, paused=paused))
