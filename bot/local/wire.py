"""The parameters of a Bot API call, however they travelled, and the JSON shapes both sides share."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from bot.local.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

JsonObject: TypeAlias = dict[str, Any]
"""An object of the Bot API as it travels."""

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes


class Parameters:
    """Named parameters of one call.

    Telegram takes every value as a string or as JSON; a caller need not know which
    of the two a value came as.
    """

    __slots__ = ("_uploads", "_values")

    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = dict(values)
        self._uploads = dict(uploads or {})

    def as_log(self) -> JsonObject:
        """The parameters for the log of calls: JSON values decoded, uploads by name."""
        shown: JsonObject = {name: _decoded(value) for name, value in self._values.items()}
        shown.update({name: upload.name for name, upload in self._uploads.items()})
        return shown

    def has(self, name: str) -> bool:
        """Whether the parameter was given and is not empty."""
        return self.text(name) != ""

    def text(self, name: str) -> str:
        """The parameter as a string; empty when it is missing."""
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return whole_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; `default` when it is missing or not one."""
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def boolean(self, name: str) -> bool:
        """The parameter as a yes or no; missing is no."""
        return self.text(name).strip().lower() in _TRUE

    def json(self, name: str) -> object:
        """The parameter as JSON; None when it is missing.

        Raises:
            Refusal: it is not JSON.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return read_json(value)
        except ValueError:
            return refuse(f"can't parse {name.replace('_', ' ')} JSON object")

    def json_object(self, name: str) -> JsonObject:
        """The parameter as a JSON object; empty when it is missing."""
        value = self.json(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            refuse(f"object expected as {name.replace('_', ' ')}")
        return value

    def json_list(self, name: str) -> list[Any] | None:
        """The parameter as a JSON array; None when it is missing."""
        value = self.json(name)
        if value is None:
            return None
        if not isinstance(value, list):
            refuse(f"expected an Array of {name.replace('_', ' ')}")
        return value

    def within(self, name: str) -> Parameters:
        """What an object that was given as a parameter has for parameters, with the files of the call.

        Raises:
            Refusal: it is none.
        """
        return Parameters(self.json_object(name), self._uploads)

    def renamed(self, name: str, new: str) -> Parameters:
        """The same with one parameter under another name."""
        values = {new if each == name else each: value for each, value in self._values.items()}
        return Parameters(values, self._uploads)

    def upload(self, name: str) -> Upload | None:
        """The file sent as this parameter, directly or by `attach://`."""
        if name in self._uploads:
            return self._uploads[name]
        reference = self.text(name)
        if reference.startswith("attach://"):
            return self._uploads.get(reference.removeprefix("attach://"))
        return None


def text_of(item: JsonObject, name: str) -> str:
    """The string field `name` of an object; empty when it is missing or something else."""
    value = item.get(name)
    return whole_text(value) if isinstance(value, str) else ""


def whole_text(text: str) -> str:
    """The text, if it could have travelled as UTF-8 (half of a surrogate pair could not).

    Raises:
        Refusal: it could not.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse("strings must be encoded in UTF-8")
    return text


def read_json(text: str) -> object:
    """A JSON value.

    Raises:
        ValueError: it is none, is nested too deeply, or has numbers JSON does not know.
    """
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        msg = "nested too deeply"
        raise ValueError(msg) from None


def as_json(value: object) -> str:
    """A value as JSON, in ASCII as Telegram writes it."""
    return json.dumps(value)


def _no_number(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _decoded(value: object) -> object:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        with contextlib.suppress(ValueError):
            return read_json(value)
    return value
