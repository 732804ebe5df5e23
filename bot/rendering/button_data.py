"""What the buttons under an answer carry: what they do, the key of the reply, and places in it.

The data is `act:key:place:place…`, as in `a:Zk3vQ9xT0b:4:3`. Whatever it refers to is in the
database, so a button works after any restart for as long as the reply is kept. Telegram takes
at most 64 bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_PARTS = re.compile(r"([a-z]):([A-Za-z0-9]{1,24})((?::[0-9]{1,6}){0,4})", re.ASCII)


class Act(StrEnum):
    """What a button does; the comment says which places its data has after the key.

    An excerpt's place is its number among all results, counted from 0, so it stays the same on
    every page of them. The offset is the place of the first excerpt of the page to go back to.
    """

    MORE = "m"  # the offset of the page to show
    ORDER = "o"  # 0 for best first, 1 for newest first
    TIMELINE = "t"  # the offset
    WHY = "w"  # the offset
    FOLLOW = "f"  # 1 to follow, 0 to stop; the offset
    UP = "u"  # the offset
    DOWN = "d"  # the offset
    REASON = "r"  # which of the reasons, the offset
    CHIP = "c"  # which chip, how many there were: another number means that the button is outdated
    AROUND = "a"  # the excerpt's place, the offset, the ordinal of the passage (none: the excerpt's own)
    DOCUMENT = "p"  # the excerpt's place, the offset, the page from 0 (none: the page of the excerpt)
    BACK = "b"  # the offset
    TERM = "n"  # which of the suggestions, and the mark of it


_ACTS = frozenset(Act)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed."""

    act: Act
    key: str
    places: tuple[int, ...]

    def place(self, index: int, otherwise: int = 0) -> int:
        """One of the places, or another number where the data has none there."""
        return self.places[index] if index < len(self.places) else otherwise


def data(act: Act, key: str, *places: int) -> str:
    """The data of a button.

    Raises:
        ValueError: the key or a place is none that `parse` would read.
    """
    written = ":".join((act, key, *map(str, places)))
    if parse(written) is None:
        msg = f"no button can carry {written!r}"
        raise ValueError(msg)
    return written


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these, such as one of another page."""
    match = _PARTS.fullmatch(data)
    if match is None or match[1] not in _ACTS:
        return None
    return Pressed(Act(match[1]), match[2], tuple(map(int, match[3].split(":")[1:])))
