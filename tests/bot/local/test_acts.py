"""What people do, and what the bot gets to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.local.membership import ImpossibleAct
from bot.local.people import Group
from bot.local.wire import Upload

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import HandClock

READER = 1001


def updates(server: LocalTelegram) -> list[Update]:
    """What waits for the bot, which forgets it."""
    waiting = [Update.de_json(dict(update), None) for update in server.world.updates.pending]
    server.world.updates.clear()
    return waiting


async def test_what_is_said_reaches_the_bot(server: LocalTelegram) -> None:
    said = await server.say(server.people.second_reader, " /ask@wenxun_local_bot 新药？\n")
    (update,) = updates(server)
    assert update.message == said
    assert said.text == "/ask@wenxun_local_bot 新药？"
    assert [(e.type, e.length) for e in said.entities] == [("bot_command", 21)]
    assert said.from_user is not None
    assert said.from_user.language_code == "en"
    assert said.chat.type == "private"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("大家早", False),
        ("/ask 新药", True),
        ("/ask@wenxun_local_bot 新药", True),
        ("/ask@another_bot 新药", False),
        ("@wenxun_local_bot 新药", True),
        ("@Wenxun_Local_Bot 新药", True),
        ("@another_bot 新药", False),
        ("wenxun_local_bot 新药", False),
    ],
)
async def test_what_the_bot_sees_of_a_group(server: LocalTelegram, text: str, *, seen: bool) -> None:
    await server.say(READER, text, chat=server.people.group)
    assert len(updates(server)) == seen


async def test_answers_to_the_bot_are_seen_in_a_group(server: LocalTelegram, bot: Bot) -> None:
    group = server.people.group
    said = await server.say(READER, "大家早", chat=group)
    sent = await bot.send_message(group.id, "x")
    await server.say(READER, "谁说的？", chat=group, reply_to=said)
    await server.say(READER, "为什么？", chat=group, reply_to=sent)
    (update,) = updates(server)
    assert update.message is not None
    assert update.message.text == "为什么？"
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.reply_to_message is None


async def test_an_edit_is_told(server: LocalTelegram, clock: HandClock) -> None:
    said = await server.say(READER, "one")
    clock.advance(5)
    await server.edit(READER, said, "two")
    edited = updates(server)[1].edited_message
    assert edited is not None
    assert (edited.message_id, edited.text, edited.edit_date) == (said.message_id, "two", clock.now)


@pytest.mark.parametrize("kind", ["document", "photo", "voice", "sticker"])
async def test_files_of_every_kind(server: LocalTelegram, bot: Bot, kind: str) -> None:
    await server.send_file(READER, Upload("a.txt", "text/plain", b"abc"), kind=kind, caption="看 /start")
    message = updates(server)[0].message
    assert message is not None
    attachment = message.effective_attachment
    file_id = attachment[-1].file_id if kind == "photo" else attachment.file_id
    assert await (await bot.get_file(file_id)).download_as_bytearray() == b"abc"
    assert message.caption == "看 /start"


async def test_a_forwarded_message_tells_where_it_is_from(server: LocalTelegram, bot: Bot) -> None:
    await server.say(READER, "x")
    sent = await bot.send_message(READER, "<b>y</b>", parse_mode="HTML")
    await server.forward(READER, sent, chat=server.people.group)
    await server.forward(READER, sent)
    message = updates(server)[-1].message
    assert message is not None
    assert message.text_html == "<b>y</b>"
    assert message.forward_origin is not None
    assert message.forward_origin.sender_user.username == "wenxun_local_bot"


async def test_blocking_and_unblocking(server: LocalTelegram, bot: Bot) -> None:
    await server.say(READER, "x")
    updates(server)
    await server.block(READER)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(READER, "x")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_chat_action(READER, "typing")
    assert (await bot.get_chat(READER)).id == READER
    await server.block(READER)  # twice is once
    await server.unblock(READER)
    await bot.send_message(READER, "x")
    blocked, unblocked = (update.my_chat_member for update in updates(server))
    assert blocked is not None
    assert unblocked is not None
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert (unblocked.old_chat_member.status, unblocked.new_chat_member.status) == ("kicked", "member")


async def test_whoever_writes_to_a_blocked_bot_unblocks_it(server: LocalTelegram, bot: Bot) -> None:
    await server.say(READER, "x")
    await server.block(READER)
    await server.say(READER, "/start")
    await bot.send_message(READER, "x")
    kinds = [update.my_chat_member is not None for update in updates(server)]
    assert kinds == [False, True, True, False]


async def test_thrown_out_of_a_group_and_back(server: LocalTelegram, bot: Bot) -> None:
    group = server.world.chats[server.people.group.id]
    server.acts.kick_bot(server.people.administrator, group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    await server.say(READER, "/ask x", chat=group.id)
    server.acts.add_bot(server.people.administrator, group)
    await bot.send_message(group.id, "x")
    kicked, added, welcome = updates(server)
    assert kicked.my_chat_member is not None
    assert added.my_chat_member is not None
    assert welcome.message is not None
    assert [user.username for user in welcome.message.new_chat_members] == ["wenxun_local_bot"]


async def test_leaving_a_group(server: LocalTelegram, bot: Bot) -> None:
    await bot.leave_chat(server.people.group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(server.people.group.id, "x")
    await server.say(READER, "x")
    with pytest.raises(BadRequest):
        await bot.leave_chat(READER)


async def test_a_group_becomes_a_supergroup(server: LocalTelegram, bot: Bot) -> None:
    basic = server.world.open_group(Group(-2002, "小群", "group"))
    await bot.send_message(basic.id, "x")
    grown = server.acts.migrate(server.people.administrator, basic)
    assert grown.id == -1000000002002
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(basic.id, "x")
    assert caught.value.new_chat_id == grown.id
    await bot.send_message(grown.id, "x")
    here, there = (update.message for update in updates(server))
    assert here is not None
    assert there is not None
    assert (here.chat_id, here.migrate_to_chat_id) == (basic.id, grown.id)
    assert (there.chat_id, there.migrate_from_chat_id) == (grown.id, basic.id)
    with pytest.raises(ImpossibleAct):
        server.acts.migrate(server.people.administrator, basic)


async def test_private_chats_share_one_count_of_messages(server: LocalTelegram) -> None:
    first = await server.say(READER, "x")
    second = await server.say(1003, "x")
    in_group = await server.say(READER, "x", chat=server.people.group)
    assert (first.message_id, second.message_id, in_group.message_id) == (1, 2, 1)


async def test_ids_are_not_used_again(server: LocalTelegram, bot: Bot) -> None:
    group = server.people.group.id
    sent = await bot.send_message(group, "x")
    await bot.delete_message(group, sent.message_id)
    assert (await bot.send_message(group, "x")).message_id == sent.message_id + 1


async def test_impossible_acts(server: LocalTelegram, bot: Bot) -> None:
    said = await server.say(READER, "x")
    with pytest.raises(ImpossibleAct, match="empty"):
        await server.say(READER, " \n")
    with pytest.raises(ImpossibleAct, match="4096"):
        await server.say(READER, "x" * 4097)
    with pytest.raises(ImpossibleAct, match="somebody else's"):
        await server.say(READER, "x", chat=1003)
    with pytest.raises(ImpossibleAct, match="one's own"):
        await server.edit(1003, said, "y")
    with pytest.raises(ImpossibleAct, match="nobody here can send"):
        await server.send_file(READER, Upload("a", "", b"x"), kind="hologram")
    sent = await bot.send_message(READER, "x")
    server.acts.delete(server.world.chats[READER], sent.message_id)
    with pytest.raises(ValueError, match="gone"):
        await server.forward(READER, sent)


async def test_members(server: LocalTelegram, bot: Bot) -> None:
    group = server.people.group.id
    assert (await bot.get_chat_member(group, 1002)).status == "creator"
    assert (await bot.get_chat_member(group, READER)).status == "member"
    assert (await bot.get_chat_member(group, bot.id)).status == "member"
    assert [member.user.id for member in await bot.get_chat_administrators(group)] == [1002]
    assert await bot.get_chat_member_count(group) == 5
    with pytest.raises(BadRequest, match="Member not found"):
        await bot.get_chat_member(group, 42)
    await server.say(READER, "x")
    assert (await bot.get_chat_member(READER, READER)).status == "member"
    assert await bot.get_chat_member_count(READER) == 2
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(READER)
    server.acts.kick_bot(server.people.administrator, server.world.chats[group])
    assert (await bot.get_chat_member(group, bot.id)).status == "kicked"
