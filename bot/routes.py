"""The routes: which handler gets which update, and who is let through to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.chats import ChatSettings
from bot.handlers import failures
from bot.handlers.buttons import press
from bot.handlers.edits import edited
from bot.handlers.groups import migrated
from bot.handlers.inline import answer_inline
from bot.handlers.presence import heard_of, standing_changed
from bot.handlers.questions import listen, may_ask
from bot.handlers.strangers import refuse_stranger, refuse_stranger_inline
from bot.handlers.welcome import unknown_command
from bot.menu import COMMANDS, KEEPING
from bot.rendering.groups import render_only_admins_ask
from bot.talk import Talk
from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot
    from telegram.ext import Application

    from bot.desk import Desk
    from bot.menu import Command

App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"
Handle: TypeAlias = "Callable[[Desk, Talk], Awaitable[None]]"


def add_handlers(application: App, desk: Desk) -> None:
    """Give an application the handler of every update that it fetches."""
    new = filters.UpdateType.MESSAGE
    for command in COMMANDS:
        handle = _of_askers(command.handle) if command.asks else command.handle
        application.add_handler(CommandHandler(command.name, _callback(handle, desk), new))
    for command in KEEPING:
        application.add_handler(CommandHandler(command.name, _callback(_of_keepers(command), desk), new))
    application.add_handler(MessageHandler(new & filters.COMMAND, _callback(unknown_command, desk)))
    application.add_handler(MessageHandler(new & ~filters.StatusUpdate.ALL, _callback(listen, desk)))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, _callback(edited, desk)))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _callback(migrated, desk)))
    application.add_handler(CallbackQueryHandler(_callback(press, desk)))
    application.add_handler(InlineQueryHandler(_on_inline(desk)))
    application.add_handler(ChatMemberHandler(_on_standing(desk), ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(_on_error(desk))


async def talk_of_failed(update: Update, bot: Bot, desk: Desk) -> Talk | None:
    """The talk of an update that failed, even if that is because settings cannot be read."""
    try:
        return await Talk.about(update, bot, desk)
    except DatabaseError:
        return await Talk.about(update, bot, desk, ChatSettings())


def _on_inline(desk: Desk) -> Callable[[Update, Any], Any]:
    async def on_inline(update: Update, context: Any) -> None:  # noqa: ANN401 - the library's, with six type arguments
        query = update.inline_query
        if query is None:
            return
        if await desk.gate.admits(query.from_user.id, query.from_user.id):
            await answer_inline(desk, query, context.bot)
        else:
            await refuse_stranger_inline(query, context.bot)

    return on_inline


def _on_standing(desk: Desk) -> Callable[[Update, Any], Any]:
    async def on_standing(update: Update, _context: Any) -> None:  # noqa: ANN401 - as above
        if update.my_chat_member is not None:
            await standing_changed(desk, update.my_chat_member)

    return on_standing


def _on_error(desk: Desk) -> Callable[[object, Any], Any]:
    async def on_error(update: object, context: Any) -> None:  # noqa: ANN401 - as above
        if not isinstance(update, Update):
            failures.record(context.error)
        elif update.inline_query is not None:
            words = desk.catalogues.speaking(update.inline_query.from_user.language_code)
            await failures.apologise_inline(context.error, update.inline_query, words, context.bot)
        elif talk := await talk_of_failed(update, context.bot, desk):
            await failures.apologise(context.error, talk)
        else:
            failures.record(context.error)

    return on_error


def _of_askers(handle: Handle) -> Handle:
    """A handler for those only whom the chat lets ask; others are told so."""

    async def guarded(desk: Desk, talk: Talk) -> None:
        if await may_ask(talk):
            await handle(desk, talk)
        else:
            await talk.reply(render_only_admins_ask(talk.words))

    return guarded


def _of_keepers(command: Command) -> Handle:
    """The handler of a command for those only who have its role; to others it does not exist."""

    async def guarded(desk: Desk, talk: Talk) -> None:
        allowed = command.role is None or await desk.gate.allows(talk, command.role)
        await (command.handle if allowed else unknown_command)(desk, talk)

    return guarded


def _callback(handle: Handle, desk: Desk) -> Callable[[Update, Any], Any]:
    """A handler of ours as the library calls it."""

    async def callback(update: Update, context: Any) -> None:  # noqa: ANN401 - as above
        if talk := await Talk.about(update, context.bot, desk):
            await heard_of(desk, talk)
            admitted = await desk.gate.admits(talk.chat_id, talk.user_id)
            await (handle if admitted else refuse_stranger)(desk, talk)

    return callback
