"""A web of many hosts on one loopback port, which says and does what a test wants of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING

from corpus.addresses import PublicHosts
from corpus.fetching import Fetcher, FetchLimits, Manners

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

ONLY_THIS_SERVER = PublicHosts(allowed=(ip_network("127.0.0.1/32"),))
"""Everything is closed but the address that the server listens on."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    host: str
    target: str
    headers: dict[str, str]


def answer(
    body: bytes | str = b"", status: int = 200, kind: str | None = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """An answer as it goes over the wire. An underscore in a header's name is a hyphen."""
    data = body.encode() if isinstance(body, str) else body
    named = {"Content-Length": str(len(data)), "Connection": "close"}
    if kind is not None:
        named["Content-Type"] = kind
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that leads on."""
    return answer(status=status, kind=None, Location=location)


@dataclass
class Web:
    """The hosts. `pages` are by address without scheme and port; `names` by host."""

    port: int = 0
    pages: dict[str, bytes | Callable[[Request], bytes | AsyncIterator[bytes]]] = field(default_factory=dict)
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)
    busiest: int = 0
    _open: dict[str, int] = field(default_factory=dict)

    def url(self, place: str, scheme: str = "http") -> str:
        """The address of a place such as "news.example/a"."""
        host, slash, path = place.partition("/")
        return f"{scheme}://{host}:{self.port}{slash}{path}"

    def asked(self) -> list[str]:
        """What was asked for, without the robots.txt of each host."""
        return [
            f"{each.host}{each.target}" for each in self.requests if not each.target.endswith("/robots.txt")
        ]

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.lookups.append(host)
        if host in self.names:
            return self.names[host]
        if host.endswith(".example"):
            return ("127.0.0.1",)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def fetcher(self, hosts: PublicHosts = ONLY_THIS_SERVER, **limits: float) -> Fetcher:
        """A fetcher that may speak to this server, and does not wait between requests."""
        return Fetcher(
            hosts,
            resolver=self.resolve,
            limits=FetchLimits(**limits),  # type: ignore[arg-type]  # some are whole numbers
            manners=Manners(pause=0.0),
            tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # reading all authorities takes longer than a test
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who was refused has left
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name
        }
        host = headers["host"].removesuffix(f":{self.port}")
        request = Request(host, head[0].split(" ")[1], headers)
        self.requests.append(request)
        self._open[host] = self._open.get(host, 0) + 1
        self.busiest = max(self.busiest, *self._open.values())
        try:
            page = self.pages.get(f"{host}{request.target}", answer("no such page", 404))
            said = page(request) if callable(page) else page
            if isinstance(said, bytes):
                writer.write(said)
            else:
                async for part in said:
                    writer.write(part)
                    await writer.drain()
            await writer.drain()
            await asyncio.sleep(0)
        finally:
            self._open[host] -= 1
        return isinstance(said, bytes) and b"Connection: keep-alive" in said
