"""Moments in a text: what a `date_time` entity may say, and how it may be shown."""

from __future__ import annotations

import re
from typing import Final

from bot.local.entities import Entity
from bot.local.refusals import refuse_formatting

LAST_MOMENT: Final = 2**31 - 1
_UNIX: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_FORMAT: Final = re.compile(r"r|w?[dD]?[tT]?")


def date_time(offset: int, length: int, unix: str, shape: str) -> Entity:
    """The entity of a moment: `unix` in seconds, `shape` as the Bot API's `date_time_format`.

    An empty shape leaves the text as it is; the moment is told to whoever presses it.

    Raises:
        Refusal: it is no moment, or there is no such format.
    """
    if not _UNIX.fullmatch(unix) or not 0 < int(unix) <= LAST_MOMENT:
        refuse_formatting(f'Invalid Unix time "{unix}" specified')
    if not _FORMAT.fullmatch(shape):
        refuse_formatting(f'Invalid date-time format "{shape}" specified')
    return Entity("date_time", offset, length, unix_time=int(unix), date_time_format=shape or None)
