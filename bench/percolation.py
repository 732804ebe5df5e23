"""One new passage against many subscriptions: how long, how much memory.

    python -m bench.percolation --data FOLDER --work FOLDER [--subscriptions 100000] [--corpus 50000]

FOLDER has the development sets (docs/evaluation.md). Subscriptions are all their questions, in both
languages, and then the first words of news passages, as headlines are. The corpus is news; the new
passages are the next ones, which it lacks. `--work` keeps the index and the lexicon between runs.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import re
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.reading import ReadOptions
from retrieval.analyzer import Analyzer
from retrieval.answer import Question
from retrieval.breadth import Breadth
from retrieval.engines import open_index
from retrieval.indexing import Indexer, analyse
from retrieval.knowledge import Knowledge
from retrieval.question_set import open_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.model import Document
    from retrieval.engines.base import Index
    from retrieval.percolator import Percolator

_SETS = ("chronoqa", "cmrc", "unanswerable", "xquad-zh-zh", "xquad-en-en")
_NEWS = "news"
_HEADLINE = re.compile(r"[^。！？!?；;\n]{6,40}")
_NOW = datetime(2024, 11, 1, 12, tzinfo=UTC)
_BATCH = 2_000
_MATCHED = 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--work", type=Path, required=True, help="folder to keep index and lexicon in")
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--corpus", type=int, default=50_000, help="passages of news in the corpus")
    given = parser.parse_args()

    analyzer = Analyzer(given.work / "cache")
    knowledge = Knowledge.open(given.work, analyzer, given.work / "no-glossary.tsv")
    news = (document for _, document in open_corpus(given.data / _NEWS).documents(ReadOptions()))
    corpus = list(itertools.islice(news, given.corpus))
    new = list(itertools.islice(news, _MATCHED))
    index = open_index(f"tantivy:{given.work / f'percolation-{given.corpus}'}", analyzer.fingerprint)
    asyncio.run(fill(index, analyzer, corpus))
    texts = list(itertools.islice(asked(given.data, itertools.chain(new, corpus, news)), given.subscriptions))
    random.Random(1).shuffle(texts)  # noqa: S311 - an order, not a secret
    measure(knowledge.percolator(index), texts, analyzer, new)
    knowledge.close()


async def fill(index: Index, analyzer: Analyzer, documents: Sequence[Document]) -> None:
    """Puts documents into an index, unless it was filled before."""
    if index.snapshot().generation is not None:
        return
    indexer = Indexer(index, analyzer)
    await indexer.begin()
    for start in range(0, len(documents), _BATCH):
        await indexer.add(documents[start : start + _BATCH])
    await indexer.publish(1)
    await indexer.close()


def asked(data: Path, news: Iterable[Document]) -> Iterator[str]:
    """What is followed: all questions, then headlines, each once."""
    seen: set[str] = set()
    for text in itertools.chain(questions(data), headlines(news)):
        if text not in seen:
            seen.add(text)
            yield text


def questions(data: Path) -> Iterator[str]:
    """The questions of all sets."""
    for name in _SETS:
        for line in (data / name / "queries.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)["text"]


def headlines(documents: Iterable[Document]) -> Iterator[str]:
    """The first words of passages."""
    for document in documents:
        for passage in document.passages:
            if found := _HEADLINE.search(passage.text):
                yield found.group()


def measure(
    percolator: Percolator, texts: Sequence[str], analyzer: Analyzer, new: Sequence[Document]
) -> None:
    """Adds subscriptions and matches new passages, one by one."""
    breadths = itertools.cycle(Breadth)
    started = time.perf_counter()
    profiles = [percolator.profile(Question(text, _NOW)) for text in texts]
    print(f"read: {len(texts):,} questions in {time.perf_counter() - started:.1f} s, once for each")
    before = resident()
    started = time.perf_counter()
    for key, (text, profile, breadth) in enumerate(zip(texts, profiles, breadths, strict=False)):
        percolator.add(key, Question(text, _NOW), breadth, profile)
    print(
        f"add: {len(percolator):,} subscriptions with kept profiles in {time.perf_counter() - started:.1f} s"
    )
    profiles.clear()
    passages = analyse(analyzer, new)
    started = time.perf_counter()
    percolator.match(passages[:1])
    print(f"weigh: {time.perf_counter() - started:.1f} s before the first match of a generation")
    print(f"memory: {resident() - before:,.0f} MiB more than before adding")
    clocks: dict[str, list[float]] = {"on the clock": [], "of the processor": []}
    told = []
    for passage in passages[1:]:
        began = time.perf_counter(), time.thread_time()
        told.append(len(percolator.matching(passage)))
        ended = time.perf_counter(), time.thread_time()
        for times, begin, end in zip(clocks.values(), began, ended, strict=True):
            times.append((end - begin) * 1_000)
    for name, times in clocks.items():
        p50, p95 = (statistics.quantiles(times, n=100)[place - 1] for place in (50, 95))
        print(f"match: {len(times)} passages, p50 {p50:.1f} ms, p95 {p95:.1f} ms for one, {name}")
    print(f"match: {statistics.mean(told):.2f} subscriptions a passage, at most {max(told)}")
    started = time.perf_counter()
    excerpts = len(percolator.match(passages[1:])) or 1
    each = (time.perf_counter() - started) * 1_000 / excerpts
    print(f"excerpts: {each:.1f} ms each, matching included")


def resident() -> float:
    """The resident memory of this process, in MiB (Linux)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) / 1_024 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
