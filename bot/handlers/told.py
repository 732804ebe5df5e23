"""What can be done about a notification: read it again after reading on, and ask for all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering import answer_anew, answer_in_place
from bot.context import inquiry_of
from bot.notifications import Composer
from bot.rendering.notices import DEAD_BUTTON
from retrieval.answer import Order

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.reply import Reply
    from bot.talk import Talk


def composer_of(desk: Desk) -> Composer:
    """Who makes the notifications of a desk."""
    return Composer(
        store=desk.store,
        chats=desk.chats,
        replies=desk.replies,
        catalogues=desk.catalogues,
        zone=desk.zone,
        clock=desk.clock,
    )


async def show_told(desk: Desk, talk: Talk, reply: Reply) -> None:
    """The notification again in its message; where something of it is gone, what the news says today."""
    message = await composer_of(desk).again(reply)
    if message is None:
        await answer_in_place(desk, talk, reply, reply.inquiry)
    else:
        await talk.replace(message)


async def ask_followed(desk: Desk, talk: Talk, subscription_id: str) -> None:
    """What a subscription follows, asked now in a new message, the newest first."""
    subscription = await desk.subscriptions.get(talk.chat_id, subscription_id)
    if subscription is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    asked = inquiry_of("", desk, talk).asked
    excerpts = talk.settings.excerpts or desk.excerpts
    inquiry = replace(subscription.inquiry, asked=asked, excerpts=excerpts, order=Order.NEWEST)
    await answer_anew(desk, talk, inquiry, repeat_question=True)
