"""`/topics`: what the news is about, and the newest documents of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering import where
from bot.context import inquiry_of
from bot.errors import TooManySubscriptions
from bot.rendering.follow import followed_topic, only_admins_follow, too_many
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.topics import PAGE, PREFIX, TopicPage, parse, render_topic, render_topics

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk
    from retrieval.topics import Topic


async def topics(desk: Desk, talk: Talk) -> None:
    """`/topics`: all of them, as buttons."""
    async with talk.typing():
        found = await desk.subjects.found()
    await talk.reply(render_topics(found.topics, talk.words))


async def press_topic(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button of the topics: one of them, another page of it, or back to all."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    if pressed.follows:
        if not await _follow(desk, talk, pressed.key):
            return
    else:
        await talk.acknowledge()
    await talk.replace(await _page(desk, talk, pressed.key, pressed.offset))


async def _follow(desk: Desk, talk: Talk, key: str) -> bool:
    """Follow a topic with one tap, as a follow is unless it is changed; False if it was refused."""
    topic = await _topic(desk, key)
    if topic is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return True
    if not await talk.is_administrator():
        await talk.acknowledge(only_admins_follow(talk.words), alert=True)
        return False
    try:
        subscription = await desk.subscriptions.add(
            where(talk),
            inquiry_of(topic.name, desk, talk),
            topic=topic.name,
            seen=await desk.store.published(),
        )
    except TooManySubscriptions as error:
        await talk.acknowledge(too_many(error.most, talk.words), alert=True)
        return False
    await talk.acknowledge(followed_topic(subscription.schedule, talk.words), alert=True)
    return True


async def _topic(desk: Desk, key: str) -> Topic | None:
    """The topic with a key; None if none is meant, or the news is not about it any more."""
    found = await desk.subjects.found()
    return next((each for each in found.topics if each.key == key), None)


async def _page(desk: Desk, talk: Talk, key: str, offset: int) -> Message:
    found = await desk.subjects.found()
    topic = await _topic(desk, key)
    if topic is None:
        return render_topics(found.topics, talk.words)
    ids = found.members[key]
    offset = min(offset, max(0, (len(ids) - 1) // PAGE * PAGE))
    documents = await desk.subjects.documents(ids[offset : offset + PAGE])
    followed = await desk.subscriptions.of_topic(talk.chat_id, topic.name, inquiry_of(topic.name, desk, talk))
    id_ = followed.id if followed is not None else None
    page = TopicPage(key, topic.name, documents, offset, len(ids), id_)
    return render_topic(page, talk.words, talk.view)
