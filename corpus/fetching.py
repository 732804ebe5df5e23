"""Fetching from the web: safely (only the public web, within limits) and politely (robots, turns).

Every address, the first and each that it leads on to, goes through the same steps: its form is
read strictly, its host's robots.txt is asked, its turn is waited for, its name is looked up and all
it leads to is checked, and the connection is made to exactly that.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import httpx

from corpus import web_refusals
from corpus.addresses import PublicHosts, WebAddress, web_address
from corpus.connecting import CheckedBackend, Resolver, system_resolver
from corpus.errors import FetchFailed, FetchRefused
from corpus.exchange import Exchange, FetchLimits, Reply
from corpus.robots import ALLOWED, MOST_BYTES, Robots, robots_of
from corpus.turns import Turns

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

PAGES: Final = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
"""The kinds of what may be an article."""

FEEDS: Final = (
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml",
    "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "application/gzip",
    "application/x-gzip", "application/x-rss+xml", "application/rss", "text/rss+xml", "text/rss",
    "application/x-atom+xml", "text/atom+xml", "application/x-xml", "application/rdf",
)  # fmt: skip
"""What feeds are sent as, and pages that name a feed: the content tells which it is."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_UNCHANGED: Final = 304
_GONE: Final = 410
_EMPTY: Final = frozenset({204, 205})
_BUSY: Final = frozenset({429, 503})
_SERVERS_FAULT: Final = 500
_REFUSALS: Final = {
    401: web_refusals.FORBIDDEN,
    402: web_refusals.FORBIDDEN,
    403: web_refusals.FORBIDDEN,
    404: web_refusals.NOT_FOUND,
    407: web_refusals.FORBIDDEN,
    _GONE: web_refusals.GONE,
    451: web_refusals.FORBIDDEN,
}
_ROBOTS_KEPT: Final = 24 * 3600.0
_FAILURE_KEPT: Final = 300.0
_MOST_ROBOTS: Final = 500
_MOST_TOLD: Final = 7  # kinds, in what a host is told


@dataclass(frozen=True, slots=True)
class Manners:
    """How the project behaves as a guest.

    `product` is its name for robots.txt, `contact` an address to complain at, which is sent along
    if it is given, `pause` the seconds between two requests to a host.
    """

    product: str = "Wenxun"
    contact: str | None = None
    pause: float = 1.0

    @property
    def user_agent(self) -> str:
        """What the project calls itself."""
        try:
            number = version("wenxun")
        except PackageNotFoundError:
            number = "0"
        about = f"news archive; +{self.contact}" if self.contact else "news archive"
        return f"{self.product}/{number} ({about})"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched.

    `url` was asked for, `final` is where it was found, `moved` the new address if the hosts on the
    way say that it is for good. `kind` is the media type in lower case (empty: not said), `body`
    is unpacked. `etag` and `modified` are for asking again only for what has changed; `unchanged`
    is the answer to that, and then there is no body.
    """

    url: str
    final: WebAddress
    kind: str = ""
    charset: str | None = None
    body: bytes = field(default=b"", repr=False)
    moved: str | None = None
    etag: str | None = None
    modified: str | None = None
    unchanged: bool = False


class Fetcher:
    """Fetches pages and feeds. Close it, or use it in `async with`.

    Args:
        hosts: Which hosts may be spoken to.
        resolver: Looks names up.
        limits: How much and how long.
        manners: How it behaves.
        clock: Seconds that only grow.
        tls: Which certificates are trusted; the usual authorities' if not given.
    """

    def __init__(
        self,
        hosts: PublicHosts | None = None,
        *,
        resolver: Resolver = system_resolver,
        limits: FetchLimits | None = None,
        manners: Manners | None = None,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts or PublicHosts()
        self._limits = limits or FetchLimits()
        self._manners = manners or Manners()
        self._clock = clock
        # No proxy of the environment is used: it would look names up by itself, past the check.
        self._exchange = Exchange(
            CheckedBackend(self._hosts, resolver), self._limits, tls or httpx.create_ssl_context()
        )
        self._turns = Turns(clock, asyncio.sleep)
        self._robots: dict[str, tuple[float, Robots | FetchFailed]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._exchange.close()

    async def get(
        self,
        url: str,
        *,
        wanted: tuple[str, ...] = PAGES,
        etag: str | None = None,
        modified: str | None = None,
    ) -> Fetched:
        """Fetch what is at an address, or at the one that it leads on to.

        Args:
            url: The address, as somebody wrote it.
            wanted: The media types that are taken: `PAGES` or `FEEDS`.
            etag: What was given the last time, to be told only of changes; likewise `modified`.
            modified: As `etag`.

        Raises:
            FetchRefused: It must not be fetched, or what came must not be used.
            FetchFailed: It could not be had; `again` says whether later may be better.
        """
        address = web_address(url)
        headers = self._headers(", ".join(wanted[:_MOST_TOLD]) + ", */*;q=0.1")
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified

        def accept(reply: Reply) -> None:
            if reply.kind and reply.kind not in wanted:
                raise FetchRefused(web_refusals.kind(reply.kind, wanted))

        left = self._limits.seconds
        seen: set[str] = set()
        moved: str | None = None
        is_permanent = True
        for _ in range(self._limits.redirects + 1):
            if str(address) in seen:
                raise FetchRefused(web_refusals.REDIRECT_LOOP)
            seen.add(str(address))
            robots = await self._robots_of(address)
            if not robots.allows(address.target):
                raise FetchRefused(web_refusals.ROBOTS)
            async with self._turns.at(address.host, max(self._manners.pause, robots.delay)):
                started = self._clock()
                reply = await self._exchange.get(address, headers, seconds=max(left, 0.001), accept=accept)
                left -= self._clock() - started
            if reply.status not in _REDIRECTS:
                return _fetched(url, address, reply, moved, asked_for_changes=bool(etag or modified))
            address = _next(address, reply)
            is_permanent = is_permanent and reply.status in _PERMANENT
            moved = str(address) if is_permanent else moved
        raise FetchRefused(web_refusals.too_many_redirects(self._limits.redirects))

    def _headers(self, accept: str) -> dict[str, str]:
        return {"User-Agent": self._manners.user_agent, "Accept": accept}

    async def _robots_of(self, address: WebAddress) -> Robots:
        """What the host of an address lets be fetched; asked once a day."""
        self._hosts.check_name(address.host)
        now = self._clock()
        known = self._robots.get(address.origin)
        if known is None or known[0] <= now:
            while len(self._robots) >= _MOST_ROBOTS:
                del self._robots[next(iter(self._robots))]
            known = await self._asked_robots(address)
            self._robots[address.origin] = known
        if isinstance(known[1], FetchFailed):
            raise FetchFailed(known[1].reason, again=True, wait=known[1].wait, status=known[1].status)
        return known[1]

    async def _asked_robots(self, address: WebAddress) -> tuple[float, Robots | FetchFailed]:
        """The rules of a host, or why they cannot be had, and until when to believe it."""
        asked = address.join("/robots.txt")
        headers = {**self._headers("text/plain, */*;q=0.1"), "Accept-Encoding": "identity"}
        for _ in range(self._limits.redirects + 1):
            self._hosts.check_name(asked.host)
            # No pause follows: this request is part of the one it is made for.
            async with self._turns.at(asked.host, 0.0):
                reply = await self._exchange.get(asked, headers, seconds=self._limits.seconds, cut=MOST_BYTES)
            if reply.status not in _REDIRECTS:
                break
            asked = _next(asked, reply)
        if reply.status >= _SERVERS_FAULT or reply.status in _BUSY:
            failure = FetchFailed(
                web_refusals.ROBOTS_UNREACHABLE, again=True, wait=reply.wait, status=reply.status
            )
            return self._clock() + _FAILURE_KEPT, failure
        rules = ALLOWED
        if reply.body:
            rules = robots_of(reply.body.decode("utf-8-sig", "replace"), self._manners.product)
        return self._clock() + _ROBOTS_KEPT, rules


def _next(address: WebAddress, reply: Reply) -> WebAddress:
    """Where an answer leads on to."""
    location = reply.headers.get("location", "").strip()
    if not location:
        raise FetchRefused(web_refusals.REDIRECT_NOWHERE)
    return address.join(location)


def _fetched(
    url: str, address: WebAddress, reply: Reply, moved: str | None, *, asked_for_changes: bool
) -> Fetched:
    """What an answer brought, if it brought something."""
    etag = reply.headers.get("etag")
    modified = reply.headers.get("last-modified")
    code = reply.status
    if code == _UNCHANGED and asked_for_changes:
        return Fetched(url, address, moved=moved, etag=etag, modified=modified, unchanged=True)
    if code in _EMPTY or (code < _SERVERS_FAULT and not reply.body and code in {200, 203}):
        raise FetchFailed(web_refusals.NO_CONTENT, again=True, status=code)
    if code in _BUSY:
        raise FetchFailed(web_refusals.BUSY, again=True, wait=reply.wait, status=code)
    if code not in {200, 203}:
        reason = _REFUSALS.get(code) or web_refusals.status(code)
        raise FetchFailed(reason, again=code >= _SERVERS_FAULT, wait=reply.wait, status=code)
    return Fetched(url, address, reply.kind, reply.charset, reply.body, moved, etag, modified)
