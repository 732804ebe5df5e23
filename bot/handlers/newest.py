"""`/latest`: the newest documents, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.documents import PAGE, render_documents

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


async def latest(desk: Desk, talk: Talk) -> None:
    """`/latest`: the first page."""
    await talk.reply(await _page(desk, talk, 0))


async def turn_page(desk: Desk, talk: Talk, key: str) -> None:
    """A pressed button to another page; `key` is the place of its first document."""
    await talk.acknowledge()
    await talk.replace(await _page(desk, talk, int(key) if key.isdecimal() else 0))


async def _page(desk: Desk, talk: Talk, offset: int) -> Message:
    total = (await desk.store.counts()).documents
    # After a reload there may be fewer documents than when the button was made.
    offset = min(offset, max(0, (total - 1) // PAGE * PAGE))
    documents = await desk.store.latest(PAGE, offset)
    return render_documents(documents, offset, total, talk.words, talk.view)
