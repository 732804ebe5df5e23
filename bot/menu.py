"""The commands: the one place that says which there are, what they do, and where they are offered."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.handlers.adding import add, edit, remove
from bot.handlers.audit import audit
from bot.handlers.broadcast import broadcast
from bot.handlers.choices import settings
from bot.handlers.editors import editors
from bot.handlers.feeds import show_feeds
from bot.handlers.glossary import glossary
from bot.handlers.history import history
from bot.handlers.insight import timeline
from bot.handlers.newest import latest
from bot.handlers.outbox import show_outbox
from bot.handlers.pins import pin, pins
from bot.handlers.privacy import export, forget, privacy
from bot.handlers.questions import ask
from bot.handlers.reload import reload, undo
from bot.handlers.seeing import show_corpus, show_stats, show_unanswered
from bot.handlers.subscribing import subscribe
from bot.handlers.subscription_replies import pause, resume, stop
from bot.handlers.subscriptions import subscriptions
from bot.handlers.topics import topics
from bot.handlers.welcome import show_help, start
from bot.locale.catalogue import FALLBACK, LANGUAGES, N_
from bot.roles import Role
from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot

    from bot.desk import Desk
    from bot.locale.catalogue import Catalogues
    from bot.roles import Roles
    from bot.talk import Talk

_LOG = logging.getLogger(__name__)


class Scope(StrEnum):
    """Where Telegram offers a command."""

    PRIVATE = "private chats"
    GROUP = "groups"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: what is written behind the slash.
        description: the msgid of what it does.
        scopes: where it is offered.
        handle: what carries it out.
        asks: whether it asks the news, which a group may reserve to its administrators.
        role: who may give it; None for everybody. To others it does not exist.
    """

    name: str
    description: str
    scopes: frozenset[Scope]
    handle: Callable[[Desk, Talk], Awaitable[None]]
    asks: bool = False
    role: Role | None = None


_EVERYWHERE = frozenset(Scope)

_IN_PRIVATE = frozenset({Scope.PRIVATE})

COMMANDS = (
    Command("ask", N_("ask a question about the news"), _EVERYWHERE, ask, asks=True),
    Command("latest", N_("the newest news"), _EVERYWHERE, latest, asks=True),
    Command("topics", N_("what the news is about"), _EVERYWHERE, topics, asks=True),
    Command("timeline", N_("when a matter was reported, day by day"), _EVERYWHERE, timeline, asks=True),
    Command("subscribe", N_("be told of news about something"), _EVERYWHERE, subscribe),
    Command("subscriptions", N_("what is followed here, and when it is told"), _EVERYWHERE, subscriptions),
    Command("pause", N_("pause what is followed: all, or what you reply to"), _EVERYWHERE, pause),
    Command("resume", N_("go on with what was paused"), _EVERYWHERE, resume),
    Command("stop", N_("stop following what you reply to"), _EVERYWHERE, stop),
    Command("history", N_("my questions"), _IN_PRIVATE, history),
    Command("settings", N_("language, time zone, excerpts and order"), _EVERYWHERE, settings),
    Command("privacy", N_("what is kept about me and for how long"), _EVERYWHERE, privacy),
    Command("export", N_("all that is kept about me, as a file"), _IN_PRIVATE, export),
    Command("forget", N_("delete all that is kept about me"), _IN_PRIVATE, forget),
    Command("start", N_("what this bot does, with example questions"), _IN_PRIVATE, start),
    Command("help", N_("how to ask, and all commands"), _EVERYWHERE, show_help),
)

KEEPING = (
    Command(
        "corpus",
        N_("what the news consists of, and its health"),
        _IN_PRIVATE,
        show_corpus,
        role=Role.ADMINISTRATOR,
    ),
    Command("stats", N_("how the bot is used"), _IN_PRIVATE, show_stats, role=Role.ADMINISTRATOR),
    Command(
        "unanswered",
        N_("what readers asked and did not find"),
        _IN_PRIVATE,
        show_unanswered,
        role=Role.ADMINISTRATOR,
    ),
    Command("reload", N_("load what changed in the news"), _IN_PRIVATE, reload, role=Role.ADMINISTRATOR),
    Command("undo", N_("take back the last load"), _IN_PRIVATE, undo, role=Role.ADMINISTRATOR),
    Command(
        "feeds", N_("RSS and Atom feeds that bring news"), _IN_PRIVATE, show_feeds, role=Role.ADMINISTRATOR
    ),
    Command("add", N_("add news: a text, a link, or what you reply to"), _IN_PRIVATE, add, role=Role.EDITOR),
    Command("edit", N_("change a document of the news"), _IN_PRIVATE, edit, role=Role.EDITOR),
    Command("remove", N_("remove a document from the news"), _IN_PRIVATE, remove, role=Role.EDITOR),
    Command("pin", N_("keep a question with the document it must find"), _IN_PRIVATE, pin, role=Role.EDITOR),
    Command("pins", N_("the pinned questions"), _IN_PRIVATE, pins, role=Role.EDITOR),
    Command("glossary", N_("terms of the trade in both languages"), _IN_PRIVATE, glossary, role=Role.EDITOR),
    Command("broadcast", N_("tell readers something"), _IN_PRIVATE, broadcast, role=Role.ADMINISTRATOR),
    Command("editors", N_("who may add and edit news"), _IN_PRIVATE, editors, role=Role.ADMINISTRATOR),
    Command("audit", N_("who did what with the news"), _IN_PRIVATE, audit, role=Role.ADMINISTRATOR),
    Command("outbox", N_("how notifications stand"), _IN_PRIVATE, show_outbox, role=Role.ADMINISTRATOR),
)
"""The commands of those who keep the corpus, in the order they are offered."""

_SCOPES: tuple[tuple[BotCommandScope, Scope | None], ...] = (
    (BotCommandScopeDefault(), None),
    (BotCommandScopeAllPrivateChats(), Scope.PRIVATE),
    (BotCommandScopeAllGroupChats(), Scope.GROUP),
)


def kept_by(role: Role | None) -> list[Command]:
    """The commands with which somebody of a role keeps the corpus."""
    return [command for command in KEEPING if role in {command.role, Role.ADMINISTRATOR}]


def offered(within: Scope | None, role: Role | None = None) -> list[Command]:
    """The commands offered in a kind of chat, or in any, to somebody with a role or none."""
    commands = [*COMMANDS, *kept_by(role)]
    return [command for command in commands if within is None or within in command.scopes]


async def register(bot: Bot, catalogues: Catalogues, roles: Roles) -> None:
    """Tell Telegram the commands for every scope, in every language and for readers of any other.

    The menu is a convenience: that Telegram does not take it is a warning, and the bot goes on.
    """
    try:
        for scope, within in _SCOPES:
            await _register(bot, catalogues, offered(within), scope)
        for user_id, role in (await roles.everybody()).items():
            await register_keeper(bot, catalogues, user_id, role)
    except (TelegramError, DatabaseError) as error:
        _LOG.warning("the command menu could not be registered (%s); the commands work all the same", error)


async def register_keeper(bot: Bot, catalogues: Catalogues, user_id: int, role: Role | None) -> None:
    """Offer somebody in private the commands of their role; of none, those of every reader again.

    Raises:
        TelegramError: Telegram does not take it.
    """
    scope = BotCommandScopeChat(user_id)
    try:
        if role is None:
            for language in (None, *LANGUAGES):
                await bot.delete_my_commands(scope, language)
        else:
            await _register(bot, catalogues, offered(Scope.PRIVATE, role), scope)
    except (BadRequest, Forbidden):  # they have never spoken to the bot, or have blocked it
        _LOG.info("somebody who keeps the corpus has no private chat with the bot yet")


async def _register(
    bot: Bot, catalogues: Catalogues, commands: Sequence[Command], scope: BotCommandScope
) -> None:
    for language in (None, *LANGUAGES):
        words = catalogues.words[language or FALLBACK]
        shown = [BotCommand(command.name, words.gettext(command.description)) for command in commands]
        await bot.set_my_commands(shown, scope, language)
