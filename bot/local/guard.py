"""Keeps other web sites out: a page open in the same browser must not reach the local server.

Loopback is no protection against a browser: any site can make it send requests to
127.0.0.1, and a site can point its own name there (DNS rebinding). So the Host
header must name this server, and what a browser says about where a request comes
from must be this server too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

_NAMES: Final = ("127.0.0.1", "localhost")

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site sends, and put protective headers on every answer."""
    if not _is_ours(request):
        return web.Response(status=HTTPStatus.FORBIDDEN, text="This server talks to its own page only.\n")
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _is_ours(request: web.Request) -> bool:
    hosts = {f"{name}:{_port(request)}" for name in _NAMES}
    if request.host.lower() not in hosts:
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        return False
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
    opens_page = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return not from_elsewhere or opens_page


def _port(request: web.Request) -> int:
    """The port this server listens on, as this connection has it."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return int(name[1]) if name else 0
