"""Vectors that anyone can tell to be right: they are made from their key."""

from __future__ import annotations

import hashlib

from retrieval.passage_vectors import PassageVectors, key_of

FINGERPRINT = "made"
BATCH = 20


def made_of(key: bytes) -> PassageVectors:
    count = 1 + key[0] % 9
    return PassageVectors(bytes([1] * count), hashlib.shake_256(key).digest((count + 1) * 128))


def batch_of(number: int) -> dict[bytes, PassageVectors]:
    keys = (key_of(f"{number}-{each}") for each in range(BATCH))
    return {key: made_of(key) for key in keys}
