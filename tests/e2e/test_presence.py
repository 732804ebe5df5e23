"""Readers and groups that send the bot away, come back, move and are gone, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.chats import Chats, Inactivity
from bot.subscription import subscriptions
from bot.subscriptions import Subscriptions
from tests.bot.reader_builders import build_inquiry, build_where

if TYPE_CHECKING:
    from bot.chats import ChatSettings
    from tests.e2e.conftest import Stage


def bot_id(stage: Stage) -> int:
    return int(stage.telegram.token.partition(":")[0])


async def follow(stage: Stage, chat_id: int) -> None:
    """Something that is kept of a chat, so that its absence matters."""
    store = Subscriptions(stage.database, bot_id(stage), stage.telegram.world.clock)
    await store.add(build_where(chat_id, user_id=stage.alice.id), build_inquiry())


async def kept(stage: Stage, chat_id: int) -> ChatSettings:
    """What the database says of a chat."""
    await stage.idle()
    return await Chats(stage.database, bot_id(stage)).settings(chat_id)


async def followers(stage: Stage) -> set[int]:
    async with stage.database.connection() as connection:
        return set((await connection.execute(select(subscriptions.c.chat_id))).scalars())


async def test_a_reader_who_blocks_the_bot_is_away_at_once_until_the_block_is_lifted(bot: Stage) -> None:
    await follow(bot, bot.alice.id)
    await bot.ask(bot.alice, "/help")
    await bot.telegram.block(bot.alice)
    assert (await kept(bot, bot.alice.id)).inactive_reason is Inactivity.BLOCKED
    await bot.telegram.unblock(bot.alice)
    assert (await kept(bot, bot.alice.id)).inactive_since is None
    said = bot.said(bot.alice)
    assert len(said) == 1, "nothing was missed, so nothing is said"


async def test_whoever_says_something_is_back_even_if_nobody_told_of_it(bot: Stage) -> None:
    await follow(bot, bot.alice.id)
    await bot.ask(bot.alice, "/help")
    bot.telegram.faults.forbid(method="sendMessage")
    await bot.telegram.say(bot.alice, "/help")
    assert (await kept(bot, bot.alice.id)).inactive_reason is Inactivity.BLOCKED
    await bot.ask(bot.alice, "/start")
    assert (await kept(bot, bot.alice.id)).inactive_since is None


async def test_what_was_said_before_the_block_does_not_bring_anybody_back(stage: Stage) -> None:
    await follow(stage, stage.alice.id)
    await stage.telegram.say(stage.alice, "/help")
    blocked = stage.telegram.world.clock() + timedelta(minutes=1)
    chats = Chats(stage.database, bot_id(stage))
    await chats.change(stage.alice.id, inactive_since=blocked, inactive_reason=Inactivity.BLOCKED)
    async with stage.running():
        assert (await kept(stage, stage.alice.id)).inactive_reason is Inactivity.BLOCKED


async def test_a_group_that_throws_the_bot_out_is_away_until_it_takes_it_back(bot: Stage) -> None:
    await follow(bot, bot.group.id)
    group = bot.telegram.world.chats[bot.group.id]
    bot.telegram.acts.kick_bot(bot.telegram.people.administrator, group)
    assert (await kept(bot, bot.group.id)).inactive_reason is Inactivity.KICKED
    bot.telegram.acts.add_bot(bot.telegram.people.administrator, group)
    assert (await kept(bot, bot.group.id)).inactive_since is None
    assert bot.said(bot.group) == []


async def test_being_made_an_administrator_is_no_departure(bot: Stage) -> None:
    await follow(bot, bot.group.id)
    group = bot.telegram.world.chats[bot.group.id]
    bot.telegram.acts.promote_bot(bot.telegram.people.administrator, group)
    bot.telegram.acts.demote_bot(bot.telegram.people.administrator, group)
    assert (await kept(bot, bot.group.id)).inactive_since is None


@pytest.mark.parametrize("members", [False, True])
async def test_a_group_that_restricts_the_bot_is_away_if_it_may_not_speak(
    bot: Stage, *, members: bool
) -> None:
    await follow(bot, bot.group.id)
    group = bot.telegram.world.chats[bot.group.id]
    bot.telegram.acts.promote_bot(bot.telegram.people.administrator, group)
    await bot.idle()
    rights = [
        f"can_{deed}"
        for deed in (
            "send_messages send_audios send_documents send_photos send_videos send_video_notes "
            "send_voice_notes send_polls send_other_messages add_web_page_previews react_to_messages "
            "edit_tag change_info invite_users pin_messages manage_topics"
        ).split()
    ]
    restricted = {"status": "restricted", "user": bot.telegram.world.bot.as_user(), "until_date": 0}
    restricted |= dict.fromkeys(rights, members) | {"is_member": True}
    change = {
        "chat": group.shown,
        "from": bot.alice.as_user(),
        "date": bot.telegram.world.timestamp(),
        "old_chat_member": {"status": "left", "user": bot.telegram.world.bot.as_user()},
        "new_chat_member": restricted,
    }
    bot.telegram.world.updates.put("my_chat_member", change)
    reason = (await kept(bot, bot.group.id)).inactive_reason
    assert reason is (None if members else Inactivity.KICKED)


async def test_a_deleted_account_is_found_out_by_writing_to_it(stage: Stage) -> None:
    await follow(stage, stage.alice.id)
    await stage.telegram.say(stage.alice, "/help")
    await stage.telegram.delete_account(stage.alice)
    async with stage.running():
        assert (await kept(stage, stage.alice.id)).inactive_reason is Inactivity.DELETED


@pytest.mark.parametrize(
    ("name", "reason"), [("group", Inactivity.LOST), ("small_group", Inactivity.DELETED)]
)
async def test_a_deleted_group_is_found_out_by_writing_to_it(
    stage: Stage, name: str, reason: Inactivity, caplog: pytest.LogCaptureFixture
) -> None:
    group = getattr(stage.telegram.people, name)
    await follow(stage, group.id)
    await stage.telegram.say(stage.alice, "/help", group)
    await stage.telegram.delete_group(stage.telegram.people.administrator, group)
    async with stage.running():
        assert (await kept(stage, group.id)).inactive_reason is reason
    assert "incident" not in caplog.text


async def test_a_group_that_moves_unheard_is_followed_when_telegram_refuses(stage: Stage) -> None:
    small = stage.telegram.people.small_group
    await follow(stage, small.id)
    await stage.telegram.say(stage.alice, "/help", small)
    grown = stage.telegram.acts.migrate(stage.telegram.people.reader, stage.telegram.world.chats[small.id])
    asked, *told = stage.telegram.world.updates.pending
    stage.telegram.world.updates.confirm(told[-1]["update_id"] + 1)
    stage.telegram.world.updates.put("message", asked["message"])
    async with stage.running():
        await stage.telegram.wait_for_reply(grown.id)
        await stage.idle()
    assert await followers(stage) == {grown.id}


async def test_what_is_kept_of_who_stays_away_is_deleted_when_the_time_is_over(stage: Stage) -> None:
    chats = Chats(stage.database, bot_id(stage))
    days = timedelta(days=stage.services.settings.keep_inactive_days)
    moment = stage.telegram.world.clock()
    for person, away in ((stage.alice, days + timedelta(hours=1)), (stage.reader, days - timedelta(hours=1))):
        await follow(stage, person.id)
        await chats.change(
            person.id, inactive_since=moment - away, inactive_reason=Inactivity.BLOCKED, language="en"
        )
    async with stage.running(), asyncio.timeout(10):
        while stage.alice.id in await followers(stage):  # noqa: ASYNC110 - the bot tells nobody
            await asyncio.sleep(0.02)
    assert await followers(stage) == {stage.reader.id}
    assert (await kept(stage, stage.alice.id)).language is None
