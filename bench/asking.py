"""Questions a second: how many the whole bot answers on one core, and where their time goes.

    .venv/bin/python -m bench.asking [--questions 1000] [--chats 32] [--data FOLDER]

The local Telegram and its readers run in this process, the bot in one of its own that may use
one core alone. Each chat asks the questions of `tests/data/sample_questions.jsonl` one after
another, each when the one before is answered. The bot answers from the sample news, with
sentence vectors made and a database on disk, as `wenxun run` has it.

A machine that others use too tells little by the clock, so what counts is the processor time of
the bot's process. Retrieval and the database's statements run in threads of their own, whose
time the system counts; what the main thread does is sampled in a round of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bench.shares import Shares
from bot.app import run_polling
from bot.local import LocalTelegram
from bot.local.chats import Chat
from bot.local.people import Person
from bot.logs import logging_to
from bot.services import open_services
from bot.settings import Settings, sample_news
from retrieval.vectorizing import Vectorizer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

QUESTIONS = Path(__file__).parents[1] / "tests/data/sample_questions.jsonl"
WARM_UP = 200
PATIENCE = 60.0  # seconds for one answer

_FIRST_ID = 50_001
# Of a question that nothing is found for, the answer has no buttons.
_MOST_ANSWERED = 0.75


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=1000, help="questions in each of the two rounds")
    parser.add_argument("--chats", type=int, default=32, help="chats that ask at the same time")
    parser.add_argument("--data", type=Path, help="a data folder to use and keep, instead of a temporary one")
    arguments = parser.parse_args()
    print(f"reference: a million additions in {1000 * _reference():.0f} ms of processor time")
    with _folder(arguments.data) as folder:
        asyncio.run(measure(folder, arguments.questions, arguments.chats))


async def measure(folder: Path, questions: int, chats: int) -> None:
    """Ask, first for the figures and then for the shares, and print both.

    Args:
        folder: the bot's data.
        questions: how many in each round.
        chats: how many ask at the same time.
    """
    cores = sorted(os.sched_getaffinity(0))
    context = multiprocessing.get_context("spawn")
    async with LocalTelegram(floods=False) as telegram:
        ours, its = context.Pipe()
        bot = context.Process(target=run_bot, args=(its, telegram.token, telegram.url, folder))
        # It inherits the one core, so that its libraries count one from the start.
        os.sched_setaffinity(0, cores[:1])
        bot.start()
        its.close()
        os.sched_setaffinity(0, cores[1:] or cores)
        try:
            await _hear(ours)  # it is ready
            readers = Readers(telegram, chats)
            await readers.ask(WARM_UP)
            plain = await _round(ours, readers, questions, sampled=False)
            sampled = await _round(ours, readers, questions, sampled=True)
        finally:
            ours.close()
            await asyncio.to_thread(bot.join)
    asked = WARM_UP + 2 * questions
    if readers.answered < _MOST_ANSWERED * asked:
        sys.exit(
            f"The bot answered {readers.answered} of {asked} questions; its log is in {folder / 'logs'}."
        )
    _print(plain, sampled, questions, chats)


async def _round(bot: Connection, readers: Readers, questions: int, *, sampled: bool) -> dict[str, Any]:
    """What the bot used while so many questions were asked."""
    bot.send(sampled)
    await _hear(bot)
    began = time.perf_counter()
    waits = await readers.ask(questions)
    wall = time.perf_counter() - began
    bot.send(None)
    return {**await _hear(bot), "wall": wall, "waits": sorted(waits)}


def _print(plain: dict[str, Any], sampled: dict[str, Any], questions: int, chats: int) -> None:
    cpu, wall, waits = plain["cpu"], plain["wall"], plain["waits"]
    print(f"{questions} questions from {chats} chats, the bot on one core")
    print(f"processor: {1000 * cpu / questions:.2f} ms a question, {questions / cpu:.0f} questions a second")
    print(f"of that the kernel's: {1000 * plain['kernel'] / questions:.2f} ms a question")
    print(
        f"clock: {questions / wall:.0f} questions a second, the bot's core {100 * cpu / wall:.0f} % its own"
    )
    print(
        f"a reader waits: p50 {1000 * waits[len(waits) // 2]:.0f} ms, "
        f"p95 {1000 * waits[len(waits) * 95 // 100]:.0f} ms"
    )
    print("\nshares of the processor time, from a round that was watched:")
    total = sum(sampled["shares"].values())
    for name, seconds in sorted(sampled["shares"].items(), key=lambda share: -share[1]):
        print(f"{name:32}{1000 * seconds / questions:6.2f} ms {100 * seconds / total:5.1f} %")
    if sampled["places"]:
        print("\nwhere the main thread was:")
        for name, seconds in sampled["places"]:
            print(f"{1000 * seconds / questions:8.3f} ms  {name}")


def _reference() -> float:
    """Seconds of processor time of a simple loop, by which machines and moments can be compared."""

    def once() -> float:
        began, total = time.process_time(), 0
        for number in range(1_000_000):
            total += number
        return time.process_time() - began

    return min(once() for _ in range(10))


async def _hear(bot: Connection) -> Any:  # noqa: ANN401 - whatever the other end says
    return await asyncio.to_thread(bot.recv)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="wenxun-bench-") as folder:
        yield Path(folder)


class Readers:
    """So many chats, each of which asks when it has been answered."""

    def __init__(self, telegram: LocalTelegram, chats: int) -> None:
        self.answered = 0  # with a card, which has buttons; an apology has none
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["question"] for line in lines]
        # Nobody is helped by what is remembered of a question: each is a little different.
        self._questions = (text + "？" * turn for turn in itertools.count() for text in texts)
        self._telegram = telegram
        self._people = [
            Person(
                _FIRST_ID + number,
                f"Reader {number}",
                f"reader_{number}",
                "zh-hans" if number % 4 else "en",
            )
            for number in range(chats)
        ]
        for person in self._people:
            telegram.world.chats[person.id] = Chat(person.id, person.as_chat())

    async def ask(self, count: int) -> list[float]:
        """Ask so many questions in all; returns how long each waited, in seconds."""
        left = itertools.repeat(None, count)
        waits: list[float] = []
        await asyncio.gather(*(self._keep_asking(person, left, waits) for person in self._people))
        return waits

    async def _keep_asking(self, person: Person, left: Iterator[None], waits: list[float]) -> None:
        for _ in left:
            began = time.perf_counter()
            said = await self._telegram.say(person, next(self._questions))
            reply = await self._telegram.wait_for_reply(person, after=said, timeout=PATIENCE)
            self.answered += reply.reply_markup is not None
            waits.append(time.perf_counter() - began)
            self._telegram.world.chats[person.id].messages.clear()  # nobody reads them


def run_bot(pipe: Connection, token: str, url: str, folder: Path) -> None:
    """The process of the bot: it measures itself when it is told to, until the pipe is closed."""
    settings = Settings(token=SecretStr(token), api_url=url, corpus=sample_news(), data=folder, workers=1)
    with logging_to(folder / "logs", "error"):
        asyncio.run(_serve(settings, pipe))


async def _serve(settings: Settings, pipe: Connection) -> None:
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings, lambda _: None))
        await services.loader.load()
        if (vectors := services.knowledge.vectors) is not None:
            vectorizer = Vectorizer(services.store, vectors, settings.encoder)
            vectorizer.start()
            while not 0 < vectorizer.progress.total <= vectorizer.progress.done:  # noqa: ASYNC110 - tells nobody
                await asyncio.sleep(0.1)
            await vectorizer.close()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        shares = Shares()
        controlling = threading.Thread(target=_control, args=(pipe, shares, loop, stop), daemon=True)
        controlling.start()
        await run_polling(services, stop)


def _control(pipe: Connection, shares: Shares, loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Measure between two messages of the pipe, and stop the bot when it is closed."""

    def on_main_thread(call: Any) -> Any:  # noqa: ANN401 - any call
        async def called() -> Any:  # noqa: ANN401 - as above
            return call()

        return asyncio.run_coroutine_threadsafe(called(), loop).result()

    try:
        pipe.send("ready")
        while True:
            sampled = pipe.recv()
            on_main_thread(shares.begin) if sampled else None
            before = resource.getrusage(resource.RUSAGE_SELF)
            pipe.send("begun")
            pipe.recv()
            after = resource.getrusage(resource.RUSAGE_SELF)
            kernel = after.ru_stime - before.ru_stime
            used = {"cpu": after.ru_utime - before.ru_utime + kernel, "kernel": kernel}
            if sampled:
                used |= on_main_thread(shares.end)
            pipe.send(used)
    except EOFError:
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main()
