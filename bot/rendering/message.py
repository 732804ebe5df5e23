"""What a renderer returns: a text with its buttons, ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button. `data` comes back when it is pressed: at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message in Telegram's HTML; `keyboard` is its rows of buttons."""

    html: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
