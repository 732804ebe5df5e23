"""What is written in reply to a message about a subscription, or to something that was sent for it.

Nothing is kept of what the bot waits for: the message that is replied to says it by its buttons.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.errors import AlreadySubscribed
from bot.handlers.subscribing import draft_screen, read_words
from bot.handlers.subscriptions import all_paused, deleted, go_on, listed, page_of
from bot.inquiry import Inquiry
from bot.rendering.deep_link import render_expired
from bot.rendering.follow import already_followed, only_admins_follow, render_notice
from bot.rendering.plans import clock_typed
from bot.rendering.subscription_data import Act, Plan, parse
from bot.rendering.subscriptions import plan_of, render_gone, render_which
from bot.reply import ReplyKind
from bot.schedule import Cadence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.rendering.subscription_data import Pressed
    from bot.subscription import Subscription
    from bot.talk import Talk

# What readers write whatever the bot speaks to them.
_SAID: Mapping[str, Act] = {
    **dict.fromkeys(("pause", "暂停", "暫停"), Act.PAUSE),
    **dict.fromkeys(("resume", "go on", "continue", "恢复", "恢復", "继续", "繼續"), Act.RESUME),
    **dict.fromkeys(
        (
            *("stop", "unsubscribe", "delete", "退订", "退訂", "停止", "删除", "刪除"),
            *("取消订阅", "取消訂閱", "取消关注", "取消關注", "不再关注", "不再關注"),
        ),
        Act.DELETE,
    ),
}
_NO_NAME = {"-", "–", "—"}
_MOST_WORD = 12
# Acts whose key is no subscription's.
_OTHER_KEYS = frozenset(
    {
        *(Act.DRAFT, Act.DRAFT_WHEN, Act.DRAFT_HOURS, Act.SAVE, Act.CANCEL),
        *(Act.LIST, Act.OVERVIEW, Act.ALL, Act.EXPORT, Act.UNDO, Act.UNDO_TOPIC),
    }
)


async def pause(desk: Desk, talk: Talk) -> None:
    """`/pause`, in reply to something that was sent: its subscription; else everything."""
    await _command(desk, talk, Act.PAUSE)


async def resume(desk: Desk, talk: Talk) -> None:
    """`/resume`, likewise."""
    await _command(desk, talk, Act.RESUME)


async def stop(desk: Desk, talk: Talk) -> None:
    """`/stop`, in reply to something that was sent: its subscription is deleted; else all are listed."""
    await _command(desk, talk, Act.DELETE)


async def reply_to_subscription(desk: Desk, talk: Talk, said: str) -> bool:
    """Do what is said in reply to a message about subscriptions; False if it is to be read otherwise."""
    replied = _replied_to(talk)
    do = await _wanted(desk, talk, replied, said) if replied is not None and said else None
    if do is None:
        return False
    if await talk.is_administrator():
        await do()
    else:
        await talk.reply(render_notice(only_admins_follow(talk.words)))
    return True


async def _wanted(
    desk: Desk, talk: Talk, replied: TelegramMessage, said: str
) -> Callable[[], Awaitable[None]] | None:
    """What is to be done about a reply, by the first button of the message and by what is said."""
    buttons = _buttons(replied)
    prompt = buttons[0].act if buttons else None
    if prompt is Act.LEAVE_WORDS:
        return partial(_take_words, desk, talk, buttons[0].key, said)
    if prompt is Act.LEAVE_NAME:
        return partial(_take_name, desk, talk, buttons[0].key, said)
    if prompt in {Act.WHEN, Act.DRAFT_WHEN} and clock_typed(said) is not None:
        return partial(_take_time, desk, talk, buttons, said)
    act = _SAID.get(said.strip(" .!。！").casefold()) if len(said) <= _MOST_WORD else None
    return None if act is None else await _deed(desk, talk, replied, act)


async def _deed(
    desk: Desk, talk: Talk, replied: TelegramMessage, act: Act
) -> Callable[[], Awaitable[None]] | None:
    """What a word like "pause" does to what a message was sent for; None if it was sent for nothing."""
    if meant := await _meant(desk, talk, replied, _buttons(replied)):
        return partial(_act_on, desk, talk, act, meant)
    reply = await desk.replies.of_message(talk.chat_id, replied.message_id)
    if reply is None or reply.kind is not ReplyKind.TOLD:
        return None
    # A correction is no one subscription's, and what something was sent for may be gone.
    return partial(_list, desk, talk)


async def _list(desk: Desk, talk: Talk) -> None:
    await talk.reply(await listed(desk, talk, 0))


async def _command(desk: Desk, talk: Talk, act: Act) -> None:
    if not await talk.is_administrator():
        await talk.reply(render_notice(only_admins_follow(talk.words)))
        return
    replied = _replied_to(talk)
    meant = await _meant(desk, talk, replied, _buttons(replied)) if replied is not None else ()
    if meant:
        await _act_on(desk, talk, act, meant)
        return
    if act is not Act.DELETE:
        talk = await all_paused(desk, talk, pause=act is Act.PAUSE)
    await talk.reply(await listed(desk, talk, 0))


async def _act_on(desk: Desk, talk: Talk, act: Act, meant: tuple[Subscription, ...]) -> None:
    """Do something with the one subscription that is meant; of several, ask which."""
    if len(meant) > 1:
        await talk.reply(render_which(meant, talk.words))
    elif act is Act.DELETE:
        await talk.reply(await deleted(desk, talk, meant[0]))
    elif act is Act.PAUSE:
        await _reply_with(talk, await desk.subscriptions.change(talk.chat_id, meant[0].id, paused=True))
    else:
        await _reply_with(talk, await go_on(desk, talk, meant[0].id))


async def _take_words(desk: Desk, talk: Talk, id_: str, said: str) -> None:
    """Follow other words by the same subscription."""
    meant = read_words(said, desk, talk)
    if not isinstance(meant, Inquiry):
        await talk.reply(meant)
        return
    try:
        seen = await desk.store.published()
        changed = await desk.subscriptions.change(talk.chat_id, id_, inquiry=meant, seen=seen)
    except AlreadySubscribed as error:
        known = await desk.subscriptions.get(talk.chat_id, error.id)
        await _reply_with(talk, known, already_followed(talk.words))
    else:
        await _reply_with(talk, changed)


async def _take_name(desk: Desk, talk: Talk, id_: str, said: str) -> None:
    name = None if said in _NO_NAME else said
    await _reply_with(talk, await desk.subscriptions.change(talk.chat_id, id_, name=name))


async def _take_time(desk: Desk, talk: Talk, buttons: tuple[Pressed, ...], said: str) -> None:
    """The time of day that is written. The last button leads back, and has what is chosen so far."""
    minute = clock_typed(said)
    if buttons[0].act is Act.WHEN:
        subscription = await desk.subscriptions.get(talk.chat_id, buttons[0].key)
        if subscription is not None:
            schedule = _timed(plan_of(subscription)).having(minute=minute).schedule
            changes = desk.subscriptions.change(talk.chat_id, subscription.id, schedule=schedule)
            subscription = await changes
        await _reply_with(talk, subscription)
        return
    reply = await desk.replies.get(buttons[0].key)
    if reply is None or reply.chat_id != talk.chat_id:
        await talk.reply(render_expired(talk.words))
        return
    plan = _timed(buttons[-1].plan or Plan()).having(minute=minute)
    await talk.reply(await draft_screen(desk, talk, reply, Act.DRAFT, plan))


def _timed(plan: Plan) -> Plan:
    """A plan that a time of day matters to."""
    return plan if plan.schedule.minute is not None else plan.having(cadence=Cadence.DAILY)


async def _reply_with(talk: Talk, subscription: Subscription | None, above: str = "") -> None:
    gone = render_gone(talk.words)
    await talk.reply(gone if subscription is None else page_of(talk, subscription, above))


async def _meant(
    desk: Desk, talk: Talk, replied: TelegramMessage, buttons: Iterable[Pressed]
) -> tuple[Subscription, ...]:
    """The subscriptions that a message belongs to: by its buttons, or by what was sent with it."""
    ids = dict.fromkeys(each.key for each in buttons if each.act not in _OTHER_KEYS)
    ids |= dict.fromkeys(await desk.outbox.of_message(talk.chat_id, replied.message_id))
    found = [await desk.subscriptions.get(talk.chat_id, id_) for id_ in ids]
    return tuple(each for each in found if each is not None)


def _replied_to(talk: Talk) -> TelegramMessage | None:
    """The message of the bot's that is replied to, if one is."""
    message = talk.update.message
    replied = message.reply_to_message if message is not None else None
    if replied is None or replied.from_user is None or replied.from_user.id != talk.bot.id:
        return None
    return replied


def _buttons(message: TelegramMessage | None) -> tuple[Pressed, ...]:
    """The buttons of a message that are about subscriptions."""
    markup = message.reply_markup if message is not None else None
    if markup is None:
        return ()
    data = (button.callback_data for row in markup.inline_keyboard for button in row)
    return tuple(found for each in data if isinstance(each, str) and (found := parse(each)) is not None)
