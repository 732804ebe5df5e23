"""How vectors are stored: four bits a component, after a rotation that spreads their content evenly.

A vector is rotated (random signs, then Hadamard transforms), which leaves all cosines as
they are and makes its components look like draws from one normal distribution, whatever
model it comes from. So one fixed scale serves, with nothing to train: 16 levels between
±2.7 standard deviations. Compare Suresh et al., "Distributed Mean Estimation with Limited
Communication", 2017.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.encoder import Vectors

_LEVELS = 16
_DEVIATIONS = 2.7
_LOW = 15  # the bits of the first of two components in a byte
_MIDDLE = np.float32((_LEVELS - 1) / 2)


class Quantizer:
    """Packs and unpacks vectors of one dimension. What it packs today any other process unpacks.

    Attributes:
        size: the bytes of a packed vector, half the dimension rounded up.
    """

    def __init__(self, dimension: int) -> None:
        self.size = (dimension + 1) // 2
        self._padded = 2 * self.size
        # The largest power of two that divides it, so that the transform fits in blocks.
        block = self._padded & -self._padded
        self._hadamard = _hadamard(block)
        bits = np.frombuffer(hashlib.shake_256(b"wenxun").digest(self._padded), dtype=np.uint8) & 1
        self._signs = np.where(bits, 1, -1).astype(np.float32)
        self._steps = np.float32(_LEVELS / 2 / _DEVIATIONS * np.sqrt(self._padded))

    def rotate(self, vectors: Vectors) -> Vectors:
        """The vectors, shape (n, dimension), as unpacked ones can be compared with; lengths stay."""
        count, dimension = vectors.shape
        turned = np.zeros((count, self._padded), dtype=np.float32)
        turned[:, :dimension] = vectors
        turned *= self._signs
        block = len(self._hadamard)
        rotated: Vectors = (turned.reshape(-1, block) @ self._hadamard).reshape(count, self._padded)
        return rotated

    def pack(self, vectors: Vectors) -> bytes:
        """Unit vectors, shape (n, dimension), as n times `size` bytes."""
        levels = np.floor(self.rotate(vectors) * self._steps) + _LEVELS // 2
        codes = np.clip(levels, 0, _LEVELS - 1).astype(np.uint8)
        packed: bytes = (codes[:, : self.size] | codes[:, self.size :] << 4).tobytes()
        return packed

    def unpack(self, packed: bytes) -> Vectors:
        """The rotated vectors, shape (n, 2 * size), of about one common length that is not 1."""
        codes: NDArray[np.uint8] = np.frombuffer(packed, dtype=np.uint8).reshape(-1, self.size)
        vectors = np.empty((len(codes), self._padded), dtype=np.float32)
        np.subtract(codes & _LOW, _MIDDLE, out=vectors[:, : self.size])
        np.subtract(codes >> 4, _MIDDLE, out=vectors[:, self.size :])
        return vectors


def _hadamard(size: int) -> Vectors:
    """Sylvester's Hadamard matrix, scaled to be orthogonal."""
    matrix: Vectors = np.ones((1, 1), dtype=np.float32)
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.float32(np.sqrt(size))
