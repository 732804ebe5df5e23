"""A forum and its topics, and what a bot has to mind in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import ReplyParameters, Update
from telegram.error import BadRequest

from bot.local.membership import ImpossibleAct
from bot.local.wire import Upload

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram

READER, ALICE = 1001, 1003
ASKED = "/ask@wenxun_local_bot 新药"


def updates(server: LocalTelegram) -> list[Update]:
    waiting = [Update.de_json(dict(update), None) for update in server.world.updates.pending]
    server.world.updates.clear()
    return waiting


def first_topic(server: LocalTelegram) -> int:
    return next(iter(server.world.chats[server.people.forum.id].topics))


async def test_a_forum_says_that_it_is_one(server: LocalTelegram, bot: Bot) -> None:
    assert updates(server) == []  # its first topics are older than the bot
    chat = await bot.get_chat(server.people.forum.id)
    assert (chat.type, chat.is_forum) == ("supergroup", True)
    assert not (await bot.get_chat(server.people.group.id)).is_forum


async def test_what_is_said_in_a_topic_carries_it(server: LocalTelegram) -> None:
    forum, topic = server.people.forum, first_topic(server)
    await server.say(READER, ASKED, forum, thread_id=topic)
    await server.say(READER, ASKED, forum)
    inside, general = (update.message for update in updates(server))
    assert inside is not None
    assert general is not None
    assert (inside.message_thread_id, inside.is_topic_message) == (topic, True)
    assert inside.reply_to_message is not None
    assert inside.reply_to_message.message_id == topic  # as on Telegram, where it answers nothing else
    assert inside.reply_to_message.forum_topic_created is not None
    assert (general.message_thread_id, general.is_topic_message) == (None, None)
    assert general.reply_to_message is None


async def test_the_bot_answers_in_a_topic(server: LocalTelegram, bot: Bot) -> None:
    forum, topic = server.people.forum, first_topic(server)
    asked = await server.say(READER, ASKED, forum, thread_id=topic)
    by_id = await bot.send_message(forum.id, "x", message_thread_id=topic)
    assert (by_id.message_thread_id, by_id.is_topic_message) == (topic, True)
    by_reply = await bot.send_message(forum.id, "x", reply_parameters=ReplyParameters(asked.message_id))
    assert by_reply.message_thread_id == topic
    assert by_reply.reply_to_message is not None
    assert by_reply.reply_to_message.message_id == asked.message_id
    await bot.send_chat_action(forum.id, "typing", message_thread_id=topic)
    followed = await server.say(ALICE, "为什么？", forum, reply_to=by_reply)
    assert followed.message_thread_id == topic


@pytest.mark.parametrize("thread_id", [1, 999])
async def test_there_is_no_other_topic(server: LocalTelegram, bot: Bot, thread_id: int) -> None:
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(server.people.forum.id, "x", message_thread_id=thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_chat_action(server.people.forum.id, "typing", message_thread_id=thread_id)
    with pytest.raises(ImpossibleAct, match="no such topic"):
        await server.say(READER, "x", server.people.forum, thread_id=thread_id)


async def test_only_a_forum_has_topics(server: LocalTelegram, bot: Bot) -> None:
    topic = first_topic(server)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(server.people.group.id, "x", message_thread_id=topic)
    with pytest.raises(ImpossibleAct, match="only a forum"):
        await server.open_topic(READER, "x", server.people.group)
    with pytest.raises(ImpossibleAct, match="needs a name"):
        await server.open_topic(READER, " ")


async def test_a_new_topic_is_told(server: LocalTelegram, bot: Bot) -> None:
    topic = await server.open_topic(READER, "财经")
    (update,) = updates(server)
    message = update.message
    assert message is not None
    assert message.forum_topic_created is not None
    assert (message.message_id, message.message_thread_id) == (topic, topic)
    assert message.forum_topic_created.name == "财经"
    assert (await bot.send_message(server.people.forum.id, "x", message_thread_id=topic)).is_topic_message
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", server.people.forum.id, topic)


async def test_files_forwards_and_suggestions_stand_in_the_topic_too(server: LocalTelegram, bot: Bot) -> None:
    forum, topic = server.people.forum, first_topic(server)
    posted = await server.forward_post(READER, 11, forum, topic)
    again = await server.forward(READER, posted, forum, topic)
    file = await server.send_file(READER, Upload("a", "", b"x"), chat=forum, thread_id=topic)
    query = await server.ask_inline(READER, "x", forum.id)
    result = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "z"}}
    await bot.answer_inline_query(query.id, [result])
    chosen = await server.choose(query, "1", topic)
    assert [m.message_thread_id for m in (posted, again, file, chosen)] == [topic] * 4
