"""`/start`, `/help`, and the reply to a command that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.addressing import bot_named_in
from bot.rendering.notices import render_help, render_unknown_command, render_welcome

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.talk import Talk


async def start(desk: Desk, talk: Talk) -> None:
    """`/start`: what this is, with example questions to press."""
    examples = await desk.examples.offered(talk.words.language)
    await talk.reply(render_welcome(examples, talk.words))


async def show_help(desk: Desk, talk: Talk) -> None:
    """`/help`: how to ask, and every command."""
    await talk.reply(render_help(desk.menu, talk.bot.username, talk.words))


async def unknown_command(desk: Desk, talk: Talk) -> None:
    """A command nobody knows: said so to who surely meant this bot; in a group it may be meant for any."""
    del desk
    message = talk.update.message
    if message is None:
        return
    named = bot_named_in(message)
    if named == talk.bot.username.lower() or (named is None and talk.is_private):
        await talk.reply(render_unknown_command(talk.words))
