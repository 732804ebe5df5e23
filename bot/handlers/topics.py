"""`/topics`: what the news is about, and the newest documents of a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.topics import PAGE, PREFIX, TopicPage, parse, render_topic, render_topics

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


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
    await talk.acknowledge()
    await talk.replace(await _page(desk, talk, pressed.key, pressed.offset))


async def _page(desk: Desk, talk: Talk, key: str, offset: int) -> Message:
    found = await desk.subjects.found()
    topic = next((each for each in found.topics if each.key == key), None)
    if topic is None:
        # No topic is meant, or the news is not about it any more.
        return render_topics(found.topics, talk.words)
    ids = found.members[key]
    offset = min(offset, max(0, (len(ids) - 1) // PAGE * PAGE))
    documents = await desk.subjects.documents(ids[offset : offset + PAGE])
    return render_topic(TopicPage(key, topic.name, documents, offset, len(ids)), talk.words, talk.view)
