"""Which addresses may be fetched from: web addresses as they are written, and the hosts they lead to.

The written form is read strictly, because every way of writing a host that two programs can read
differently is a way past a check. What a name leads to is only known when it is looked up, so that
is checked by itself (`PublicHosts`), and the connection is made to exactly the address that was
checked (`corpus.connecting`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

import httpx

from corpus import web_refusals
from corpus.errors import FetchRefused

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network

LOOPBACK: Final[tuple[IPNetwork, ...]] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""The machine itself: to be allowed in tests only."""

_LONGEST: Final = 4_000
_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FREE_PORT: Final = 1024
_LAST_PORT: Final = 65_535
# Services above 1024 that speak lines of text, so that an HTTP request could be taken for a command.
_SERVICES: Final = frozenset(
    {1433, 1521, 1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665,
     6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211, 27017}
)  # fmt: skip
_UNWRITTEN: Final = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\ufeff\u200b-\u200f\u202a-\u202e]")
_START: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#]*)")
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
# Programs read "127.1", "0x7f000001" and "2130706433" as addresses; as names they are none.
_NUMERIC: Final = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$")
_FOUR_NUMBERS: Final = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_INSIDE: Final = (
    "localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa",
    "in-addr.arpa", "ip6.arpa", "onion", "invalid",
)  # fmt: skip

# Written out, because what Python calls global has changed between its versions.
_CLOSED: Final[tuple[IPNetwork, ...]] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host; Linux takes it for loopback
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
        "100.64.0.0/10",  # carriers' own, and clouds' metadata (100.100.100.200)
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services, at a public address
        "169.254.0.0/16",  # link-local, and clouds' metadata (169.254.169.254)
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24", "203.0.113.0/24",  # documentation
        "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo, ORCHID and others that hold or hide another address
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4 holds an IPv4 address
        "2620:4f:8000::/48", "5f00::/16",
    )
)  # fmt: skip
# Everything else of IPv6 (mapped and compatible IPv4, NAT64, ULA, link-local, multicast, loopback)
# lies outside the one block that the public internet is given addresses from.
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_EMBEDDING_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that may be asked for, read and written in one way only.

    `host` is in ASCII and lower case, an IPv6 address without brackets; `port` is always given.
    `target` is the path and query as they are sent.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without path and query."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        """The address as text."""
        return f"{self.origin}{self.target}"

    def join(self, reference: str) -> WebAddress:
        """The address that a link on this page leads to.

        Raises:
            FetchRefused: It makes no sense, or it is not to be fetched.
        """
        if not _START.match(reference) and _UNWRITTEN.search(reference):
            raise FetchRefused(web_refusals.REDIRECT_NOWHERE)
        try:
            joined = httpx.URL(str(self)).join(reference)
        except (httpx.InvalidURL, ValueError):
            raise FetchRefused(web_refusals.REDIRECT_NOWHERE) from None
        # What is absolute already is read as it was written, not as it was understood here.
        return web_address(reference if _START.match(reference) else str(joined))


def web_address(text: str) -> WebAddress:
    """Read an address that somebody gave.

    Raises:
        FetchRefused: It is none, or its form, scheme, host or port is not one to fetch from.
    """
    text = text.strip(" \t\r\n")
    if not text or len(text) > _LONGEST or _UNWRITTEN.search(text):
        raise FetchRefused(web_refusals.NOT_AN_ADDRESS)
    start = _START.match(text)
    if start is None:
        scheme = text.partition(":")[0]
        other = ":" in text and scheme.isascii() and scheme.replace("+", "").replace("-", "").isalnum()
        raise FetchRefused(web_refusals.SCHEME if other else web_refusals.NOT_AN_ADDRESS)
    if start[1].lower() not in _PORTS:
        raise FetchRefused(web_refusals.SCHEME)
    if "@" in start[2]:
        raise FetchRefused(web_refusals.CREDENTIALS)
    if "%" in start[2]:
        raise FetchRefused(web_refusals.ODD_HOST)
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        odd = _NUMERIC.search(start[2].partition(":")[0].lower())
        raise FetchRefused(web_refusals.ODD_HOST if odd else web_refusals.NOT_AN_ADDRESS) from None
    host = _host(url.raw_host.decode("ascii").lower())
    port = url.port or _PORTS[url.scheme]
    if port > _LAST_PORT or (port < _FIRST_FREE_PORT and port not in _PORTS.values()) or port in _SERVICES:
        raise FetchRefused(web_refusals.PORT)
    return WebAddress(url.scheme, host, port, url.raw_path.decode("ascii"))


def _host(host: str) -> str:
    """A host, checked for its form."""
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise FetchRefused(web_refusals.ODD_HOST) from None
    if _NUMERIC.search(host):
        if not _FOUR_NUMBERS.fullmatch(host):
            raise FetchRefused(web_refusals.ODD_HOST)
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise FetchRefused(web_refusals.ODD_HOST) from None
    if not host or not _NAME.fullmatch(host):
        raise FetchRefused(web_refusals.NOT_AN_ADDRESS)
    return host.removesuffix(".")


@dataclass(frozen=True, slots=True)
class PublicHosts:
    """Which hosts may be spoken to: those of the public internet.

    `allowed` are networks that may be spoken to besides: an operator's own, or `LOOPBACK` in a test.
    """

    allowed: tuple[IPNetwork, ...] = ()

    def check_name(self, host: str) -> None:
        """Refuse names that mean something inside a network only, before they are looked up.

        Raises:
            FetchRefused: It is such a name, or an address that is not public.
        """
        try:
            literal = ip_address(host)
        except ValueError:
            if not self.allowed and ("." not in host or host.endswith(tuple(f".{name}" for name in _INSIDE))):
                raise FetchRefused(web_refusals.PRIVATE_NAME) from None
        else:
            self.check_address(literal)

    def check_address(self, address: IPAddress) -> None:
        """Refuse an address that is not the public internet's.

        Raises:
            FetchRefused: It is loopback, private, link-local, multicast, reserved, or one that
                holds another address (mapped, NAT64, 6to4, Teredo, ISATAP).
        """
        # A scope makes an address another one; nothing public has it.
        scoped = isinstance(address, IPv6Address) and address.scope_id is not None
        if not scoped and any(address in network for network in self.allowed):
            return
        if scoped or not _is_public(address):
            raise FetchRefused(web_refusals.PRIVATE_ADDRESS)


def _is_public(address: IPAddress) -> bool:
    if any(address in network for network in _CLOSED):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global
    holds_another = (int(address) >> 32) & 0xFFFF_FFFF in _EMBEDDING_ISATAP
    return address in _PUBLIC_V6 and address.is_global and not holds_another
