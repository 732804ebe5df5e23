"""What sentence vectors cost: how fast they are made, how large they are, and what a question pays for them.

    .venv/bin/python -m bench.semantic FOLDER [--limit N] [--encoder MODULE:FACTORY]

FOLDER is a question set in the BEIR layout. Vectors are made in the worker process, one
thread at the lowest priority, as the running bot does it. Questions are asked of random
candidates, 30 at a time, each question once.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from corpus.reading import ReadOptions
from retrieval.encoder import open_encoder
from retrieval.passage_vectors import PassageVectors, key_of
from retrieval.question_set import open_corpus, read_question_set
from retrieval.semantic import SemanticScorer
from retrieval.vector_store import VectorStore
from retrieval.vector_worker import VectorWorker

if TYPE_CHECKING:
    from collections.abc import Callable

CANDIDATES = 30
BATCH = 32


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=2_000, help="passages to make vectors for")
    parser.add_argument("--encoder", default="", help="as WENXUN_ENCODER")
    arguments = parser.parse_args()
    questions = read_question_set(arguments.folder, now=datetime.now(UTC))
    documents = open_corpus(arguments.folder).documents(ReadOptions(zone=ZoneInfo("Asia/Shanghai")))
    texts = [passage.text for _, document in documents for passage in document.passages][: arguments.limit]
    started = time.perf_counter()
    encoder = open_encoder(arguments.encoder)
    print(f"encoder loaded in {time.perf_counter() - started:.1f} s")
    with tempfile.TemporaryDirectory(prefix="wenxun-") as folder:
        store = VectorStore(Path(folder), encoder.fingerprint)
        vectors = fill(store, texts, arguments.encoder)
        store.close()
        size = store.path.stat().st_size
        print(f"{vectors / len(texts):.1f} vectors and {size / len(texts):,.0f} bytes a passage")
        store = VectorStore(Path(folder), encoder.fingerprint)
        asked = [case.question.text for case in questions.cases[:500]]
        report("encoding a question", [timed(partial(encoder.encode, [text])) for text in asked])
        scorer = SemanticScorer(encoder, store)
        drawn = [random.sample(texts, min(CANDIDATES, len(texts))) for _ in asked]
        pairs = list(zip(asked, drawn, strict=True))
        report("all of it", [timed(partial(scorer.compare, *pair)) for pair in pairs])
        report("all of it, asked again", [timed(partial(scorer.compare, *pair)) for pair in pairs])
        store.close()


def fill(store: VectorStore, texts: list[str], encoder: str) -> int:
    """Make and keep the vectors of texts; says how fast. Returns how many vectors these are."""
    worker = VectorWorker(encoder)
    worker.encode(texts[:1])
    started = time.perf_counter()
    vectors = 0
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        made: dict[bytes, PassageVectors] = {
            key_of(text): each
            for text, each in zip(some, worker.encode(some), strict=True)
            if each is not None
        }
        store.add(made)
        vectors += sum(sum(each.shape) + 1 for each in made.values())
    seconds = time.perf_counter() - started
    worker.close()
    characters = sum(map(len, texts))
    print(f"{len(texts) / seconds:.0f} passages a second, of {characters / len(texts):.0f} characters each")
    return vectors


def timed(call: Callable[[], object]) -> float:
    """The milliseconds that a call takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def report(what: str, milliseconds: list[float]) -> None:
    """Print the median and the 95th percentile."""
    ordered = sorted(milliseconds)
    last = len(ordered) - 1
    print(f"{what}: p50 {ordered[last // 2]:.1f} ms, p95 {ordered[round(last * 0.95)]:.1f} ms")


if __name__ == "__main__":
    main()
