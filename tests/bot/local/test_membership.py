"""Who runs which chat, what the bot is in it, and what it gets to know of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import ChatMemberAdministrator, Update
from telegram.error import BadRequest, Forbidden

from bot.local.membership import ImpossibleAct

if TYPE_CHECKING:
    from telegram import Bot

    from bot.local import LocalTelegram
    from tests.bot.local.conftest import Raw

READER, CREATOR, ALICE = 1001, 1002, 1003


def updates(server: LocalTelegram) -> list[Update]:
    waiting = [Update.de_json(dict(update), None) for update in server.world.updates.pending]
    server.world.updates.clear()
    return waiting


async def test_everybody_has_a_standing_in_every_group(server: LocalTelegram, bot: Bot) -> None:
    people = server.people
    expected = {
        people.group.id: {CREATOR: "creator"},
        people.forum.id: {CREATOR: "creator", ALICE: "administrator"},
        people.small_group.id: {CREATOR: "creator", READER: "administrator"},
    }
    for group, runs in expected.items():
        for person in people.people:
            assert (await bot.get_chat_member(group, person.id)).status == runs.get(person.id, "member")
        named = {member.user.id: member.status for member in await bot.get_chat_administrators(group)}
        assert named == runs
        assert (await bot.get_chat_member(group, bot.id)).status == "member"
    alice = await bot.get_chat_member(people.forum.id, ALICE)
    assert isinstance(alice, ChatMemberAdministrator)
    assert (alice.can_manage_topics, alice.can_promote_members) == (True, False)


async def test_somebody_who_is_not_in_a_group_has_left_it(server: LocalTelegram, bot: Bot) -> None:
    group = server.world.chats[server.people.group.id]
    del group.members[ALICE]
    assert (await bot.get_chat_member(group.id, ALICE)).status == "left"


async def test_the_bot_is_made_an_administrator_and_sees_all(server: LocalTelegram, bot: Bot) -> None:
    group = server.world.chats[server.people.group.id]
    await server.say(READER, "大家早", group.id)
    server.acts.promote_bot(server.people.administrator, group)
    await server.say(READER, "都听见了", group.id)
    promoted, heard = updates(server)
    assert promoted.my_chat_member is not None
    assert promoted.my_chat_member.old_chat_member.status == "member"
    assert isinstance(promoted.my_chat_member.new_chat_member, ChatMemberAdministrator)
    assert heard.message is not None
    assert heard.message.text == "都听见了"
    assert [m.user.id for m in await bot.get_chat_administrators(group.id)] == [CREATOR, bot.id]
    sent = await bot.send_message(group.id, "x")
    assert await bot.pin_chat_message(group.id, sent.message_id)
    server.acts.demote_bot(server.people.administrator, group)
    await server.say(READER, "大家早", group.id)
    (demoted,) = updates(server)
    assert demoted.my_chat_member is not None
    assert demoted.my_chat_member.new_chat_member.status == "member"


async def test_only_who_runs_a_group_promotes(server: LocalTelegram) -> None:
    group = server.world.chats[server.people.group.id]
    with pytest.raises(ImpossibleAct, match="only who runs a group"):
        server.acts.promote_bot(server.people.reader, group)
    server.acts.kick_bot(server.people.administrator, group)
    with pytest.raises(ImpossibleAct, match="only who runs a group"):
        server.acts.promote_bot(server.people.administrator, group)


async def test_a_grown_group_keeps_its_people(server: LocalTelegram, bot: Bot) -> None:
    small = server.world.chats[server.people.small_group.id]
    grown = server.acts.migrate(server.people.reader, small)
    assert (await bot.get_chat_member(grown.id, READER)).status == "administrator"
    assert (await bot.get_chat_member(grown.id, bot.id)).status == "member"
    assert (await bot.get_chat(grown.id)).type == "supergroup"


async def test_reactions_are_told_to_who_asks_for_them(raw: Raw, met: LocalTelegram, bot: Bot) -> None:
    sent = await bot.send_message(READER, "x")
    await met.react(READER, sent, "👍")
    assert updates(met) == []
    await raw.result("getUpdates", allowed_updates=["message", "message_reaction"], timeout=0)
    await met.react(READER, sent, "👎")
    await met.react(READER, sent, "👎")
    changed, taken_back = (update.message_reaction for update in updates(met))
    assert changed is not None
    assert taken_back is not None
    assert (changed.message_id, changed.user.id, changed.chat.id) == (sent.message_id, READER, READER)
    assert [r.emoji for r in changed.old_reaction] == ["👍"]
    assert [r.emoji for r in changed.new_reaction] == ["👎"]
    assert [r.emoji for r in taken_back.old_reaction] == ["👎"]
    assert taken_back.new_reaction == ()


async def test_in_a_group_only_an_administrator_is_told_of_reactions(raw: Raw, met: LocalTelegram) -> None:
    group = met.world.chats[met.people.group.id]
    said = await met.say(READER, "x", group.id)
    await raw.result("getUpdates", allowed_updates=["message_reaction"], timeout=0)
    await met.react(ALICE, said, "🔥")
    assert updates(met) == []
    met.acts.promote_bot(met.people.administrator, group)
    await met.react(READER, said, "❤")
    (update,) = updates(met)
    assert update.message_reaction is not None
    assert group.reactions_to(said.message_id) == ["🔥", "❤"]
    with pytest.raises(ImpossibleAct, match="no such reaction"):
        await met.react(READER, said, "x")


async def test_where_forwards_come_from(met: LocalTelegram) -> None:
    by_reader = await met.say(READER, "一")
    by_alice = await met.say(ALICE, "two")
    updates(met)
    posted = await met.forward_post(READER, 11)
    await met.forward(READER, by_reader)
    chat = met.world.chats[READER]
    source = met.world.chats[ALICE].message(by_alice.message_id)
    assert source is not None
    met.acts.forward(met.people.reader, source, chat)
    channel, user, hidden = (update.message.forward_origin for update in updates(met))
    assert (channel.type, channel.chat.title, channel.message_id) == ("channel", met.people.channel.title, 11)
    assert channel.date < posted.date
    assert posted.text is not None
    assert posted.text.startswith("蓝鲸生物")
    assert [entity.type for entity in posted.entities] == ["bold", "text_link"]
    assert (user.type, user.sender_user.id) == ("user", READER)
    assert (hidden.type, hidden.sender_user_name) == ("hidden_user", "Alice")


async def test_a_deleted_account_is_gone_everywhere_and_nobody_is_told(met: LocalTelegram, bot: Bot) -> None:
    said = await met.say(READER, "x")
    sent = await bot.send_message(READER, "y")
    updates(met)
    await met.delete_account(READER)
    assert updates(met) == []
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(READER, "x")
    assert (await bot.get_chat_member(met.people.group.id, READER)).status == "left"
    assert READER not in {member.user.id for member in await bot.get_chat_administrators(-4200042)}
    for act in (
        met.say(READER, "x"),
        met.say(READER, "x", met.people.group),
        met.edit(READER, said, "z"),
        met.react(READER, sent, "👍"),
        met.ask_inline(READER, "x"),
        met.block(READER),
        met.unblock(READER),
        met.delete_account(READER),
    ):
        with pytest.raises(ImpossibleAct, match="account is deleted"):
            await act
    assert updates(met) == []
    await bot.send_message(ALICE, "x")


async def test_a_deleted_account_cannot_press_buttons_that_are_left(met: LocalTelegram) -> None:
    await met.delete_account(READER)
    chat = met.world.chats[READER]
    with pytest.raises(ImpossibleAct, match="account is deleted"):
        met.acts.press(met.people.reader, chat, 1, 0, 0)


@pytest.mark.parametrize(
    ("group", "refusal", "words"),
    [
        (-4200042, Forbidden, "the group chat was deleted"),
        (-1001000002001, BadRequest, "[Cc]hat not found"),
    ],
)
async def test_a_deleted_group_takes_nothing(
    met: LocalTelegram, bot: Bot, group: int, refusal: type[Exception], words: str
) -> None:
    await bot.send_message(group, "x")
    for person in (READER, ALICE):
        with pytest.raises(ImpossibleAct, match="only who created"):
            await met.delete_group(person, group)
    await met.delete_group(CREATOR, group)
    with pytest.raises(refusal, match=words):
        await bot.send_message(group, "x")
    assert updates(met) == []
    with pytest.raises(ImpossibleAct, match="group is deleted"):
        await met.say(ALICE, "x", group)
    with pytest.raises(ImpossibleAct, match="group is deleted"):
        met.acts.add_bot(met.people.administrator, met.world.chats[group])
    with pytest.raises(ImpossibleAct, match="group is deleted"):
        await met.delete_group(CREATOR, group)
    await bot.send_message(met.people.forum.id, "x")
