"""In a group the bot answers those who speak to it, and nobody else."""

import pytest
from telegram import Message

from bot.local.wire import Upload
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, quotes
from tests.e2e.news import DEAL

QUESTION = "BW1803 授权总金额是多少"


@pytest.mark.parametrize(
    "text",
    [
        f"@wenxun_local_bot {QUESTION}",
        f"{QUESTION} @Wenxun_Local_Bot",
        f"/ask {QUESTION}",
        f"/ask@wenxun_local_bot {QUESTION}",
    ],
)
async def test_it_answers_who_names_it_and_quotes_the_question(bot: Stage, text: str) -> None:
    said = await bot.telegram.say(bot.reader, text, bot.group)
    answer = await bot.telegram.wait_for_reply(bot.group, after=said)
    assert DEAL in (answer.text or "")
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == said.message_id


async def test_a_reply_to_an_answer_asks_within_its_document(bot: Stage) -> None:
    first = await bot.ask(bot.reader, f"/ask {QUESTION}", bot.group)
    said = await bot.telegram.say(bot.alice, "首付款是多少？", bot.group, reply_to=first)
    answer = await bot.telegram.wait_for_reply(bot.group, after=said)
    assert quotes(answer)[0] == DEAL
    assert labels(answer)[0].startswith("in: ")
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == said.message_id


async def test_a_reply_to_what_is_no_answer_is_a_question(bot: Stage) -> None:
    hint = await bot.ask(bot.reader, "/ask", bot.group)
    said = await bot.telegram.say(bot.alice, "How many drugs are under research?", bot.group, reply_to=hint)
    answer = await bot.telegram.wait_for_reply(bot.group, after=said)
    assert "over 100 innovative drugs" in (answer.text or "")


@pytest.mark.parametrize("text", [QUESTION, f"@alice_reads {QUESTION}", f"/ask@other_bot {QUESTION}", "/foo"])
async def test_it_keeps_silent_otherwise(bot: Stage, text: str) -> None:
    # A bot may be allowed to read everything in a group; then it has to know by itself.
    bot.telegram.world.updates.put("message", as_seen(await bot.telegram.say(bot.reader, text, bot.group)))
    await bot.idle()
    assert bot.said(bot.group) == []


def as_seen(message: Message) -> dict[str, object]:
    return message.to_dict()


async def test_an_unknown_command_is_answered_only_if_it_names_the_bot(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, "/foo@wenxun_local_bot", bot.group)
    assert answer.text == "I do not know this command. /help lists those I know."


async def test_a_picture_is_nobodys_question_unless_the_bot_is_named(bot: Stage) -> None:
    picture = Upload("x.png", "image/png", b"x")
    said = await bot.telegram.send_file(bot.reader, picture, kind="photo", chat=bot.group)
    bot.telegram.world.updates.put("message", as_seen(said))
    await bot.idle()
    assert bot.said(bot.group) == []
    named = "@wenxun_local_bot"
    await bot.telegram.send_file(bot.reader, picture, kind="photo", chat=bot.group, caption=named)
    await bot.idle()
    assert bot.said(bot.group) == ["我只能阅读文字，请把问题写成文字。"]


async def test_a_question_below_a_picture_is_answered_if_it_names_the_bot(bot: Stage) -> None:
    picture = Upload("x.png", "image/png", b"x")
    caption = f"@wenxun_local_bot {QUESTION}"
    said = await bot.telegram.send_file(bot.reader, picture, kind="photo", chat=bot.group, caption=caption)
    assert quotes(await bot.telegram.wait_for_reply(bot.group, after=said))[0] == DEAL


async def test_people_who_come_and_go_are_not_greeted(bot: Stage) -> None:
    acts, chat = bot.telegram.acts, bot.telegram.world.chats[bot.group.id]
    acts.kick_bot(bot.reader, chat)
    acts.add_bot(bot.reader, chat)
    await bot.idle()
    assert bot.said(bot.group) == []


async def test_a_reader_is_spoken_to_in_their_own_language(bot: Stage) -> None:
    assert "您想了解什么" in ((await bot.ask(bot.reader, "/ask", bot.group)).text or "")
    assert "What would you like to know?" in ((await bot.ask(bot.alice, "/ask", bot.group)).text or "")


async def test_a_question_deleted_meanwhile_is_answered_without_quoting(stage: Stage) -> None:
    said = await stage.telegram.say(stage.reader, f"/ask {QUESTION}", stage.group)
    stage.telegram.acts.delete(stage.telegram.world.chats[stage.group.id], said.message_id)
    async with stage.running():
        answer = await stage.telegram.wait_for_reply(stage.group, after=said)
    assert answer.reply_to_message is None
    assert DEAL in (answer.text or "")


async def test_the_answer_goes_to_the_forum_topic_of_the_question(bot: Stage) -> None:
    said = await bot.telegram.say(bot.reader, QUESTION, bot.group)
    topic = {"message_thread_id": 77, "is_topic_message": True}
    text = f"/ask {QUESTION}"
    command = {"type": "bot_command", "offset": 0, "length": 4}
    bot.telegram.world.updates.put("message", as_seen(said) | topic | {"text": text, "entities": [command]})
    await bot.telegram.wait_for_call("sendMessage")
    places = {
        call.method: call.parameters.get("message_thread_id")
        for call in bot.telegram.calls
        if call.method in {"sendMessage", "sendChatAction"}
    }
    assert {name: str(place) for name, place in places.items()} == {
        "sendMessage": "77",
        "sendChatAction": "77",
    }
