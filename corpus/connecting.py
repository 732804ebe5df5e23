"""Connections for fetching: made to the very address that was checked, and to no other.

A name is looked up once for a connection, every address it has is checked, and one of these is
connected to as numbers. There is no second look-up in which a name could lead somewhere else.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Protocol

import httpcore

from corpus import web_refusals
from corpus.errors import FetchFailed, FetchRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.addresses import IPAddress, PublicHosts

_MOST_ADDRESSES: Final = 4


class Resolver(Protocol):
    """Looks names up."""

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, as numbers, in the order to try them.

        Raises:
            OSError: There is no such name, or nobody to ask.
        """


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that the system finds for a name.

    Raises:
        OSError: There is no such name, or nobody to ask.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to hosts that may be spoken to."""

    def __init__(self, hosts: PublicHosts, resolver: Resolver = system_resolver) -> None:
        self._hosts = hosts
        self._resolver = resolver
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host by its name or address.

        Raises:
            FetchRefused: One of its addresses is not to be spoken to.
            FetchFailed: There is no such host.
            httpcore.ConnectError: It cannot be reached; likewise ConnectTimeout.
        """
        failed: Exception = httpcore.ConnectError()
        for address in await self._addresses(host, port):
            try:
                stream = await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            if not _is_connected_to(stream, address):
                await stream.aclose()
                raise FetchRefused(web_refusals.PRIVATE_ADDRESS)
            return stream
        raise failed

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002  httpcore's own interface
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  as above
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  as above
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: nothing of the web is on this machine.

        Raises:
            FetchRefused: Always.
        """
        raise FetchRefused(web_refusals.PRIVATE_ADDRESS)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[IPAddress]:
        """The addresses of a host, all of which may be spoken to."""
        self._hosts.check_name(host)
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        try:
            found = [ip_address(written) for written in await self._resolver(host, port)]
        except (OSError, UnicodeError) as error:
            # "Try again" is said by a name server that is not there, not by a name.
            again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise FetchFailed(web_refusals.UNKNOWN_HOST, again=again) from None
        if not found:
            raise FetchFailed(web_refusals.UNKNOWN_HOST)
        # A name with one address that is closed is refused as a whole: that is what rebinding looks like.
        for address in found:
            self._hosts.check_address(address)
        return found[:_MOST_ADDRESSES]


def _is_connected_to(stream: httpcore.AsyncNetworkStream, address: IPAddress) -> bool:
    """Whether the connection's other end is the one that was checked, past every layer below."""
    other = stream.get_extra_info("server_addr")
    return isinstance(other, tuple) and ip_address(str(other[0]).partition("%")[0]) == address
