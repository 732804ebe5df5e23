"""Bodies unpacked as a stream, however they are cut into parts."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import web_refusals
from corpus.errors import FetchRefused
from corpus.unpacking import body_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def parts_of(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@given(st.binary(max_size=3_000), st.integers(2, 500), st.sampled_from(["gzip", "deflate", ""]))
async def test_what_was_packed_comes_out(data: bytes, size: int, encoding: str) -> None:
    if not encoding and data.startswith(b"\x1f\x8b"):
        return
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "": bytes}[encoding](data)
    assert await body_of(parts_of(packed, size), encoding, 5_000) == data


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "", "br", "gzip, gzip"]))
async def test_any_bytes_are_unpacked_or_refused(data: bytes, encoding: str) -> None:
    try:
        assert len(await body_of(parts_of(data, 7), encoding, 1_000)) <= 1_000
    except FetchRefused:
        return


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_bomb_costs_no_more_than_the_limit(wrapped: bool) -> None:
    bomb = zlib.compressobj(wbits=31)
    packed = b"".join([bomb.compress(bytes(2**20)) for _ in range(200)]) + bomb.flush()
    taken = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal taken
        async for part in parts_of(packed, 1_024):
            taken += len(part)
            yield part

    with pytest.raises(FetchRefused) as refused:
        await body_of(counted(), "gzip" if wrapped else "identity", 10 * 2**20)
    assert refused.value.reason in {web_refusals.BOMB, web_refusals.oversize(10 * 2**20)}
    if wrapped:
        assert taken < 20_000  # of 200,000: it is given up as soon as it is one


async def test_text_that_repeats_itself_is_no_bomb() -> None:
    text = "第一条消息，与昨天的完全一样。\n".encode() * 50_000
    packed = gzip.compress("".join(f"{number}{'消息' * 40}\n" for number in range(20_000)).encode())
    assert len(await body_of(parts_of(packed, 999), "gzip", 10 * 2**20)) > 4_000_000
    assert await body_of(parts_of(text, 99_999), "", 10 * 2**20) == text
