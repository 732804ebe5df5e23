"""Faults that tests order: what the next calls of a method meet instead of a plain answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.local.refusals import Refusal, bad_request, forbidden, too_many_requests


class Moment(Enum):
    """Where in a call a fault strikes."""

    BEFORE = "before"
    """The call has no effect."""
    AFTER = "after"
    """The call has its effect, and only its answer suffers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of one call.

    Exactly one thing happens: the connection is cut, the answer never comes (`hang`),
    `refusal` is answered, or a proxy's HTML page with the status `gateway`. With
    none of them the answer is only late by `delay` seconds.
    """

    moment: Moment = Moment.BEFORE
    refusal: Refusal | None = None
    gateway: int | None = None
    cut: bool = False
    hang: bool = False
    delay: float = 0

    @property
    def strikes(self) -> bool:
        """Whether the call is answered with something else than the truth, or not at all."""
        return self.refusal is not None or self.gateway is not None or self.cut or self.hang


@dataclass(frozen=True, slots=True)
class _Ordered:
    fault: Fault
    method: str | None
    times: int


class Faults:
    """The orders that are not used up, first come first served.

    `method` names the calls that are meant; None means any but `getUpdates`.
    """

    def __init__(self) -> None:
        self._ordered: list[_Ordered] = []

    @property
    def left(self) -> int:
        """How many calls are still to be struck."""
        return sum(ordered.times for ordered in self._ordered)

    def clear(self) -> None:
        """Forget all orders."""
        self._ordered.clear()

    def order(self, fault: Fault, method: str | None = None, times: int = 1) -> None:
        """Order a fault for the next `times` calls."""
        self._ordered.append(_Ordered(fault, method.lower() if method else None, times))

    def flood(self, retry_after: int, method: str | None = None, times: int = 1) -> None:
        """429 with `retry_after`."""
        self.order(Fault(refusal=too_many_requests(retry_after)), method, times)

    def forbid(
        self, reason: str = "bot was blocked by the user", method: str | None = None, times: int = 1
    ) -> None:
        """403 with a reason."""
        self.order(Fault(refusal=forbidden(reason)), method, times)

    def refuse(self, reason: str, method: str | None = None, times: int = 1) -> None:
        """400 with a reason."""
        self.order(Fault(refusal=bad_request(reason)), method, times)

    def fail(
        self,
        code: int = 500,
        description: str = "Internal Server Error",
        method: str | None = None,
        times: int = 1,
    ) -> None:
        """Any other code with a description, as JSON."""
        self.order(Fault(refusal=Refusal(code, description)), method, times)

    def bad_gateway(self, method: str | None = None, times: int = 1, moment: Moment = Moment.BEFORE) -> None:
        """502 with a proxy's HTML page instead of JSON."""
        self.order(Fault(moment=moment, gateway=502), method, times)

    def cut(self, method: str | None = None, times: int = 1, moment: Moment = Moment.BEFORE) -> None:
        """The connection is closed without an answer."""
        self.order(Fault(moment=moment, cut=True), method, times)

    def lose_answer(self, method: str | None = None, times: int = 1, moment: Moment = Moment.AFTER) -> None:
        """The call has its effect, but no answer ever comes: the caller times out."""
        self.order(Fault(moment=moment, hang=True), method, times)

    def slow(self, seconds: float, method: str | None = None, times: int = 1) -> None:
        """The answer comes late."""
        self.order(Fault(delay=seconds), method, times)

    def take(self, method: str) -> Fault | None:
        """Use up one order that is meant for this call (`method` in lower case)."""
        for place, ordered in enumerate(self._ordered):
            meant = method != "getupdates" if ordered.method is None else ordered.method == method
            if meant:
                if ordered.times > 1:
                    self._ordered[place] = replace(ordered, times=ordered.times - 1)
                else:
                    del self._ordered[place]
                return ordered.fault
        return None
