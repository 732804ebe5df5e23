"""What is written in reply to a message about a subscription, or to something that was sent for one."""

import pytest
from telegram import Message

from bot.locale.catalogue import Catalogues
from bot.rendering.message import Button
from bot.rendering.notification import managing_row
from bot.rendering.subscription_data import Act, data
from tests.e2e.conftest import Stage
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import newest, told
from tests.e2e.subscribers import QUESTION, answer_to, first_line, followed, store_of, subscribe

ENGLISH = Catalogues.load().words["en"]
ONLY_ADMINS = "Only administrators of the group can change what it follows."


async def sent_for(stage: Stage, chat: int, *rows: tuple[Button, ...]) -> Message:
    """A message of the bot's with such buttons, as what it sends unasked has."""
    keyboard = [[{"text": each.label, "callback_data": each.data} for each in row] for row in rows]
    place, bot = stage.telegram.world.chats[chat], stage.telegram.world.bot.as_user()
    content = {"text": "Something new.", "reply_markup": {"inline_keyboard": keyboard}}
    posted = stage.telegram.world.post(place, bot, content)
    return next(each for each in stage.telegram.messages(chat) if each.message_id == posted["message_id"])


async def news_for(stage: Stage, chat: int) -> Message:
    """Something that was sent for the first subscription of a chat."""
    first, *_ = await followed(stage, chat)
    return await sent_for(stage, chat, managing_row(first.id, ENGLISH))


@pytest.mark.parametrize("said", ["pause", "Pause.", "暂停", "暫停", "/pause"])
async def test_pausing_by_a_reply(bot: Stage, said: str) -> None:
    await subscribe(bot, bot.alice)
    page = await answer_to(bot, bot.alice, await news_for(bot, bot.alice.id), said)
    assert first_line(page) == QUESTION
    assert "⏸ Paused" in text_of(page)
    assert [each.paused for each in await followed(bot, bot.alice)] == [True]


@pytest.mark.parametrize("said", ["resume", "恢复", "继续", "/resume"])
async def test_going_on_by_a_reply(bot: Stage, said: str) -> None:
    await subscribe(bot, bot.alice)
    (kept,) = await followed(bot, bot.alice)
    await store_of(bot).change(bot.alice.id, kept.id, paused=True)
    await answer_to(bot, bot.alice, await news_for(bot, bot.alice.id), said)
    assert [each.paused for each in await followed(bot, bot.alice)] == [False]


@pytest.mark.parametrize("said", ["stop", "STOP!", "unsubscribe", "退订", "取消订阅", "/stop"])
async def test_stopping_by_a_reply(bot: Stage, said: str) -> None:
    await subscribe(bot, bot.alice)
    page = await answer_to(bot, bot.alice, await news_for(bot, bot.alice.id), said)
    assert text_of(page) == f"No longer followed:\n{QUESTION}"
    assert "↩ Undo" in labels(page)
    assert await followed(bot, bot.alice) == ()


async def test_of_several_the_reader_says_which(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    await subscribe(bot, bot.alice, "港城园区融资额")
    ids = [each.id for each in await followed(bot, bot.alice)]
    digest = await sent_for(bot, bot.alice.id, *(managing_row(each, ENGLISH) for each in ids))
    which = await answer_to(bot, bot.alice, digest, "退订")
    assert text_of(which) == "This message belongs to several subscriptions. Which do you mean?"
    assert labels(which)[:2] == [QUESTION, "港城园区融资额"]
    assert len(await followed(bot, bot.alice)) == 2


async def test_anything_else_is_a_question(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    news = await news_for(bot, bot.alice.id)
    assert "7.12亿美元" in text_of(await answer_to(bot, bot.alice, news, QUESTION))
    # So is such a word that replies to something else.
    page = await answer_to(bot, bot.alice, await bot.ask(bot.alice, QUESTION), "stop")
    assert "No longer followed" not in text_of(page)
    assert len(await followed(bot, bot.alice)) == 1


async def test_the_buttons_under_what_was_sent_leave_it_as_it_is(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    news = await news_for(bot, bot.alice.id)
    notice = await told(bot, bot.alice, news, "⏸")
    assert (notice["text"], notice["show_alert"]) == ("Paused. /subscriptions goes on with it.", True)
    assert [each.paused for each in await followed(bot, bot.alice)] == [True]
    await told(bot, bot.alice, news, "⚙️")
    assert bot.said(bot.alice)[-1].startswith(QUESTION)
    await told(bot, bot.alice, news, "🔕")
    assert bot.said(bot.alice)[-1] == f"No longer followed:\n{QUESTION}"
    assert await followed(bot, bot.alice) == ()
    assert (await told(bot, bot.alice, news, "⚙️"))["text"] == "This is not followed any more."
    assert newest(bot, news) == news


async def test_the_list_under_a_digest_is_a_message_of_its_own(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    digest = await sent_for(bot, bot.alice.id, (Button("⚙️ Subscriptions", data(Act.OVERVIEW)),))
    await told(bot, bot.alice, digest, "⚙️")
    assert bot.said(bot.alice)[-1].startswith("Followed here · 1")
    assert newest(bot, digest) == digest


async def test_in_a_group_only_administrators_act_by_replying(bot: Stage) -> None:
    owner = bot.telegram.people.administrator
    await subscribe(bot, owner, QUESTION, bot.group)
    news = await news_for(bot, bot.group.id)
    for said in ("退订", "/stop", "暂停"):
        assert text_of(await answer_to(bot, bot.alice, news, said)).startswith(ONLY_ADMINS)
    (kept,) = await followed(bot, bot.group)
    assert not kept.paused
    await answer_to(bot, owner, news, "退订")
    assert await followed(bot, bot.group) == ()


async def test_a_stranger_to_the_chat_cannot_act_through_a_forged_key(bot: Stage) -> None:
    await subscribe(bot, bot.reader)
    (theirs,) = await followed(bot, bot.reader)
    forged = await sent_for(bot, bot.alice.id, managing_row(theirs.id, ENGLISH))
    reply = await answer_to(bot, bot.alice, forged, "退订")
    assert "No longer followed" not in text_of(reply)
    assert await followed(bot, bot.reader) == (theirs,)
