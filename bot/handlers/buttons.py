"""The inline buttons: which handler gets what a pressed one brings back.

A button's data is a prefix and a key into what is there now (a place, a document, a reply that is
kept), never into memory, so buttons under old messages work after any restart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.handlers.adding import press_adding
from bot.handlers.audit import press_audit
from bot.handlers.broadcast import press_broadcast
from bot.handlers.choices import press_setting
from bot.handlers.editors import press_editor
from bot.handlers.feeds import press_feeds
from bot.handlers.glossary import press_glossary
from bot.handlers.history import press_history
from bot.handlers.insight import explain, show_timeline
from bot.handlers.newest import turn_page as turn_latest
from bot.handlers.opinions import follow, give_reason, judge
from bot.handlers.outbox import press_outbox
from bot.handlers.pins import press_pin
from bot.handlers.privacy import press_privacy
from bot.handlers.questions import ask_example, may_ask
from bot.handlers.reading import read_around, read_document
from bot.handlers.reload import press_reload
from bot.handlers.results import change_order, take_back, take_term, turn_page
from bot.handlers.seeing import press_corpus, press_stats, press_unanswered
from bot.handlers.subscriptions import press_subscription
from bot.handlers.told import ask_followed
from bot.handlers.topics import press_topic
from bot.rendering import (
    adding,
    audit,
    broadcast,
    corpus_page,
    documents,
    editors,
    feeds,
    glossary,
    history,
    outbox,
    pins,
    privacy,
    reload,
    settings_page,
    stats,
    subscription_data,
    topics,
    unanswered,
)
from bot.rendering.button_data import Act, parse
from bot.rendering.groups import only_admins_ask
from bot.rendering.notices import DEAD_BUTTON, EXAMPLE_PREFIX, EXPIRED
from bot.rendering.notification import ASK_PREFIX
from bot.roles import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.desk import Desk
    from bot.rendering.button_data import Pressed
    from bot.reply import Reply
    from bot.talk import Talk


@dataclass(frozen=True, slots=True)
class _Page:
    """What the buttons of a page do.

    Attributes:
        press: gets what a button carries behind the page's prefix.
        asks: whether it shows news, which a group may reserve to its administrators.
        role: who may press; None for everybody.
    """

    press: Callable[[Desk, Talk, str], Awaitable[None]]
    asks: bool = False
    role: Role | None = None


_PAGES: Mapping[str, _Page] = {
    EXAMPLE_PREFIX: _Page(ask_example, asks=True),
    documents.DATA_PREFIX: _Page(turn_latest, asks=True),
    topics.PREFIX: _Page(press_topic, asks=True),
    ASK_PREFIX: _Page(ask_followed, asks=True),
    settings_page.PREFIX: _Page(press_setting),
    history.PREFIX: _Page(press_history),
    privacy.PREFIX: _Page(press_privacy),
    subscription_data.PREFIX: _Page(press_subscription),
    corpus_page.PREFIX: _Page(press_corpus, role=Role.ADMINISTRATOR),
    stats.PREFIX: _Page(press_stats, role=Role.ADMINISTRATOR),
    unanswered.PREFIX: _Page(press_unanswered, role=Role.ADMINISTRATOR),
    feeds.PREFIX: _Page(press_feeds, role=Role.ADMINISTRATOR),
    reload.PREFIX: _Page(press_reload, role=Role.ADMINISTRATOR),
    audit.PREFIX: _Page(press_audit, role=Role.ADMINISTRATOR),
    broadcast.PREFIX: _Page(press_broadcast, role=Role.ADMINISTRATOR),
    editors.PREFIX: _Page(press_editor, role=Role.ADMINISTRATOR),
    adding.PREFIX: _Page(press_adding, role=Role.EDITOR),
    glossary.PREFIX: _Page(press_glossary, role=Role.EDITOR),
    pins.PREFIX: _Page(press_pin, role=Role.EDITOR),
    outbox.PREFIX: _Page(press_outbox, role=Role.ADMINISTRATOR),
}
_UNDER_ANSWERS: Mapping[Act, Callable[[Desk, Talk, Reply, Pressed], Awaitable[None]]] = {
    Act.MORE: turn_page,
    Act.BACK: turn_page,
    Act.ORDER: change_order,
    Act.CHIP: take_back,
    Act.TERM: take_term,
    Act.AROUND: read_around,
    Act.DOCUMENT: read_document,
    Act.WHY: explain,
    Act.TIMELINE: show_timeline,
    Act.FOLLOW: follow,
    Act.UP: judge,
    Act.DOWN: judge,
    Act.REASON: give_reason,
}


async def press(desk: Desk, talk: Talk) -> None:
    """A pressed button, given to its handler; one that nobody knows, or that has expired, says so."""
    query = talk.update.callback_query
    data = (query.data if query is not None else None) or ""
    pressed = parse(data)
    if pressed is not None:
        await _press_under_answer(desk, talk, pressed)
        return
    for prefix, page in _PAGES.items():
        if not data.startswith(prefix):
            continue
        if page.role is not None and not await desk.gate.allows(talk, page.role):
            break  # as if there were no such button
        if page.asks and not await may_ask(talk):
            await talk.acknowledge(only_admins_ask(talk.words), alert=True)
        else:
            await page.press(desk, talk, data.removeprefix(prefix))
        return
    await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))


async def _press_under_answer(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    reply = await desk.replies.get(pressed.key)
    if reply is None or reply.chat_id != talk.chat_id:
        await talk.acknowledge(talk.words.gettext(EXPIRED), alert=True)
    elif not await may_ask(talk):
        await talk.acknowledge(only_admins_ask(talk.words), alert=True)
    else:
        if not talk.is_private and talk.settings.language is None:
            # A card that all see stays in the words of whoever asked.
            talk = replace(talk, words=desk.catalogues.speaking(reply.where.locale))
        await _UNDER_ANSWERS[pressed.act](desk, talk, reply, pressed)
