"""`/history`: what a reader asked in a chat, to be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.results import ask_again
from bot.rendering.groups import only_the_asker, render_only_in_private
from bot.rendering.history import PAGE, PREFIX, Act, HistoryPage, parse, render_history
from bot.rendering.notices import DEAD_BUTTON

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


async def history(desk: Desk, talk: Talk) -> None:
    """`/history`: the first page; only in private, since it shows a reader's own questions."""
    if talk.is_private:
        await talk.reply(await _page(desk, talk, 0))
    else:
        await talk.reply(render_only_in_private("/history", talk.words))


async def press_history(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button of the history: another page, or a question to ask again."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None or not talk.is_private:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.SHOW:
        await talk.acknowledge()
        await talk.replace(await _page(desk, talk, pressed.offset))
    else:
        reply = await desk.replies.get(pressed.key)
        if reply is None:
            await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        elif reply.user_id != talk.user_id:
            await talk.acknowledge(only_the_asker(talk.words))
        else:
            await talk.acknowledge()
            await ask_again(desk, talk, reply)


async def _page(desk: Desk, talk: Talk, offset: int) -> Message:
    found = await desk.replies.history(talk.chat_id, talk.user_id, PAGE, offset)
    if not found.replies and offset:
        offset = max(0, (found.total - 1) // PAGE * PAGE)
        found = await desk.replies.history(talk.chat_id, talk.user_id, PAGE, offset)
    return render_history(HistoryPage(found.replies, offset, found.total), talk.words, talk.view)
