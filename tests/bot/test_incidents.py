"""What an error leaves in the log: where it came from, nothing of what a reader wrote."""

import logging

import pytest

from bot.incidents import describe, record_incident
from corpus.errors import DatabaseError

WRITTEN = "我的秘密问题"


def fail(error: Exception, cause: Exception | None = None) -> Exception:
    """An error that has really been raised."""
    if cause is not None:
        error.__cause__ = fail(cause)
    with pytest.raises(type(error)) as raised:
        throw(error)
    return raised.value


def throw(error: Exception) -> None:
    raise error


def test_the_log_has_the_code_and_the_lines_it_came_through(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        code = record_incident(fail(KeyError(WRITTEN)), "a message could not be handled")
    assert len(code) == 6
    assert f"incident {code}: a message could not be handled" in caplog.text
    assert "in throw" in caplog.text
    assert "builtins.KeyError" in caplog.text


@pytest.mark.parametrize(
    "error", [fail(ValueError(WRITTEN)), fail(DatabaseError("locked"), ValueError(WRITTEN))]
)
def test_texts_that_may_quote_a_reader_are_left_out(error: Exception) -> None:
    assert WRITTEN not in describe(error)
    assert "ValueError" in describe(error)


def test_texts_meant_for_the_operator_are_kept() -> None:
    assert "corpus.errors.DatabaseError: it is locked" in describe(fail(DatabaseError("it is locked")))


def test_causes_come_first() -> None:
    described = describe(fail(DatabaseError("second"), ValueError("first")))
    assert described.index("ValueError") < described.index("which led to") < described.index("second")


def test_a_suppressed_context_stays_suppressed() -> None:
    error = fail(DatabaseError("alone"))
    error.__context__ = fail(ValueError(WRITTEN))
    assert "ValueError" in describe(error)
    error.__suppress_context__ = True
    assert "ValueError" not in describe(error)
