"""Methods by which the bot presents itself: its profile and its command menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.local.commands import Scope
from bot.local.refusals import refuse

if TYPE_CHECKING:
    from bot.local.wire import JsonObject, Parameters
    from bot.local.world import World

MAX_NAME: Final = 64
MAX_DESCRIPTION: Final = 512
MAX_SHORT_DESCRIPTION: Final = 120


def get_me(world: World, _parameters: Parameters) -> JsonObject:
    """`getMe`."""
    return world.bot.as_me()


def set_my_commands(world: World, parameters: Parameters) -> bool:
    """`setMyCommands`."""
    scope = _scope(world, parameters)
    world.menu.set(parameters.json_list("commands") or [], scope, parameters.text("language_code"))
    world.changes.tell("commands")
    return True


def get_my_commands(world: World, parameters: Parameters) -> list[JsonObject]:
    """`getMyCommands`."""
    return world.menu.get(_scope(world, parameters), parameters.text("language_code"))


def delete_my_commands(world: World, parameters: Parameters) -> bool:
    """`deleteMyCommands`."""
    world.menu.set([], _scope(world, parameters), parameters.text("language_code"))
    world.changes.tell("commands")
    return True


def set_my_name(world: World, parameters: Parameters) -> bool:
    """`setMyName`."""
    language = parameters.text("language_code")
    name = _limited(parameters, "name", MAX_NAME)
    if language or name:
        _set(world.bot.names, language, name)
    return True


def get_my_name(world: World, parameters: Parameters) -> JsonObject:
    """`getMyName`."""
    return {"name": _get(world.bot.names, parameters)}


def set_my_description(world: World, parameters: Parameters) -> bool:
    """`setMyDescription`: what an empty chat shows."""
    text = _limited(parameters, "description", MAX_DESCRIPTION)
    _set(world.bot.descriptions, parameters.text("language_code"), text)
    world.changes.tell("profile")
    return True


def get_my_description(world: World, parameters: Parameters) -> JsonObject:
    """`getMyDescription`."""
    return {"description": _get(world.bot.descriptions, parameters)}


def set_my_short_description(world: World, parameters: Parameters) -> bool:
    """`setMyShortDescription`."""
    text = _limited(parameters, "short_description", MAX_SHORT_DESCRIPTION)
    _set(world.bot.short_descriptions, parameters.text("language_code"), text)
    return True


def get_my_short_description(world: World, parameters: Parameters) -> JsonObject:
    """`getMyShortDescription`."""
    return {"short_description": _get(world.bot.short_descriptions, parameters)}


def set_chat_menu_button(_world: World, _parameters: Parameters) -> bool:
    """`setChatMenuButton`: the page always shows the commands."""
    return True


def get_chat_menu_button(_world: World, _parameters: Parameters) -> JsonObject:
    """`getChatMenuButton`."""
    return {"type": "commands"}


def _scope(world: World, parameters: Parameters) -> Scope:
    scope = Scope.of(parameters.json_object("scope"))
    if scope.chat_id:
        chat = world.chats.get(scope.chat_id)
        if chat is None:
            refuse("chat not found")
        chat.check_known()
    return scope


def _limited(parameters: Parameters, name: str, most: int) -> str:
    text = parameters.text(name)
    if len(text) > most:
        refuse(f"{name.replace('_', ' ')} is too long")
    return text


def _set(texts: dict[str, str], language: str, text: str) -> None:
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)


def _get(texts: dict[str, str], parameters: Parameters) -> str:
    return texts.get(parameters.text("language_code"), texts.get("", ""))
