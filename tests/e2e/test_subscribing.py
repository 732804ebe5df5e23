"""Following a question: shown first, saved when the reader says so, once, and up to a limit."""

from datetime import timedelta

import pytest
from telegram import Message

from bot.inquiry import Inquiry
from bot.replies import Replies
from bot.reply import Where
from bot.schedule import Cadence, Schedule
from bot.subscriptions import MAX_SUBSCRIPTIONS
from retrieval.breadth import Breadth
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, quotes, text_of
from tests.e2e.news import BARE, DEAL
from tests.e2e.pressing import forge, newest, press, told
from tests.e2e.subscribers import (
    FOLLOWED,
    QUESTION,
    answer_to,
    chosen,
    first_line,
    followed,
    store_of,
    subscribe,
)

TOO_MANY = "A chat can follow 50 questions. Delete another one first: /subscriptions"
ONLY_ADMINS = "Only administrators of the group can change what it follows."


def key_of(message: Message) -> str:
    """The key that the buttons of an answer carry."""
    return str(button(message, "👍").callback_data).split(":")[1]


async def test_what_would_have_been_sent_is_shown_before_anything_is_saved(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION} 来源:虚构财经 -融资")
    text = text_of(draft)
    assert text.startswith(f"Follow this question?\n{QUESTION}\nfrom: 虚构财经 · without: 融资\n")
    assert quotes(draft) == [DEAL]
    assert "虚构财经 · 2025-05-20" in text
    assert "The last 1 passage that I would have sent you:" in text
    assert "to expect: less than one a week" in text
    assert await followed(bot, bot.alice) == ()


async def test_a_draft_is_saved_as_it_was_chosen(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION} 来源:虚构财经")
    assert chosen(draft) == ["🌐 broad"]
    strict = await press(bot, bot.alice, draft, "🎯 strict")
    assert chosen(strict) == ["🎯 strict"]
    assert "• strict: only what answers the question" in text_of(strict)
    silent = await press(bot, bot.alice, strict, "🔊 with sound")
    when = await press(bot, bot.alice, silent, "⏰ daily at 09:00")
    assert chosen(when) == ["daily"]
    weekly = await press(bot, bot.alice, when, "weekly")
    friday = await press(bot, bot.alice, weekly, "Fri")
    assert chosen(friday) == ["weekly", "Fri"]
    hours = await press(bot, bot.alice, friday, "🕘 at 09:00")
    assert chosen(hours) == ["09"]
    eight = await press(bot, bot.alice, hours, "20")
    assert chosen(eight) == ["weekly", "Fri"]
    back = await press(bot, bot.alice, eight, "◀ Back")
    assert chosen(back) == ["🎯 strict"]
    assert "⏰ every Friday at 20:00 ▸" in labels(back)
    assert "🔕 silently" in labels(back)
    assert await followed(bot, bot.alice) == ()
    saved = await press(bot, bot.alice, back, "✅ Follow")
    assert first_line(saved) == FOLLOWED
    assert "• every Friday at 20:00" in text_of(saved)
    (kept,) = await followed(bot, bot.alice)
    assert (kept.inquiry.said, kept.inquiry.scope.sources) == (QUESTION, ("虚构财经",))
    assert (kept.breadth, kept.schedule) == (Breadth.STRICT, Schedule(Cadence.WEEKLY, 1200, 4))
    assert (kept.silent, kept.paused, kept.user_id) == (True, False, bot.alice.id)
    assert kept.seen == await bot.services.store.published()


@pytest.mark.parametrize(
    ("cadence", "schedule"),
    [
        ("at once", Schedule(Cadence.AT_ONCE)),
        ("hourly", Schedule(Cadence.HOURLY)),
        ("weekly", Schedule(Cadence.WEEKLY, 540, 0)),
    ],
)
async def test_every_cadence_can_be_chosen(bot: Stage, cadence: str, schedule: Schedule) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    when = await press(bot, bot.alice, draft, "⏰")
    when = await press(bot, bot.alice, when, cadence)
    assert ("🕘 at 09:00 ▸" in labels(when)) == (cadence == "weekly")
    back = await press(bot, bot.alice, when, "◀ Back")
    await press(bot, bot.alice, back, "✅ Follow")
    (kept,) = await followed(bot, bot.alice)
    assert kept.schedule == schedule


async def test_a_time_of_day_can_be_written_in_reply_to_a_draft(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    strict = await press(bot, bot.alice, draft, "🎯")
    weekly = await press(bot, bot.alice, await press(bot, bot.alice, strict, "⏰"), "weekly")
    timed = await answer_to(bot, bot.alice, weekly, "8:30")
    assert "⏰ every Monday at 08:30 ▸" in labels(timed)
    assert chosen(timed) == ["🎯 strict"]
    hours = await press(bot, bot.alice, await press(bot, bot.alice, timed, "⏰"), "🕘")
    again = await answer_to(bot, bot.alice, hours, "21：05")
    assert "⏰ every Monday at 21:05 ▸" in labels(again)


async def test_a_draft_that_is_cancelled_saves_nothing(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    cancelled = await press(bot, bot.alice, draft, "✖")
    assert (text_of(cancelled), labels(cancelled)) == ("Nothing was saved.", [])
    assert await followed(bot, bot.alice) == ()


async def test_a_draft_outlives_a_restart(stage: Stage) -> None:
    async with stage.running():
        draft = await stage.ask(stage.alice, f"/subscribe {QUESTION}")
        strict = await press(stage, stage.alice, draft, "🎯")
    async with stage.running():
        await press(stage, stage.alice, strict, "✅")
    (kept,) = await followed(stage, stage.alice)
    assert kept.breadth is Breadth.STRICT


async def test_what_matches_nothing_yet_can_be_followed_all_the_same(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, "/subscribe 量子引力望远镜")
    assert quotes(draft) == []
    assert "Nothing that I have now would have been sent." in text_of(draft)
    assert first_line(await press(bot, bot.alice, draft, "✅")) == FOLLOWED


@pytest.mark.parametrize("words", ["", "来源:虚构财经", "… ?!"])
async def test_without_words_nothing_can_be_followed(bot: Stage, words: str) -> None:
    reply = await bot.ask(bot.alice, f"/subscribe {words}")
    if words:
        assert text_of(reply) == "To follow something I need words that the news can have."
    else:
        assert "/subscribe " in text_of(reply).splitlines()[2]
        assert "-financing" in text_of(reply)
    assert labels(reply) == []


async def test_an_operator_that_cannot_be_read_is_named(bot: Stage) -> None:
    reply = await bot.ask(bot.alice, "/subscribe 创新药 since:yesteryear")
    assert "since:yesteryear" in text_of(reply)
    assert labels(reply) == []


async def test_what_is_too_long_is_not_followed(bot: Stage) -> None:
    reply = await bot.ask(bot.alice, "/subscribe " + "药" * 1001)
    assert text_of(reply) == "That is too long to be followed: write it in at most 1000 characters."


async def test_dates_and_documents_are_left_out(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION} since:2025-01 until:2025-12")
    assert "2025-01" not in text_of(draft)
    await press(bot, bot.alice, draft, "✅")
    (kept,) = await followed(bot, bot.alice)
    assert (kept.inquiry.scope.since, kept.inquiry.scope.until) == (None, None)
    # An answer within a document and of a time is about the same question.
    answer = await bot.ask(bot.alice, QUESTION)
    assert "🔔 Following" in labels(answer)
    narrowed = await bot.ask(bot.alice, f"{QUESTION} since:2025-01")
    assert "🔔 Following" in labels(narrowed)


async def test_follow_under_an_answer_shows_it_first_too(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, QUESTION)
    query = await bot.telegram.press(bot.alice, answer, "🔔 Follow")
    await bot.telegram.wait_for_answer(query)
    draft = await bot.telegram.wait_for_reply(bot.alice, after=answer)
    assert text_of(draft).startswith(f"Follow this question?\n{QUESTION}\n")
    assert await followed(bot, bot.alice) == ()
    await press(bot, bot.alice, draft, "✅")
    # What is followed already leads to its page.
    again = await bot.ask(bot.alice, QUESTION)
    await bot.telegram.press(bot.alice, again, "🔔 Following")
    page = await bot.telegram.wait_for_reply(bot.alice, after=again)
    assert first_line(page) == "This question is followed here already."
    assert "🗑 Delete" in labels(page)
    assert text_of(newest(bot, answer)) == text_of(answer)


async def test_an_answer_is_followed_by_replying_with_the_command(bot: Stage) -> None:
    answer = await bot.ask(bot.alice, f"{QUESTION} 来源:虚构财经")
    draft = await answer_to(bot, bot.alice, answer, "/subscribe")
    await press(bot, bot.alice, draft, "✅")
    (kept,) = await followed(bot, bot.alice)
    assert (kept.inquiry.said, kept.inquiry.scope.sources) == (QUESTION, ("虚构财经",))


async def test_the_same_question_is_followed_once(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    saved = await press(bot, bot.alice, draft, "✅")
    for _ in range(3):  # as somebody presses who is impatient
        shown = bot.telegram.world.chats[bot.alice.id].messages[draft.message_id]
        shown["reply_markup"] = draft.to_dict()["reply_markup"]
        await told(bot, bot.alice, draft, "✅")
    assert first_line(newest(bot, draft)) == "This question is followed here already."
    page = await bot.ask(bot.alice, f"/subscribe   {QUESTION} ")
    assert first_line(page) == "This question is followed here already."
    assert len(await followed(bot, bot.alice)) == 1
    assert "🗑 Delete" in labels(saved)


async def test_a_chat_follows_no_more_than_the_limit(bot: Stage) -> None:
    store = store_of(bot)
    for number in range(MAX_SUBSCRIPTIONS):
        inquiry = Inquiry(f"question {number}", bot.telegram.world.clock())
        await store.add(Where(bot.alice.id, None, bot.alice.id), inquiry)
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    notice = await told(bot, bot.alice, draft, "✅")
    assert (notice["text"], notice["show_alert"]) == (TOO_MANY, True)
    assert text_of(newest(bot, draft)) == text_of(draft)
    assert await store.count(bot.alice.id) == MAX_SUBSCRIPTIONS
    # Another chat is not held up.
    await subscribe(bot, bot.reader)
    assert await store.count(bot.reader.id) == 1


async def test_previews_are_the_newest_first(bot: Stage) -> None:
    draft = await bot.ask(bot.alice, "/subscribe 港城园区融资额")
    shown = quotes(draft)
    assert shown == [f"港城园区第{month}个月的融资额为{month}3亿元。" for month in (10, 9, 8, 7, 6)]
    assert "The last 5 passages that I would have sent you:" in text_of(draft)


async def test_a_group_follows_for_itself_and_only_its_administrators_choose(bot: Stage) -> None:
    owner = bot.telegram.people.administrator
    refused = await bot.ask(bot.alice, f"/subscribe {QUESTION}", bot.group)
    assert text_of(refused).startswith(ONLY_ADMINS)
    answer = await bot.ask(bot.alice, f"/ask {QUESTION}", bot.group)
    notice = await told(bot, bot.alice, answer, "🔔 Follow")
    assert str(notice["text"]).startswith(ONLY_ADMINS)
    assert notice["show_alert"]
    draft = await bot.ask(owner, f"/subscribe {QUESTION}", bot.group)
    for label in (labels(draft)[0], labels(draft)[-2], labels(draft)[-1]):
        assert (await told(bot, bot.alice, draft, label))["show_alert"]
    assert text_of(newest(bot, draft)) == text_of(draft)
    assert await followed(bot, bot.group) == ()
    await press(bot, owner, draft, "✅")
    (kept,) = await followed(bot, bot.group)
    assert (kept.chat_id, kept.user_id) == (bot.group.id, owner.id)
    assert await followed(bot, owner) == ()


async def test_a_forum_topic_is_kept(bot: Stage) -> None:
    forum, owner = bot.telegram.people.forum, bot.telegram.people.administrator
    thread = await bot.telegram.open_topic(owner, "Deals")
    said = await bot.telegram.say(owner, f"/subscribe {QUESTION}", forum, thread_id=thread)
    draft = await bot.telegram.wait_for_reply(forum, after=said)
    assert draft.message_thread_id == thread
    await press(bot, owner, draft, "✅")
    (kept,) = await followed(bot, forum)
    assert kept.thread_id == thread


async def test_nobody_saves_or_sees_the_draft_of_another_chat(bot: Stage) -> None:
    theirs = await bot.ask(bot.reader, f"/subscribe {QUESTION}")
    mine = await bot.ask(bot.alice, "/subscribe 港城园区融资额")
    for act in ("✅", "🎯", "⏰"):
        stolen = str(button(theirs, act).callback_data)
        notice = await forge(bot, bot.alice, mine, stolen)
        assert notice["text"] == "This answer is too old: I no longer have it. Please ask again."
    assert await followed(bot, bot.alice) == ()
    assert await followed(bot, bot.reader) == ()


@pytest.mark.parametrize("data", ["sub:", "sub:s:abc", "sub:s:aaaaaaaaaa:bd999900", "sub:å:1", "sub:zz:1"])
async def test_a_forged_button_does_nothing(bot: Stage, data: str) -> None:
    draft = await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    notice = await forge(bot, bot.alice, draft, data)
    assert notice["text"] == "This button no longer works."
    assert await followed(bot, bot.alice) == ()


async def test_a_draft_is_no_question_of_the_reader(bot: Stage) -> None:
    await bot.ask(bot.alice, f"/subscribe {QUESTION}")
    assert text_of(await bot.ask(bot.alice, "/history")) == "You have not asked anything here yet."
    # Nor is it asked on from.
    answer = await bot.ask(bot.alice, "灯塔的高度呢？")
    assert quotes(answer)[0] == BARE
    assert not any(label.startswith("following") for label in labels(answer))


async def test_a_draft_that_is_too_old_says_so(stage: Stage) -> None:
    async with stage.running():
        draft = await stage.ask(stage.alice, f"/subscribe {QUESTION}")
    later = stage.telegram.world.clock() + timedelta(days=91)
    assert await Replies(stage.database, 1, lambda: later).purge() == 1
    async with stage.running():
        notice = await told(stage, stage.alice, draft, "✅")
    assert notice["text"] == "This answer is too old: I no longer have it. Please ask again."
