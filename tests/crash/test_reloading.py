"""`wenxun load`, killed at random moments of a reload: what is served is whole every time, old or new.

The default is a small reload and few kills. RELOAD_CRASH=full kills 20 reloads of 10,000 documents.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.services import open_services
from bot.settings import Settings
from retrieval.answer import Question
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from bot.services import Services

pytestmark = pytest.mark.crash

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("RELOAD_CRASH") == "full"
DOCUMENTS, KILLS = (10_000, 20) if FULL else (120, 3)
PATIENCE = 600.0
KILLED = -9
FILES = 8
ASKED = 1  # the number of a document that both versions have, each otherwise

Version = dict[str, str]


def version(which: int) -> Version:
    """The text of each document by its url. Of two versions each has documents that the other lacks."""
    found = {}
    for number in range(DOCUMENTS):
        if number % 10 == 2 + which:
            continue
        edition = which if number % 3 == ASKED else 0
        found[f"https://example.org/{number}"] = (
            f"第{number}号项目的代号是KX{number}R{edition}，由松针医疗建设。"
        )
    return found


class Scene:
    """An installation with one version loaded, and the folder that a reload reads another one from."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.news = folder
        self.killed = 0
        self.environment = {
            "WENXUN_CORPUS": str(folder),
            "WENXUN_DATA": str(data),
            "WENXUN_WORKERS": "1",
            "WENXUN_ENCODER": QUICK_ENCODER,
        }

    def write(self, texts: Version) -> None:
        shares: list[list[str]] = [[] for _ in range(FILES)]
        for url, text in texts.items():
            line = json.dumps({"url": url, "text": text}, ensure_ascii=False)
            shares[hash_of(url)].append(line + "\n")
        for number, lines in enumerate(shares):
            (self.news / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")

    async def load(self, kill_after: float | None = None) -> float:
        """Run `wenxun load`; kill it so many seconds into the load. Returns how long that took."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from bot.cli import main; main(['load'])",
            cwd=self.news.parent,
            env={**self.environment, "PYTHONPATH": str(ROOT), "PATH": ""},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            async with asyncio.timeout(PATIENCE):
                while b"index ready" not in (line := await process.stderr.readline()):
                    assert line, "the load ended before it began"
                began = time.monotonic()
                ended = asyncio.ensure_future(process.communicate())
                if kill_after is not None:
                    await asyncio.wait([ended], timeout=kill_after)
                    if process.returncode is None:
                        process.kill()
                await ended
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode in ((0,) if kill_after is None else (0, KILLED))
        self.killed += process.returncode == KILLED
        return time.monotonic() - began

    async def served(self) -> Version:
        """What is served after a restart; store, index and answers must agree."""
        settings = Settings.load(self.environment, None)
        async with open_services(settings, lambda _: None) as services:
            generation = await services.store.published()
            assert generation is not None
            assert services.indexer.generation == generation
            found = {
                document.id: document.passages[0].text
                async for batch in services.store.documents_between(None, generation)
                for document in batch
            }
            counts = await services.store.counts()
            assert (counts.documents, counts.passages) == (len(found), len(found))
            await self._ask(services, found)
        return found

    async def _ask(self, services: Services, found: Version) -> None:
        asked = Question(f"第{ASKED}号项目的代号是什么？", datetime(2026, 1, 2, tzinfo=UTC))
        answer = await asyncio.to_thread(services.answerer.answer, asked, 1)
        assert [excerpt.text for excerpt in answer.excerpts] == [found[f"https://example.org/{ASKED}"]]


def hash_of(url: str) -> int:
    return int(url.rpartition("/")[2]) % FILES


async def test_killed_at_random_moments_a_reload_leaves_a_whole_generation_and_can_be_repeated(
    tmp_path: Path, prepared: Path
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    scene = Scene(news, installed(prepared, tmp_path / "data"))
    versions = [version(0), version(1)]
    assert versions[0].keys() - versions[1].keys()
    assert versions[1].keys() - versions[0].keys()
    scene.write(versions[0])
    await scene.load()
    scene.write(versions[1])
    whole = await scene.load()
    assert await scene.served() == versions[1]
    now, seed = 1, secrets.randbelow(10**6)
    moments = random.Random(seed)  # noqa: S311 - moments need not be secret
    # The first is early enough to find the load at work on any machine.
    for moment in (0.0, *(moments.uniform(0, whole) for _ in range(KILLS - 1))):
        scene.write(versions[1 - now])
        await scene.load(kill_after=moment)
        assert scene.killed
        served = await scene.served()
        assert served in versions, f"neither old nor new, with the seed {seed}"
        now = versions.index(served)
    scene.write(versions[1 - now])
    await scene.load()
    assert await scene.served() == versions[1 - now]
