"""What a reader thinks of an answer, and whether its question is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering import answer_in_place
from bot.handlers.subscribing import offer
from bot.rendering.button_data import Act
from bot.rendering.card_buttons import REASONS
from bot.rendering.follow import only_admins_follow
from bot.rendering.notices import EXPIRED, THANKS

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.button_data import Pressed
    from bot.reply import Reply
    from bot.talk import Talk


async def judge(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """👍 or 👎; pressed again, it is taken back. After 👎 the reasons are offered."""
    value = 1 if pressed.act is Act.UP else -1
    earlier = await desk.feedback.of(reply.key, talk.user_id)
    if earlier is not None and earlier.value == value:
        if await desk.feedback.take_back(reply.key, talk.user_id):
            await desk.figures.note_opinion(0, earlier)
        await talk.acknowledge()
    else:
        given = await desk.feedback.give(reply.key, talk.user_id, value)
        if given:
            await desk.figures.note_opinion(value, earlier)
        await talk.acknowledge(talk.words.gettext(THANKS if given else EXPIRED))
    asking = value < 0 and (earlier is None or earlier.value != value)
    if talk.is_private or asking:
        await answer_in_place(desk, talk, reply, reply.inquiry, pressed.place(0), asking_reason=asking)


async def give_reason(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """What is wrong with an answer."""
    reason = REASONS[min(pressed.place(0), len(REASONS) - 1)]
    earlier = await desk.feedback.of(reply.key, talk.user_id)
    given = await desk.feedback.give(reply.key, talk.user_id, -1, reason)
    if given:
        await desk.figures.note_opinion(-1, earlier)
    await talk.acknowledge(talk.words.gettext(THANKS if given else EXPIRED))
    await answer_in_place(desk, talk, reply, reply.inquiry, pressed.place(1))


async def follow(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """Follow a question: what it would have sent is shown first. Of one that is followed, its page."""
    del pressed
    if not await talk.is_administrator():
        await talk.acknowledge(only_admins_follow(talk.words), alert=True)
        return
    await talk.acknowledge()
    await offer(desk, talk, reply.inquiry)
