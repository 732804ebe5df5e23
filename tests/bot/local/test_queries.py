"""Pressed buttons and inline questions, and the bot's answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.local.acts import addressed
from bot.local.membership import ImpossibleAct

if TYPE_CHECKING:
    from telegram import Bot, Message

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import HandClock, Raw

READER = 1001
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def article(**fields: object) -> dict[str, object]:
    return {
        "type": "article",
        "id": "1",
        "title": "T",
        "input_message_content": {"message_text": "x"},
        **fields,
    }


async def with_buttons(bot: Bot, *texts: str) -> Message:
    buttons = [InlineKeyboardButton(text, callback_data=f"data:{text}") for text in texts]
    return await bot.send_message(READER, "x", reply_markup=InlineKeyboardMarkup([buttons]))


async def test_a_pressed_button_asks_the_bot(bot: Bot, met: LocalTelegram) -> None:
    sent = await with_buttons(bot, "More", "Even more")
    query = await met.press(READER, sent, "Even")
    (update,) = (Update.de_json(dict(waiting), None) for waiting in met.world.updates.pending)
    asked = update.callback_query
    assert asked is not None
    assert (asked.id, asked.data, asked.from_user.id) == (query.id, "data:Even more", READER)
    assert asked.message == sent
    await bot.answer_callback_query(query.id, "好", show_alert=True)
    assert await met.wait_for_answer(query) == {"text": "好", "show_alert": True}


async def test_the_exact_text_of_a_button_goes_first(bot: Bot, met: LocalTelegram) -> None:
    sent = await with_buttons(bot, "More of it", "More")
    await met.press(READER, sent, "More")
    assert met.world.updates.pending[-1]["callback_query"]["data"] == "data:More"
    with pytest.raises(ValueError, match="no button begins with 'Less'; there are"):
        await met.press(READER, sent, "Less")


async def test_a_query_is_answered_once_and_not_too_late(
    raw: Raw, bot: Bot, met: LocalTelegram, clock: HandClock
) -> None:
    sent = await with_buttons(bot, "More")
    query = await met.press(READER, sent, "More")
    await raw.result("answerCallbackQuery", callback_query_id=query.id)
    assert await raw.refused("answerCallbackQuery", callback_query_id=query.id) == TOO_OLD
    late = await met.press(READER, sent, "More")
    clock.advance(31)
    assert await raw.refused("answerCallbackQuery", callback_query_id=late.id) == TOO_OLD
    assert await raw.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD


async def test_refused_callback_answers(raw: Raw, bot: Bot, met: LocalTelegram) -> None:
    query = await met.press(READER, await with_buttons(bot, "More"), "More")
    refusal = await raw.refused("answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert refusal == "Bad Request: MESSAGE_TOO_LONG"
    refusal = await raw.refused("answerCallbackQuery", callback_query_id=query.id, url="https://example.com")
    assert refusal == "Bad Request: URL_INVALID"
    assert await raw.result("answerCallbackQuery", callback_query_id=query.id, text="x" * 200)


async def test_buttons_that_do_not_ask(bot: Bot, met: LocalTelegram) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Open", url="https://example.com")]])
    sent = await bot.send_message(READER, "x", reply_markup=markup)
    with pytest.raises(ImpossibleAct, match="does not ask"):
        await met.press(READER, sent, "Open")
    chat = met.world.chats[READER]
    for row, column in ((1, 0), (0, 1)):
        with pytest.raises(ImpossibleAct, match="no such button"):
            met.acts.press(met.people.reader, chat, sent.message_id, row, column)


async def test_an_inline_question_and_its_suggestions(raw: Raw, met: LocalTelegram) -> None:
    query = await met.ask_inline(READER, "新药", chat=met.people.group)
    asked = met.world.updates.pending[0]["inline_query"]
    assert (asked["id"], asked["query"], asked["chat_type"]) == (query.id, "新药", "supergroup")
    await raw.result(
        "answerInlineQuery",
        inline_query_id=query.id,
        is_personal=True,
        results=[
            article(description="D"),
            article(id="2", input_message_content={"message_text": "<b>y</b>", "parse_mode": "HTML"}),
        ],
        button={"text": "Settings", "start_parameter": "settings"},
    )
    answer = await met.wait_for_answer(query)
    assert [result["title"] for result in answer["results"]] == ["T", "T"]
    assert answer["button"] == {"text": "Settings", "start_parameter": "settings"}
    chosen = await met.choose(query, "2")
    assert chosen.text_html == "<b>y</b>"
    assert chosen.via_bot is not None
    assert chosen.chat_id == met.people.group.id
    # What is sent through the bot, the bot sees, even in a group.
    assert met.world.updates.pending[-1]["message"]["text"] == "y"
    with pytest.raises(ImpossibleAct):
        await met.choose(query, "3")
    assert await raw.refused("answerInlineQuery", inline_query_id=query.id, results=[]) == TOO_OLD


async def test_a_message_sent_through_the_bot_can_be_edited_by_it(raw: Raw, met: LocalTelegram) -> None:
    query = await met.ask_inline(READER, "x")
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
    await raw.result("answerInlineQuery", inline_query_id=query.id, results=[article(reply_markup=markup)])
    chosen = await met.choose(query, "1")
    await met.press(1001, chosen, "More")
    pressed = met.world.updates.pending[-1]["callback_query"]
    assert "message" not in pressed
    edit = {"inline_message_id": pressed["inline_message_id"], "text": "edited"}
    assert await raw.result("editMessageText", **edit) is True
    assert met.messages(READER)[-1].text == "edited"


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({}, "results are empty"),
        ({"results": [article(id=str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article(id="字" * 22)]}, "RESULT_ID_INVALID"),
        ({"results": [article(title="")]}, "can't parse inline query result: Can't find field \"title\""),
        (
            {"results": [article(input_message_content=None)]},
            "can't parse inline query result: Can't find field \"input_message_content\"",
        ),
        ({"results": [article(input_message_content={"message_text": "x" * 4097})]}, "message is too long"),
        ({"results": [article(type="photo")]}, "photo inline results are unsupported by the local server"),
        ({"results": ["x"]}, "can't parse inline query result: expected an Object"),
        ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
    ],
    ids=str,
)
async def test_refused_suggestions(
    raw: Raw, met: LocalTelegram, parameters: dict[str, object], description: str
) -> None:
    query = await met.ask_inline(READER, "x")
    refusal = await raw.refused("answerInlineQuery", inline_query_id=query.id, **parameters)
    assert refusal == f"Bad Request: {description}"
    assert query.answer is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@wenxun_local_bot 新药", "新药"),
        ("@Wenxun_Local_Bot ", ""),
        ("@wenxun_local_bot", None),
        ("新药", None),
    ],
)
def test_when_a_text_is_an_inline_question(text: str, asked: str | None) -> None:
    assert addressed(text) == asked
