"""What readers notice of a reload: how long they wait for answers while one runs, and while none does.

    .venv/bin/python -m bench.reloading [--documents 20000] [--per-file 1] [--readers 8] [--pause 0.5]

The whole bot runs in a process of its own, as `wenxun run` has it but without sentence vectors (they are
made after a load, at the lowest priority). An administrator says /reload in the local Telegram and
confirms; every document of the corpus has changed. Meanwhile readers ask, each again a moment after it was
answered. The same readers ask for some time before and after, and both count as "without": what else the
machine does changes from minute to minute. The run fails if a question is not answered, or if p95 while it
loads is more than three times that without.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bench.asking import QUESTIONS
from bot.app import run_polling
from bot.local import LocalTelegram
from bot.local.chats import Chat
from bot.local.people import Person
from bot.logs import logging_to
from bot.services import open_services
from bot.settings import Settings, sample_news
from corpus.reading import ReadOptions, news_files, read_documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from telegram import Message

MOST = 3.0
"""How many times longer than without a reload readers may wait while one runs."""

PATIENCE = 60.0  # seconds for one answer
_FIRST_ID = 50_001
_LOADED = 3600.0
_SORRY = ("抱歉", "Sorry", "一下子")


def main() -> None:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--per-file", type=int, default=1, help="documents in a file")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument(
        "--pause", type=float, default=0.5, help="mean seconds between answer and next question"
    )
    parser.add_argument("--before", type=float, default=30.0, help="seconds to measure before, and after")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenxun-bench-") as folder:
        sys.exit(asyncio.run(measure(Path(folder), arguments)))


async def measure(folder: Path, arguments: argparse.Namespace) -> int:
    """Ask before, during and after a reload; returns 0 if all is as it must be.

    Args:
        folder: the bot's data and its news.
        arguments: how much of what.
    """
    news = folder / "news"
    write_news(news, arguments.documents, arguments.per_file, edition=1)
    context = multiprocessing.get_context("spawn")
    async with LocalTelegram(floods=False) as telegram:
        administrator = telegram.people.second_reader
        ours, its = context.Pipe()
        settings = {
            "token": telegram.token,
            "url": telegram.url,
            "admin": administrator.id,
            "folder": str(folder),
        }
        bot = context.Process(target=run_bot, args=(its, settings))
        bot.start()
        its.close()
        try:
            began = time.perf_counter()
            loaded = await asyncio.to_thread(ours.recv)
            print(f"{loaded:,} documents are loaded first, in {time.perf_counter() - began:.0f} s")
            readers = Readers(telegram, arguments.readers, arguments.pause)
            await readers.during(asyncio.sleep(5))  # everything is warm
            before = await readers.during(asyncio.sleep(arguments.before))
            write_news(news, arguments.documents, arguments.per_file, edition=2)
            planning = await readers.during(shown := asyncio.ensure_future(_dry_run(telegram, administrator)))
            began = time.perf_counter()
            reloading = await readers.during(
                done := asyncio.ensure_future(_load(telegram, administrator, shown.result()))
            )
            took = time.perf_counter() - began
            after = await readers.during(asyncio.sleep(arguments.before))
        finally:
            ours.close()
            await asyncio.to_thread(bot.join)
    edits = sum(call.method == "editMessageText" for call in telegram.calls)
    print(done.result().text)
    print(f"\nthe reload took {took:.0f} s; its message was edited {edits} times in all")
    for name, waits in (("before", before), ("dry run", planning), ("reload", reloading), ("after", after)):
        print(f"{name:8} {len(waits.seconds):6,} questions, {waits}")
    without = Waits([*before.seconds, *after.seconds])
    ratio = reloading.p95 / without.p95
    print(
        f"p95 without {1000 * without.p95:.0f} ms, while it loads {ratio:.1f} times that "
        f"(at most {MOST:.0f}); {readers.failed} questions failed"
    )
    return int(ratio > MOST or readers.failed > 0)


async def _dry_run(telegram: LocalTelegram, person: Person) -> Message:
    said = await telegram.say(person, "/reload")
    return await _says(telegram, person, said.message_id, "A load would change this")


async def _load(telegram: LocalTelegram, person: Person, shown: Message) -> Message:
    await telegram.press(person, shown, "Load")
    return await _says(telegram, person, shown.message_id - 1, "The news is loaded.")


async def _says(telegram: LocalTelegram, person: Person, after: int, words: str) -> Message:
    def look() -> Message | None:
        found = (each for each in telegram.messages(person) if each.message_id > after)
        return next((each for each in found if words in (each.text or "")), None)

    return await telegram.world.changes.until(look, _LOADED)


@dataclass(slots=True)
class Waits:
    """How long readers waited, in seconds."""

    seconds: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """So long or shorter waited 95 of 100."""
        return _share(self.seconds, 0.95)

    def __str__(self) -> str:
        shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1.0))
        return ", ".join(f"{name} {1000 * _share(self.seconds, share):.0f} ms" for name, share in shares)


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Readers:
    """So many people who ask, are answered, and ask again after a moment."""

    def __init__(self, telegram: LocalTelegram, count: int, pause: float) -> None:
        self.failed = 0
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["question"] for line in lines]
        # Nobody is helped by what is remembered of a question: each is a little different.
        self._questions = (text + "？" * turn for turn in itertools.count() for text in texts)
        self._telegram = telegram
        self._pause = pause
        self._chance = random.Random(7)  # noqa: S311 - when somebody asks is no secret
        self._people = [Person(_FIRST_ID + n, f"Reader {n}", f"reader_{n}", "zh-hans") for n in range(count)]
        for person in self._people:
            telegram.world.chats[person.id] = Chat(person.id, person.as_chat())

    async def during(self, work: Any) -> Waits:  # noqa: ANN401 - anything that can be awaited
        """Ask for as long as something takes."""
        waits, ended = Waits(), asyncio.Event()
        asking = [asyncio.create_task(self._keep_asking(person, waits, ended)) for person in self._people]
        try:
            await work
        finally:
            ended.set()
            await asyncio.gather(*asking)
        return waits

    async def _keep_asking(self, person: Person, waits: Waits, ended: asyncio.Event) -> None:
        while not ended.is_set():
            await asyncio.sleep(self._chance.expovariate(1 / self._pause))
            began = time.perf_counter()
            said = await self._telegram.say(person, next(self._questions))
            try:
                reply = await self._telegram.wait_for_reply(person, after=said, timeout=PATIENCE)
            except TimeoutError:
                self.failed += 1
                continue
            waits.seconds.append(time.perf_counter() - began)
            self.failed += (reply.text or "").startswith(_SORRY)
            self._telegram.world.chats[person.id].messages.clear()  # nobody reads them


def write_news(folder: Path, count: int, per_file: int, *, edition: int) -> None:
    """Write the sample news, and so many documents made of its passages, all different in every edition."""
    folder.mkdir(exist_ok=True)
    sample = sample_news()
    passages = [
        passage.text
        for origin in news_files(sample)
        for document in read_documents(sample, origin, ReadOptions())
        for passage in document.passages
    ]
    chance = random.Random(edition)  # noqa: S311 - a corpus, not a secret
    records = [
        {
            "id": str(number),
            "title": f"第{number}号消息",
            "source": f"虚构日报{number % 40}",
            "published": f"20{20 + number % 6}-{1 + number % 12:02}-{1 + number % 28:02}",
            "paragraphs": [f"第{edition}版，第{number}号。", chance.choice(passages)],
        }
        for number in range(count)
    ]
    for start in range(0, count, per_file):
        lines = [json.dumps(record, ensure_ascii=False) for record in records[start : start + per_file]]
        (folder / f"{start:06}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def run_bot(pipe: Connection, wanted: dict[str, Any]) -> None:
    """The process of the bot; it ends when the pipe is closed."""
    folder = Path(wanted["folder"])
    settings = Settings(
        token=SecretStr(wanted["token"]),
        api_url=wanted["url"],
        corpus=folder / "news",
        data=folder / "data",
        admins=str(wanted["admin"]),  # type: ignore[arg-type]  # settings are read from text
    )
    with logging_to(folder / "logs", "error"):
        asyncio.run(_serve(settings, pipe))


async def _serve(settings: Settings, pipe: Connection) -> None:
    async with open_services(settings, lambda _: None) as services:
        report = await services.loader.load()
        stop = asyncio.Event()
        running = asyncio.create_task(run_polling(services, stop))
        pipe.send(report.documents)
        await asyncio.to_thread(_closed, pipe)
        stop.set()
        await running


def _closed(pipe: Connection) -> None:
    try:
        pipe.recv()
    except EOFError:
        return


if __name__ == "__main__":
    main()
