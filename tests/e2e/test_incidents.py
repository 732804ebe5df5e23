"""Whatever fails inside: the reader gets a code, the log has it and nothing private, and the chat goes on."""

import logging
import re
from typing import Any

import pytest
from sqlalchemy import text

from bot.services import Services
from retrieval.answer import Answer, Question
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import newest, press, told

QUESTION = "BW1803 授权总金额是多少"
APOLOGY = re.compile(
    r"Sorry, something went wrong on my side. If it happens again, tell my operator this code: ([A-Z2-9]{6})"
)


class BrokenAnswerer:
    """Fails at everything, with what was asked in the error's text."""

    def __init__(self, sound: Any) -> None:  # noqa: ANN401 - whatever answers
        self._sound = sound

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        msg = f"cannot parse {question.text!r} ({limit}, {offset})"
        raise ZeroDivisionError(msg)

    rank = timeline = suggestions = answer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return getattr(self._sound, name)


def broken(stage: Stage) -> Services:
    """The same parts, with an answerer that fails."""
    return stage.with_answerer(BrokenAnswerer(stage.services.answerer))


@pytest.mark.parametrize("label", ["🕒", "📈", "Why this?", "👎"])
async def test_a_button_that_fails_answers_its_press_and_says_so(
    shelf: Stage, caplog: pytest.LogCaptureFixture, label: str
) -> None:
    async with shelf.running():
        answer = await shelf.ask(shelf.alice, "白鹭大桥主跨合龙多少米？")
    async with shelf.running(broken(shelf)):
        await told(shelf, shelf.alice, answer, label)
        apology = APOLOGY.fullmatch(shelf.said(shelf.alice)[-1])
        assert apology is not None
        assert f"incident {apology[1]}: a pressed button could not be handled" in caplog.text
        assert text_of(newest(shelf, answer)) == text_of(answer)
        assert text_of(await shelf.ask(shelf.alice, "/help"))
    async with shelf.running():
        assert labels(await press(shelf, shelf.alice, newest(shelf, answer), "Why this?"))


async def test_a_button_that_fails_at_once_spins_no_longer(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE feedback RENAME TO elsewhere"))
    await told(bot, bot.alice, answer, "👍")
    assert APOLOGY.fullmatch(bot.said(bot.alice)[-1])
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO feedback"))
    await press(bot, bot.alice, answer, "👍")


async def test_an_edited_question_that_fails_says_so(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    async with stage.running():
        said = await stage.telegram.say(stage.alice, QUESTION)
        answer = await stage.telegram.wait_for_reply(stage.alice, after=said)
    async with stage.running(broken(stage)):
        await stage.telegram.edit(stage.alice, said, "How many drugs are under research?")
        apology = APOLOGY.fullmatch(text_of(await stage.telegram.wait_for_reply(stage.alice, after=answer)))
        assert apology is not None
        assert f"incident {apology[1]}" in caplog.text


@pytest.mark.parametrize(
    ("person", "notice"),
    [("second_reader", "Something went wrong. Code: "), ("reader", "出了点问题，代码：")],
)
async def test_an_inline_question_that_fails_says_so(
    stage: Stage, caplog: pytest.LogCaptureFixture, person: str, notice: str
) -> None:
    who = getattr(stage.telegram.people, person)
    async with stage.running(broken(stage)):
        query = await stage.telegram.ask_inline(who, QUESTION, stage.group)
        answer = await stage.telegram.wait_for_answer(query)
        await stage.idle()
    assert answer["results"] == []
    said = str(answer["button"]["text"])
    assert said.startswith(notice)
    assert f"incident {said.removeprefix(notice)}: an inline query could not be handled" in caplog.text
    async with stage.running():  # and it is not remembered
        query = await stage.telegram.ask_inline(who, QUESTION, stage.group)
        assert (await stage.telegram.wait_for_answer(query))["results"]


async def test_an_inline_apology_that_cannot_be_shown_is_logged_and_no_more(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running(broken(stage)):
        stage.telegram.faults.refuse("query is too old", "answerInlineQuery")
        await stage.telegram.ask_inline(stage.alice, QUESTION, stage.group)
        await stage.idle()
        assert text_of(await stage.ask(stage.alice, "/help"))
    assert re.search(r"the apology for incident \w{6} could not be shown \(BadRequest\)", caplog.text)


async def test_a_chat_whose_settings_cannot_be_read_is_told_so(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE chats RENAME TO elsewhere"))
    apology = APOLOGY.fullmatch(text_of(await bot.ask(bot.alice, QUESTION)))
    assert apology is not None
    assert f"incident {apology[1]}" in caplog.text
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO chats"))
    assert "7.12" in text_of(await bot.ask(bot.alice, QUESTION))


@pytest.mark.parametrize("command", ["history", "export", "forget", "privacy"])
async def test_a_command_that_fails_says_so(
    bot: Stage, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    await bot.ask(bot.alice, "/foo")  # what the chat has chosen is known from now on
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE replies RENAME TO elsewhere"))
    apology = APOLOGY.fullmatch(text_of(await bot.ask(bot.alice, f"/{command}")))
    assert apology is not None
    assert f"incident {apology[1]}" in caplog.text
    async with bot.database.transaction() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO replies"))
    assert APOLOGY.fullmatch(text_of(await bot.ask(bot.alice, f"/{command}"))) is None


async def test_an_administrator_that_telegram_does_not_name_is_an_incident(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.faults.bad_gateway("getChatMember", times=1)
    apology = APOLOGY.fullmatch(text_of(await bot.ask(bot.alice, "/settings", bot.group)))
    assert apology is not None
    assert f"incident {apology[1]}" in caplog.text
    assert APOLOGY.fullmatch(text_of(await bot.ask(bot.alice, "/settings", bot.group))) is None


async def test_nothing_private_is_in_the_log_whatever_a_reader_does(
    shelf: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "httpx")
    caplog.set_level(logging.INFO)  # the last: it is the level of what is caught, too
    matter = "雁荡天文台彗星"
    for services in (shelf.services, broken(shelf)):
        async with shelf.running(services):
            said = await shelf.telegram.say(shelf.alice, f"{matter} 自:2025-01")
            first = await shelf.telegram.wait_for_reply(shelf.alice, after=said)
            for label in labels(first):
                if not label.startswith(("📋", "🔗")):
                    await try_pressing(shelf, first, label)
            await shelf.telegram.edit(shelf.alice, said, f"{matter}第一卷")
            await shelf.telegram.ask_inline(shelf.alice, matter, shelf.group)
            for command in ("history", "export", "privacy", "forget", "settings zone Kathmandu", "topics"):
                await shelf.ask(shelf.alice, f"/{command}")
            await shelf.ask(shelf.alice, f"/ask {matter}", shelf.group)
            await shelf.ask(shelf.alice, f"/timeline {matter}")
            await shelf.idle()
    assert "incident" in caplog.text
    key = shelf.telegram.token.partition(":")[2]
    for private in (matter, "彗星", "Kathmandu", "Alice", str(shelf.alice.id), str(shelf.group.id), key):
        assert private not in caplog.text


async def try_pressing(stage: Stage, message: Any, label: str) -> None:  # noqa: ANN401 - a message
    """Press a button if it is still there, and wait for what comes of it."""
    if any(each == label for each in labels(newest(stage, message))):
        await told(stage, stage.alice, message, label)
