"""What the text of each setting means: from text to value, or one plain sentence on how to mend it.

Every function raises ValueError with a text made of two parts, what is wrong and what to
write instead, without the name of the setting.
"""

from __future__ import annotations

import difflib
import os
import re
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"[0-9]{6,20}:[A-Za-z0-9_-]{30,64}")
_SEPARATORS = re.compile(r"[\s,;，；、]+")
_MAX_USER_ID = 2**52
LEVELS = ("debug", "info", "warning", "error")


def token(value: object) -> object:
    """A bot token of Telegram's form. The token itself is never part of the error."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if isinstance(text, str) and not _TOKEN.fullmatch(text):
        msg = (
            "is not a bot token. Copy the whole token that @BotFather gave you: digits, a colon and about "
            "35 letters, digits, - and _, such as 123456789:AAExampleExampleExampleExampleExamp."
        )
        raise ValueError(msg)
    return value


def user_ids(value: object) -> object:
    """Telegram user ids, separated by commas; each is kept once."""
    return _chat_ids(value, "List Telegram user ids separated by commas, e.g. 12345,67890.", are_people=True)


def chat_ids(value: object) -> object:
    """Ids of people and groups, separated by commas; those of groups begin with a minus."""
    found = _chat_ids(value, "List Telegram ids separated by commas, e.g. 12345,-1001234567890.")
    return found or None


def group_id(value: object) -> object:
    """The id of one group."""
    text = str(value).strip()
    if not text or value is None:
        return None
    if not re.fullmatch(r"-[0-9]{1,16}", text):
        msg = f"{text!r} is not the id of a group. Write its number with the minus, e.g. -1001234567890."
        raise ValueError(msg)
    return int(text)


def _chat_ids(value: object, example: str, *, are_people: bool = False) -> object:
    if not isinstance(value, str):
        return value
    ids: dict[int, None] = {}
    for part in filter(None, _SEPARATORS.split(value)):
        if part.startswith("@"):
            msg = f"{part!r} is a name, not a number. {example}"
            raise ValueError(msg)
        if are_people and re.fullmatch(r"-[0-9]+", part):
            msg = f"{part!r} is a group or channel, not a person. {example}"
            raise ValueError(msg)
        if not re.fullmatch(r"-?[0-9]+", part):
            msg = f"{part!r} is not a number. {example}"
            raise ValueError(msg)
        if not 0 < abs(int(part)) < _MAX_USER_ID:
            whom = "people" if are_people else "chats"
            msg = f"{part!r} is not a number that Telegram gives to {whom}. {example}"
            raise ValueError(msg)
        ids[int(part)] = None
    return tuple(ids)


def whole_number(low: int, high: int) -> Callable[[object], object]:
    """Make the reader of a whole number from `low` to `high`."""

    def read(value: object) -> object:
        text = str(value).strip()
        if re.fullmatch(r"[+-]?[0-9]{1,12}", text) and low <= int(text) <= high:
            return int(text)
        msg = f"{text!r} is not a whole number from {low} to {high}. Write one, without a unit."
        raise ValueError(msg)

    return read


def level(value: object) -> object:
    """The name of a log level."""
    text = str(value).lower()
    if text not in LEVELS:
        msg = f"{value!r} is not a log level. Write one of {', '.join(LEVELS)}."
        raise ValueError(msg)
    return text


def time_zone(value: object) -> object:
    """The name of a time zone of the IANA data base."""
    text = str(value)
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        names = {name.lower(): name for name in zoneinfo.available_timezones()}
        close = difflib.get_close_matches(text.lower(), names, n=1, cutoff=0.7)
        mend = (
            f"Did you mean {names[close[0]]}?"
            if close
            else "Write a name such as Asia/Shanghai or Europe/Paris."
        )
        msg = f"{text!r} is not the name of a time zone. {mend}"
        raise ValueError(msg) from None
    return text


def folder_to_read(value: object) -> object:
    """A folder that is there; a relative one is looked for in the current folder."""
    path = _absolute(value)
    if not path.exists():
        msg = f"there is no folder {path}. Make it, or name one that exists."
        raise ValueError(msg)
    if not path.is_dir():
        msg = f"{path} is not a folder. Name the folder that the files are in."
        raise ValueError(msg)
    if not os.access(path, os.R_OK | os.X_OK):
        msg = f"the folder {path} cannot be read. Make it readable for whoever runs Wenxun."
        raise ValueError(msg)
    return path


def file_to_read(value: object) -> object:
    """A file that may be missing, but is no folder."""
    path = _absolute(value)
    if path.is_dir():
        msg = "this is a folder; name a file"
        raise ValueError(msg)
    return path


def folder_to_write(value: object) -> object:
    """A folder that is there and can be written to, or that can be made."""
    path = _absolute(value)
    if "?" in str(path):
        msg = f"the folder {path} has a ? in its name. Name one without."
        raise ValueError(msg)
    require_writable(path)
    return path


def require_writable(path: Path) -> None:
    """Check, without making it, that `path` is a folder to write to or could become one.

    Raises:
        ValueError: it could not.
    """
    nearest = path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        msg = f"{nearest} is not a folder. Name a folder, or a place where one can be made."
        raise ValueError(msg)
    if not os.access(nearest, os.W_OK | os.X_OK):
        msg = (
            f"the folder {nearest} cannot be written to. Make it writable for whoever runs Wenxun, "
            "or name another."
        )
        raise ValueError(msg)


def database_url(value: object) -> object:
    """The address of a SQLite file or a PostgreSQL database."""
    text = str(value)
    scheme, separator, rest = text.partition("://")
    mends = {
        "sqlite": "sqlite+aiosqlite",
        "postgres": "postgresql+asyncpg",
        "postgresql": "postgresql+asyncpg",
    }
    if separator and scheme in mends:
        msg = f"starts with {scheme}://. Write {mends[scheme]}:// and the rest as it is."
        raise ValueError(msg)
    if separator and scheme == "postgresql+asyncpg":
        return _postgresql(text)
    if separator and scheme == "sqlite+aiosqlite":
        return _sqlite(rest)
    msg = (
        "is not the address of a database. Write sqlite+aiosqlite:///data/wenxun.db or "
        "postgresql+asyncpg://user:password@host/name."
    )
    raise ValueError(msg)


def _postgresql(text: str) -> str:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname or parts.query) and len(parts.path) > 1
        _ = parts.port  # reading it is what checks it
    except ValueError:
        named = False
    if not named:
        msg = (
            "does not name a host and a database. Write postgresql+asyncpg://user:password@host:5432/name; "
            "in a password, write special characters as percent codes (@ as %40)."
        )
        raise ValueError(msg)
    return text


def _sqlite(rest: str) -> str:
    location, mark, query = rest.partition("?")
    if not location.startswith("/") or location in {"/", "/:memory:"}:
        msg = (
            "does not name a file. Write sqlite+aiosqlite:///data/wenxun.db: three slashes and a relative "
            "path, or four and an absolute one."
        )
        raise ValueError(msg)
    path = _absolute(location[1:])
    if path.is_dir():
        msg = f"{path} is a folder. Name the database file in it, e.g. {path}/wenxun.db."
        raise ValueError(msg)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        msg = f"the file {path} cannot be written to. Make it writable for whoever runs Wenxun."
        raise ValueError(msg)
    require_writable(path.parent)
    return f"sqlite+aiosqlite:///{path}{mark}{query}"


def index_url(value: object) -> object:
    """The address of an index: a folder of tantivy's, or memory."""
    text = str(value)
    if text == "memory:":
        return text
    scheme, separator, location = text.partition(":")
    if scheme != "tantivy" or not separator or not location:
        msg = f"{text!r} is not the address of an index. Write memory: or, e.g., tantivy:data/index."
        raise ValueError(msg)
    path = _absolute(location)
    require_writable(path)
    return f"tantivy:{path}"


def api_url(value: object) -> object:
    """The root of a Bot API server, without a slash at its end."""
    text = str(value).rstrip("/")
    try:
        parts = urlsplit(text)
        good = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not parts.query
            and not parts.fragment
        )
        _ = parts.port  # reading it is what checks it
    except ValueError:
        good = False
    if not good:
        msg = "is not the address of a Bot API server. Write one such as https://api.telegram.org."
        raise ValueError(msg)
    if parts.path.endswith("/bot"):
        msg = "ends with /bot, which Wenxun adds by itself. Leave it out."
        raise ValueError(msg)
    return text


def _absolute(value: object) -> Path:
    try:
        return Path(str(value)).expanduser().absolute()
    except RuntimeError:
        msg = f"{value} starts with ~ and there is no such user. Write the whole path."
        raise ValueError(msg) from None
