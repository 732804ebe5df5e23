"""`/subscriptions`: what a chat follows, every button of its pages, and who may press them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.inquiry import Inquiry
from bot.outbox import Outbox, outbox
from bot.reply import Where
from bot.schedule import Cadence, Schedule
from bot.subscriptions import MAX_SUBSCRIPTIONS
from retrieval.breadth import Breadth
from tests.bot.reader_builders import build_notice, rows_in
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.pressing import forge, newest, press, told
from tests.e2e.subscribers import QUESTION, answer_to, chosen, first_line, followed, store_of, subscribe

ONLY_ADMINS = "Only administrators of the group can change what it follows."
GONE = "This is not followed any more."
LIST = "◀ All that is followed"


async def follow_many(stage: Stage, count: int) -> None:
    """Alice follows many questions."""
    store, now = store_of(stage), stage.telegram.world.clock()
    where = Where(stage.alice.id, None, stage.alice.id)
    for number in range(1, count + 1):
        await store.add(where, Inquiry(f"question {number}", now + timedelta(seconds=number)))


async def test_nothing_is_followed_at_first(bot: Stage) -> None:
    page = await bot.ask(bot.alice, "/subscriptions")
    assert text_of(page).startswith("Nothing is followed here yet. Write /subscribe")
    assert labels(page) == []


async def test_the_list_says_what_is_followed_when_and_how_much_was_sent(bot: Stage) -> None:
    await subscribe(bot, bot.alice, f"{QUESTION} 来源:虚构财经")
    await subscribe(bot, bot.alice, "港城园区融资额")
    first, _ = await followed(bot, bot.alice)
    store, now = store_of(bot), bot.telegram.world.clock()
    await store.database.write(lambda connection: store.note_delivered(connection, [first.id] * 3, now))
    text = text_of(await bot.ask(bot.alice, "/subscriptions"))
    assert text.startswith("Followed here · 2 of at most 50\n\n1. ")
    today = now.astimezone(bot.services.settings.zone)
    assert f"1. {QUESTION}\ndaily at 09:00 · 3 sent, last on {today:%Y-%m-%d}" in text
    assert "2. 港城园区融资额\ndaily at 09:00 · nothing sent yet" in text


async def test_its_pages_go_back_and_forth(bot: Stage) -> None:
    await follow_many(bot, 23)
    first = await bot.ask(bot.alice, "/subscriptions")
    assert "1 to 10 of 23" in text_of(first)
    assert "◀" not in labels(first)
    second = await press(bot, bot.alice, first, "▶")
    third = await press(bot, bot.alice, second, "▶")
    assert "21 to 23 of 23" in text_of(third)
    assert "▶" not in labels(third)
    assert "11 to 20 of 23" in text_of(await press(bot, bot.alice, third, "◀"))


async def test_pausing_and_going_on(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice)
    paused = await press(bot, bot.alice, page, "⏸ Pause")
    assert "⏸ Paused: nothing is sent until you go on." in text_of(paused)
    assert [each.paused for each in await followed(bot, bot.alice)] == [True]
    assert "⏸ paused" in text_of(await bot.ask(bot.alice, "/subscriptions"))
    await bot.services.loader.load()
    again = await press(bot, bot.alice, paused, "▶ Go on")
    assert "⏸" not in text_of(again)
    (kept,) = await followed(bot, bot.alice)
    assert (kept.paused, kept.seen) == (False, await bot.services.store.published())


async def test_breadth_schedule_and_sound_are_changed(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice)
    page = await press(bot, bot.alice, page, "🎯 strict")
    page = await press(bot, bot.alice, page, "🔊")
    when = await press(bot, bot.alice, page, "⏰")
    when = await press(bot, bot.alice, when, "weekly")
    when = await press(bot, bot.alice, when, "Wed")
    hours = await press(bot, bot.alice, when, "🕘")
    when = await press(bot, bot.alice, hours, "18")
    assert chosen(when) == ["weekly", "Wed"]
    back = await press(bot, bot.alice, when, "◀ Back")
    assert "every Wednesday at 18:00" in text_of(back)
    (kept,) = await followed(bot, bot.alice)
    assert (kept.breadth, kept.silent) == (Breadth.STRICT, True)
    assert kept.schedule == Schedule(Cadence.WEEKLY, 1080, 2)
    loud = await press(bot, bot.alice, back, "🔕")
    assert "🔊 with sound" in labels(await press(bot, bot.alice, loud, "🌐 broad"))
    (kept,) = await followed(bot, bot.alice)
    assert (kept.breadth, kept.silent) == (Breadth.BROAD, False)


async def test_a_time_is_written_in_reply(bot: Stage) -> None:
    when = await press(bot, bot.alice, await subscribe(bot, bot.alice), "⏰")
    page = await answer_to(bot, bot.alice, when, "7:45")
    assert "daily at 07:45" in text_of(page)
    (kept,) = await followed(bot, bot.alice)
    assert kept.schedule == Schedule(Cadence.DAILY, 465)
    # What is no time is a question, as ever.
    question = await answer_to(bot, bot.alice, when, QUESTION)
    assert "蓝鲸生物" in text_of(question)


async def test_other_words_are_written_in_reply(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice)
    prompt = await press(bot, bot.alice, page, "✏️")
    assert QUESTION in text_of(prompt)
    changed = await answer_to(bot, bot.alice, prompt, "港城园区融资额 -公告")
    assert first_line(changed) == "港城园区融资额"
    (kept,) = await followed(bot, bot.alice)
    assert (kept.inquiry.said, kept.inquiry.scope.excluded) == ("港城园区融资额", ("公告",))
    # What cannot be followed changes nothing.
    refused = await answer_to(bot, bot.alice, prompt, "…")
    assert text_of(refused) == "To follow something I need words that the news can have."
    assert len(await followed(bot, bot.alice)) == 1
    assert first_line(await press(bot, bot.alice, prompt, "◀ Back")) == "港城园区融资额"


async def test_words_that_are_followed_already_lead_to_where_they_are(bot: Stage) -> None:
    await subscribe(bot, bot.alice, "港城园区融资额")
    prompt = await press(bot, bot.alice, await subscribe(bot, bot.alice), "✏️")
    page = await answer_to(bot, bot.alice, prompt, "港城园区融资额")
    assert first_line(page) == "This question is followed here already."
    assert [each.inquiry.said for each in await followed(bot, bot.alice)] == ["港城园区融资额", QUESTION]


async def test_a_name_is_given_and_taken_away(bot: Stage) -> None:
    prompt = await press(bot, bot.alice, await subscribe(bot, bot.alice), "🏷")
    named = await answer_to(bot, bot.alice, prompt, "  Deals &\n <b>licences</b> " + "x" * 100)
    assert first_line(named).startswith("Deals & <b>licences</b> xxx")
    assert QUESTION in text_of(named)
    (kept,) = await followed(bot, bot.alice)
    assert len(kept.name or "") == 64
    plain = await answer_to(bot, bot.alice, prompt, "-")
    assert first_line(plain) == QUESTION
    assert (await followed(bot, bot.alice))[0].name is None


async def test_what_is_deleted_can_be_brought_back(bot: Stage) -> None:
    page = await press(bot, bot.alice, await subscribe(bot, bot.alice), "🎯")
    prompt = await press(bot, bot.alice, page, "🏷")
    page = await answer_to(bot, bot.alice, prompt, "Deals")
    page = await press(bot, bot.alice, page, "🔊")
    (before,) = await followed(bot, bot.alice)
    deleted = await press(bot, bot.alice, page, "🗑")
    assert text_of(deleted) == "No longer followed:\nDeals"
    assert await followed(bot, bot.alice) == ()
    await press(bot, bot.alice, deleted, "↩ Undo")
    (after,) = await followed(bot, bot.alice)
    assert after == replace(before, id=after.id, created=after.created, changed=after.changed)


async def test_undoing_twice_brings_it_back_once(bot: Stage) -> None:
    deleted = await press(bot, bot.alice, await subscribe(bot, bot.alice), "🗑")
    undo = str(button(deleted, "↩").callback_data)
    page = await press(bot, bot.alice, deleted, "↩ Undo")
    await forge(bot, bot.alice, page, undo)
    assert len(await followed(bot, bot.alice)) == 1


async def test_what_another_chat_deleted_is_not_brought_back_here(bot: Stage) -> None:
    theirs = await press(bot, bot.reader, await subscribe(bot, bot.reader), "🗑")
    undo = str(button(theirs, "↩").callback_data)
    mine = await subscribe(bot, bot.alice, "港城园区融资额")
    notice = await forge(bot, bot.alice, mine, undo)
    assert notice["text"] == "This answer is too old: I no longer have it. Please ask again."
    assert len(await followed(bot, bot.alice)) == 1
    assert await followed(bot, bot.reader) == ()


async def test_nothing_is_brought_back_where_there_is_no_room(bot: Stage) -> None:
    deleted = await press(bot, bot.alice, await subscribe(bot, bot.alice), "🗑")
    await follow_many(bot, MAX_SUBSCRIPTIONS)
    notice = await told(bot, bot.alice, deleted, "↩")
    assert str(notice["text"]).startswith("A chat can follow 50 questions.")
    assert len(await followed(bot, bot.alice)) == MAX_SUBSCRIPTIONS


async def test_a_topic_is_brought_back_as_one(bot: Stage) -> None:
    where = Where(bot.alice.id, None, bot.alice.id)
    await store_of(bot).add(where, Inquiry("灯塔", bot.telegram.world.clock()), topic="灯塔")
    page = await press(bot, bot.alice, await bot.ask(bot.alice, "/subscriptions"), "1")
    assert "Everything new on this topic." in text_of(page)
    assert not any(label.startswith(("🎯", "✏️")) for label in labels(page))
    await press(bot, bot.alice, await press(bot, bot.alice, page, "🗑"), "↩")
    (kept,) = await followed(bot, bot.alice)
    assert (kept.topic, kept.name) == ("灯塔", None)


async def test_what_is_deleted_is_told_no_more(bot: Stage) -> None:
    page = await subscribe(bot, bot.alice)
    (kept,) = await followed(bot, bot.alice)
    bot_id = int(bot.telegram.token.partition(":")[0])
    later = bot.telegram.world.clock() + timedelta(days=1)
    await Outbox(bot.database, bot_id, bot.telegram.world.clock).add([build_notice(kept, later)])
    assert await rows_in(bot.database, outbox) == 1
    await press(bot, bot.alice, page, "🗑")
    assert await rows_in(bot.database, outbox) == 0


async def test_everything_is_paused_and_goes_on(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    listed = await bot.ask(bot.alice, "/subscriptions")
    paused = await press(bot, bot.alice, listed, "⏸ Pause everything")
    assert "⏸ Everything is paused" in text_of(paused)
    assert "⏸ Everything is paused" in text_of(await press(bot, bot.alice, paused, "1"))
    again = await bot.ask(bot.alice, "/subscriptions")
    going = await press(bot, bot.alice, again, "▶ Go on with everything")
    assert "⏸ Everything" not in text_of(going)
    assert [each.paused for each in await followed(bot, bot.alice)] == [False]


async def test_commands_without_a_reply_mean_everything(bot: Stage) -> None:
    await subscribe(bot, bot.alice)
    assert "⏸ Everything is paused" in text_of(await bot.ask(bot.alice, "/pause"))
    assert "⏸" not in text_of(await bot.ask(bot.alice, "/resume"))
    assert text_of(await bot.ask(bot.alice, "/stop")).startswith("Followed here · 1")
    assert len(await followed(bot, bot.alice)) == 1


@pytest.mark.parametrize("label", ["⏸ Pause", "🗑", "🎯", "⏰", "🔊", "✏️", "🏷"])
async def test_a_button_of_what_is_gone_says_so(bot: Stage, label: str) -> None:
    page = await subscribe(bot, bot.alice)
    (kept,) = await followed(bot, bot.alice)
    await store_of(bot).remove(bot.alice.id, kept.id)
    gone = await press(bot, bot.alice, page, label)
    assert text_of(gone) == GONE
    assert text_of(await press(bot, bot.alice, gone, LIST)).startswith("Nothing is followed here yet.")


async def test_pages_work_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        page = await subscribe(stage, stage.alice)
    for label in ("🎯", "⏰", "hourly", "◀ Back", "⏸ Pause", "▶ Go on", "✏️", "◀ Back", "🗑", "↩", LIST, "1"):
        async with stage.running():
            page = await press(stage, stage.alice, page, label)
    (kept,) = await followed(stage, stage.alice)
    assert (kept.breadth, kept.schedule) == (Breadth.STRICT, Schedule(Cadence.HOURLY))


async def test_nobody_touches_what_another_chat_follows(bot: Stage) -> None:
    await subscribe(bot, bot.reader)
    (theirs,) = await followed(bot, bot.reader)
    mine = await subscribe(bot, bot.alice, "港城园区融资额")
    for data in ("z", "x", "b:{}:sd054000", "t:{}:sa054000", "y", "q"):
        act, _, plan = data.partition(":{}")
        await forge(bot, bot.alice, newest(bot, mine), f"sub:{act}:{theirs.id}{plan}")
        await bot.idle()
        mine = await bot.ask(bot.alice, "/subscriptions")
    assert await followed(bot, bot.reader) == (theirs,)


async def test_what_a_group_follows_is_its_administrators(bot: Stage) -> None:
    owner = bot.telegram.people.administrator
    page = await subscribe(bot, owner, QUESTION, bot.group)
    (before,) = await followed(bot, bot.group)
    for label in labels(page):
        notice = await told(bot, bot.alice, page, label)
        assert str(notice["text"]).startswith(ONLY_ADMINS)
    for command in ("/pause", "/resume", "/stop"):
        assert text_of(await bot.ask(bot.alice, command, bot.group)).startswith(ONLY_ADMINS)
    # Members see what is followed.
    shown = await bot.ask(bot.alice, "/subscriptions", bot.group)
    assert QUESTION in text_of(shown)
    assert ONLY_ADMINS in text_of(shown)
    assert labels(shown) == []
    assert await followed(bot, bot.group) == (before,)
    assert (await store_of(bot).get(bot.group.id, before.id)) == before
    await press(bot, owner, page, "🗑")
    assert await followed(bot, bot.group) == ()
