"""Why something is not fetched from the web: every reason, in words for the person who gave the link.

They are told together because they are one voice. Each is one or two plain sentences without
the address, which the person has. A reason is a text, and it knows its message in the catalogues,
so that a chat can be told in its own language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reason(str):
    """A reason in English. `message` is the text that is translated, `values` what is put into it."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, str]

    def __new__(cls, message: str, **values: str) -> Self:
        """Put the values in."""
        reason = super().__new__(cls, message.format(**values) if values else message)
        reason.message = message
        reason.values = values
        return reason


def N_(message: str) -> str:  # noqa: N802 - the name by which the catalogues find messages
    """Mark a message for the catalogues."""
    return message


NOT_AN_ADDRESS: Final = Reason(
    N_("It is not the address of a page: an address looks like https://example.org/news.")
)
SCHEME: Final = Reason(N_("Only addresses that begin with http:// or https:// are fetched."))
CREDENTIALS: Final = Reason(N_("There is a user name or a password in the address. Leave it out."))
ODD_HOST: Final = Reason(N_("Its host is written in a way that hides which one it is."))
PRIVATE_NAME: Final = Reason(
    N_("Its host is a name that only means something inside a network, not on the web.")
)
PRIVATE_ADDRESS: Final = Reason(
    N_("Its host is not on the public web: its address is kept for machines and networks.")
)
PORT: Final = Reason(N_("Its port is one that no web page is served from."))
UNKNOWN_HOST: Final = Reason(N_("There is no host of that name."))
UNREACHABLE: Final = Reason(N_("Its host cannot be reached."))
INSECURE: Final = Reason(N_("The connection is not secure: the host's certificate does not hold."))
TOO_SLOW: Final = Reason(N_("Its host takes too long to answer."))
NOT_HTTP: Final = Reason(N_("Its host answers with something that is not the web's language."))
CUT_OFF: Final = Reason(N_("The connection was cut before everything had come."))
ROBOTS: Final = Reason(N_("Its host does not want programs to fetch this page (robots.txt)."))
ROBOTS_UNREACHABLE: Final = Reason(N_("Its host does not say now what programs may fetch (robots.txt)."))
REDIRECT_NOWHERE: Final = Reason(N_("It leads on to nowhere: the new address is missing or makes no sense."))
REDIRECT_LOOP: Final = Reason(N_("It leads round in a circle."))
ENCODED: Final = Reason(N_("It is packed in a way that is not understood."))
DAMAGED: Final = Reason(N_("It is cut off or damaged: it cannot be unpacked to its end."))
BOMB: Final = Reason(N_("It unpacks to far more than it is: it may be a zip bomb."))
GONE: Final = Reason(N_("It is gone for good, its host says."))
FORBIDDEN: Final = Reason(N_("Its host does not let everybody see it."))
NOT_FOUND: Final = Reason(N_("Its host has no such page."))
BUSY: Final = Reason(N_("Its host asks to come back later."))
NO_CONTENT: Final = Reason(N_("Its host sends nothing."))
MISMATCH: Final = Reason(N_("It is not what its host says it is."))
NOT_A_FEED: Final = Reason(N_("It is not an RSS or Atom feed, and names none."))
NO_ARTICLE: Final = Reason(N_("No article can be found on it."))


def too_many_redirects(most: int) -> Reason:
    """A page that leads on and on."""
    message = N_("It leads on to other addresses too often: at most {most} times are followed.")
    return Reason(message, most=str(most))


def oversize(limit: int) -> Reason:
    """More bytes than are taken."""
    return Reason(N_("It is too large: at most {size} MB are fetched."), size=f"{limit / 2**20:g}")


def kind(found: str, wanted: Iterable[str]) -> Reason:
    """Something else than is wanted, such as a video."""
    message = N_("It is {found}, and only these are fetched: {wanted}.")
    return Reason(message, found=found, wanted=", ".join(wanted))


def status(code: int) -> Reason:
    """An answer that is no page."""
    return Reason(N_("Its host answers with an error ({code})."), code=str(code))
