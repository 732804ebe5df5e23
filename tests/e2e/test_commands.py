"""Every command answers everywhere, in every language, and the menu offers nobody what is not for them."""

import pytest

from bot.locale.catalogue import LOCALES
from bot.menu import COMMANDS, Scope
from tests.e2e.conftest import Stage
from tests.e2e.messages import text_of

PEOPLE = {"en": "second_reader", "zh": "reader", "zh_Hant": "third_reader"}
NAMES = [command.name for command in COMMANDS]
ARGUMENTS = ("", " BW1803", " x\u202e<b>&", " -1", " 9" * 200)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("place", ["private", "group", "forum"])
async def test_every_command_answers(
    bot: Stage, caplog: pytest.LogCaptureFixture, locale: str, place: str
) -> None:
    person = getattr(bot.telegram.people, PEOPLE[locale])
    chat = None if place == "private" else getattr(bot.telegram.people, place)
    for name in NAMES:
        for argument in ARGUMENTS:
            reply = await bot.ask(person, f"/{name}{argument}", chat)
            assert reply.text or reply.caption, name
    await bot.idle()
    assert "incident" not in caplog.text
    refused = [call for call in bot.telegram.calls if call.code not in {200, 429}]
    assert refused == []


@pytest.mark.parametrize("name", NAMES)
async def test_a_command_of_another_bot_is_not_answered(bot: Stage, name: str) -> None:
    said = await bot.telegram.say(bot.alice, f"/{name}@other_bot BW1803", bot.group)
    bot.telegram.world.updates.put("message", said.to_dict())
    await bot.idle()
    assert bot.said(bot.group) == []


async def test_the_same_command_speaks_to_everybody_in_their_own_language(bot: Stage) -> None:
    said = {
        locale: text_of(await bot.ask(getattr(bot.telegram.people, person), "/help", bot.group))
        for locale, person in PEOPLE.items()
    }
    assert len(set(said.values())) == len(LOCALES)
    for description in (command.description for command in COMMANDS):
        assert description in said["en"]
        assert description not in said["zh"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("place", ["private", "group"])
async def test_a_person_is_offered_the_commands_for_the_chat_they_are_in(
    bot: Stage, locale: str, place: str
) -> None:
    await bot.telegram.wait_for_call("setMyCommands", 9)
    await bot.idle()
    person = getattr(bot.telegram.people, PEOPLE[locale])
    chat = person.id if place == "private" else bot.group.id
    scope = Scope.PRIVATE if place == "private" else Scope.GROUP
    expected = [command.name for command in COMMANDS if scope in command.scopes]
    for runs_it in (False, True):
        offered = bot.telegram.world.menu.seen_by(
            person.id, person.language_code, chat, administrator=runs_it
        )
        assert [command["command"] for command in offered] == expected
        described = {command["description"] for command in offered}
        assert ("what the news is about" in described) == (locale == "en")
