"""One request to a host and its answer, within limits of size and time; redirects are answers too."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import httpcore

from corpus import web_refusals
from corpus.errors import FetchFailed, FetchRefused
from corpus.unpacking import ACCEPTED, body_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from datetime import datetime

    from corpus.addresses import WebAddress

_OK: Final = frozenset({200, 203})
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_LONGEST_WAIT: Final = 24 * 3600.0
_LONGEST_HEADER: Final = 4_000


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much is fetched, and how long it may take.

    `bytes` bounds a body before and after unpacking; `seconds` all the time that is spent with
    hosts for one address, redirects included; `connect` and `idle` the wait for a connection and
    for the next bytes.
    """

    bytes: int = 10 * 2**20
    seconds: float = 30.0
    connect: float = 10.0
    idle: float = 10.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answered. `headers` have lower-case names, the last of each; `body` is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """The media type, in lower case and without parameters; empty if it is not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding of the text, if it is said."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found[1].lower() if found else None

    @property
    def wait(self) -> float | None:
        """The seconds that the host asks to wait, a day at most."""
        asked = self.headers.get("retry-after", "").strip()
        if asked.isdecimal():
            return min(float(asked[:9]), _LONGEST_WAIT)
        until, now = _moment(asked), _moment(self.headers.get("date", ""))
        if until is None or now is None:
            return None
        return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT)


class Exchange:
    """Makes requests over a pool of connections.

    Args:
        backend: Opens the connections, to hosts that may be spoken to.
        limits: How much and how long.
        tls: Which certificates are trusted.
    """

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, limits: FetchLimits, tls: ssl.SSLContext
    ) -> None:
        self._limits = limits
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, network_backend=backend, max_keepalive_connections=4, keepalive_expiry=5.0
        )

    async def get(
        self,
        address: WebAddress,
        headers: Mapping[str, str],
        *,
        seconds: float,
        accept: Callable[[Reply], None] | None = None,
        cut: int | None = None,
    ) -> Reply:
        """Ask for an address once.

        Args:
            address: What to ask for; redirects are not followed.
            headers: Sent besides Host and Accept-Encoding.
            seconds: All of it may take so long.
            accept: Looks at an answer that has a page before the page is read; may refuse it.
            cut: So many bytes are enough: the rest is left.

        Raises:
            FetchFailed: It could not be had.
            FetchRefused: It is not to be had: the host, the size or the packing.
        """
        limits = self._limits
        waits = {"connect": limits.connect, "read": limits.idle, "write": limits.idle, "pool": limits.seconds}
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        sent = {"Host": address.authority, "Accept-Encoding": ACCEPTED, **headers}
        with _told_plainly():
            async with (
                asyncio.timeout(seconds),
                self._pool.stream(
                    "GET", url, headers=list(sent.items()), extensions={"timeout": waits}
                ) as got,
            ):
                reply = Reply(got.status, _headers(got.headers))
                if got.status not in _OK:
                    return reply
                if accept is not None:
                    accept(reply)
                length = reply.headers.get("content-length", "")
                if cut is None and length.isdecimal() and int(length[:20]) > limits.bytes:
                    raise FetchRefused(web_refusals.oversize(limits.bytes))
                encoding = reply.headers.get("content-encoding", "")
                # What is packed cannot be cut.
                whole = cut is None or encoding not in {"", "identity"}
                parts = got.aiter_stream() if whole else _first(got.aiter_stream(), cut or 0)
                body = await body_of(parts, encoding, limits.bytes)
                return Reply(reply.status, reply.headers, body)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers as text: UTF-8 where it is UTF-8, as servers put it into addresses that they lead on to."""
    found = {}
    for name, value in raw:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        found[name.decode("latin-1").lower()] = text[:_LONGEST_HEADER]
    return found


async def _first(parts: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    async for part in parts:
        yield part[:most]
        most -= len(part)
        if most <= 0:
            return


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What goes wrong on the way, as this package's error."""
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError):
        raise FetchFailed(web_refusals.TOO_SLOW, again=True) from None
    except httpcore.ConnectError as error:
        if _is_insecure(error):
            raise FetchFailed(web_refusals.INSECURE) from None
        raise FetchFailed(web_refusals.UNREACHABLE, again=True) from None
    except httpcore.RemoteProtocolError as error:
        cut = "incomplete" in str(error) or "closed" in str(error) or "disconnected" in str(error)
        raise FetchFailed(web_refusals.CUT_OFF if cut else web_refusals.NOT_HTTP, again=True) from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise FetchFailed(web_refusals.CUT_OFF, again=True) from None


def _is_insecure(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
