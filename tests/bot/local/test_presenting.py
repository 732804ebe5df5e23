"""How the bot presents itself: the command menu and its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest

from bot.local.snapshot import snapshot

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import Raw

READER, ADMINISTRATOR, SECOND_READER, THIRD_READER = 1001, 1002, 1003, 1004


def seen(server: LocalTelegram, person_id: int, chat_id: int) -> list[str]:
    """The commands that the page shows to somebody in a chat."""
    chats = {chat["id"]: chat for chat in snapshot(server.world)["chats"]}
    return [command["command"] for command in chats[chat_id]["commands"][str(person_id)]]


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    await bot.set_my_commands([("start", "Start"), ("/ask", "Ask")])
    await bot.set_my_commands([("start", "开始")], language_code="zh")
    assert [command.command for command in await bot.get_my_commands()] == ["start", "ask"]
    assert [command.description for command in await bot.get_my_commands(language_code="zh")] == ["开始"]
    assert await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats()) == ()
    await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()


async def test_everybody_sees_the_most_particular_list(bot: Bot, met: LocalTelegram) -> None:
    group = met.people.group.id
    await bot.set_my_commands([("default", "x")])
    assert seen(met, READER, READER) == seen(met, READER, group) == ["default"]
    await bot.set_my_commands([("zh", "x")], language_code="zh")
    assert (seen(met, READER, READER), seen(met, SECOND_READER, SECOND_READER)) == (["zh"], ["default"])
    await bot.set_my_commands([("private", "x")], scope=BotCommandScopeAllPrivateChats())
    assert (seen(met, READER, READER), seen(met, READER, group)) == (["private"], ["zh"])
    await bot.set_my_commands([("own", "x")], scope=BotCommandScopeChat(ADMINISTRATOR))
    assert (seen(met, ADMINISTRATOR, ADMINISTRATOR), seen(met, READER, READER)) == (["own"], ["private"])
    await bot.set_my_commands([("groups", "x")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("admins", "x")], scope=BotCommandScopeAllChatAdministrators())
    assert (seen(met, READER, group), seen(met, ADMINISTRATOR, group)) == (["groups"], ["admins"])
    await bot.set_my_commands([("mine", "x")], scope=BotCommandScopeChatMember(group, READER))
    assert (seen(met, READER, group), seen(met, SECOND_READER, group)) == (["mine"], ["groups"])


async def test_a_group_has_lists_of_its_own(bot: Bot, met: LocalTelegram) -> None:
    small, group = met.people.small_group.id, met.people.group.id
    await bot.set_my_commands([("groups", "x")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("all", "x")], scope=BotCommandScopeAllChatAdministrators())
    await bot.set_my_commands([("small", "x")], scope=BotCommandScopeChat(small))
    # A chat's own list goes before the one of all who run chats, and that of who run this one before both.
    assert [seen(met, person, small) for person in (READER, SECOND_READER)] == [["small"], ["small"]]
    await bot.set_my_commands([("admins", "x")], scope=BotCommandScopeChatAdministrators(small))
    assert [seen(met, person, small) for person in (READER, SECOND_READER)] == [["admins"], ["small"]]
    assert [seen(met, person, group) for person in (READER, ADMINISTRATOR)] == [["groups"], ["all"]]
    zh = [("guanli", "x")]
    await bot.set_my_commands(zh, scope=BotCommandScopeChatAdministrators(small), language_code="zh")
    assert seen(met, READER, small) == ["guanli"]


async def test_traditional_chinese_is_chinese_to_the_menu(bot: Bot, met: LocalTelegram) -> None:
    await bot.set_my_commands([("default", "x")])
    await bot.set_my_commands([("zh", "x")], language_code="zh")
    assert [seen(met, person, person) for person in (READER, SECOND_READER, THIRD_READER)] == [
        ["zh"],
        ["default"],
        ["zh"],
    ]


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a-b", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": " "}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": "x" * 257}]}, "BOT_COMMAND_INVALID"),
        ({"commands": ["a"]}, "can't parse BotCommand: expected an Object"),
        (
            {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        ({"commands": [], "language_code": "zh-hans"}, "invalid language code specified"),
        (
            {"commands": [], "scope": {"type": "moon"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 42}}, "chat not found"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": "@nobody"}}, "chat not found"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": READER}}, "chat not found"),
    ],
    ids=str,
)
async def test_refused_commands(raw: Raw, parameters: dict[str, object], description: str) -> None:
    assert await raw.refused("setMyCommands", **parameters) == f"Bad Request: {description}"


async def test_texts_by_language(bot: Bot) -> None:
    await bot.set_my_description("news")
    await bot.set_my_description("新闻", language_code="zh")
    await bot.set_my_short_description("short")
    await bot.set_my_name("Wen")
    assert (await bot.get_my_description()).description == "news"
    assert (await bot.get_my_description(language_code="zh")).description == "新闻"
    assert (await bot.get_my_description(language_code="fr")).description == "news"
    assert (await bot.get_my_short_description()).short_description == "short"
    assert (await bot.get_my_name()).name == (await bot.get_me()).first_name == "Wen"
    await bot.set_my_description("", language_code="zh")
    assert (await bot.get_my_description(language_code="zh")).description == "news"
    assert await bot.set_chat_menu_button()
    assert (await bot.get_chat_menu_button()).type == "commands"
    with pytest.raises(BadRequest, match="Description is too long"):
        await bot.set_my_description("x" * 513)
