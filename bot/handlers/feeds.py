"""`/feeds`: which feeds are watched; a new one is shown before it is; pausing and removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import MessageEntity

from bot.handlers.addressing import command_argument
from bot.rendering import feeds as rendering
from bot.rendering.feeds import PAGE, PREFIX, Act, parse
from bot.rendering.notices import DEAD_BUTTON
from corpus.errors import FetchFailed

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.feeds import Pressed
    from bot.rendering.message import Message
    from bot.talk import Talk
    from corpus.feed_store import Feed


_DEEDS = {Act.PAUSE: "feed_paused", Act.RESUME: "feed_resumed", Act.REMOVE: "feed_removed"}


async def show_feeds(desk: Desk, talk: Talk) -> None:
    """`/feeds`, or `/feeds address`, which may be written `/feeds add address`."""
    message = talk.update.message
    argument = command_argument(message) if message is not None else ""
    first, _, rest = argument.partition(" ")
    address = rest.strip() if first.lower() == "add" else argument
    if "." in address and ":" not in address:
        address = f"https://{address}"  # as people say it
    if not address:
        await talk.reply(await _page(desk, talk, 0))
    elif not desk.feed_rounds.may_add:
        await talk.reply(rendering.render_said(rendering.SAMPLE, talk.words))
    else:
        async with talk.typing():
            shown = await _preview(desk, talk, address)
        await talk.reply(shown)


async def press_feeds(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about feeds."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.ADD:
        await talk.acknowledge()
        await talk.replace(await _add(desk, talk))
    elif pressed.act is Act.CANCEL:
        await talk.acknowledge()
        await talk.replace(rendering.render_said(rendering.CANCELLED, talk.words))
    elif pressed.act is Act.SHOW:
        await talk.acknowledge()
        await talk.replace(await _page(desk, talk, pressed.offset))
    else:
        await _change(desk, talk, pressed)


async def _preview(desk: Desk, talk: Talk, address: str) -> Message:
    try:
        found = await desk.feeds.preview(address)
    except FetchFailed as error:
        return rendering.render_refused(error.reason, talk.words)
    shown = rendering.render_preview(found, talk.words, talk.view)
    return shown or rendering.render_said(rendering.TOO_LONG, talk.words)


async def _add(desk: Desk, talk: Talk) -> Message:
    """Watch the feed whose address stands in the message."""
    query = talk.update.callback_query
    shown = query.message if query is not None else None
    codes = shown.parse_entities([MessageEntity.CODE]) if isinstance(shown, TelegramMessage) else {}
    address = next(iter(codes.values()), None)
    if address is None:
        return rendering.render_said(rendering.TOO_OLD, talk.words)
    if not desk.feed_rounds.may_add:
        return rendering.render_said(rendering.SAMPLE, talk.words)
    try:
        added = await desk.feeds.add(address, talk.now)
    except FetchFailed as error:
        return rendering.render_refused(error.reason, talk.words)
    if added.is_new:
        await desk.audit.note(talk.user_id, "feed_added", _detail(added.feed))
        desk.feed_rounds.wake()
    return rendering.render_added(added, talk.words)


async def _change(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    feed = await desk.feeds.get(pressed.feed_id or "")
    if feed is None:
        await talk.acknowledge(talk.words.gettext(rendering.NO_SUCH))
        await talk.replace(await _page(desk, talk, pressed.offset))
        return
    await talk.acknowledge()
    if pressed.act is Act.ASK:
        count = (await desk.feeds.counts()).get(feed.id, 0)
        await talk.replace(rendering.render_removal(feed, count, pressed.offset, talk.words))
        return
    if pressed.act is Act.PAUSE:
        done = not feed.paused and await desk.feeds.pause(feed.id)
    elif pressed.act is Act.RESUME:
        done = (feed.paused or feed.gone) and await desk.feeds.resume(feed.id, talk.now)
        desk.feed_rounds.wake()
    else:
        done = await desk.feeds.remove(feed.id)
    if done:
        await desk.audit.note(talk.user_id, _DEEDS[pressed.act], _detail(feed))
    await talk.replace(await _page(desk, talk, pressed.offset))


async def _page(desk: Desk, talk: Talk, offset: int) -> Message:
    feeds = await desk.feeds.list()
    if offset >= len(feeds):  # they were more when the button was made
        offset = max(0, (len(feeds) - 1) // PAGE * PAGE)
    return rendering.render_feeds(feeds, await desk.feeds.counts(), offset, talk.words, talk.view)


def _detail(feed: Feed) -> dict[str, str | None]:
    return {"address": feed.url, "title": feed.title}
