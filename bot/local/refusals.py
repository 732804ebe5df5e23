"""What the Bot API says when it refuses: a code, a description, sometimes parameters."""

from __future__ import annotations

from typing import NoReturn

from bot.errors import BotError


class Refusal(BotError):
    """A call is refused. `code` is the HTTP status, `description` is Telegram's own sentence."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> dict[str, object]:
        """The JSON body of the refusal."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(reason: str) -> Refusal:
    """The call itself is wrong."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """The call is well formed, but the bot may not do this."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """Two ways of receiving updates are at odds."""
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> Refusal:
    """The bot sends too fast and may go on after `seconds`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def refuse(reason: str) -> NoReturn:
    """Refuse a call because it is wrong.

    Raises:
        Refusal: always.
    """
    raise bad_request(reason)


def refuse_formatting(reason: str) -> NoReturn:
    """Refuse a text because its formatting is wrong.

    Raises:
        Refusal: always.
    """
    refuse(f"can't parse entities: {reason}")
