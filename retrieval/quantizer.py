"""How vectors are stored: two bits a component, after a rotation that spreads their content evenly.

A vector is rotated (random signs, then Hadamard transforms), which leaves all cosines as
they are and makes its components look like draws from one normal distribution, whatever
model it comes from. So one fixed scale serves, with nothing to train: four levels, one
standard deviation apart. A cosine is then off by 0.016 (one standard deviation, 512
components), which cost a tenth of a point of R@1. Compare Suresh et al., "Distributed
Mean Estimation with Limited Communication", 2017.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.encoder import Vectors

_BITS = 2
_IN_BYTE = 8 // _BITS
_LEVELS = 2**_BITS
_MIDDLE = np.float32((_LEVELS - 1) / 2)


class Quantizer:
    """Packs and unpacks vectors of one dimension. What it packs today any other process unpacks.

    Attributes:
        size: the bytes of a packed vector, a quarter of the dimension rounded up.
    """

    def __init__(self, dimension: int) -> None:
        self.size = -(-dimension // _IN_BYTE)
        self._padded = _IN_BYTE * self.size
        # The largest power of two that divides it, so that the transform fits in blocks.
        block = self._padded & -self._padded
        self._hadamard = _hadamard(block)
        bits = np.frombuffer(hashlib.shake_256(b"wenxun").digest(self._padded), dtype=np.uint8) & 1
        self._signs = np.where(bits, 1, -1).astype(np.float32)
        self._steps = np.float32(np.sqrt(self._padded))

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
        bytes_ = np.zeros((len(codes), self.size), dtype=np.uint8)
        for place in range(_IN_BYTE):
            bytes_ |= codes[:, self._columns(place)] << (_BITS * place)
        return bytes_.tobytes()

    def unpack(self, packed: bytes) -> Vectors:
        """The rotated vectors, shape (n, 4 * size), of about one common length that is not 1."""
        codes: NDArray[np.uint8] = np.frombuffer(packed, dtype=np.uint8).reshape(-1, self.size)
        vectors = np.empty((len(codes), self._padded), dtype=np.float32)
        for place in range(_IN_BYTE):
            levels = codes >> (_BITS * place) & (_LEVELS - 1)
            np.subtract(levels, _MIDDLE, out=vectors[:, self._columns(place)])
        return vectors

    def _columns(self, place: int) -> slice:
        """The components that have this place in their byte."""
        return slice(place * self.size, (place + 1) * self.size)


def _hadamard(size: int) -> Vectors:
    """Sylvester's Hadamard matrix, scaled to be orthogonal."""
    matrix: Vectors = np.ones((1, 1), dtype=np.float32)
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.float32(np.sqrt(size))
