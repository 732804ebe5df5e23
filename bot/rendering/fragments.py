"""Pieces of Telegram HTML that know what they cost.

Telegram counts a message after parsing its markup, in UTF-16 code units, and keeps about a
hundred entities. A `Fragment` carries both counts beside its HTML, so that a renderer knows
before sending whether a message fits. The only way from text to a fragment escapes it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MAX_UNITS = 4096
MAX_ENTITIES = 100

_NEVER_SENT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of valid, self-contained Telegram HTML.

    `units` is its length after parsing, in UTF-16 code units; `entities` counts its
    formatted stretches. Fragments add up with `+`.
    """

    html: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.html + other.html, self.units + other.units, self.entities + other.entities)

    def __bool__(self) -> bool:
        return self.units > 0

    @property
    def fits(self) -> bool:
        """Whether it can be sent as one message."""
        return self.units <= MAX_UNITS and self.entities <= MAX_ENTITIES


def utf16_units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sendable(text: str) -> str:
    """Text as it stands, but for what cannot be sent at all: NUL and half a surrogate pair become U+FFFD."""
    return _NEVER_SENT.sub("\ufffd", text)


def plain(text: str) -> Fragment:
    """Text as it stands, but for what cannot be sent at all."""
    text = sendable(text)
    return Fragment(html.escape(text, quote=False), utf16_units(text))


def bold(inner: Fragment) -> Fragment:
    """The fragment in bold."""
    return _wrapped("<b>", inner, "</b>")


def underlined(inner: Fragment) -> Fragment:
    """The fragment underlined."""
    return _wrapped("<u>", inner, "</u>")


def code(inner: Fragment) -> Fragment:
    """The fragment as something to write exactly so; Telegram copies it when it is tapped."""
    return _wrapped("<code>", inner, "</code>")


def quote(inner: Fragment) -> Fragment:
    """The fragment as a block quote."""
    return _wrapped("<blockquote>", inner, "</blockquote>")


def expandable_quote(inner: Fragment) -> Fragment:
    """The fragment as a block quote of which Telegram shows three lines until it is tapped."""
    return _wrapped("<blockquote expandable>", inner, "</blockquote>")


def moment(inner: Fragment, at: datetime, form: str) -> Fragment:
    """A date that Telegram shows in the reader's own zone; where it cannot, the fragment stands.

    Args:
        inner: the date as written for apps that know no such dates.
        at: the moment (aware).
        form: Telegram's letters for what to show: "d" and "t" are a short date and time.
    """
    return _wrapped(f'<tg-time unix="{int(at.timestamp())}" format="{form}">', inner, "</tg-time>")


def link(inner: Fragment, url: str) -> Fragment:
    """The fragment linked to an address."""
    return _wrapped(f'<a href="{html.escape(url)}">', inner, "</a>")


def labelled(label: str, value: Fragment) -> Fragment:
    """A label that ends with a colon, and what it names; a Chinese colon needs no space behind it."""
    return plain(label if label.endswith("：") else f"{label} ") + value


def joined(separator: str, fragments: Iterable[Fragment]) -> Fragment:
    """The fragments that are not empty, with a plain separator between them."""
    whole = Fragment()
    for fragment in filter(None, fragments):
        whole = whole + plain(separator) + fragment if whole else fragment
    return whole


def _wrapped(opening: str, inner: Fragment, closing: str) -> Fragment:
    return Fragment(f"{opening}{inner.html}{closing}", inner.units, inner.entities + 1) if inner else inner
