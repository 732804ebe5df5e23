"""A process that adds vectors to a store until it is killed: `vectors_child.py FOLDER`."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from retrieval.vector_store import VectorStore
from tests.retrieval.made_vectors import FINGERPRINT, batch_of

store = VectorStore(Path(sys.argv[1]), FINGERPRINT)
first = store.count()
for number in itertools.count(first):
    store.add(batch_of(number))
    store.complete("corpus", number)
    if number == first + 1:
        print("adding", flush=True)  # noqa: T201 - how the test knows
