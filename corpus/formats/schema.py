"""The published JSON Schema of a document, and what a record that breaks it is told."""

from __future__ import annotations

import json
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from corpus.published import published_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA_FILE: Final = "document.schema.json"

_NOTHING_TO_READ: Final = "it has neither text nor title"
_SEVERAL_BODIES: Final = 'only one of "text", "paragraphs" and "passages" may be given'


def fault_of(record: object) -> str | None:
    """What is wrong with a record, to follow "line 3: "; None if it is a document."""
    error = best_match(_validator().iter_errors(record), key=_place)
    if error is None:
        return None
    where = _named(error.absolute_path)
    if error.validator == "anyOf" and not where:
        return _NOTHING_TO_READ
    if error.validator == "not":
        return _SEVERAL_BODIES
    requirement = error.schema.get("x-requirement", "is not as it must be")
    return f"{where} {requirement}" if where else f"it {requirement}"


def _place(error: Any) -> tuple[bool, int]:  # noqa: ANN401  jsonschema publishes no types
    """Faults of one member before faults of the whole: they are what a person can mend."""
    return (bool(error.absolute_path), -len(error.absolute_path))


def _named(path: Iterable[str | int]) -> str:
    return ", ".join(f"item {part + 1}" if isinstance(part, int) else f'"{part}"' for part in path)


@cache
def _validator() -> Any:  # noqa: ANN401  jsonschema publishes no types
    """The validator, made at the first fault or JSON file."""
    formats = FormatChecker(formats=())
    formats.checks("publication-date")(_is_date)
    schema = json.loads(files("corpus.formats").joinpath(SCHEMA_FILE).read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=formats)


def _is_date(value: object) -> bool:
    if value is None or value == "":
        return True
    return published_of(str(value), UTC) is not None
