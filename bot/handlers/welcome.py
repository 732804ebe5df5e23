"""`/start`, `/help`, and the reply to a command that does not exist."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering import send_kept, where
from bot.handlers.addressing import bot_named_in, command_argument
from bot.handlers.questions import may_ask
from bot.handlers.reading import what_became_of
from bot.rendering.deep_link import place_of, render_expired, render_opened
from bot.rendering.groups import render_only_admins_ask
from bot.rendering.help import render_help
from bot.rendering.notices import render_unknown_command, render_welcome
from bot.reply import Origin, ReplyKind
from bot.roles import Role

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.talk import Talk


async def start(desk: Desk, talk: Talk) -> None:
    """`/start`: what this is, with example questions to press; with the address of an answer, that answer."""
    message = talk.update.message
    place = place_of(command_argument(message)) if message is not None else None
    if place is not None:
        if await may_ask(talk):
            await _open(desk, talk, *place)
        else:
            await talk.reply(render_only_admins_ask(talk.words))
        return
    examples = await desk.examples.offered(talk.words.language)
    await talk.reply(render_welcome(examples, talk.words))


async def show_help(desk: Desk, talk: Talk) -> None:
    """`/help`: how to ask, how to narrow a question down, and every command."""
    found = await desk.subjects.found()
    keeping: tuple[tuple[str, str], ...] = ()
    if await desk.gate.allows(talk, Role.EDITOR):
        keeping = desk.keeping[await desk.gate.roles.of(talk.user_id) or Role.EDITOR]
    await talk.reply(render_help(desk.menu, talk.bot.username, found.examples, talk.words, keeping))


async def unknown_command(desk: Desk, talk: Talk) -> None:
    """A command nobody knows: said so to who surely meant this bot; in a group it may be meant for any."""
    del desk
    message = talk.update.message
    if message is None:
        return
    named = bot_named_in(message)
    if named == talk.bot.username.lower() or (named is None and talk.is_private):
        await talk.reply(render_unknown_command(talk.words))


async def _open(desk: Desk, talk: Talk, key: str, offset: int) -> None:
    """An answer by its address: the same excerpts, with what has become of their documents since."""
    reply = await desk.replies.get(key)
    if reply is None:
        await talk.reply(render_expired(talk.words))
        return
    cited = reply.page(offset)
    opened = [what_became_of(each, await desk.store.document(each.document_id)) for each in cited]
    # Whoever opened it may ask on: the question as a whole, from where and when they are.
    asked = reply.inquiry
    inquiry = replace(
        asked,
        said=" ".join(filter(None, (asked.context, asked.said))),
        context=None,
        asked=talk.asked.astimezone(talk.zone),
        excerpts=talk.settings.excerpts or desk.excerpts,
    )
    here = replace(where(talk), question_message_id=None)
    origin = Origin(ReplyKind.OPENED)
    copy = await desk.replies.keep(here, inquiry, cited, reply.verdict, reply.confidence, origin)
    await send_kept(desk, talk, copy, render_opened(inquiry.said, copy, opened, talk.words, talk.view))
