"""Incidents: an error becomes a code for the reader and a traceback under that code in the log.

The text of an exception may quote what a reader wrote. Only errors whose texts are known to be
free of that are written out; of any other the log has the type and every line it came through.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.errors import BotError
from bot.logs import incident_code
from corpus.errors import CorpusError
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT_IS_SAFE = (BotError, CorpusError, RetrievalError, TelegramError)

_LOG = logging.getLogger(__name__)


def record_incident(error: BaseException, what: str) -> str:
    """Log an error under a new code and return the code.

    Args:
        error: what happened.
        what: in which situation, in plain words, without anything private.
    """
    code = incident_code()
    _LOG.error("incident %s: %s\n%s", code, what, describe(error))
    return code


def describe(error: BaseException) -> str:
    """The traceback of an error and of what caused it, without texts that may quote a reader."""
    return "".join(_described(error)).rstrip()


def _described(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _described(earlier)
        yield "\nwhich led to\n\n"
    yield from traceback.format_tb(error.__traceback__)
    text = f": {error}" if isinstance(error, _TEXT_IS_SAFE) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{text}\n"
