"""The vectors of a passage, and how close it is to a question by them.

A passage has a vector for each of its clauses and one for the whole; that of a sentence is
the mean of its clauses'. Coarse and fine together find more than either: a question is
about something (the passage) and asks for one thing of it (a clause).
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.clauses import clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.encoder import Encoder, Vectors
    from retrieval.quantizer import Quantizer

LONGEST: Final = 1_000
"""A text is encoded up to here, in characters: what one vector can hold is little."""

_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The packed vectors of a passage.

    Attributes:
        shape: one byte a sentence, the number of its clauses.
        packed: the vectors of all clauses in order, then that of the whole passage.
    """

    shape: bytes
    packed: bytes

    def fits(self, quantizer: Quantizer) -> bool:
        """Whether there are as many vectors as the shape says."""
        return bool(self.shape) and len(self.packed) == (sum(self.shape) + 1) * quantizer.size


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close a passage is to a question in meaning: cosines in [-1, 1] at three levels.

    Attributes:
        clause: of the closest clause. In one language this alone serves best.
        sentence: of the closest sentence.
        passage: of the passage as a whole.
    """

    clause: float
    sentence: float
    passage: float

    @property
    def mean(self) -> float:
        """The mean of the three, which serves best across languages."""
        return (self.clause + self.sentence + self.passage) / 3


def key_of(text: str) -> bytes:
    """What the vectors of a passage's text are kept under: 16 bytes of its hash."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def vectors_of(encoder: Encoder, quantizer: Quantizer, texts: Sequence[str]) -> list[PassageVectors]:
    """Makes the vectors of passages; the encoder is called once for all."""
    parted = [clauses(text) or [[text]] for text in texts]
    wanted = [
        part[:LONGEST]
        for text, sentences in zip(texts, parted, strict=True)
        for part in (*itertools.chain.from_iterable(sentences), text)
    ]
    if not wanted:
        return []
    packed = quantizer.pack(encoder.encode(wanted))
    made = []
    start = 0
    for sentences in parted:
        shape = bytes(map(len, sentences))
        end = start + (sum(shape) + 1) * quantizer.size
        made.append(PassageVectors(shape, packed[start:end]))
        start = end
    return made


def closeness(question: Vectors, quantizer: Quantizer, passages: Sequence[PassageVectors]) -> list[Closeness]:
    """How close each passage is to a question.

    Args:
        question: its vector, rotated, shape (4 * quantizer.size,), of unit length.
        quantizer: what the vectors were packed with.
        passages: whose vectors fit it.
    """
    # A few at a time stay in the processor's cache.
    return [
        each
        for start in range(0, len(passages), _AT_ONCE)
        for each in _closeness(question, quantizer, passages[start : start + _AT_ONCE])
    ]


def closeness_of_sentences(question: Vectors, quantizer: Quantizer, passage: PassageVectors) -> list[float]:
    """For each sentence of a passage the mean of its closest clause's cosine and its own.

    Args:
        question: its vector, rotated, shape (2 * quantizer.size,), of unit length.
        quantizer: what the vectors were packed with.
        passage: whose vectors fit it.
    """
    vectors = quantizer.unpack(passage.packed)[:-1]
    sizes = np.frombuffer(passage.shape, dtype=np.uint8).astype(np.intp)
    begins = np.cumsum(sizes) - sizes
    cosines = vectors @ question / np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    sums = np.add.reduceat(vectors, begins, axis=0)
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", sums, sums)), np.finfo(np.float32).tiny)
    means = (np.maximum.reduceat(cosines, begins) + sums @ question / lengths) / 2
    return [float(mean) for mean in means]


def _closeness(
    question: Vectors, quantizer: Quantizer, passages: Sequence[PassageVectors]
) -> Iterator[Closeness]:
    vectors = quantizer.unpack(b"".join(each.packed for each in passages))
    cosines = vectors @ question / np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    # The whole passage stands as one more sentence of one clause behind the sentences.
    sizes = np.frombuffer(b"".join(each.shape + b"\1" for each in passages), dtype=np.uint8).astype(np.intp)
    begins = np.cumsum(sizes) - sizes
    sums = np.add.reduceat(vectors, begins, axis=0)
    # A sum of opposite vectors has no direction; it is close to nothing.
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", sums, sums)), np.finfo(np.float32).tiny)
    by_sentence = sums @ question / lengths
    clause = sentence = 0
    for each in passages:
        whole, last = clause + sum(each.shape), sentence + len(each.shape)
        yield Closeness(
            float(cosines[clause:whole].max()),
            float(by_sentence[sentence:last].max()),
            float(cosines[whole]),
        )
        clause, sentence = whole + 1, last + 1
