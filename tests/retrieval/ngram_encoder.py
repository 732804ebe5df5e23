"""An encoder that is fast and honest about one thing: texts that share character pairs are close."""

from __future__ import annotations

import itertools
import time
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.encoder import Vectors

POISON = "此文有毒"
ENDLESS = "此文无尽"


class NgramEncoder:
    """Hashed character pairs. It fails on texts with `POISON`, and takes for ever on `ENDLESS`."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.fingerprint = f"ngrams-{dimension}"
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            if POISON in text:
                raise ValueError(text)
            if ENDLESS in text:
                time.sleep(3_600)
            for pair in itertools.pairwise(f" {text} "):
                seed = zlib.crc32("".join(pair).encode())
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        self.encoded += texts
        normal: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normal


NAME = f"{__name__}:NgramEncoder"
