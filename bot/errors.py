"""Everything that can go wrong in the bot.

BotError
├── InvalidSettings       one or more settings are wrong; it lists them all
├── UnreadableInquiry     a stored question cannot be read, or a newer version wrote it
├── InquiryTooLong        a question with all that was assumed is longer than is kept
├── TooManySubscriptions  a chat follows as much as it may
├── AlreadySubscribed     a chat follows a question already, by another subscription
├── Overtaken             what was to be undone is not the last load any more
└── CannotKeep            a file beside the news cannot be read or written
"""

from __future__ import annotations


class BotError(Exception):
    """Base of the package's errors; its text is fit for an operator to read."""


class InvalidSettings(BotError):
    """Settings are wrong. `problems` has one line a setting: its name, what is wrong, how to mend it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnreadableInquiry(BotError):
    """A stored question cannot be read, or a newer version of the program wrote it."""


class InquiryTooLong(BotError):
    """A question with all that was assumed is longer than is kept: too much was added to it."""

    def __init__(self) -> None:
        super().__init__("A question became too long by what was added to it.")


class TooManySubscriptions(BotError):
    """A chat follows as much as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A chat may have {most} subscriptions.")
        self.most = most


class AlreadySubscribed(BotError):
    """A chat follows a question already: `id` is the subscription to it."""

    def __init__(self, id: str) -> None:  # noqa: A002 - named like the field it means
        super().__init__("The chat follows that question already.")
        self.id = id


class Overtaken(BotError):
    """What was to be undone is not the last load any more."""

    def __init__(self) -> None:
        super().__init__("Something else has been loaded meanwhile.")


class CannotKeep(BotError):
    """A file beside the news cannot be read or written: it may not be, or the disk is full."""
