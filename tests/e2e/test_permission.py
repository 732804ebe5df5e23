"""Who may use a bot that is not for everybody, and who sees the commands of those who keep the corpus."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.menu import COMMANDS, KEEPING, Scope
from tests.e2e.messages import text_of

if TYPE_CHECKING:
    from telegram import Message

    from bot.local.people import Group, Person
    from tests.e2e.conftest import Stage

QUESTION = "白鹭大桥的主跨合龙了多少米"
PRIVATE = "This bot is private. Ask whoever runs it to let you in."
UNKNOWN = "I do not know this command. /help lists those I know."


async def reply(stage: Stage, person: Person, text: str, chat: Group | None = None) -> str:
    answered: Message = await stage.ask(person, text, chat)
    return text_of(answered)


async def test_only_those_who_are_named_are_answered(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(readers=(shelf.reader.id,))):
        assert "白鹭大桥" in await reply(shelf, shelf.reader, QUESTION)
        assert (await reply(shelf, shelf.alice, QUESTION)).startswith(PRIVATE)
        assert (await reply(shelf, shelf.alice, "/latest")).startswith(PRIVATE)


async def test_a_group_that_is_named_lets_everybody_in_it_ask(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(readers=(shelf.group.id,))):
        assert "白鹭大桥" in await reply(shelf, shelf.alice, f"/ask {QUESTION}", shelf.group)
        assert (await reply(shelf, shelf.alice, QUESTION)).startswith(PRIVATE)


async def test_in_a_group_that_is_not_named_the_bot_is_silent(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(readers=(shelf.reader.id,))):
        await shelf.telegram.say(shelf.alice, f"/ask {QUESTION}", shelf.group)
        await shelf.idle()
        assert shelf.said(shelf.group) == []


async def test_strangers_get_no_inline_results(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(readers=(shelf.reader.id,))):
        for person, found in ((shelf.alice, False), (shelf.reader, True)):
            query = await shelf.telegram.ask_inline(person, QUESTION, shelf.group)
            assert bool((await shelf.telegram.wait_for_answer(query))["results"]) is found


async def test_administrators_are_let_in_without_being_named(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(readers=(1,), admins=(shelf.alice.id,))):
        assert "白鹭大桥" in await reply(shelf, shelf.alice, QUESTION)


async def test_the_commands_of_administrators_do_not_exist_for_others(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))):
        unknown = await reply(shelf, shelf.reader, "/nonsense")
        for command in KEEPING:
            assert await reply(shelf, shelf.reader, f"/{command.name}") == unknown, command.name
        assert await reply(shelf, shelf.alice, "/nonsense") == UNKNOWN
        assert not (await reply(shelf, shelf.alice, "/outbox")).startswith(UNKNOWN)


async def test_they_do_not_exist_in_a_group_that_is_not_the_administrators(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))):
        username = shelf.telegram.username
        assert (await reply(shelf, shelf.alice, f"/outbox@{username}", shelf.group)).startswith(UNKNOWN)


async def test_they_work_in_the_group_of_the_administrators_for_them_alone(shelf: Stage) -> None:
    changed = {"admins": (shelf.alice.id,), "admin_chat": shelf.group.id}
    async with shelf.running(shelf.with_settings(**changed)):
        username = shelf.telegram.username
        unknown = await reply(shelf, shelf.reader, f"/nonsense@{username}", shelf.group)
        assert await reply(shelf, shelf.reader, f"/outbox@{username}", shelf.group) == unknown
        assert await reply(shelf, shelf.alice, f"/outbox@{username}", shelf.group) not in {unknown, UNKNOWN}


def offered(stage: Stage, person: Person) -> set[str]:
    """The commands that somebody's app shows in the private chat."""
    menu = stage.telegram.world.menu
    shown = menu.seen_by(person.id, person.language_code, person.id, administrator=False)
    return {command["command"] for command in shown}


async def test_the_menu_of_an_administrator_has_their_commands(shelf: Stage) -> None:
    await shelf.telegram.say(shelf.alice, "hello")  # else there is no chat to offer anything in
    keeping = {command.name for command in KEEPING}
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))), asyncio.timeout(10):
        while not keeping & offered(shelf, shelf.alice):  # noqa: ASYNC110 - told by nobody
            await asyncio.sleep(0.01)
    assert keeping <= offered(shelf, shelf.alice)
    readers = {command.name for command in COMMANDS if Scope.PRIVATE in command.scopes}
    assert offered(shelf, shelf.reader) == readers < offered(shelf, shelf.alice)


async def test_help_lists_to_each_what_they_may(shelf: Stage) -> None:
    async with shelf.running(shelf.with_settings(admins=(shelf.alice.id,))):
        administrators, readers = (
            await reply(shelf, shelf.alice, "/help"),
            await reply(shelf, shelf.reader, "/help"),
        )
        elsewhere = await reply(shelf, shelf.alice, "/help", shelf.group)
    for command in KEEPING:
        assert f"/{command.name} – " in administrators
        assert f"/{command.name} – " not in readers + elsewhere
