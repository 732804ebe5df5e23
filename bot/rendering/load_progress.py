"""How a load goes, as words for a chat: a bar, the share that is done, the rate, and the time left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.locale.catalogue import N_

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.pace import Pace

_STAGES = {
    "reading": N_("Reading what changed"),
    "indexing": N_("Preparing what is new"),
    "publishing": N_("Putting it to use"),
}
_RATES = {
    "files": N_("{rate} files a second"),
    "documents": N_("{rate} documents a second"),
    "bytes": N_("{rate} MB a second"),
}
_BAR = 12
_MEGABYTE = 1_000_000
_LONG = 100.0  # seconds from which a duration is told in minutes


def render_pace(pace: Pace, words: Words) -> str:
    """Plain text of one or two lines; the same for as long as nothing changes that a person would see."""
    stage = words.gettext(_STAGES[pace.progress.stage])
    if pace.share is None:
        return stage
    full = round(pace.share * _BAR)
    bar = "▓" * full + "░" * (_BAR - full)
    parts = [f"{bar} {pace.share * 100:.0f} %"]
    if pace.left is not None:
        parts += [_rate(pace, words), _left(pace.left, words)]
    return f"{stage}\n{' · '.join(parts)}"


def _rate(pace: Pace, words: Words) -> str:
    unit = pace.progress.unit
    rate = f"{pace.per_second / _MEGABYTE:,.1f}" if unit == "bytes" else f"{pace.per_second:,.0f}"
    return words.gettext(_RATES[unit]).format(rate=rate)


def _left(seconds: float, words: Words) -> str:
    if seconds < _LONG:
        left = max(1, round(seconds))
        return words.ngettext("{n} second left", "{n} seconds left", left).format(n=left)
    left = round(seconds / 60)
    return words.ngettext("{n} minute left", "{n} minutes left", left).format(n=left)
