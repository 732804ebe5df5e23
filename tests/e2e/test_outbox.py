"""`/outbox`: for administrators in private, and for nobody else; and the alarm."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.alarm import PAUSE, Alarm
from bot.backlog import Backlog
from bot.chats import Chats
from bot.claims import Claims
from bot.locale.catalogue import Catalogues
from bot.outbox import Outbox, outbox
from tests.bot.clock import Clock
from tests.bot.notices import notice, rows, states
from tests.delivering import calling
from tests.e2e.messages import labels, text_of
from tests.e2e.pressing import forge, newest, press, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from tests.e2e.conftest import Stage

UNKNOWN = "I do not know this command. /help lists those I know."


class Office:
    """The running bot, with an administrator, and its outbox."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.administrator = stage.alice
        self.box = Outbox(
            stage.database, int(stage.telegram.token.partition(":")[0]), stage.telegram.world.clock
        )
        self.claims = Claims(self.box, "me")

    async def settle(self, count: int, *, dead: bool = False) -> None:
        """So many messages of two rows, uncertain or dead."""
        now = self.stage.telegram.world.clock()
        for number in range(count):
            await self.box.add([notice(70 + number, due=now), notice(70 + number, due=now)])
            batch = await self.claims.claim()
            assert batch is not None
            assert await self.claims.begin(batch, batch.ids)
            if dead:
                await self.claims.dead(batch, "can't parse entities")
            else:
                await self.claims.uncertain(batch, "no answer")


@pytest.fixture
async def office(stage: Stage) -> AsyncIterator[Office]:
    settings = stage.services.settings.model_copy(update={"admins": (stage.alice.id,)})
    async with stage.running(dataclasses.replace(stage.services, settings=settings)):
        yield Office(stage)


async def test_to_all_others_it_does_not_exist(office: Office) -> None:
    stage = office.stage
    assert text_of(await stage.ask(stage.reader, "/outbox")).startswith("没有这个命令") or (
        text_of(await stage.ask(stage.reader, "/outbox"))
        == text_of(await stage.ask(stage.reader, "/nonsense"))
    )
    assert text_of(await stage.ask(office.administrator, "/nonsense")) == UNKNOWN
    said = await stage.telegram.say(office.administrator, "/outbox", stage.group)
    await stage.idle()
    assert stage.telegram.messages(stage.group)[-1].message_id == said.message_id


async def test_an_empty_outbox(office: Office) -> None:
    shown = await office.stage.ask(office.administrator, "/outbox")
    assert text_of(shown) == "Notifications\n\nThere are none."
    assert labels(shown) == ["Look again"]


async def test_how_it_stands_and_what_is_in_doubt(office: Office) -> None:
    now = office.stage.telegram.world.clock()
    await office.settle(1)
    await office.settle(1, dead=True)
    await office.box.add([notice(90, due=now - timedelta(hours=3)), notice(90, due=now + timedelta(days=1))])
    text = text_of(await office.stage.ask(office.administrator, "/outbox"))
    assert "waiting: 2\nuncertain: 2\nrefused for good: 2\ndue longest: 3 hours ago" in text
    assert "1. refused for good · news × 2 · chat-" in text
    assert "can't parse entities" in text
    assert "2. uncertain · news × 2 · chat-" in text
    assert "Telegram did not answer" in text
    assert "70" not in text, "a chat is not named"


async def test_what_is_uncertain_is_sent_again_or_left(office: Office) -> None:
    await office.settle(2)
    shown = await office.stage.ask(office.administrator, "/outbox")
    shown = await press(office.stage, office.administrator, shown, "↻ 1")
    assert "waiting: 2\nuncertain: 2" in text_of(shown)
    again = await office.claims.claim()
    assert again is not None
    assert all(row.again for row in again.rows)
    shown = await press(office.stage, office.administrator, shown, "✕ 1")
    assert "uncertain" not in text_of(shown)
    assert sorted(await states(office.stage.database)) == ["pending", "pending", "sent", "sent"]


async def test_what_was_refused_is_sent_again_as_new(office: Office) -> None:
    await office.settle(1, dead=True)
    shown = await office.stage.ask(office.administrator, "/outbox")
    await press(office.stage, office.administrator, shown, "↻ 1")
    again = await office.claims.claim()
    assert again is not None
    assert [(row.again, row.attempts) for row in again.rows] == [(False, 0), (False, 0)]


async def test_pages_and_all_at_once(office: Office) -> None:
    await office.settle(7)
    shown = await office.stage.ask(office.administrator, "/outbox")
    assert "5. uncertain" in text_of(shown)
    shown = await press(office.stage, office.administrator, shown, "older ▶")
    assert "6. uncertain" in text_of(shown)
    assert "5. uncertain" not in text_of(shown)
    answer = await told(office.stage, office.administrator, shown, "✕ all")
    assert answer["text"] == "14 notifications changed."
    assert set(await states(office.stage.database)) == {"sent"}


async def test_a_decision_that_comes_too_late_or_is_forged(office: Office) -> None:
    await office.settle(2)
    shown = await office.stage.ask(office.administrator, "/outbox")
    await Backlog(office.box).discard()
    answer = await told(office.stage, office.administrator, shown, "↻ 1")
    assert answer["text"] == "Somebody has decided this already."
    assert text_of(newest(office.stage, shown)).endswith("sent: 4")
    dead = "This button no longer works."
    for data in ("out:retry:0", "out:show:0123456789abcdef:0", "out:x:0", "out:"):
        shown = await office.stage.ask(office.administrator, "/outbox")
        assert (await forge(office.stage, office.administrator, shown, data))["text"] == dead
    await office.settle(1)
    theirs = await office.stage.ask(office.stage.reader, "/settings")
    await forge(office.stage, office.stage.reader, theirs, "out:discardall:0")
    assert "uncertain" in await states(office.stage.database)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def alarm(stage: Stage, clock: Clock) -> AsyncIterator[Alarm]:
    async with calling(stage.telegram.token, stage.telegram.url) as bot:
        box = Outbox(stage.database, bot.id, clock)
        await stage.telegram.say(stage.alice, "hello")
        yield Alarm(
            Backlog(box),
            bot,
            frozenset({stage.alice.id}),
            Chats(stage.database, bot.id),
            Catalogues.load(),
            stage.services.settings.zone,
            timedelta(minutes=30),
            clock,
        )


async def test_the_alarm_is_raised_once_and_then_now_and_then(
    stage: Stage, alarm: Alarm, clock: Clock
) -> None:
    now = alarm.clock()
    box = Outbox(stage.database, alarm.bot.id, alarm.clock)
    await box.add([notice(70, due=now - timedelta(minutes=29))])
    await alarm.look()
    assert stage.said(stage.alice) == []
    await late(stage, now - timedelta(minutes=31))
    for _ in range(3):
        await alarm.look()
    assert [text.splitlines()[0] for text in stage.said(stage.alice)] == [
        "Notifications need your attention."
    ]
    clock.now += PAUSE - timedelta(seconds=1)
    await alarm.look()
    assert len(stage.said(stage.alice)) == 1
    clock.now += timedelta(seconds=1)
    await alarm.look()
    assert len(stage.said(stage.alice)) == 2


@pytest.mark.parametrize("trouble", [{"state": "dead"}, {"attempts": 5}])
async def test_the_alarm_is_raised_for_what_never_gets_through(
    stage: Stage, alarm: Alarm, trouble: dict[str, object]
) -> None:
    box = Outbox(stage.database, alarm.bot.id, alarm.clock)
    await box.add([notice(70, due=alarm.clock() + timedelta(hours=1))])
    await alarm.look()
    assert stage.said(stage.alice) == []
    await stage.database.write(lambda connection: connection.execute(update(outbox).values(**trouble)))
    await alarm.look()
    assert len(stage.said(stage.alice)) == 1
    assert len(await rows(stage.database)) == 2


async def test_an_administrator_who_cannot_be_told_holds_up_nobody(stage: Stage, alarm: Alarm) -> None:
    box = Outbox(stage.database, alarm.bot.id, alarm.clock)
    await box.add([notice(70, due=alarm.clock() - timedelta(days=1))])
    stage.telegram.faults.forbid(method="sendMessage")
    await alarm.look()
    assert stage.said(stage.alice) == []


async def late(stage: Stage, due: datetime) -> None:
    await stage.database.write(lambda connection: connection.execute(update(outbox).values(due=due)))
