"""Why something is not fetched from the web: every reason, in words for the person who gave the link.

They are told together because they are one voice. Each is one or two plain sentences without
the address, which the person has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_AN_ADDRESS: Final = "It is not the address of a page: an address looks like https://example.org/news."
SCHEME: Final = "Only addresses that begin with http:// or https:// are fetched."
CREDENTIALS: Final = "There is a user name or a password in the address. Leave it out."
ODD_HOST: Final = "Its host is written in a way that hides which one it is."
PRIVATE_NAME: Final = "Its host is a name that only means something inside a network, not on the web."
PRIVATE_ADDRESS: Final = "Its host is not on the public web: its address is kept for machines and networks."
PORT: Final = "Its port is one that no web page is served from."
UNKNOWN_HOST: Final = "There is no host of that name."
UNREACHABLE: Final = "Its host cannot be reached."
INSECURE: Final = "The connection is not secure: the host's certificate does not hold."
TOO_SLOW: Final = "Its host takes too long to answer."
NOT_HTTP: Final = "Its host answers with something that is not the web's language."
CUT_OFF: Final = "The connection was cut before everything had come."
ROBOTS: Final = "Its host does not want programs to fetch this page (robots.txt)."
ROBOTS_UNREACHABLE: Final = "Its host does not say now what programs may fetch (robots.txt)."
REDIRECT_NOWHERE: Final = "It leads on to nowhere: the new address is missing or makes no sense."
REDIRECT_LOOP: Final = "It leads round in a circle."
ENCODED: Final = "It is packed in a way that is not understood."
DAMAGED: Final = "It is cut off or damaged: it cannot be unpacked to its end."
BOMB: Final = "It unpacks to far more than it is: it may be a zip bomb."
GONE: Final = "It is gone for good, its host says."
FORBIDDEN: Final = "Its host does not let everybody see it."
NOT_FOUND: Final = "Its host has no such page."
BUSY: Final = "Its host asks to come back later."
NO_CONTENT: Final = "Its host sends nothing."
MISMATCH: Final = "It is not what its host says it is."
NOT_A_FEED: Final = "It is not an RSS or Atom feed, and names none."
NO_ARTICLE: Final = "No article can be found on it."


def too_many_redirects(most: int) -> str:
    """A page that leads on and on."""
    return f"It leads on to other addresses too often: at most {most} times are followed."


def oversize(limit: int) -> str:
    """More bytes than are taken."""
    return f"It is too large: at most {limit / 2**20:g} MB are fetched."


def kind(found: str, wanted: Iterable[str]) -> str:
    """Something else than is wanted, such as a video."""
    return f"It is {found}, and only these are fetched: {', '.join(wanted)}."


def status(code: int) -> str:
    """An answer that is no page."""
    return f"Its host answers with an error ({code})."
