"""A process that loads a folder and kills itself at a chosen step: `loading_child.py URL FOLDER STEP`.

STEP is "commit N" (just before the Nth commit of the load), "sink NAME" (when the index is asked to
do that), "hold" (says "held" in the midst of the load and waits to be killed) or "end" (not killed).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from corpus.database import Database
from corpus.loader import Loader
from corpus.reading import ReadOptions
from corpus.store import CorpusStore
from tests.corpus.memory_sink import MemorySink


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


async def main(url: str, folder: str, step: str) -> None:
    database = await Database.open(url)
    commits = 0
    kind, _, which = step.partition(" ")

    def before_commit(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if kind == "commit" and commits == int(which):
            die()

    def at_sink(name: str) -> None:
        if kind == "sink" and name == which:
            die()
        if kind == "hold" and name == "add":
            print("held", flush=True)  # noqa: T201 - how the test knows
            time.sleep(60)

    store, sink = CorpusStore(database), MemorySink(at_sink)
    await sink.catch_up(store)
    event.listen(database.engine.sync_engine, "commit", before_commit)
    loader = Loader(store, sink, Path(folder), ReadOptions(), clock=lambda: datetime.now(UTC))
    await loader.load()
    await database.close()
    print(commits)  # noqa: T201 - what the test wants to know


asyncio.run(main(*sys.argv[1:]))
