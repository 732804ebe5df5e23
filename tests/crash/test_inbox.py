"""Guarantee 1: an update received is handled, whenever the process is killed.

Five questions wait. The bot is a process of its own and is killed with SIGKILL at a moment
when handling is surely going on, because a call it made has not been answered yet. It starts
again on the same folder, and five answers are found. What was being sent when it was killed
may be said twice, and nothing else.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.lanes import MAX_ATTEMPTS
from bot.local import LocalTelegram
from bot.local.faults import Fault, Moment
from tests.e2e.messages import quotes
from tests.e2e.news import write_document
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
ANSWERS = {
    "青松灯塔有多高": "青松灯塔的高度为39米。",
    "白鹭大桥有多长": "白鹭大桥的长度为2810米。",
    "云雀制药募资多少": "云雀制药本轮募资5.5亿元。",
    "BW1803 授权金额": "药物BW1803的授权金额为7.12亿美元。",
    "港城园区员工人数": "港城园区的员工人数为4300人。",
}
pytestmark = pytest.mark.crash


class Installation:
    """A bot in a folder of its own that can be started, killed and started again."""

    def __init__(self, folder: Path, telegram: LocalTelegram) -> None:
        self.database = folder / "data" / "wenxun.db"
        self.log = folder / "output.txt"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "WENXUN_TOKEN": telegram.token,
            "WENXUN_API_URL": telegram.url,
            "WENXUN_CORPUS": str(folder / "news"),
            "WENXUN_DATA": str(folder / "data"),
            "WENXUN_WORKERS": "1",
            "WENXUN_ENCODER": QUICK_ENCODER,
        }

    @asynccontextmanager
    async def started(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The process; when the block is left it is killed if it still runs."""
        with self.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", env=self.environment, stdout=output, stderr=output
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def inbox(self) -> list[tuple[bool, bool]]:
        """Of every update in the database: whether it is done, whether its content is still there."""
        statement = "SELECT done IS NOT NULL, payload IS NOT NULL FROM updates"
        try:
            with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
                rows = connection.execute(statement).fetchall()
        except sqlite3.OperationalError:  # it has only just been started
            return []
        return [(bool(done), bool(content)) for done, content in rows]


@pytest.fixture
def installation_folder(tmp_path: Path, prepared: Path) -> Path:
    news = tmp_path / "news"
    news.mkdir()
    for number, text in enumerate(ANSWERS.values()):
        write_document(
            news / f"{number}.md", text, title=f"第{number}号消息", source="虚构财经", date="2026-01-02"
        )
    installed(prepared, tmp_path / "data")
    return tmp_path


def answered(telegram: LocalTelegram) -> list[str]:
    """The first excerpt of every answer in every chat."""
    messages = (message for person in telegram.people.people for message in telegram.messages(person))
    return [
        next(iter(quotes(message)), message.text or "")
        for message in messages
        if message.from_user is not None and message.from_user.is_bot
    ]


async def until_answered(telegram: LocalTelegram, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(set(answered(telegram))) < count:  # noqa: ASYNC110 - counted over several chats
            await asyncio.sleep(0.05)


async def until_done(installation: Installation, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while installation.inbox() != [(True, False)] * count:  # noqa: ASYNC110 - another process's database
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("method", "nth", "moment", "twice"),
    [
        pytest.param("sendChatAction", 1, Moment.BEFORE, 0, id="while the first is thought about"),
        pytest.param("sendMessage", 1, Moment.BEFORE, 0, id="before the first is sent"),
        pytest.param("sendMessage", 1, Moment.AFTER, 1, id="after the first is sent, before that is known"),
        pytest.param("sendMessage", 4, Moment.AFTER, 1, id="when only one is left"),
    ],
)
async def test_five_questions_wait_the_bot_is_killed_and_five_answers_are_found(
    installation_folder: Path, method: str, nth: int, moment: Moment, twice: int
) -> None:
    async with LocalTelegram(floods=False) as telegram:
        installation = Installation(installation_folder, telegram)
        for question in ANSWERS:
            await telegram.say(telegram.people.reader, question)
        if nth > 1:
            telegram.faults.slow(0, method, nth - 1)
        telegram.faults.order(Fault(moment=moment, hang=True), method)
        async with installation.started() as process:
            async with asyncio.timeout(PATIENCE):
                while telegram.faults.left or telegram.world.updates.pending:
                    assert process.returncode is None, installation.log.read_text()
                    await asyncio.sleep(0.01)
            process.kill()
        assert len(answered(telegram)) == nth - 1 + twice
        assert sum(not done for done, _ in installation.inbox()) >= 1
        async with installation.started():
            await until_answered(telegram, 5)
            await until_done(installation, 5)
        assert set(answered(telegram)) == set(ANSWERS.values())
        assert len(answered(telegram)) == 5 + twice


async def test_killed_twice_while_several_chats_are_answered(installation_folder: Path) -> None:
    async with LocalTelegram(floods=False) as telegram:
        installation = Installation(installation_folder, telegram)
        people = telegram.people.people
        for number, question in enumerate(ANSWERS):
            await telegram.say(people[number % len(people)], question)
        for _ in range(MAX_ATTEMPTS - 1):
            telegram.faults.order(Fault(hang=True), "sendMessage", times=len(people))
            async with installation.started() as process:
                async with asyncio.timeout(PATIENCE):
                    while telegram.faults.left:  # noqa: ASYNC110 - no event tells
                        await asyncio.sleep(0.01)
                process.kill()
        async with installation.started():
            await until_done(installation, 5)
        assert sorted(answered(telegram)) == sorted(ANSWERS.values())


async def test_what_telegram_sends_again_is_answered_once(installation_folder: Path) -> None:
    async with LocalTelegram(floods=False) as telegram:
        installation = Installation(installation_folder, telegram)
        await telegram.say(telegram.people.reader, next(iter(ANSWERS)))
        again = dict(telegram.world.updates.pending[0])
        async with installation.started():
            await until_done(installation, 1)
        telegram.world.updates._waiting.append(again)
        async with installation.started():
            async with asyncio.timeout(PATIENCE):
                while telegram.world.updates.pending:  # noqa: ASYNC110 - no event tells
                    await asyncio.sleep(0.05)
            await telegram.say(telegram.people.reader, list(ANSWERS)[1])
            await until_answered(telegram, 2)
        assert answered(telegram) == list(ANSWERS.values())[:2]
