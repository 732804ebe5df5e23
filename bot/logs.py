"""The log: few lines on the terminal, all of it in a file, nothing private in either."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "wenxun.log"
_FILE_BYTES = 5 * 2**20
_FILES_KEPT = 3
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look like another
_SALT_BYTES = 32

# The `extra` of a record that is for the file alone, because the terminal is told in other words.
TOLD = {"told": True}

# These tell every request with its URL, and a bot's token is part of its URLs.
_TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp.access", "alembic", "aiosqlite", "asyncio")

# The second net: nobody should log any of these, but an exception's text can hold them.
_PRIVATE = (
    (re.compile(r"[0-9]{6,20}(?::|%3[Aa])[A-Za-z0-9_-]{30,}"), "[token]"),
    (re.compile(r"(://[^/?#@:\s]*:)[^/?#@\s]+@"), r"\1****@"),
    (re.compile(r"\[parameters: .*\]"), "[parameters hidden]"),
    (re.compile(r"(chat_?id\W{1,4}?)-?[0-9]+", re.IGNORECASE), r"\1[chat]"),
)


def redact(text: str) -> str:
    """`text` without anything shaped like a token, a URL's password, a chat id or SQL parameters."""
    for pattern, replacement in _PRIVATE:
        text = pattern.sub(replacement, text)
    return text


class _FileFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _ConsoleFormatter(logging.Formatter):
    """The first line alone: a traceback is for the file."""

    def format(self, record: logging.LogRecord) -> str:
        first, _, _ = record.getMessage().partition("\n")
        return redact(f"{record.levelname.lower()}: {first}")


class _File(RotatingFileHandler):
    """A log file that says once that it cannot be written, and never stops the program for it."""

    _complained = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - named by the class it overrides
        del record
        if not self._complained:
            self._complained = True
            reason = getattr(sys.exception(), "strerror", None) or "unknown reason"
            _say(f"warning: the log {self.baseFilename} cannot be written ({reason}).")

    def close(self) -> None:
        """Close the file; what a full disk did not take is lost, and that has been told."""
        with suppress(OSError):
            super().close()


class _Console(logging.StreamHandler[TextIO]):
    """The terminal, which may have been closed."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not getattr(record, "told", False) and bool(super().filter(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - named by the class it overrides
        pass


def _say(line: str) -> None:
    with suppress(OSError, ValueError):  # the terminal may be closed
        sys.stderr.write(line + "\n")


@contextmanager
def logging_to(folder: Path, level: str) -> Iterator[None]:
    """Send the log to the terminal from `level` up, and to a rotating file in `folder` from info up.

    On leaving, logging is as it was before.
    """
    root = logging.getLogger()
    before, handlers = root.level, list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in _TALKATIVE}
    console = _Console()
    console.setLevel(level.upper())
    console.setFormatter(_ConsoleFormatter())
    opened: list[logging.Handler] = [console]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"warning: the folder {folder} cannot be made ({error.strerror}), so no log is kept.")
    else:
        file = _File(
            folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", delay=True
        )
        file.setLevel(min(logging.INFO, console.level))
        file.setFormatter(_FileFormatter())
        opened.append(file)
    root.handlers = opened
    root.setLevel(min(handler.level for handler in opened))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(before)
        for name, old in levels.items():
            logging.getLogger(name).setLevel(old)
        for handler in opened:
            handler.close()


def incident_code() -> str:
    """A short code that a person can read out and an operator can find in the log."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(6))


class Pseudonyms:
    """Names for chats in the log: the same chat has the same name, and nobody can tell which chat it is."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt

    @classmethod
    def open(cls, data: Path) -> Pseudonyms:
        """Take the salt of this installation, making it the first time."""
        path = data / "log-salt"
        with suppress(FileExistsError), path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(_SALT_BYTES))
        salt = path.read_bytes()
        if len(salt) < _SALT_BYTES:  # it was cut off by a crash
            salt = secrets.token_bytes(_SALT_BYTES)
            path.write_bytes(salt)
        return cls(salt)

    def of(self, chat_id: int) -> str:
        """The name of a chat, such as "chat-1f09ab23cd"."""
        digest = hashlib.blake2s(str(chat_id).encode(), key=self._salt, digest_size=5)
        return f"chat-{digest.hexdigest()}"
