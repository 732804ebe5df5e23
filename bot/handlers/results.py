"""The buttons under an answer that show other results: pages, orders, what was assumed, other terms."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering import answer_anew, answer_in_place
from bot.context import inquiry_of
from bot.handlers.told import show_told
from bot.rendering.card_buttons import mark_of
from bot.rendering.notices import DEAD_BUTTON
from bot.reply import ReplyKind
from retrieval.answer import Order

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.button_data import Pressed
    from bot.reply import Reply
    from bot.talk import Talk


async def turn_page(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """Another page of the same results, or the answer again after looking at something else."""
    await talk.acknowledge()
    if reply.kind is ReplyKind.TOLD:
        await show_told(desk, talk, reply)
        return
    await answer_in_place(desk, talk, reply, reply.inquiry, pressed.place(0))


async def change_order(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """Best first, or newest first."""
    await talk.acknowledge()
    order = Order.NEWEST if pressed.place(0) else Order.BEST
    await answer_in_place(desk, talk, reply, replace(reply.inquiry, order=order))


async def take_back(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """A pressed chip: the question without what it says was assumed."""
    chip, count = pressed.place(0), pressed.place(1)
    if count != len(reply.inquiry.chips()) or chip >= count:
        # Another press was faster; what this one meant is no longer told by its number.
        await talk.acknowledge()
        await answer_in_place(desk, talk, reply, reply.inquiry)
        return
    await talk.acknowledge()
    await answer_in_place(desk, talk, reply, reply.inquiry.without(chip))


async def take_term(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """A pressed suggestion: the question with the term that the news has."""
    found = await asyncio.to_thread(desk.answerer.suggestions, reply.inquiry.question)
    meant = next((each for each in found if mark_of(each) == pressed.place(1)), None)
    if meant is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    await answer_in_place(desk, talk, reply, replace(reply.inquiry, said=meant.text))


async def ask_again(desk: Desk, talk: Talk, reply: Reply) -> None:
    """The question of an earlier answer, asked anew and from today."""
    inquiry = replace(
        reply.inquiry,
        asked=inquiry_of("", desk, talk).asked,
        excerpts=talk.settings.excerpts or desk.excerpts,
    )
    await answer_anew(desk, talk, inquiry, repeat_question=True)
