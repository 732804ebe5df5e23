"""Many chats at once, a slow question, a flood, and a clean stop."""

import asyncio
import threading
import time

import pytest

from bot import polling
from bot.lanes import LANE_DEPTH
from retrieval.answer import Answer, Question
from retrieval.answerer import Answerer
from retrieval.suggestions import Suggestion
from tests.e2e.conftest import Stage
from tests.e2e.news import DEAL

QUESTION = "BW1803 授权总金额是多少"
SLOW = "慢"


class GatedAnswerer:
    """Answers truly, but a question with 「慢」 in it only when the gate is open."""

    def __init__(self, answerer: object) -> None:
        assert isinstance(answerer, Answerer)
        self.answerer = answerer
        self.gate = threading.Event()
        self.slow = 0

    def answer(self, question: Question, limit: int = 3, offset: int = 0) -> Answer:
        if SLOW in question.text:
            self.slow += 1
            self.gate.wait(20)
        return self.answerer.answer(question, limit, offset)

    def suggestions(self, question: Question, limit: int = 4) -> tuple[Suggestion, ...]:
        return self.answerer.suggestions(question, limit)


@pytest.fixture
def gated(stage: Stage) -> GatedAnswerer:
    return GatedAnswerer(stage.services.answerer)


async def test_a_slow_question_holds_up_no_other_chat(stage: Stage, gated: GatedAnswerer) -> None:
    async with stage.running(stage.with_answerer(gated)):
        slow = await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}")
        assert DEAL in ((await stage.ask(stage.alice, QUESTION)).text or "")
        assert stage.said(stage.reader) == []
        gated.gate.set()
        assert DEAL in ((await stage.telegram.wait_for_reply(stage.reader, after=slow)).text or "")


async def test_typing_is_shown_as_long_as_it_takes(stage: Stage, gated: GatedAnswerer) -> None:
    async with stage.running(stage.with_answerer(gated)):
        await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}")
        await stage.telegram.wait_for_call("sendChatAction", 2, timeout=6)
        gated.gate.set()
        await stage.telegram.wait_for_reply(stage.reader)
        await asyncio.sleep(0.1)
        assert stage.telegram.action(stage.reader) is None


async def test_within_a_chat_answers_come_in_order(stage: Stage, gated: GatedAnswerer) -> None:
    async with stage.running(stage.with_answerer(gated)):
        await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}")
        await stage.telegram.say(stage.reader, "/help")
        await stage.ask(stage.alice, "/help")
        assert stage.said(stage.reader) == []
        gated.gate.set()
        await stage.idle()
    first, second = stage.said(stage.reader)
    assert DEAL in first
    assert "/latest" in second


async def test_a_flood_is_told_once_and_starves_nobody(stage: Stage, gated: GatedAnswerer) -> None:
    async with stage.running(stage.with_answerer(gated)):
        for number in range(LANE_DEPTH + 20):
            await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}{number}")
        notice = await stage.telegram.wait_for_reply(stage.reader)
        assert (notice.text or "").startswith("一下子问得太多了。")
        assert DEAL in ((await stage.ask(stage.alice, QUESTION)).text or "")
        gated.gate.set()
        await stage.idle()
    assert len(stage.said(stage.reader)) == LANE_DEPTH + 1


async def test_a_hundred_questions_at_once_are_all_answered(bot: Stage) -> None:
    people = (bot.reader, bot.alice, bot.telegram.people.administrator)
    for turn in range(33):
        for person in people:
            await bot.telegram.say(person, f"{QUESTION} {turn}")
        if turn % 3 == 2:
            await bot.idle()
    assert [len(bot.said(person)) for person in people] == [33, 33, 33]


async def test_stopping_lets_the_answer_under_way_end_and_the_rest_is_answered_next_time(
    stage: Stage, gated: GatedAnswerer
) -> None:
    async with stage.running(stage.with_answerer(gated)) as stop:
        for number in range(3):
            await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}{number}")
        async with asyncio.timeout(5):
            while gated.slow == 0 or await stage.unfinished() < 3:  # noqa: ASYNC110 - two places
                await asyncio.sleep(0.01)
        stop.set()
        await asyncio.sleep(0.2)
        gated.gate.set()
    assert len(stage.said(stage.reader)) == 1
    assert await stage.unfinished() == 2
    async with stage.running():
        await stage.idle()
    assert len(stage.said(stage.reader)) == 3
    assert await stage.unfinished() == 0


async def test_stopping_is_quick_when_nothing_is_under_way(stage: Stage) -> None:
    async with stage.running():
        await stage.ask(stage.reader, QUESTION)
        began = time.perf_counter()
    assert time.perf_counter() - began < 2


async def test_an_answer_that_does_not_end_is_cut_off_and_given_after_the_next_start(
    stage: Stage, gated: GatedAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_FINISH_SECONDS", 0.2)
    async with stage.running(stage.with_answerer(gated)):
        await stage.telegram.say(stage.reader, f"{QUESTION} {SLOW}")
        async with asyncio.timeout(5):
            while gated.slow == 0:  # noqa: ASYNC110 - counted by another thread
                await asyncio.sleep(0.01)
    assert stage.said(stage.reader) == []
    assert await stage.unfinished() == 1
    gated.gate.set()
    async with stage.running():
        await stage.idle()
    assert len(stage.said(stage.reader)) == 1
