"""A topic is followed with one tap on its page, by those who may, and up to the limit."""

from bot.inquiry import Inquiry
from bot.reply import Where
from bot.schedule import DAILY
from bot.subscriptions import MAX_SUBSCRIPTIONS
from tests.e2e.conftest import Stage
from tests.e2e.messages import button, labels, text_of
from tests.e2e.pressing import forge, newest, press, told
from tests.e2e.subscribers import followed, store_of
from tests.e2e.test_topics import load_topics, opened

FOLLOWED = "You will be told of what is new on this topic: daily at 09:00. /subscriptions changes it."


async def test_one_tap_follows_a_topic_and_another_shows_how(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
        notice = await told(stage, stage.alice, page, "🔔 Follow")
        assert (notice["text"], notice["show_alert"]) == (FOLLOWED, True)
        (kept,) = await followed(stage, stage.alice)
        assert (kept.topic, kept.schedule, kept.user_id) == ("灯塔", DAILY, stage.alice.id)
        assert kept.seen == await stage.services.store.published()
        shown = newest(stage, page)
        assert "🔔 Following" in labels(shown)
        assert text_of(shown) == text_of(page)
        # It is so on every page of it, and in no other chat.
        assert "🔔 Following" in labels(await press(stage, stage.alice, shown, "older ▶"))
        await told(stage, stage.alice, newest(stage, page), "🔔 Following")
        assert stage.said(stage.alice)[-1].startswith("灯塔\nEverything new on this topic.")
        theirs = await stage.ask(stage.reader, "/topics")
        assert any(
            label.startswith("🔔") for label in labels(await press(stage, stage.reader, theirs, "灯塔"))
        )
        assert await followed(stage, stage.reader) == ()


async def test_pressed_twice_it_is_followed_once(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
        data = str(button(page, "🔔 Follow").callback_data)
        for _ in range(2):
            await forge(stage, stage.alice, newest(stage, page), data)
    assert len(await followed(stage, stage.alice)) == 1


async def test_a_topic_that_is_gone_is_not_followed(stage: Stage) -> None:
    await load_topics(stage)
    async with stage.running():
        page = await opened(stage, "灯塔")
        notice = await forge(stage, stage.alice, page, "top:0123456789abcdef:0:f")
        assert notice["text"] == "This button no longer works."
    assert await followed(stage, stage.alice) == ()


async def test_no_more_topics_than_the_limit(stage: Stage) -> None:
    await load_topics(stage)
    where, now = Where(stage.alice.id, None, stage.alice.id), stage.telegram.world.clock()
    for number in range(MAX_SUBSCRIPTIONS):
        await store_of(stage).add(where, Inquiry(f"question {number}", now))
    async with stage.running():
        page = await opened(stage, "灯塔")
        notice = await told(stage, stage.alice, page, "🔔 Follow")
        assert notice["text"] == "A chat can follow 50 questions. Delete another one first: /subscriptions"
        assert "🔔 Follow" in labels(newest(stage, page))


async def test_for_a_group_only_its_administrators_follow(stage: Stage) -> None:
    await load_topics(stage)
    owner = stage.telegram.people.administrator
    async with stage.running():
        listed = await stage.ask(owner, "/topics", stage.group)
        page = await press(stage, owner, listed, "灯塔")
        label = next(each for each in labels(page) if each.startswith("🔔"))
        notice = await told(stage, stage.alice, page, label)
        assert str(notice["text"]).startswith("Only administrators of the group can change what it follows.")
        assert await followed(stage, stage.group) == ()
        await told(stage, owner, page, label)
    assert [each.topic for each in await followed(stage, stage.group)] == ["灯塔"]
