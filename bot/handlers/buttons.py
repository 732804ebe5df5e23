"""The inline buttons: which handler gets what a pressed one brings back.

A button's data is a prefix and a key into what is there now (a place, a document), never into
memory, so buttons under old messages work after any restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.newest import turn_page
from bot.handlers.questions import ask_example
from bot.rendering.documents import DATA_PREFIX
from bot.rendering.notices import DEAD_BUTTON, EXAMPLE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.desk import Desk
    from bot.talk import Talk

_HANDLERS: dict[str, Callable[[Desk, Talk, str], Awaitable[None]]] = {
    EXAMPLE_PREFIX: ask_example,
    DATA_PREFIX: turn_page,
}


async def press(desk: Desk, talk: Talk) -> None:
    """A pressed button, given to the handler of its prefix; one that nobody knows says so."""
    query = talk.update.callback_query
    data = (query.data if query is not None else None) or ""
    for prefix, handle in _HANDLERS.items():
        if data.startswith(prefix):
            await handle(desk, talk, data.removeprefix(prefix))
            return
    await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
