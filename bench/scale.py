"""Loading and answering at scale: how long, how much memory, how fast.

    .venv/bin/python bench/scale.py CORPUS.jsonl[.gz] QUESTIONS.jsonl [--questions 500] [--reference 10000]

Loads the corpus with `wenxun load` into a temporary folder, watching the memory of all its
processes; answers questions in this process; and times `wenxun ask` from its start to its
answer. With `--reference N`, plain rank_bm25 over jieba's words answers the same questions
over the first N records, in the same run, so that machines can be compared by the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import jieba
from rank_bm25 import BM25Okapi

from bot.services import open_services
from bot.settings import Settings
from retrieval.answer import Question

WENXUN = Path(sys.executable).parent / "wenxun"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions_file", type=Path)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--reference", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, help="a folder to work in and keep, instead of a temporary one")
    arguments = parser.parse_args()

    lines = arguments.questions_file.read_text(encoding="utf-8").splitlines()
    texts = [text for line in lines if (text := json.loads(line)["text"])]
    random.Random(1).shuffle(texts)  # noqa: S311 - a sample, not a secret
    texts = texts[: arguments.questions]

    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        run(arguments.corpus, texts, arguments.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="wenxun-bench-") as folder:
            run(arguments.corpus, texts, Path(folder))
    if arguments.reference:
        reference(arguments.corpus, texts[:50], arguments.reference)


def run(corpus: Path, texts: list[str], folder: Path) -> None:
    """Load, answer, restart."""
    news = folder / "news"
    news.mkdir(exist_ok=True)
    if not (news / corpus.name).exists():
        shutil.copy(corpus, news / corpus.name)
    os.environ.update(WENXUN_DATA=str(folder / "data"), WENXUN_CORPUS=str(news))

    started = time.perf_counter()
    with subprocess.Popen(
        [WENXUN, "load", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as load:
        peak = Peak(load.pid)
        output, _ = load.communicate()
        peak.stop()
    report = json.loads(output)
    seconds = time.perf_counter() - started
    print(f"load: {report['documents']:,} documents, {report['passages']:,} passages in {seconds:.0f} s")
    print(f"load: peak memory of all processes {peak.bytes / 2**20:,.0f} MiB (proportional set size)")

    times = asyncio.run(answer(texts))
    p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"answer: {len(times)} questions, p50 {p50:.1f} ms, p95 {p95:.1f} ms")

    started = time.perf_counter()
    subprocess.run([WENXUN, "ask", "--json", texts[0]], check=True, capture_output=True)
    print(f"restart: {time.perf_counter() - started:.2f} s from the start of the process to its answer")


async def answer(texts: list[str]) -> list[float]:
    """Answer each question once, after a few to warm up; ascending milliseconds."""
    async with open_services(Settings.load(), lambda _: None) as services:
        asked = datetime.now(UTC)
        times = []
        for text in texts[:20] + texts:
            started = time.perf_counter()
            services.answerer.answer(Question(text, asked))
            times.append((time.perf_counter() - started) * 1000)
    return sorted(times[20:])


def reference(corpus: Path, texts: list[str], count: int) -> None:
    """The same questions by plain rank_bm25 over jieba's words."""
    opener = gzip.open if corpus.suffix == ".gz" else open
    with opener(corpus, "rt", encoding="utf-8") as lines:
        records = itertools.islice(lines, count)
        passages = [jieba.lcut(json.loads(line)["text"]) for line in records]
    index = BM25Okapi(passages)
    times = []
    for text in texts:
        started = time.perf_counter()
        index.get_top_n(jieba.lcut(text), passages, n=3)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(f"reference: rank_bm25 alone over {len(passages):,} passages, p50 {times[len(times) // 2]:.1f} ms")


class Peak:
    """Watches the proportional set size of a process and its descendants (Linux)."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._pid = pid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(0.5):
            self.bytes = max(self.bytes, sum(map(_pss, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(child))]


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
