"""Which calls are made again, which are left at that, and which fail."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.sending import Delivery, deliver


@pytest.fixture(autouse=True)
def library_hands_out_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


class Line:
    """A call to Telegram that meets one error after another and then succeeds."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.chats: list[int] = []

    def __call__(self, chat_id: int) -> Awaitable[None]:
        return self._call(chat_id)

    async def _call(self, chat_id: int) -> None:
        self.chats.append(chat_id)
        if self.errors:
            raise self.errors.pop(0)


class Noted:
    """What was told of the chat; a refusal closes it if Telegram's words have this in them."""

    def __init__(self, closing: str = "blocked") -> None:
        self.closing = closing
        self.moves: list[tuple[int, int]] = []
        self.refusals: list[int] = []

    async def moved(self, old: int, new: int, chat_name: str) -> None:
        assert chat_name == "chat-x"
        self.moves.append((old, new))

    async def refused(self, chat_id: int, chat_name: str, error: TelegramError) -> bool:
        assert chat_name == "chat-x"
        self.refusals.append(chat_id)
        return self.closing in error.message


async def send(call: Callable[[int], Awaitable[object]], noted: Noted | None = None) -> Delivery:
    return await deliver(call, 1, "chat-x", noted or Noted())


async def test_most_calls_succeed_at_once() -> None:
    line = Line()
    assert await send(line) is Delivery.SENT
    assert line.chats == [1]


async def test_it_waits_as_long_as_it_is_told() -> None:
    line = Line(RetryAfter(timedelta(seconds=0.1)), RetryAfter(timedelta(seconds=0.1)))
    assert await send(line) is Delivery.SENT
    assert line.chats == [1, 1, 1]


async def test_a_wait_of_hours_is_an_error() -> None:
    with pytest.raises(RetryAfter):
        await send(Line(RetryAfter(timedelta(hours=2))))


async def test_a_group_that_moved_is_followed() -> None:
    line = Line(ChatMigrated(-1002))
    noted = Noted()
    assert await send(line, noted) is Delivery.SENT
    assert line.chats == [1, -1002]
    assert noted.moves == [(1, -1002)]


@pytest.mark.parametrize("error", [Forbidden("bot was blocked by the user"), BadRequest("blocked")])
async def test_a_reader_who_blocked_the_bot_is_left_alone(error: TelegramError) -> None:
    line = Line(ChatMigrated(-1002), error)
    noted = Noted()
    assert await send(line, noted) is Delivery.REFUSED
    assert line.chats == [1, -1002]
    assert noted.refusals == [-1002]


@pytest.mark.parametrize("error", [BadRequest("can't parse entities"), Forbidden("not like this")])
async def test_what_telegram_refuses_is_not_tried_again(error: TelegramError) -> None:
    line = Line(error)
    with pytest.raises(type(error)):
        await send(line)
    assert line.chats == [1]


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ReadTimeout("")),
        caused(TimedOut(), httpx.WriteTimeout("")),
        caused(NetworkError("cut"), httpx.RemoteProtocolError("")),
        caused(NetworkError("cut"), httpx.ReadError("")),
    ],
)
async def test_what_may_have_arrived_is_not_said_twice(
    error: TelegramError, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(error)
    assert await send(line) is Delivery.UNCERTAIN
    assert line.chats == [1]
    assert "uncertain" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        caused(NetworkError("no way"), httpx.ConnectError("")),
        caused(TimedOut(), httpx.ConnectTimeout("")),
        caused(TimedOut(), httpx.PoolTimeout("")),
        NetworkError("Bad Gateway"),
        caused(NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response")),
    ],
)
async def test_what_surely_did_not_arrive_is_sent_again(error: TelegramError) -> None:
    line = Line(error)
    assert await send(line) is Delivery.SENT
    assert line.chats == [1, 1]
