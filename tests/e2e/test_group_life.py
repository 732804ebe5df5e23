"""The life of a group: its topics, its growing into a supergroup, and that nothing comes unasked."""

import pytest
from telegram import Message

from bot.local.people import Group, Person
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.news import DEAL
from tests.e2e.pressing import forge, newest, press, told
from tests.e2e.subscribers import followed, subscribe

QUESTION = "BW1803 授权总金额是多少"


async def in_topic(stage: Stage, topic: int, text: str) -> Message:
    """The bot's reply to what Alice says in a topic of the forum."""
    said = await stage.telegram.say(stage.alice, text, stage.telegram.people.forum, thread_id=topic)
    reply = await stage.telegram.wait_for_reply(stage.telegram.people.forum, after=said)
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == said.message_id
    return reply


@pytest.mark.parametrize(
    "text", [f"/ask {QUESTION}", f"@wenxun_local_bot {QUESTION}", "/latest", "/topics", "/help", "/settings"]
)
async def test_a_reply_goes_to_its_topic_and_quotes_what_was_said(bot: Stage, text: str) -> None:
    topic = await bot.telegram.open_topic(bot.reader, "融资")
    reply = await in_topic(bot, topic, text)
    assert (reply.message_thread_id, reply.is_topic_message) == (topic, True)


async def test_outside_of_topics_a_forum_is_a_group(bot: Stage) -> None:
    reply = await bot.ask(bot.alice, f"/ask {QUESTION}", bot.telegram.people.forum)
    assert DEAL in text_of(reply)
    assert not reply.is_topic_message


async def test_what_is_asked_in_one_topic_is_no_context_in_another(bot: Stage) -> None:
    first = await bot.telegram.open_topic(bot.reader, "一")
    second = await bot.telegram.open_topic(bot.reader, "二")
    await in_topic(bot, first, f"/ask {QUESTION}")
    there = await in_topic(bot, second, "/ask 那首付款呢？")
    assert not any(label.startswith("following: ") for label in labels(there))
    here = await in_topic(bot, first, "/ask 那首付款呢？")
    assert any(label.startswith("following: ") for label in labels(here))


async def test_what_is_said_in_a_topic_to_others_is_not_answered(bot: Stage) -> None:
    # In a topic every message replies to the one that opened it, which the bot may have done.
    topic = await bot.telegram.open_topic(bot.reader, "融资")
    said = await bot.telegram.say(bot.alice, QUESTION, bot.telegram.people.forum, thread_id=topic)
    bot.telegram.world.updates.put("message", said.to_dict())
    await bot.idle()
    assert bot.said(bot.telegram.people.forum) == []


async def test_buttons_work_in_a_topic(bot: Stage) -> None:
    topic = await bot.telegram.open_topic(bot.reader, "融资")
    answer = await in_topic(bot, topic, f"/ask {QUESTION}")
    await bot.telegram.press(bot.alice, answer, "🔔 Follow")
    draft = await bot.telegram.wait_for_reply(bot.telegram.people.forum, after=answer)
    assert draft.message_thread_id == topic
    await press(bot, bot.alice, draft, "✅")
    (kept,) = await followed(bot, bot.telegram.people.forum)
    assert kept.thread_id == topic
    sent = bot.sent("sendMessage")
    for label in ("Why this?", "↩", "👍"):
        await told(bot, bot.alice, newest(bot, answer), label)
    assert bot.sent("sendMessage") == sent


async def test_an_edit_in_a_group_that_does_not_speak_to_the_bot_is_not_answered(bot: Stage) -> None:
    said = await bot.telegram.say(bot.alice, "hello everybody", bot.group)
    bot.telegram.world.updates.put("edited_message", said.to_dict() | {"text": QUESTION, "edit_date": 1})
    await bot.idle()
    assert bot.said(bot.group) == []


async def test_reactions_and_changes_of_a_group_are_not_commented(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, f"/ask {QUESTION}", bot.group)
    await bot.telegram.react(bot.alice, answer, "👍")
    chat = bot.telegram.world.chats[bot.group.id]
    owner = next(each for each in bot.telegram.people.people if chat.is_administrator(each.id))
    bot.telegram.acts.promote_bot(owner, chat)
    bot.telegram.acts.demote_bot(owner, chat)
    bot.telegram.acts.migrate(owner, bot.telegram.world.chats[bot.telegram.people.small_group.id])
    await bot.idle()
    assert bot.said(bot.group) == [answer.text]
    assert bot.said(bot.telegram.people.small_group) == []


async def settle(stage: Stage, group: Group) -> Message:
    """A small group chooses a zone, two excerpts and English, asks, and follows its question."""
    owner = runner(stage, group)
    page = await stage.ask(owner, "/settings zone Tokyo", group)
    page = await press(stage, owner, page, "2")
    page = await press(stage, owner, page, "🌐")
    await press(stage, owner, page, "English")
    await subscribe(stage, owner, QUESTION, group)
    answer = await stage.ask(owner, f"/ask {QUESTION}", group)
    await stage.idle()
    return answer


def runner(stage: Stage, group: Group) -> Person:
    """Somebody who runs a group."""
    chat = stage.telegram.world.chats[group.id]
    return next(each for each in stage.telegram.people.people if chat.is_administrator(each.id))


async def grow(stage: Stage, group: Group) -> Group:
    """The supergroup that a group becomes."""
    grown = stage.telegram.acts.migrate(runner(stage, group), stage.telegram.world.chats[group.id])
    return Group(grown.id, group.title)


@pytest.mark.parametrize("running", [True, False])
async def test_a_group_that_grows_keeps_settings_answers_and_follows(stage: Stage, *, running: bool) -> None:
    small = stage.telegram.people.small_group
    async with stage.running():
        answer = await settle(stage, small)
        if running:
            grown = await grow(stage, small)
            await stage.idle()
    if not running:
        grown = await grow(stage, small)
    async with stage.running():
        await stage.idle()
        owner = runner(stage, grown)
        page = text_of(await stage.ask(owner, "/settings", grown))
        assert "Tokyo" in page
        assert "Excerpts in an answer: 2" in page
        again = await stage.ask(owner, f"/ask {QUESTION}", grown)
        assert "🔔 Following" in labels(again)
        assert [kept.inquiry.said for kept in await followed(stage, grown)] == [QUESTION]
        assert await followed(stage, small) == ()
        # The answers of before are the supergroup's: their buttons belong there.
        key = str(button(answer, "👍").callback_data)
        notice = await forge(stage, owner, again, key)
        assert notice["text"] == "Thank you."


async def test_the_question_before_a_group_grew_is_still_refined(bot: Stage) -> None:
    small = bot.telegram.people.small_group
    await settle(bot, small)
    grown = await grow(bot, small)
    await bot.idle()
    refined = await bot.ask(runner(bot, grown), "/ask 那首付款呢？", grown)
    assert any(label.startswith("following: ") for label in labels(refined))


@pytest.mark.parametrize("seen", ["migrate_to_chat_id", "migrate_from_chat_id"])
async def test_either_side_alone_tells_of_it(bot: Stage, seen: str) -> None:
    small = bot.telegram.people.small_group
    await settle(bot, small)
    new = -1000004200042
    group = bot.telegram.world.chats[small.id]
    old, grown = group.shown, group.shown | {"id": new, "type": "supergroup"}
    told_by: dict[str, object] = {
        "message_id": 999,
        "date": bot.telegram.world.timestamp(),
        "from": runner(bot, small).as_user(),
    }
    if seen == "migrate_to_chat_id":
        told_by |= {"chat": old, "migrate_to_chat_id": new}
    else:
        told_by |= {"chat": grown, "migrate_from_chat_id": small.id}
    for _ in range(2):  # and being told twice changes nothing
        bot.telegram.world.updates.put("message", told_by)
        await bot.idle()
        assert len(await followed(bot, new)) == 1
        assert await followed(bot, small) == ()


async def test_a_supergroup_that_has_already_chosen_keeps_its_choice(bot: Stage) -> None:
    small = bot.telegram.people.small_group
    await settle(bot, small)
    chat = bot.telegram.world.chats[small.id]
    # The supergroup asks before the bot hears of the migration: nothing is lost by the order.
    grown = await grow(bot, small)
    page = await bot.ask(runner(bot, grown), "/settings zone Berlin", grown)
    await bot.idle()
    shown = text_of(await bot.ask(runner(bot, grown), "/settings", grown))
    assert "Berlin" in shown
    assert "Excerpts in an answer: 2" in shown
    assert chat.migrated_to == grown.id
    assert page.chat_id == grown.id


async def test_a_card_of_a_group_stays_in_the_words_of_whoever_asked(bot: Stage) -> None:
    answer = await bot.ask(bot.reader, f"/ask {QUESTION}", bot.group)
    query = await bot.telegram.press(bot.alice, answer, "为什么")
    await bot.telegram.wait_for_answer(query)
    shown = await bot.telegram.wait_for_edit(answer)
    assert text_of(shown).startswith("为什么是这个回答")


@pytest.mark.parametrize("text", ["/latest", "/topics", f"/timeline {QUESTION}", f"/ask {QUESTION}"])
async def test_where_only_administrators_ask_nobody_else_is_shown_news(bot: Stage, text: str) -> None:
    owner = runner(bot, bot.group)
    other = next(each for each in bot.telegram.people.people if each.id != owner.id and each is not bot.alice)
    page = await bot.ask(owner, "/settings", bot.group)
    await press(bot, owner, page, "仅管理员")
    told = text_of(await bot.ask(other, text, bot.group))
    assert "管理员" in told or "管理員" in told
    assert "蓝鲸" not in told
