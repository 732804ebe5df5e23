"""`/audit`: who did what with the news, when, and whether it was undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.audit import PAGE, PREFIX, parse, render_audit
from bot.rendering.notices import DEAD_BUTTON

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


async def audit(desk: Desk, talk: Talk) -> None:
    """`/audit`."""
    await talk.reply(await _page(desk, talk, 0))


async def press_audit(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button of the page."""
    before = parse(f"{PREFIX}{data}")
    if before is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    await talk.replace(await _page(desk, talk, before))


async def _page(desk: Desk, talk: Talk, before: int) -> Message:
    found = await desk.audit.latest(PAGE + 1, before or None)
    names = {editor.user_id: editor.name for editor in await desk.gate.roles.editors() if editor.name}
    names[talk.user_id] = talk.words.gettext("you")
    return render_audit(
        found[:PAGE], names, talk.words, talk.view, is_first=not before, has_more=len(found) > PAGE
    )
