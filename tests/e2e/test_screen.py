"""The screen: a message that shows how far something is, at a pace that Telegram bears."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from telegram import Update

from bot.chats import Chats, ChatSettings
from bot.keeping.screen import Screen
from bot.locale.catalogue import Catalogues
from bot.presence import Presence
from bot.rendering.message import Message
from bot.talk import Talk
from corpus.load_report import Progress
from tests.builders import ZONE
from tests.delivering import calling
from tests.e2e.messages import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.pace import Pace
    from tests.e2e.conftest import Stage

PAUSE = 0.1
EDIT = "editMessageText"


class Room:
    """A chat with a message of the bot's."""

    def __init__(self, stage: Stage, talk: Talk, message_id: int) -> None:
        self.stage = stage
        self.talk = talk
        self.message_id = message_id
        self.screen = Screen(talk, message_id, shown, pause=PAUSE)

    def tell(self, done: int) -> None:
        self.screen.tell(Progress("reading", done, 1000, "files"))

    def edits(self) -> list[str]:
        calls = self.stage.telegram.calls
        return [str(call.parameters["text"]) for call in calls if call.method == EDIT]

    def moments(self) -> list[float]:
        return [call.at.timestamp() for call in self.stage.telegram.calls if call.method == EDIT]

    async def edited(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.edits()) < count:  # noqa: ASYNC110 - calls tell nobody
                await asyncio.sleep(0.01)

    def text(self) -> str:
        messages = self.stage.telegram.messages(self.stage.alice)
        return next(text_of(each) for each in messages if each.message_id == self.message_id)


def shown(pace: Pace) -> Message:
    return Message(f"{pace.progress.done} of {pace.progress.total}")


@pytest.fixture
async def room(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the bot does
    async with calling(stage.telegram.token, stage.telegram.url) as bot:
        await stage.telegram.say(stage.alice, "hello")
        sent = await bot.send_message(stage.alice.id, "…")
        clock = stage.telegram.world.clock
        talk = Talk(
            bot=bot,
            presence=Presence(Chats(stage.database, bot.id), clock, timedelta(days=1)),
            update=Update(1),
            chat_id=stage.alice.id,
            thread_id=None,
            message_id=sent.message_id,
            user_id=stage.alice.id,
            is_private=True,
            settings=ChatSettings(),
            words=Catalogues.load().speaking("en"),
            zone=ZONE,
            asked=clock(),
            now=clock(),
            name="chat-1",
        )
        yield Room(stage, talk, sent.message_id)


async def test_the_newest_is_shown_and_never_sooner_than_the_pause_allows(room: Room) -> None:
    async with room.screen.shown():
        for number in range(400):
            room.tell(number)
            await asyncio.sleep(0.001)
        await room.edited(3)
    await room.screen.end(Message("done"))
    assert room.text() == "done"
    moments = room.moments()
    assert all(later - earlier >= PAUSE for earlier, later in pairwise(moments))
    assert len(set(room.edits())) == len(moments) > 3


async def test_what_is_done_at_once_shows_no_pace(room: Room) -> None:
    async with room.screen.shown():
        room.tell(1)
    await room.screen.end(Message("done"))
    assert room.edits() == ["done"]


async def test_nothing_is_edited_that_looks_the_same(room: Room) -> None:
    async with room.screen.shown():
        room.tell(5)
        await room.edited(1)
        for _ in range(5):
            room.tell(5)
            await asyncio.sleep(PAUSE)
        room.tell(6)
        await room.edited(2)
    assert room.edits() == ["5 of 1000", "6 of 1000"]


async def test_it_waits_as_long_as_telegram_asks(room: Room) -> None:
    room.stage.telegram.faults.flood(1, method=EDIT)
    async with room.screen.shown():
        room.tell(5)
        await room.edited(1)
        room.tell(6)
        await room.edited(2)
    first, second = room.moments()
    assert second - first >= 1
    assert room.text() == "6 of 1000"


@pytest.mark.parametrize("fault", ["cut", "bad gateway", "deleted"])
async def test_that_an_edit_fails_ends_nothing(room: Room, fault: str) -> None:
    faults = room.stage.telegram.faults
    if fault == "cut":
        faults.cut(method=EDIT)
    elif fault == "bad gateway":
        faults.bad_gateway(method=EDIT)
    else:
        faults.refuse("Bad Request: message to edit not found", method=EDIT)
    async with room.screen.shown():
        room.tell(5)
        await room.edited(1)
        room.tell(6)
        await room.edited(2)
    assert room.text() == "6 of 1000"


async def test_the_last_word_is_sent_anew_where_the_message_is_gone(room: Room) -> None:
    room.stage.telegram.faults.refuse("message to edit not found", method=EDIT)
    await room.screen.end(Message("done"))
    assert (room.text(), room.stage.said(room.stage.alice)[-1]) == ("…", "done")
