"""`/outbox`: how notifications stand; for administrators and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.backlog import Backlog
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.outbox import PAGE, PREFIX, Act, Listed, parse, render_outbox

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


async def show_outbox(desk: Desk, talk: Talk) -> None:
    """`/outbox`."""
    await talk.reply(await _page(desk, talk, 0))


async def press_outbox(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button of the page: it decides about a message, or shows another page."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    backlog, count = Backlog(desk.outbox), None
    if pressed.act in {Act.RETRY, Act.RETRY_ALL}:
        count = await backlog.retry(pressed.key)
    elif pressed.act in {Act.DISCARD, Act.DISCARD_ALL}:
        count = await backlog.discard(pressed.key)
    await talk.acknowledge(None if count is None else _changed(count, talk))
    await talk.replace(await _page(desk, talk, pressed.offset))


def _changed(count: int, talk: Talk) -> str:
    if not count:
        return talk.words.gettext("Somebody has decided this already.")
    said = talk.words.ngettext("{count} notification changed.", "{count} notifications changed.", count)
    return said.format(count=count)


async def _page(desk: Desk, talk: Talk, offset: int) -> Message:
    backlog = Backlog(desk.outbox)
    found, total = await backlog.doubtful(PAGE, offset)
    if not found and total:  # they were fewer than when the button was made
        offset = (total - 1) // PAGE * PAGE
        found, total = await backlog.doubtful(PAGE, offset)
    listed = [Listed(each, desk.names.of(each.chat_id)) for each in found]
    return render_outbox(await backlog.overview(), listed, offset, total, talk.words, talk.view)
