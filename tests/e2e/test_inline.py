"""Inline mode: in any chat, excerpts to choose from, and the message that a chosen one becomes."""

import logging
from datetime import timedelta

import pytest
from telegram import MessageEntity

from bot.local.people import Person
from bot.local.wire import JsonObject
from tests.e2e.conftest import Stage
from tests.e2e.messages import text_of
from tests.e2e.news import DEAL, HOSTILE
from tests.e2e.pressing import press

QUESTION = "BW1803 授权总金额是多少"


async def asked(stage: Stage, person: Person, text: str) -> JsonObject:
    """What the bot offers to a person who types a text after its name in the group."""
    return await stage.telegram.wait_for_answer(await stage.telegram.ask_inline(person, text, stage.group))


def notice(answer: JsonObject) -> str:
    """What stands above the results."""
    return str(answer["button"]["text"])


async def test_a_chosen_excerpt_becomes_a_message_that_quotes_and_cites(bot: Stage) -> None:
    query = await bot.telegram.ask_inline(bot.alice, QUESTION, bot.group)
    answer = await bot.telegram.wait_for_answer(query)
    first = answer["results"][0]
    assert first["title"].startswith("蓝鲸生物以双抗药物BW1803")
    assert first["description"] == "虚构财经 · 2025-05-20 08:05"
    message = await bot.telegram.choose(query, first["id"])
    await bot.idle()
    assert DEAL in text_of(message)
    assert "虚构财经" in text_of(message)
    kinds = {entity.type for entity in message.entities}
    assert MessageEntity.BLOCKQUOTE in kinds or MessageEntity.EXPANDABLE_BLOCKQUOTE in kinds
    assert "https://news.example/deal?a=1&b=2" in {entity.url for entity in message.entities}
    assert message.link_preview_options is None or message.link_preview_options.is_disabled
    # The bot does not answer its own excerpt, even where it sees it.
    assert bot.said(bot.group) == []


async def test_at_most_ten_results_for_nobody_else(library: Stage) -> None:
    answer = await asked(library, library.alice, "白鹭大桥主跨合龙多少米")
    assert len(answer["results"]) == 10
    assert len({result["id"] for result in answer["results"]}) == 10
    assert answer["is_personal"] is True
    other = await asked(library, library.reader, "白鹭大桥主跨合龙多少米")
    assert notice(answer) != notice(other)


@pytest.mark.parametrize("text", ["", " ", "？！", "🙂"])
async def test_without_a_question_one_is_asked_for(bot: Stage, text: str) -> None:
    answer = await asked(bot, bot.alice, text)
    assert answer["results"] == []
    assert notice(answer) == "Write a question about the news"


async def test_that_nothing_was_found_is_said(bot: Stage) -> None:
    answer = await asked(bot, bot.alice, "quantum zebra husbandry")
    assert answer["results"] == []
    assert notice(answer) == "Nothing found. Ask me in our chat"


async def test_the_button_above_leads_to_the_welcome(bot: Stage) -> None:
    answer = await asked(bot, bot.alice, QUESTION)
    welcome = await bot.ask(bot.alice, f"/start {answer['button']['start_parameter']}")
    assert text_of(welcome).startswith("Wenxun answers questions about the news.")


async def test_operators_confine_it(library: Stage) -> None:
    answer = await asked(library, library.alice, "白鹭大桥 来源:云汐日报 自:2025-06")
    shown = [result["description"] for result in answer["results"]]
    assert shown
    assert all(each.startswith("云汐日报 · 2025-") and each[-5:-3] >= "06" for each in shown)


async def test_what_the_reader_chose_in_the_settings_counts(library: Stage) -> None:
    settings = await library.ask(library.alice, "/settings")
    settings = await press(library, library.alice, settings, "🕒")
    languages = await press(library, library.alice, settings, "🌐")
    await press(library, library.alice, languages, "繁體")
    answer = await asked(library, library.alice, "白鹭大桥主跨合龙多少米")
    assert answer["results"][0]["description"].endswith("2025-10-07")
    assert "聊天" in notice(answer) or "答案" in notice(answer)


@pytest.mark.parametrize(
    ("person", "said"),
    [("reader", "请输入关于新闻的问题"), ("second_reader", "Write a question about the news")],
)
async def test_it_speaks_the_readers_language(bot: Stage, person: str, said: str) -> None:
    assert notice(await asked(bot, getattr(bot.telegram.people, person), "")) == said


async def test_an_answer_that_comes_too_late_is_no_incident(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    start = stage.telegram.world.clock()
    query = await stage.telegram.ask_inline(stage.alice, QUESTION, stage.group)
    query.asked = start - timedelta(minutes=5)
    async with stage.running():
        await stage.idle()
        assert (await asked(stage, stage.alice, f"{QUESTION}?"))["results"]
    assert query.answer is None
    assert "an inline query was answered too late" in caplog.text
    assert "incident" not in caplog.text


async def test_hostile_texts_are_inserted_as_they_are(bot: Stage) -> None:
    query = await bot.telegram.ask_inline(bot.alice, "BW9 的价格", bot.group)
    answer = await bot.telegram.wait_for_answer(query)
    chosen = next(result for result in answer["results"] if "BW9" in result["title"])
    message = await bot.telegram.choose(query, chosen["id"])
    assert HOSTILE.replace("\u202e", "") in text_of(message).replace("\u202e", "").replace("\u2068", "")


@pytest.mark.parametrize(
    "text", ["since:9999-99", "\u202e" * 200, "a" * 256, "'; DROP TABLE chats --", "{0} %s"]
)
async def test_strange_questions_are_answered(bot: Stage, text: str) -> None:
    assert (await asked(bot, bot.alice, text))["is_personal"] is True
    assert (await asked(bot, bot.alice, QUESTION))["results"]


async def test_no_question_typed_inline_is_kept(bot: Stage) -> None:
    await asked(bot, bot.alice, QUESTION)
    assert "not asked anything" in text_of(await bot.ask(bot.alice, "/history"))


async def test_an_operator_that_cannot_be_read_is_named_and_nothing_is_looked_for(bot: Stage) -> None:
    query = await bot.telegram.ask_inline(bot.alice, "BW1803 since:foo")
    answer = await bot.telegram.wait_for_answer(query)
    assert answer["results"] == []
    assert answer["button"]["text"] == "I could not read “since:foo”"
