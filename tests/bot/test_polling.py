"""What warns the operator when updates cannot be fetched: once, and then now and then."""

import logging

import pytest
from telegram.error import Conflict, NetworkError

from bot.inbox import InboxError
from bot.polling import polling_trouble


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_trouble_is_told_once_and_again_after_ten_minutes(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    warn = polling_trouble(clock)
    for second in range(0, 1300, 10):
        clock.now = second
        warn(NetworkError("Bad Gateway"))
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3


def test_each_trouble_is_told_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    warn = polling_trouble(Clock())
    unkept = InboxError("An update could not be kept: DatabaseError")
    unkept.__cause__ = OSError("the disk is full")
    for error in (NetworkError("Bad Gateway"), Conflict("Conflict: …"), unkept):
        warn(error)
    fetching, conflict, keeping = caplog.messages
    assert "Bad Gateway" in fetching
    assert "another program is polling with the same token" in conflict
    assert "the disk is full" in keeping
