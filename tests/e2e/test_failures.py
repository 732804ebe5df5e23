"""When something fails: inside, on the way to Telegram, or in Telegram."""

import asyncio
import dataclasses
import logging
import re

import pytest
from pydantic import SecretStr

from bot.app import build_application, run_polling
from bot.errors import InvalidSettings
from bot.local.faults import Moment
from corpus.database import Database
from retrieval.answer import Answer, Question
from tests.e2e.conftest import Stage
from tests.e2e.news import DEAL

QUESTION = "BW1803 授权总金额是多少"
APOLOGY = re.compile(r"抱歉，我这里出了点问题。如果再次发生，请把这个代码告诉管理员：([A-Z2-9]{6})")


class BrokenAnswerer:
    """Fails at every question, with the question in the error's text."""

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        msg = f"cannot parse {question.text!r} (limit {limit}, offset {offset})"
        raise ZeroDivisionError(msg)


async def test_an_error_inside_becomes_an_apology_with_a_code_that_is_in_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running(stage.with_answerer(BrokenAnswerer())):
        apology = await stage.ask(stage.reader, QUESTION)
        assert (await stage.ask(stage.reader, "/help")).text  # the chat goes on
        await stage.idle()
    found = APOLOGY.fullmatch(apology.text or "")
    assert found is not None
    assert f"incident {found[1]}" in caplog.text
    assert "in answer" in caplog.text
    assert "builtins.ZeroDivisionError" in caplog.text


async def test_nothing_private_is_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "httpx")
    caplog.set_level(logging.INFO)  # the last: it is the level of what is caught, too
    async with stage.running(stage.with_answerer(BrokenAnswerer())):
        await stage.ask(stage.reader, QUESTION)
        stage.telegram.faults.forbid(method="sendMessage")
        await stage.telegram.say(stage.alice, QUESTION)
        await stage.idle()
    assert "incident" in caplog.text
    for private in (QUESTION, "BW1803", str(stage.reader.id), stage.telegram.token.partition(":")[2]):
        assert private not in caplog.text


async def test_an_apology_that_cannot_be_sent_is_logged_and_no_more(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running(stage.with_answerer(BrokenAnswerer())):
        stage.telegram.faults.refuse("TEXTURL_INVALID", "sendMessage")
        await stage.telegram.say(stage.reader, QUESTION)
        await stage.idle()
        assert stage.said(stage.reader) == []
        assert (await stage.ask(stage.alice, "/help")).text
    assert re.search(r"the apology for incident \w{6} could not be sent \(BadRequest\)", caplog.text)


async def test_a_failing_button_apologises_too(stage: Stage) -> None:
    async with stage.running():
        welcome = await stage.ask(stage.reader, "/start")
    async with stage.running(stage.with_answerer(BrokenAnswerer())):
        query = await stage.telegram.press(stage.reader, welcome, "蓝鲸生物")
        apology = await stage.telegram.wait_for_reply(stage.reader, after=welcome)
        await stage.telegram.wait_for_answer(query)
    assert APOLOGY.fullmatch(apology.text or "")


async def test_it_waits_as_long_as_telegram_tells_it_and_then_answers(bot: Stage) -> None:
    bot.telegram.faults.flood(1, "sendMessage")
    answer = await bot.ask(bot.reader, QUESTION)
    assert DEAL in (answer.text or "")
    refused, taken = [call for call in bot.telegram.calls if call.method == "sendMessage"]
    assert refused.code == 429
    assert (taken.at - refused.at).total_seconds() >= 1


async def test_a_gateway_that_fails_is_tried_again(bot: Stage) -> None:
    bot.telegram.faults.bad_gateway("sendMessage", times=2)
    assert DEAL in ((await bot.ask(bot.reader, QUESTION)).text or "")
    await bot.idle()
    assert len(bot.said(bot.reader)) == 1


async def test_a_connection_cut_after_sending_is_not_answered_twice(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.faults.cut("sendMessage", moment=Moment.AFTER)
    await bot.ask(bot.reader, QUESTION)
    await bot.idle()
    assert len(bot.said(bot.reader)) == 1
    assert "uncertain" in caplog.text


async def test_a_reader_who_blocked_the_bot_costs_no_more_than_one_call(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bot.telegram.faults.forbid(method="sendMessage")
    await bot.telegram.say(bot.reader, QUESTION)
    await bot.idle()
    assert bot.said(bot.reader) == []
    assert "may not write here any more" in caplog.text
    assert "incident" not in caplog.text


async def test_typing_that_cannot_be_shown_is_no_failure(bot: Stage) -> None:
    bot.telegram.faults.refuse("something about typing", "sendChatAction")
    assert DEAL in ((await bot.ask(bot.reader, QUESTION)).text or "")


async def test_a_group_that_became_a_supergroup_gets_its_answer(bot: Stage) -> None:
    world = bot.telegram.world
    old = world.open_group(dataclasses.replace(bot.group, id=-4242, kind="group"))
    await bot.telegram.say(bot.reader, "/help", old.id)
    await bot.idle()
    said = await bot.telegram.say(bot.reader, f"/ask {QUESTION}", old.id)
    grown = bot.telegram.acts.migrate(bot.reader, old)
    answer = await bot.telegram.wait_for_reply(grown.id)
    assert DEAL in (answer.text or "")
    assert said.chat_id == -4242


async def test_polling_survives_errors_of_every_kind(bot: Stage, caplog: pytest.LogCaptureFixture) -> None:
    faults = bot.telegram.faults
    faults.bad_gateway("getUpdates")
    faults.cut("getUpdates")
    faults.fail(409, "Conflict: terminated by other getUpdates request", "getUpdates")
    await bot.telegram.say(bot.reader, QUESTION)
    answer = await bot.telegram.wait_for_reply(bot.reader, timeout=20)
    assert DEAL in (answer.text or "")
    assert "another program is polling with the same token" in caplog.text
    assert "messages cannot be fetched from Telegram" in caplog.text


async def test_a_database_that_is_busy_delays_messages_and_loses_none(
    bot: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    other = await Database.open(bot.services.settings.database_url)
    async with other.transaction():
        said = [await bot.telegram.say(bot.reader, f"{QUESTION}{number}") for number in range(3)]
        async with asyncio.timeout(20):
            while "messages cannot be kept in the database" not in caplog.text:  # noqa: ASYNC110 - the log has no event
                await asyncio.sleep(0.05)
        # Telegram has not been told that they arrived, so it would send them again.
        assert len(bot.telegram.world.updates.pending) == 3
        polls = sum(call.method == "getUpdates" for call in bot.telegram.calls)
        assert polls < 10
    await other.close()
    await bot.telegram.wait_for_reply(bot.reader, after=said[-1], timeout=20)
    async with asyncio.timeout(20):
        while len(bot.said(bot.reader)) < 3:  # noqa: ASYNC110 - counted, not awaited one by one
            await asyncio.sleep(0.05)
    await bot.idle()
    assert len(bot.said(bot.reader)) == 3


async def test_a_telegram_that_is_away_at_the_start_is_waited_for(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.telegram.faults.bad_gateway("getMe")
    async with stage.running():
        assert (await stage.ask(stage.reader, "/help")).text
    assert "Telegram cannot be reached" in caplog.text


async def test_while_it_waits_for_telegram_it_can_be_stopped(stage: Stage) -> None:
    stage.telegram.faults.bad_gateway("getMe", times=1000)
    async with asyncio.timeout(5), stage.running():
        await stage.telegram.wait_for_call("getMe", 2)


async def test_a_token_that_telegram_does_not_know_is_a_wrong_setting(stage: Stage) -> None:
    settings = stage.services.settings.model_copy(update={"token": SecretStr("1234567:" + "x" * 35)})
    with pytest.raises(InvalidSettings, match="WENXUN_TOKEN: Telegram does not know this token"):
        await run_polling(dataclasses.replace(stage.services, settings=settings), asyncio.Event())


async def test_without_a_token_there_is_no_bot(stage: Stage) -> None:
    settings = stage.services.settings.model_copy(update={"token": None})
    with pytest.raises(InvalidSettings, match="WENXUN_TOKEN"):
        build_application(dataclasses.replace(stage.services, settings=settings))
