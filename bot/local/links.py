"""Which addresses Telegram accepts as links, and how it writes them."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

_WEB: Final = frozenset({"http", "https"})
_APPS: Final = frozenset({"tg", "ton", "tonsite"})
_USER: Final = re.compile(r"tg://user\?id=([1-9][0-9]{0,18})$", re.IGNORECASE)
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)")
_LABEL: Final = re.compile(r"[\w-]{1,63}")


class UnfitLink(ValueError):
    """An address Telegram would not make a link of; the text says why, in Telegram's words."""


def mentioned_user(address: str) -> int | None:
    """The user that a `tg://user?id=` address names."""
    match = _USER.match(address.strip())
    return int(match[1]) if match else None


def checked_link(address: str) -> str | None:
    """The address as Telegram writes it, or None where it silently makes no link of it."""
    try:
        return link(address)
    except UnfitLink:
        return None


def link(address: str) -> str:
    """The address as Telegram writes it: with a scheme, a lower-case host and a path.

    Raises:
        UnfitLink: it is none.
    """
    address = address.strip()
    scheme = _SCHEME.match(address)
    if scheme is None:
        address = f"http://{address}"
    elif scheme[1].lower() in _APPS:
        return address
    elif scheme[1].lower() not in _WEB:
        msg = "Unsupported URL protocol"
        raise UnfitLink(msg)
    if any(character <= " " or character in '<>"`' for character in address):
        msg = "Wrong HTTP URL"
        raise UnfitLink(msg)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        msg = "Wrong port number specified in the URL"
        raise UnfitLink(msg) from error
    host = _checked_host(parts.hostname or "")
    if port is not None:
        host = f"{host}:{port}"
    if parts.username is not None:
        userinfo = parts.netloc.rpartition("@")[0]
        host = f"{userinfo}@{host}"
    return urlunsplit(SplitResult(parts.scheme.lower(), host, parts.path or "/", parts.query, parts.fragment))


def _checked_host(host: str) -> str:
    if not host:
        msg = "URL host is empty"
        raise UnfitLink(msg)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004 - name and domain
            msg = "Wrong HTTP URL"
            raise UnfitLink(msg) from None
        return host.lower()
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - IP version 6
