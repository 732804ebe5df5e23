"""One JSON record: what a document looks like in JSON and JSON Lines.

The shape is published as a JSON Schema (`document.schema.json`). A record is checked by
hand, because a hundred thousand of them are read at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from corpus.formats.base import Composer, Draft
from corpus.published import published_of
from corpus.splitter import paragraphs

if TYPE_CHECKING:
    from datetime import tzinfo

    from corpus.formats.base import Block
    from corpus.model import Published

_TEXTS: Final = ("text", "paragraphs", "passages")


class RecordError(Exception):
    """A record is not a document; `fault` says why, to follow "line 3: "."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def draft_of(record: object, zone: tzinfo, number: int) -> Draft:
    """The draft a record describes.

    Args:
        record: What `json.loads` gave.
        zone: The zone of dates that name none.
        number: The record's place in its file, its key if it has no id.

    Raises:
        RecordError: It is not of the published shape.
    """
    if not isinstance(record, dict):
        raise RecordError("not an object")
    metadata = record.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    title = _string(record, "title")
    body, blocks = _body(record)
    if not title and not body.strip():
        raise RecordError("neither text nor title")
    key = record.get("_id")
    keyed = key is not None
    if key is None:
        key = record.get("id")
    if key is not None and not (isinstance(key, (str, int)) and str(key).strip()):
        raise RecordError('"id" must be a text or a whole number')
    url = _string(record, "url") or _string(metadata, "url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise RecordError('"url" must start with http:// or https://')
    return Draft(
        body,
        blocks,
        title=title,
        source=_string(record, "source") or _string(metadata, "source"),
        published=_published(record, metadata, zone),
        url=url,
        topics=_topics(record),
        language=_language(record),
        key=str(number) if key is None else str(key),
        keyed=keyed,
    )


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RecordError(f'"{name}" must be a text')
    return value.strip() or None


def _published(record: dict[str, Any], metadata: dict[str, Any], zone: tzinfo) -> Published | None:
    for holder, name in ((record, "published"), (record, "date"), (metadata, "date")):
        value = holder.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        published = published_of(value, zone) if isinstance(value, str) else None
        if published is None:
            raise RecordError(f'"{name}" is not a date: {value!r:.40}')
        return published
    return None


def _topics(record: dict[str, Any]) -> tuple[str, ...]:
    topics = record.get("topics")
    if not topics:
        return ()
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise RecordError('"topics" must be a list of texts')
    return tuple(topic.strip() for topic in topics if topic.strip())


def _language(record: dict[str, Any]) -> str | None:
    language = _string(record, "language")
    if language is None:
        return None
    short = language.replace("_", "-").split("-")[0].casefold()
    return short if short in ("zh", "en") else None


def _body(record: dict[str, Any]) -> tuple[str, tuple[Block, ...]]:
    given = [name for name in _TEXTS if record.get(name)]
    if len(given) > 1:
        raise RecordError(f'"{given[0]}" and "{given[1]}" at once: give one of them')
    if not given:
        return "", ()
    value = record[given[0]]
    if given[0] == "text":
        if not isinstance(value, str):
            raise RecordError('"text" must be a text')
        return value, paragraphs(value)
    if not isinstance(value, list):
        raise RecordError(f'"{given[0]}" must be a list')
    composer = Composer()
    for item in value:
        _add(composer, item, given[0])
    return composer.body, composer.blocks


def _add(composer: Composer, item: object, name: str) -> None:
    if name == "paragraphs" or isinstance(item, str):
        if not isinstance(item, str):
            raise RecordError('"paragraphs" must be a list of texts')
        composer.add(item, fixed=name == "passages")
        return
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise RecordError('each of "passages" must have a "text"')
    marks = item.get("marks") or []
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise RecordError('"marks" must be a list of texts')
    composer.add(item["text"], section=_string(item, "section"), marks=tuple(marks), fixed=True)
