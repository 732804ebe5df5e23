"""`/subscriptions`: what a chat follows, to be changed by buttons; in a group by its administrators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage

from bot.errors import TooManySubscriptions
from bot.handlers.subscribing import press_draft
from bot.handlers.subscription_files import export_subscriptions
from bot.rendering.follow import only_admins_follow, paused, too_many
from bot.rendering.notices import DEAD_BUTTON, EXPIRED
from bot.rendering.plans import render_hours, render_when
from bot.rendering.subscription_data import PREFIX, Act, Plan, data, parse
from bot.rendering.subscriptions import (
    PAGE,
    Listing,
    plan_of,
    render_deleted,
    render_gone,
    render_name_prompt,
    render_subscription,
    render_subscriptions,
    render_words_prompt,
    title_of,
)
from bot.reply import Origin, ReplyKind, Where
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.rendering.subscription_data import Pressed
    from bot.subscription import Subscription
    from bot.talk import Talk

_DRAFT = frozenset({Act.DRAFT, Act.DRAFT_WHEN, Act.DRAFT_HOURS, Act.SAVE, Act.CANCEL})


async def subscriptions(desk: Desk, talk: Talk) -> None:
    """`/subscriptions`: the first page."""
    await talk.reply(await listed(desk, talk, 0, may_change=await talk.is_administrator()))


async def press_subscription(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about subscriptions."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif not await talk.is_administrator():
        await talk.acknowledge(only_admins_follow(talk.words), alert=True)
    elif pressed.act in _DRAFT:
        await press_draft(desk, talk, pressed)
    elif pressed.act in _OF_THE_CHAT:
        await _OF_THE_CHAT[pressed.act](desk, talk, pressed)
    else:
        await _press_of_one(desk, talk, pressed)


async def listed(desk: Desk, talk: Talk, offset: int, *, may_change: bool = True) -> Message:
    """A page of what the chat follows; the last one if there is none so far back."""
    found = await desk.subscriptions.of_chat(talk.chat_id)
    offset = max(0, min(offset, (len(found) - 1) // PAGE * PAGE))
    listing = Listing(
        found[offset : offset + PAGE],
        offset,
        len(found),
        desk.subscriptions.limit,
        paused=talk.settings.paused,
        may_change=may_change,
    )
    return render_subscriptions(listing, talk.words, talk.view)


def page_of(talk: Talk, subscription: Subscription, above: str = "") -> Message:
    """The page of a subscription, below what was just done."""
    paused_here = talk.settings.paused
    return render_subscription(subscription, talk.words, talk.view, above=above, paused=paused_here)


async def go_on(desk: Desk, talk: Talk, id_: str) -> Subscription | None:
    """End the pause of a subscription; what was published meanwhile is no news to it."""
    return await desk.subscriptions.change(talk.chat_id, id_, paused=False, seen=await desk.store.published())


async def all_paused(desk: Desk, talk: Talk, *, pause: bool) -> Talk:
    """Pause everything in the chat, or go on; returns the talk with what is set then."""
    chosen = await desk.chats.change(talk.chat_id, paused=pause or None)
    return replace(talk, settings=chosen)


async def deleted(desk: Desk, talk: Talk, subscription: Subscription) -> Message:
    """Follow something no more, and offer to bring it back.

    The question is kept as a reply is, and the message says the name: that is all an undo needs.
    """
    here = Where(talk.chat_id, subscription.thread_id, subscription.user_id, None, subscription.locale)
    key = await desk.replies.keep(
        here, subscription.inquiry, (), Verdict.RELATED, 0.0, Origin(ReplyKind.OPENED)
    )
    await desk.subscriptions.remove(talk.chat_id, subscription.id)
    act = Act.UNDO if subscription.topic is None else Act.UNDO_TOPIC
    return render_deleted(subscription, data(act, key, plan_of(subscription)), talk.words)


async def _press_of_one(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    subscription = await desk.subscriptions.get(talk.chat_id, pressed.key)
    if subscription is not None:
        await _OF_ONE[pressed.act](desk, talk, subscription, pressed)
    elif pressed.act in _UNDER_NEWS:
        await talk.acknowledge(talk.words.gettext("This is not followed any more."))
    else:
        await talk.acknowledge()
        await talk.replace(render_gone(talk.words))


async def _show(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del desk, pressed
    await talk.acknowledge()
    await talk.replace(page_of(talk, subscription))


async def _change(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    await talk.acknowledge()
    changed = await _planned(desk, talk, subscription, pressed.plan)
    await talk.replace(render_gone(talk.words) if changed is None else page_of(talk, changed))


async def _choose_when(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    await talk.acknowledge()
    changed = await _planned(desk, talk, subscription, pressed.plan)
    await talk.replace(
        render_gone(talk.words) if changed is None else when_screen(talk, changed, pressed.plan)
    )


async def _choose_hour(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del desk, pressed
    await talk.acknowledge()
    id_ = subscription.id

    def carry(plan: Plan) -> str:
        return data(Act.WHEN, id_, plan)

    back = data(Act.WHEN, id_)
    await talk.replace(render_hours(plan_of(subscription), carry, back, talk.words, talk.view))


def when_screen(talk: Talk, subscription: Subscription, chosen: Plan | None = None) -> Message:
    """When to be told of a subscription, to be chosen; a time that its cadence does not need is kept."""
    id_ = subscription.id

    def carry(plan: Plan) -> str:
        return data(Act.WHEN, id_, plan)

    plan = chosen or plan_of(subscription)
    return render_when(plan, carry, data(Act.HOURS, id_), data(Act.SHOW, id_), talk.words, talk.view)


async def _pause(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del pressed
    await talk.acknowledge()
    changed = await desk.subscriptions.change(talk.chat_id, subscription.id, paused=True)
    await talk.replace(render_gone(talk.words) if changed is None else page_of(talk, changed))


async def _resume(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del pressed
    await talk.acknowledge()
    changed = await go_on(desk, talk, subscription.id)
    await talk.replace(render_gone(talk.words) if changed is None else page_of(talk, changed))


async def _ask_for_words(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del desk, pressed
    await talk.acknowledge()
    await talk.replace(render_words_prompt(subscription, talk.words))


async def _ask_for_name(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del desk, pressed
    await talk.acknowledge()
    await talk.replace(render_name_prompt(subscription, talk.words))


async def _delete(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del pressed
    await talk.acknowledge()
    await talk.replace(await deleted(desk, talk, subscription))


async def _manage(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    """From under what was sent, which stays."""
    del desk, pressed
    await talk.acknowledge()
    await talk.reply(page_of(talk, subscription))


async def _quiet(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del pressed
    await desk.subscriptions.change(talk.chat_id, subscription.id, paused=True)
    await talk.acknowledge(paused(talk.words), alert=True)


async def _stop(desk: Desk, talk: Talk, subscription: Subscription, pressed: Pressed) -> None:
    del pressed
    await talk.acknowledge()
    await talk.reply(await deleted(desk, talk, subscription))


async def _planned(
    desk: Desk, talk: Talk, subscription: Subscription, plan: Plan | None
) -> Subscription | None:
    """The subscription as a plan wants it; as it is if there is none."""
    if plan is None:
        return subscription
    return await desk.subscriptions.change(
        talk.chat_id,
        subscription.id,
        breadth=plan.breadth,
        schedule=plan.schedule,
        silent=plan.silent,
    )


async def _list(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    await talk.acknowledge()
    offset = int(pressed.key) if pressed.key.isdigit() else 0
    await talk.replace(await listed(desk, talk, offset))


async def _overview(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    """From under what was sent, which stays."""
    del pressed
    await talk.acknowledge()
    await talk.reply(await listed(desk, talk, 0))


async def _pause_all(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    await talk.acknowledge()
    talk = await all_paused(desk, talk, pause=pressed.key == "1")
    await talk.replace(await listed(desk, talk, 0))


async def _export(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    del pressed
    await talk.acknowledge()
    await export_subscriptions(desk, talk)


async def _undo(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    """What was deleted is followed again, by what its message and the reply it kept still know."""
    reply = await desk.replies.get(pressed.key)
    if reply is None or reply.chat_id != talk.chat_id or pressed.plan is None:
        await talk.acknowledge(talk.words.gettext(EXPIRED), alert=True)
        return
    plan, topic = pressed.plan, None
    if pressed.act is Act.UNDO_TOPIC:
        topic = reply.inquiry.said
    try:
        subscription = await desk.subscriptions.add(
            reply.where,
            reply.inquiry,
            topic=topic,
            breadth=plan.breadth,
            schedule=plan.schedule,
            silent=plan.silent,
            seen=await desk.store.published(),
        )
    except TooManySubscriptions as error:
        await talk.acknowledge(too_many(error.most, talk.words), alert=True)
        return
    named = _bold_in(talk)
    if named is not None and named != title_of(subscription, talk.words):
        changed = await desk.subscriptions.change(talk.chat_id, subscription.id, name=named)
        subscription = changed or subscription
    await talk.acknowledge()
    await talk.replace(page_of(talk, subscription))


def _bold_in(talk: Talk) -> str | None:
    """What stands in bold in the message whose button was pressed, as long as Telegram still shows it."""
    query = talk.update.callback_query
    message = query.message if query is not None else None
    if not isinstance(message, TelegramMessage):
        return None
    return next(iter(message.parse_entities(["bold"]).values()), None)


_OF_THE_CHAT: Mapping[Act, Callable[[Desk, Talk, Pressed], Awaitable[None]]] = {
    Act.LIST: _list,
    Act.OVERVIEW: _overview,
    Act.ALL: _pause_all,
    Act.EXPORT: _export,
    Act.UNDO: _undo,
    Act.UNDO_TOPIC: _undo,
}
_OF_ONE: Mapping[Act, Callable[[Desk, Talk, Subscription, Pressed], Awaitable[None]]] = {
    Act.SHOW: _show,
    Act.LEAVE_WORDS: _show,
    Act.LEAVE_NAME: _show,
    Act.CHANGE: _change,
    Act.WHEN: _choose_when,
    Act.HOURS: _choose_hour,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.WORDS: _ask_for_words,
    Act.NAME: _ask_for_name,
    Act.DELETE: _delete,
    Act.MANAGE: _manage,
    Act.QUIET: _quiet,
    Act.STOP: _stop,
}
_UNDER_NEWS = frozenset({Act.MANAGE, Act.QUIET, Act.STOP})
