"""A reader asks in a private chat."""

import re

import pytest
from telegram import MessageEntity

from bot.local.wire import Upload
from tests.e2e.conftest import Stage
from tests.e2e.messages import bolds, quotes
from tests.e2e.news import DEAL, HOSTILE, PIPELINE

TITLE = "蓝鲸生物海外授权7.12亿美元"


async def test_a_question_is_answered_with_the_sentence_its_source_and_its_date(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "BW1803 的海外授权总金额是多少？")
    assert quotes(answer)[0] == DEAL
    assert answer.text is not None
    cited = rf"虚构财经 · 2025-05-20 08:05 \(\d+ (个月|年)前\) · {TITLE}"
    assert re.search(f"^{re.escape(DEAL)}\n(1\\. )?{cited}$", answer.text, re.MULTILINE)
    assert bolds(answer)[0] == "BW1803"
    assert "海外授权" in bolds(answer)[1]


async def test_the_title_is_linked_when_the_document_has_an_address(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "BW1803 授权总金额")
    links = {entity.url: text for entity, text in answer.parse_entities([MessageEntity.TEXT_LINK]).items()}
    assert links == {"https://news.example/deal?a=1&b=2": TITLE}
    assert answer.link_preview_options is None or answer.link_preview_options.is_disabled


async def test_a_question_in_english_is_answered_in_english(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, "How many innovative drugs are under research in Port Harmony?")
    assert quotes(answer)[0] == PIPELINE
    assert answer.text is not None
    cited = r"The Imaginary Ledger · 2025-12-16 \(\d+ (months|years) ago\) · Port Harmony counts its drugs"
    assert re.search(cited, answer.text)


async def test_what_a_document_does_not_say_is_shown_as_missing(bot: Stage) -> None:
    question = "无名小城的灯塔有多高？"
    assert "来源未注明 · 日期未注明 · 无标题" in ((await bot.ask(bot.reader, question)).text or "")
    assert "no source given · no date given · untitled" in ((await bot.ask(bot.alice, question)).text or "")


async def test_markup_in_the_news_is_shown_as_written(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "代码 BW9 的价格是多少元")
    assert quotes(answer)[0].replace("\u202e", "") == HOSTILE.replace("\u202e", "")
    assert answer.text is not None
    assert re.search(r'来源 <u> · 2025-01-02 \(.+前\) · <i>标题</i> & "更多"', answer.text)


async def test_ask_is_a_question_too(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "/ask BW1803 授权总金额")
    assert quotes(answer)[0] == DEAL


async def test_what_the_news_does_not_have_is_said_plainly(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, "火星上的外星人喜欢跳什么舞")
    assert answer.text is not None
    assert answer.text.startswith("在我收录的新闻里没有找到相关内容。")
    assert not quotes(answer)


async def test_the_nearest_news_is_named_when_there_is_no_answer(bot: Stage) -> None:
    answer = await bot.ask(
        bot.alice, "quantum flavoured lighthouse keepers research dragons underwater mostly"
    )
    assert answer.text is not None
    assert "I found nothing about this in the news I have." in answer.text
    assert "The nearest news:\n• " in answer.text


async def test_typing_is_shown_before_the_answer_comes(bot: Stage) -> None:
    await bot.ask(bot.reader, "BW1803 授权总金额")
    methods = [call.method for call in bot.telegram.calls if call.method in {"sendChatAction", "sendMessage"}]
    assert methods == ["sendChatAction", "sendMessage"]


@pytest.mark.parametrize("text", ["/ask", "/ask ？？", "？！", "👍"])
async def test_a_question_without_words_gets_a_hint_and_examples(bot: Stage, text: str) -> None:
    answer = await bot.ask(bot.reader, text)
    assert answer.text == "您想了解什么？请用几个词写下您的问题。"
    assert answer.reply_markup is not None


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("voice", "我听不了语音，请把问题写成文字。"),
        ("photo", "我只能阅读文字，请把问题写成文字。"),
        ("sticker", "我只能阅读文字，请把问题写成文字。"),
        ("document", "我只能阅读文字，请把问题写成文字。"),
    ],
)
async def test_a_message_without_text_gets_a_helpful_line(bot: Stage, kind: str, reply: str) -> None:
    said = await bot.telegram.send_file(
        bot.reader, Upload("x.bin", "application/octet-stream", b"x"), kind=kind
    )
    assert (await bot.telegram.wait_for_reply(bot.reader, after=said)).text == reply


async def test_an_unknown_command_gets_a_helpful_line(bot: Stage) -> None:
    assert (await bot.ask(bot.alice, "/nonsense x")).text == (
        "I do not know this command. /help lists those I know."
    )


async def test_the_inbox_forgets_what_a_reader_wrote_when_it_is_answered(bot: Stage) -> None:
    await bot.ask(bot.reader, "BW1803 我的秘密问题")
    await bot.idle()
    async with bot.database.connection() as connection:
        rows = (await connection.exec_driver_sql("SELECT payload FROM updates")).all()
    assert [row.payload for row in rows] == [None]
