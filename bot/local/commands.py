"""The bot's command menu, by scope and language, and which one a person sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.local.refusals import refuse
from bot.local.wire import JsonObject, text_of

MAX_COMMANDS: Final = 100
MAX_DESCRIPTION: Final = 256
_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}|")
_WIDE: Final = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_OF_A_CHAT: Final = frozenset({"chat", "chat_administrators", "chat_member"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a list of commands holds."""

    kind: str
    chat_id: int = 0
    user_id: int = 0

    @classmethod
    def of(cls, value: JsonObject) -> Scope:
        """The scope a call names; an empty object is the default one.

        Raises:
            Refusal: there is no such scope.
        """
        kind = text_of(value, "type") or "default"
        if kind in _WIDE:
            return cls(kind)
        if kind not in _OF_A_CHAT:
            refuse("can't parse BotCommandScope: Unsupported type specified")
        user_id = _number(value.get("user_id")) if kind == "chat_member" else 0
        return cls(kind, _number(value.get("chat_id")), user_id)


class CommandMenu:
    """Every list of commands the bot has set."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], tuple[JsonObject, ...]] = {}

    def set(self, commands: list[object], scope: Scope, language: str) -> None:
        """Set the list of a scope and language; an empty one takes it away.

        Raises:
            Refusal: a name or a description is wrong, or there are too many.
        """
        if len(commands) > MAX_COMMANDS:
            refuse("BOT_COMMANDS_TOO_MUCH")
        checked = tuple(_command(command) for command in commands)
        key = (scope, _language(language))
        if checked:
            self._lists[key] = checked
        else:
            self._lists.pop(key, None)

    def get(self, scope: Scope, language: str) -> list[JsonObject]:
        """The list set for exactly this scope and language."""
        return list(self._lists.get((scope, _language(language)), ()))

    def seen_by(self, user_id: int, language: str, chat_id: int, *, administrator: bool) -> list[JsonObject]:
        """The list a person's app shows in a chat: the most particular one that was set."""
        if chat_id == user_id:
            scopes = [Scope("chat", chat_id), Scope("all_private_chats"), Scope("default")]
        else:
            scopes = [Scope("chat_member", chat_id, user_id)]
            if administrator:
                scopes.append(Scope("chat_administrators", chat_id))
            scopes.append(Scope("chat", chat_id))
            if administrator:
                scopes.append(Scope("all_chat_administrators"))
            scopes += [Scope("all_group_chats"), Scope("default")]
        for scope in scopes:
            for code in (language[:2], ""):
                if (scope, code) in self._lists:
                    return list(self._lists[scope, code])
        return []


def _command(command: object) -> JsonObject:
    if not isinstance(command, dict):
        refuse("can't parse BotCommand: expected an Object")
    name = text_of(command, "command").removeprefix("/")
    description = text_of(command, "description").strip()
    if not _NAME.fullmatch(name) or not 1 <= len(description) <= MAX_DESCRIPTION:
        refuse("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        refuse("invalid language code specified")
    return code


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        refuse("chat not found")
