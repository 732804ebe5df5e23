"""What a renderer returns: a text with its buttons, ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ROWS = 8


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button, which does exactly one thing.

    Attributes:
        label: what is on it.
        data: what comes back when it is pressed: at most 64 bytes.
        copy: what pressing it copies: at most 256 UTF-16 units.
        url: the address it opens.
        switch_inline: what it writes after the bot's name in a chat that the reader chooses.

    Raises:
        ValueError: it does nothing, or several things.
    """

    label: str
    data: str | None = None
    copy: str | None = None
    url: str | None = None
    switch_inline: str | None = None

    def __post_init__(self) -> None:
        if sum(does is not None for does in (self.data, self.copy, self.url, self.switch_inline)) != 1:
            msg = "a button does exactly one thing"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Message:
    """A message in Telegram's HTML; `keyboard` is its rows of buttons."""

    html: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
