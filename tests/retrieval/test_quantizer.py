from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.quantizer import Quantizer

if TYPE_CHECKING:
    from retrieval.encoder import Vectors


def unit(count: int, dimension: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def cosines(quantizer: Quantizer, question: Vectors, packed: bytes) -> Vectors:
    vectors = quantizer.unpack(packed)
    return vectors @ quantizer.rotate(question[None])[0] / np.linalg.norm(vectors, axis=1)


@pytest.mark.parametrize("dimension", [1, 2, 7, 384, 512, 768])
def test_rotation_keeps_cosines_and_lengths(dimension: int) -> None:
    vectors = unit(20, dimension)
    rotated = Quantizer(dimension).rotate(vectors)
    np.testing.assert_allclose(rotated @ rotated.T, vectors @ vectors.T, atol=1e-5)


@pytest.mark.parametrize("dimension", [384, 511, 512, 768])
def test_cosines_survive_packing(dimension: int) -> None:
    quantizer = Quantizer(dimension)
    vectors = unit(200, dimension)
    vectors[100:] = vectors[:100] + 0.5 * vectors[100:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = quantizer.pack(vectors)
    assert len(packed) == 200 * quantizer.size == 200 * -(-dimension // 4)
    off = cosines(quantizer, vectors[0], packed) - vectors @ vectors[0]
    assert np.abs(off).max() < 0.1
    assert np.std(off) < 0.03


def test_what_a_vector_is_made_of_may_be_lumped_together() -> None:
    # As models do it: a few components hold most of the length.
    vectors = unit(200, 512) * np.where(np.arange(512) < 8, 20, 1).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    quantizer = Quantizer(512)
    off = cosines(quantizer, vectors[0], quantizer.pack(vectors)) - vectors @ vectors[0]
    assert np.std(off) < 0.04


def test_what_is_stored_today_can_be_read_by_any_later_version() -> None:
    vectors = np.zeros((3, 512), dtype=np.float32)
    vectors[[0, 1, 2], [0, 100, 511]] = 1
    digest = hashlib.sha256(Quantizer(512).pack(vectors)).hexdigest()
    assert digest == "208ebd2a36893bd04d986613aa65dde6c3ca241ae24a14e6bd894539d6172554", (
        "a change of the packing needs another _LAYOUT in vector_store.py"
    )
