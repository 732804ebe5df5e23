"""Everything that can go wrong in the bot.

BotError
└── InvalidSettings   one or more settings are wrong; it lists them all
"""

from __future__ import annotations


class BotError(Exception):
    """Base of the package's errors; its text is fit for an operator to read."""


class InvalidSettings(BotError):
    """Settings are wrong. `problems` has one line a setting: its name, what is wrong, how to mend it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
