"""The first minutes: /start with examples to press, /help, and the menu of commands."""

import time
from dataclasses import replace

import pytest
from telegram import MessageEntity

from bot.local.commands import Scope as MenuScope
from bot.menu import COMMANDS, Scope
from retrieval.answer import Answer, Question, Verdict
from retrieval.answerer import Answerer
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels
from tests.e2e.news import write_document


async def test_start_offers_examples_from_the_news(bot: Stage) -> None:
    welcome = await bot.ask(bot.reader, "/start")
    assert "问讯回答关于新闻的问题。" in (welcome.text or "")
    assert labels(welcome)[0] == "蓝鲸生物海外授权多少亿美元？"
    assert len(labels(welcome)) == 3


async def test_start_offers_examples_in_the_readers_language_first(bot: Stage) -> None:
    welcome = await bot.ask(bot.alice, "/start")
    assert "Try one of these" in (welcome.text or "")
    assert labels(welcome)[0] == "Port Harmony counts its drugs: what happened?"


@pytest.mark.parametrize("person", ["reader", "alice"])
async def test_every_example_is_answered_by_its_own_document(bot: Stage, person: str) -> None:
    somebody = getattr(bot, person)
    welcome = await bot.ask(somebody, "/start")
    last = welcome
    for label in labels(welcome):
        await bot.telegram.press(somebody, welcome, label)
        last = await bot.telegram.wait_for_reply(somebody, after=last)
        text = last.text or ""
        assert text.startswith(f"{label}\n\n")
        first = text.split("\n2. ")[0]
        stem = label.removesuffix("？").split("多少")[0].split(": what")[0].split("，具体")[0]
        assert stem in first


async def test_a_pressed_example_is_acknowledged_and_repeats_its_question(bot: Stage) -> None:
    welcome = await bot.ask(bot.reader, "/start")
    query = await bot.telegram.press(bot.reader, welcome, "蓝鲸生物")
    answer = await bot.telegram.wait_for_reply(bot.reader, after=welcome)
    await bot.telegram.wait_for_answer(query)
    assert next(iter(answer.parse_entities([MessageEntity.BOLD]).values())) == "蓝鲸生物海外授权多少亿美元？"


async def test_examples_work_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        welcome = await stage.ask(stage.reader, "/start")
    async with stage.running():
        await stage.telegram.press(stage.reader, welcome, "蓝鲸生物")
        answer = await stage.telegram.wait_for_reply(stage.reader, after=welcome)
    assert "7.12亿美元" in (answer.text or "")


async def test_an_example_whose_document_has_gone_says_so(bot: Stage) -> None:
    welcome = await bot.ask(bot.reader, "/start")
    (bot.services.settings.corpus / "deal.md").unlink()
    await bot.services.loader.load()
    await bot.telegram.press(bot.reader, welcome, "蓝鲸生物")
    answer = await bot.telegram.wait_for_reply(bot.reader, after=welcome)
    assert answer.text == "这个示例所依据的新闻已经不在了。发送 /start 可以看到新的示例。"


async def test_examples_follow_the_news(bot: Stage) -> None:
    await bot.ask(bot.reader, "/start")
    path = bot.services.settings.corpus / "fresh.md"
    write_document(path, "云雀制药募资5.5亿元。", title="云雀制药募资5.5亿元", date="2026-01-01")
    await bot.services.loader.load()
    assert labels(await bot.ask(bot.reader, "/start"))[0] == "云雀制药募资多少亿元？"


async def test_start_is_answered_at_once_even_the_first_time(bot: Stage) -> None:
    began = time.perf_counter()
    await bot.ask(bot.reader, "/start")
    assert time.perf_counter() - began < 2  # half a second on a quiet machine


async def test_without_any_news_start_and_latest_still_make_sense(stage: Stage) -> None:
    for path in stage.services.settings.corpus.iterdir():
        path.unlink()
    await stage.services.loader.load(allow_empty=True)
    async with stage.running():
        welcome = await stage.ask(stage.alice, "/start")
        assert welcome.reply_markup is None
        assert "Try one" not in (welcome.text or "")
        assert (await stage.ask(stage.alice, "/latest")).text == "There is no news here yet."
        assert "I found nothing" in ((await stage.ask(stage.alice, "BW1803?")).text or "")


async def test_help_lists_every_command(bot: Stage) -> None:
    chinese, english = await bot.ask(bot.reader, "/help"), await bot.ask(bot.alice, "/help")
    for command in COMMANDS:
        assert f"/{command.name} – " in (chinese.text or "")
        assert f"/{command.name} – {command.description}" in (english.text or "")
    assert "@wenxun_local_bot" in (english.text or "")


async def test_the_menu_is_registered_for_each_kind_of_chat_in_each_language(bot: Stage) -> None:
    await bot.telegram.wait_for_call("setMyCommands", 9)
    menu = bot.telegram.world.menu

    def offered(kind: str, language: str) -> dict[str, str]:
        scope = MenuScope.of({"type": kind})
        return {command["command"]: command["description"] for command in menu.get(scope, language)}

    assert offered("all_private_chats", "zh")["latest"] == "最新新闻"
    assert offered("all_private_chats", "en")["latest"] == "the newest news"
    assert offered("all_private_chats", "") == offered("all_private_chats", "en")
    assert "start" in offered("all_private_chats", "zh")
    in_groups = {command.name for command in COMMANDS if Scope.GROUP in command.scopes}
    assert set(offered("all_group_chats", "zh")) == in_groups
    assert in_groups.isdisjoint({"start", "history", "export", "forget"})
    assert set(offered("default", "")) == {command.name for command in COMMANDS}


async def test_a_menu_that_is_refused_is_a_warning(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.telegram.faults.refuse("something about the commands", "setMyCommands")
    async with stage.running():
        assert (await stage.ask(stage.reader, "/help")).text
    assert "command menu could not be registered" in caplog.text


class OneTrackAnswerer:
    """Answers everything from one document, whatever was asked."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        return self.answerer.answer(replace(question, text="BW1803 授权总金额"), limit, offset)


async def test_a_question_that_another_document_answers_is_not_offered(stage: Stage) -> None:
    async with stage.running(stage.with_answerer(OneTrackAnswerer(stage.services.answerer))):
        assert labels(await stage.ask(stage.reader, "/start")) == ["蓝鲸生物海外授权多少亿美元？"]


class DoubtfulAnswerer:
    """Answers truly, but is not sure of what it says about one name."""

    def __init__(self, answerer: Answerer, name: str) -> None:
        self.answerer = answerer
        self.name = name

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        answer = self.answerer.answer(question, limit, offset)
        return replace(answer, verdict=Verdict.RELATED) if self.name in question.text else answer


async def test_a_question_with_a_sure_answer_is_offered_first(stage: Stage) -> None:
    path = stage.services.settings.corpus / "fresh.md"
    write_document(path, "云雀制药募资5.5亿元。", title="云雀制药募资5.5亿元", date="2026-01-01")
    await stage.services.loader.load()
    doubtful = DoubtfulAnswerer(stage.services.answerer, "云雀")
    async with stage.running(stage.with_answerer(doubtful)):
        offered = labels(await stage.ask(stage.reader, "/start"))
    assert offered[0] == "蓝鲸生物海外授权多少亿美元？"
