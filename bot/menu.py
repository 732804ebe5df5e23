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
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.handlers.choices import settings
from bot.handlers.history import history
from bot.handlers.insight import timeline
from bot.handlers.newest import latest
from bot.handlers.privacy import export, forget, privacy
from bot.handlers.questions import ask
from bot.handlers.subscribing import subscribe
from bot.handlers.subscription_replies import pause, resume, stop
from bot.handlers.subscriptions import subscriptions
from bot.handlers.topics import topics
from bot.handlers.welcome import show_help, start
from bot.locale.catalogue import FALLBACK, LANGUAGES, N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.desk import Desk
    from bot.locale.catalogue import Catalogues
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
    """

    name: str
    description: str
    scopes: frozenset[Scope]
    handle: Callable[[Desk, Talk], Awaitable[None]]
    asks: bool = False


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

_SCOPES: tuple[tuple[BotCommandScope, Scope | None], ...] = (
    (BotCommandScopeDefault(), None),
    (BotCommandScopeAllPrivateChats(), Scope.PRIVATE),
    (BotCommandScopeAllGroupChats(), Scope.GROUP),
)


async def register(bot: Bot, catalogues: Catalogues) -> None:
    """Tell Telegram the commands for every scope, in every language and for readers of any other.

    The menu is a convenience: that Telegram does not take it is a warning, and the bot goes on.
    """
    try:
        for scope, within in _SCOPES:
            offered = [command for command in COMMANDS if within is None or within in command.scopes]
            for language in (None, *LANGUAGES):
                words = catalogues.words[language or FALLBACK]
                await bot.set_my_commands(
                    [BotCommand(command.name, words.gettext(command.description)) for command in offered],
                    scope,
                    language,
                )
    except TelegramError as error:
        _LOG.warning("the command menu could not be registered (%s); the commands work all the same", error)
