"""One JSON record: what a document looks like in JSON and JSON Lines.

Its shape is published as a JSON Schema (`document.schema.json`). Validators are slow and a
hundred thousand records are read at a time, so a record is taken at its word first; only
when something in it does not fit is it held against the schema, for the words to refuse
it with. A property test holds the two to the same verdict.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from corpus.formats.base import Composer, Draft
from corpus.formats.schema import fault_of
from corpus.published import published_of
from corpus.splitter import paragraphs

if TYPE_CHECKING:
    from datetime import tzinfo

    from corpus.formats.base import Block
    from corpus.model import Published

_HALF_CHARACTER: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")

_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

NOT_UTF8: Final = "it is not UTF-8, as JSON must be"
NOT_JSON: Final = "it is not JSON"
BAD_CHARACTER: Final = "it holds half a character or a NUL"


class RecordError(Exception):
    """A record is not a document; `fault` says why, to follow "line 3: "."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class _MisfitError(Exception):
    """A record does not fit; the schema will say why."""


def parsed(data: bytes) -> Any:  # noqa: ANN401  JSON may be anything
    """The value that the bytes of a JSON text describe.

    Raises:
        RecordError: They are not UTF-8 or not JSON, or they escape what is no character.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if _HALF_CHARACTER.search(data):
            # Two escaped halves may make a whole, so what came out is looked at.
            text = json.dumps(value, ensure_ascii=False)
            text.encode("utf-8")
            if _NUL.search(text):
                raise RecordError(BAD_CHARACTER)
    except UnicodeDecodeError:
        raise RecordError(NOT_UTF8) from None
    except UnicodeEncodeError:
        raise RecordError(BAD_CHARACTER) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if error.lineno > 1 else ""
        said = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
        fault = f"{NOT_JSON} ({said} at {where}character {error.colno})"
        raise RecordError(fault) from None
    except (ValueError, RecursionError):
        raise RecordError(NOT_JSON) from None
    return value


def draft_of(record: object, zone: tzinfo, number: int) -> Draft:
    """The draft a record describes.

    Args:
        record: What `json.loads` gave.
        zone: The zone of dates that name none.
        number: The record's place in its file, its key if it has no id.

    Raises:
        RecordError: It is not of the published shape.
    """
    try:
        return _fitted(record, zone, number)
    except _MisfitError:
        raise RecordError(fault_of(record) or "it is not as it must be") from None


def _fitted(record: object, zone: tzinfo, number: int) -> Draft:
    if not isinstance(record, dict):
        raise _MisfitError
    metadata = record.get("metadata")
    if metadata is None:
        metadata = {}
    elif not isinstance(metadata, dict):
        raise _MisfitError
    title = _string(record, "title")
    body, blocks = _body(record)
    if not title and not body.strip():
        raise _MisfitError
    beir, own = _key(record, "_id"), _key(record, "id")
    elsewhere = _string(metadata, "source"), _url(metadata)
    dates = [_published(holder, name, zone) for holder, name in _dates(record, metadata)]
    return Draft(
        body,
        blocks,
        title=title,
        source=_string(record, "source") or elsewhere[0],
        published=next((date for date in dates if date), None),
        url=_url(record) or elsewhere[1],
        topics=_texts(record, "topics"),
        language=_language(record),
        key=beir or own or str(number),
        keyed=beir is not None,
    )


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _MisfitError
    return value.strip() or None


def _key(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1:
        return str(int(value))
    raise _MisfitError


def _url(record: dict[str, Any]) -> str | None:
    url = _string(record, "url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise _MisfitError
    return url


def _dates(record: dict[str, Any], metadata: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [(record, "published"), (record, "date"), (metadata, "date")]


def _published(record: dict[str, Any], name: str, zone: tzinfo) -> Published | None:
    value = record.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1:
        value = str(int(value))
    published = published_of(value, zone) if isinstance(value, str) else None
    if published is None:
        raise _MisfitError
    return published


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:
    values = record.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _MisfitError
    return tuple(value.strip() for value in values if value.strip())


def _language(record: dict[str, Any]) -> str | None:
    language = _string(record, "language")
    if language is None:
        return None
    short = language.replace("_", "-").split("-")[0].casefold()
    return short if short in ("zh", "en") else None


def _body(record: dict[str, Any]) -> tuple[str, tuple[Block, ...]]:
    text = record.get("text")
    if text is not None and not isinstance(text, str):
        raise _MisfitError
    composer = Composer()
    given = int(bool(text))
    for name in ("paragraphs", "passages"):
        items = record.get(name)
        if items is None:
            continue
        if not isinstance(items, list):
            raise _MisfitError
        given += int(bool(items))
        for item in items:
            _add(composer, item, fixed=name == "passages")
    if given > 1:
        raise _MisfitError
    return (text, paragraphs(text)) if text else (composer.body, composer.blocks)


def _add(composer: Composer, item: object, *, fixed: bool) -> None:
    if isinstance(item, str):
        composer.add(item, fixed=fixed)
        return
    if not fixed or not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise _MisfitError
    composer.add(item["text"], section=_string(item, "section"), marks=_texts(item, "marks"), fixed=True)
