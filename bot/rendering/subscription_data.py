"""What the buttons about subscriptions carry: what they do, a key, and the plan they lead to.

The data is `sub:act:key:plan`, as in `sub:d:Zk3vQ9xT0b:bd054000`. The key is that of a
subscription or of a kept reply with the question. A plan says how strictly to match
and when to tell; a draft that is not saved yet lives nowhere but in its buttons, so it outlives
any restart, and a button shows the state it leads to, so it never gets outdated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.schedule import Cadence, Schedule
from retrieval.breadth import Breadth

PREFIX = "sub:"

NINE = 9 * 60
"""When a digest comes unless another time is chosen: minutes of the day."""

_DATA = re.compile(rf"{PREFIX}([a-z]):([A-Za-z0-9]{{1,16}})(?::([a-z0-9]{{8}}))?", re.ASCII)
_PLAN = re.compile(r"([sb])([ahdw])([0-9]{4})([0-6])([01])", re.ASCII)
_BREADTHS = {"s": Breadth.STRICT, "b": Breadth.BROAD}
_CADENCES = {"a": Cadence.AT_ONCE, "h": Cadence.HOURLY, "d": Cadence.DAILY, "w": Cadence.WEEKLY}
_BREADTH_LETTERS = {breadth: letter for letter, breadth in _BREADTHS.items()}
_CADENCE_LETTERS = {cadence: letter for letter, cadence in _CADENCES.items()}
_DAY = 24 * 60


class Act(StrEnum):
    """What a button does; the comment says what its key is, and whether a plan follows."""

    # A question that is not followed yet: the key of the reply that keeps it, and the plan.
    DRAFT = "d"
    DRAFT_WHEN = "e"
    DRAFT_HOURS = "f"
    SAVE = "s"
    CANCEL = "c"
    LIST = "l"  # how many subscriptions come before the page
    SHOW = "p"  # a subscription's id, as all that follow unless they say otherwise
    CHANGE = "b"  # and the plan to follow it by
    WHEN = "t"  # perhaps with the plan to follow it by
    HOURS = "h"
    PAUSE = "z"
    RESUME = "r"
    WORDS = "w"
    NAME = "n"
    LEAVE_WORDS = "v"  # back to its page; what replies to a message that begins with it are other words
    LEAVE_NAME = "j"  # the same for its name
    DELETE = "x"
    UNDO = "u"  # the key of the reply that keeps the question, and the plan
    UNDO_TOPIC = "k"  # the same where the question is a topic's name
    ALL = "a"  # 1 to pause everything, 0 to go on
    EXPORT = "o"  # 0
    # Under what was sent, which is to stay as it is.
    OVERVIEW = "g"  # 0: the list
    MANAGE = "m"
    QUIET = "q"  # pause
    STOP = "y"


_ACTS = frozenset(Act)
_WITH_PLAN = {Act.DRAFT, Act.DRAFT_WHEN, Act.DRAFT_HOURS, Act.SAVE, Act.CHANGE, Act.UNDO, Act.UNDO_TOPIC}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question is followed: how strictly, when, and whether without a sound.

    `minute` (of the day) and `weekday` (0 is Monday) are kept while a cadence is chosen that has no
    use for them, so that they are there again with another.
    """

    breadth: Breadth = Breadth.BROAD
    cadence: Cadence = Cadence.DAILY
    minute: int = NINE
    weekday: int = 0
    silent: bool = False

    @classmethod
    def of(cls, breadth: Breadth, schedule: Schedule, *, silent: bool) -> Plan:
        """The plan of a subscription."""
        minute = NINE if schedule.minute is None else schedule.minute
        return cls(breadth, schedule.cadence, minute, schedule.weekday or 0, silent)

    @property
    def schedule(self) -> Schedule:
        """When to tell."""
        if self.cadence is Cadence.WEEKLY:
            return Schedule(self.cadence, self.minute, self.weekday)
        return Schedule(self.cadence, self.minute if self.cadence is Cadence.DAILY else None)

    def having(
        self,
        *,
        breadth: Breadth | None = None,
        cadence: Cadence | None = None,
        minute: int | None = None,
        weekday: int | None = None,
        silent: bool | None = None,
    ) -> Plan:
        """The same plan with what is given."""
        return replace(
            self,
            breadth=breadth or self.breadth,
            cadence=cadence or self.cadence,
            minute=self.minute if minute is None else minute,
            weekday=self.weekday if weekday is None else weekday,
            silent=self.silent if silent is None else silent,
        )

    def __str__(self) -> str:
        return (
            f"{_BREADTH_LETTERS[self.breadth]}{_CADENCE_LETTERS[self.cadence]}"
            f"{self.minute:04}{self.weekday}{self.silent:d}"
        )


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed."""

    act: Act
    key: str
    plan: Plan | None = None


def data(act: Act, key: str = "0", plan: Plan | None = None) -> str:
    """The data of a button.

    Raises:
        ValueError: `parse` would not read it.
    """
    written = f"{PREFIX}{act}:{key}" + (f":{plan}" if plan is not None else "")
    if parse(written) is None:
        msg = f"no button can carry {written!r}"
        raise ValueError(msg)
    return written


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in _ACTS:
        return None
    act, plan = Act(match[1]), None if match[3] is None else _plan(match[3])
    if plan is None and (match[3] is not None or act in _WITH_PLAN):
        return None
    return Pressed(act, match[2], plan)


def _plan(text: str) -> Plan | None:
    match = _PLAN.fullmatch(text)
    if match is None or int(match[3]) >= _DAY:
        return None
    return Plan(_BREADTHS[match[1]], _CADENCES[match[2]], int(match[3]), int(match[4]), match[5] == "1")
