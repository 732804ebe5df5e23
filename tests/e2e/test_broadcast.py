"""`/broadcast`: shown first, to whom it is meant, sent through the outbox, and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chats import Chats
from bot.inquiry import Inquiry
from bot.keeping.broadcast import Broadcasts
from bot.outbox import Outbox
from bot.reply import Where
from bot.roles import Roles
from bot.schedule import Quiet
from bot.subscriptions import Subscriptions
from tests.e2e.keeping import becomes, noted, pressed
from tests.e2e.messages import buttons, labels, quotes, text_of
from tests.e2e.pressing import forge, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Message

    from bot.local.people import Person
    from tests.e2e.conftest import Stage

NEWS = "明天上午 9 点维护 <b>10 分钟</b> & 之后恢复。"


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Stage]:
    """A newsroom with an administrator and a reader who has asked something."""
    async with stage.running(stage.with_settings(admins=(stage.alice.id,))):
        await stage.ask(stage.reader, "首付款")
        yield stage


def bot_id(stage: Stage) -> int:
    return int(stage.telegram.token.partition(":")[0])


def store(stage: Stage) -> Broadcasts:
    async def admits(_chat: int, _user: int) -> bool:
        return True

    return Broadcasts(Outbox(stage.database, bot_id(stage), stage.telegram.world.clock), admits)


def labels_data(message: Message) -> list[str]:
    return [str(each.callback_data) for each in buttons(message)]


async def follow(stage: Stage, person: Person, topic: str) -> None:
    clock = stage.telegram.world.clock
    kept = Subscriptions(stage.database, bot_id(stage), clock)
    await kept.add(Where(person.id, None, person.id), Inquiry(topic, clock()), topic=topic)


async def heard(stage: Stage, person: Person, text: str) -> None:
    def look() -> bool | None:
        return text in stage.said(person) or None

    await stage.telegram.world.changes.until(look, 10)


async def test_everybody_is_told_once(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    assert quotes(shown) == [NEWS]
    assert "To: everybody, 1 chat\n" in text_of(shown)
    assert labels(shown) == ["Send to 1 chat", "Cancel"]
    assert NEWS not in desk.said(desk.reader)
    shown = await pressed(desk, desk.alice, shown, "Send to 1 chat", "It has gone out.")
    await heard(desk, desk.reader, NEWS)
    assert "sent: 1" in text_of(shown)
    (entry,) = await noted(desk)
    assert (entry.deed, entry.actor, entry.detail["chats"]) == ("broadcast", desk.alice.id, 1)
    assert desk.said(desk.reader).count(NEWS) == 1


async def test_the_text_can_be_that_of_another_message(desk: Stage) -> None:
    written = await desk.telegram.say(desk.alice, "大家好，这是通知。")
    await desk.telegram.wait_for_reply(desk.alice, after=written)
    said = await desk.telegram.say(desk.alice, "/broadcast", reply_to=written)
    shown = await desk.telegram.wait_for_reply(desk.alice, after=said)
    assert quotes(shown) == ["大家好，这是通知。"]


async def test_followers_of_a_topic_are_told_alone(desk: Stage) -> None:
    await follow(desk, desk.alice, "融资")
    shown = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    assert labels(shown) == ["Send to 2 chats", "# 融资 (1)", "Cancel"]
    shown = await press(desk, desk.alice, shown, "# 融资 (1)")
    assert "To: who follows “融资”, 1 chat\n" in text_of(shown)
    assert labels(shown) == ["Send to 1 chat", "To everybody", "Cancel"]
    shown = await press(desk, desk.alice, shown, "To everybody")
    shown = await press(desk, desk.alice, shown, "# 融资 (1)")
    await press(desk, desk.alice, shown, "Send to 1 chat")
    await heard(desk, desk.alice, NEWS)
    assert NEWS not in desk.said(desk.reader)


async def test_a_topic_that_nobody_follows_any_more_changes_nothing(desk: Stage) -> None:
    shown = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    key = (await store(desk).draft(desk.alice.id, NEWS)).key
    await forge(desk, desk.alice, shown, f"bro:to:{key}:abcdef01")
    shown = await becomes(desk, shown, "To: everybody, 1 chat")


async def test_who_is_away_or_has_paused_everything_is_left_out(desk: Stage) -> None:
    chats = Chats(desk.database, bot_id(desk))
    await chats.change(desk.reader.id, paused=True)
    shown = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    assert text_of(shown).startswith("There is nobody to tell")
    await chats.change(desk.reader.id, paused=False, inactive_since=desk.telegram.world.clock())
    shown = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    assert text_of(shown).startswith("There is nobody to tell")


async def test_who_may_not_use_the_bot_is_left_out(stage: Stage) -> None:
    async with stage.running():
        await stage.ask(stage.reader, "首付款")
    async with stage.running(stage.with_settings(admins=(stage.alice.id,), readers=(stage.alice.id,))):
        shown = await stage.ask(stage.alice, f"/broadcast {NEWS}")
        assert text_of(shown).startswith("There is nobody to tell")


async def test_quiet_hours_are_waited_for_and_the_rest_can_be_stopped(stage: Stage) -> None:
    now = stage.telegram.world.clock().astimezone(stage.services.settings.zone)
    minute = now.hour * 60 + now.minute
    quiet = Quiet((minute - 60) % 1440, (minute + 120) % 1440)
    await Chats(stage.database, bot_id(stage)).change(stage.reader.id, quiet=quiet)
    async with stage.running(stage.with_settings(admins=(stage.alice.id,))):
        shown = await stage.ask(stage.alice, f"/broadcast {NEWS}")
        shown = await pressed(stage, stage.alice, shown, "Send to 1 chat", "It is going out.")
        assert "waiting: 1" in text_of(shown)
        assert labels(shown) == ["How far is it?", "Send no more of it"]
        await told(stage, stage.alice, shown, "How far is it?")
        answer = await told(stage, stage.alice, shown, "Send no more of it")
        assert answer["text"] == "1 chat is not told."
        shown = await becomes(stage, shown, "not sent: 1")
        assert text_of(shown).startswith("It has gone out.")
        (entry,) = await noted(stage)
        assert entry.undone is not None
        assert NEWS not in stage.said(stage.reader)


async def test_what_was_cut_off_goes_on_without_telling_twice(desk: Stage) -> None:
    draft = await store(desk).draft(desk.alice.id, NEWS)
    await store(desk).send(draft)
    await heard(desk, desk.reader, NEWS)
    assert await store(desk).send(draft) == 1
    assert sum((await store(desk).progress(draft.key)).values()) == 1


async def test_what_was_sent_already_shows_how_far_it_is(desk: Stage) -> None:
    first = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    data = labels_data(first)
    await press(desk, desk.alice, first, "Send to 1 chat")
    await heard(desk, desk.reader, NEWS)
    for each in data:
        again = await desk.ask(desk.alice, "/broadcast 另一条")
        await forge(desk, desk.alice, again, each)
        await becomes(desk, again, "It has gone out.")
    assert desk.said(desk.reader).count(NEWS) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/broadcast", "Write /broadcast and what readers are to be told"),
        (f"/broadcast {'长' * 3001}", "This is too long for one message."),
    ],
)
async def test_what_is_refused(desk: Stage, said: str, words: str) -> None:
    assert text_of(await desk.ask(desk.alice, said)).startswith(words)


async def test_it_can_be_cancelled_and_is_gone_then(desk: Stage) -> None:
    first = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    data = labels_data(first)
    shown = await press(desk, desk.alice, first, "Cancel")
    assert (text_of(shown), labels(shown)) == ("Nothing was sent.", [])
    second = await desk.ask(desk.alice, f"/broadcast {NEWS}")
    gone = "This broadcast has been sent, cancelled or forgotten."
    for each in data:
        second = await desk.ask(desk.alice, f"/broadcast {NEWS}")
        assert (await forge(desk, desk.alice, second, each))["text"] == gone
    for each in ("bro:send", "bro:x:abcdefghij", "bro:to:abcdefghij", "bro:see:abcdefghij:everyone"):
        second = await desk.ask(desk.alice, f"/broadcast {NEWS}")
        assert (await forge(desk, desk.alice, second, each))["text"] == "This button no longer works."
    assert NEWS not in desk.said(desk.reader)


async def test_editors_and_readers_may_not(desk: Stage) -> None:
    unknown = text_of(await desk.ask(desk.reader, "/nonsense"))
    draft = await store(desk).draft(desk.alice.id, NEWS)
    await Roles(desk.database, bot_id(desk), (), desk.telegram.world.clock).appoint(desk.reader.id, "林晓", 1)
    for command in ("/broadcast hello", "/audit", "/editors"):
        assert text_of(await desk.ask(desk.reader, command)) == unknown
    theirs = await desk.ask(desk.reader, "/settings")
    assert (await told(desk, desk.reader, theirs, labels(theirs)[0])) is not None
    theirs = await desk.ask(desk.reader, "/settings")
    await forge(desk, desk.reader, theirs, f"bro:send:{draft.key}")
    assert await store(desk).progress(draft.key) == {}
