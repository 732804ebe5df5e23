"""Bodies from the web: taken as a stream, unpacked, and never larger than allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from corpus import web_refusals
from corpus.errors import FetchRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

ACCEPTED: Final = "gzip, deflate"
"""The ways of packing that are asked for."""

_GZIP: Final = b"\x1f\x8b"
_ANY_HEADER: Final = zlib.MAX_WBITS | 32  # gzip's or zlib's
_NO_HEADER: Final = -zlib.MAX_WBITS
# Text shrinks to a tenth, a page of repetitions to a fiftieth; a bomb to a thousandth.
_MOST_INFLATED: Final = 200
_FREE: Final = 2**20


async def body_of(parts: AsyncIterable[bytes], encoding: str, limit: int) -> bytes:
    """All of a body, unpacked.

    A body that is gzip although nothing says so, as some servers send feeds, is unpacked too.

    Args:
        parts: What comes from the connection.
        encoding: The response's Content-Encoding.
        limit: The most bytes there may be, before and after unpacking.

    Raises:
        FetchRefused: It is larger, damaged, a bomb, or packed in another way or more than once.
    """
    packed = encoding.strip().lower()
    if packed not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise FetchRefused(web_refusals.ENCODED)
    taken = bytearray()
    unpacker = _Unpacker(limit) if packed not in {"", "identity"} else None
    size = 0
    async for part in parts:
        size += len(part)
        if size > limit:
            raise FetchRefused(web_refusals.oversize(limit))
        taken += part if unpacker is None else unpacker.unpack(part)
    if unpacker is not None and size:
        unpacker.finish()
    elif taken.startswith(_GZIP):
        unpacker = _Unpacker(limit)
        taken = bytearray(unpacker.unpack(bytes(taken)))
        unpacker.finish()
    return bytes(taken)


class _Unpacker:
    """Unpacks a stream of gzip, zlib or bare deflate."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inflate = zlib.decompressobj(_ANY_HEADER)
        self._started = False
        self._packed = 0
        self._size = 0

    def unpack(self, data: bytes) -> bytes:
        """The next stretch of text."""
        self._packed += len(data)
        out = bytearray()
        while data and not (self._inflate.eof and not data.startswith(_GZIP)):
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(_ANY_HEADER)  # gzip files may follow each other
            out += self._inflated(data)
            data = self._inflate.unused_data
        return bytes(out)

    def finish(self) -> None:
        """Refuse a stream that ends before its end."""
        if not self._inflate.eof:
            raise FetchRefused(web_refusals.DAMAGED)

    def _inflated(self, data: bytes) -> bytes:
        room = self._limit - self._size + 1
        try:
            out = self._inflate.decompress(data, room)
        except zlib.error:
            if self._started:
                raise FetchRefused(web_refusals.DAMAGED) from None
            # "deflate" means zlib's form, but some servers send the bare one.
            self._inflate = zlib.decompressobj(_NO_HEADER)
            try:
                out = self._inflate.decompress(data, room)
            except zlib.error:
                raise FetchRefused(web_refusals.DAMAGED) from None
        self._started = True
        self._size += len(out)
        if self._size > max(_FREE, self._packed * _MOST_INFLATED):
            raise FetchRefused(web_refusals.BOMB)
        if self._size > self._limit:
            raise FetchRefused(web_refusals.oversize(self._limit))
        return out
