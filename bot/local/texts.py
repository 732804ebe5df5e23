"""The texts of calls: parsed, checked for length, and with the entities Telegram keeps."""

from __future__ import annotations

from typing import Final

from bot.local.detection import with_found
from bot.local.entities import GIVEN, Entity, Formatted, settled, utf16_length
from bot.local.links import checked_link
from bot.local.markup import parse_html
from bot.local.moments import date_time
from bot.local.refusals import refuse, refuse_formatting
from bot.local.wire import JsonObject, Parameters, text_of

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
_FARTHEST: Final = 1_000_000


def message_text(parameters: Parameters) -> Formatted:
    """The `text` of a message.

    Raises:
        Refusal: it is empty, too long, or its formatting is wrong.
    """
    if not parameters.text("text"):
        refuse("message text is empty")
    return _settled(_given(parameters, "text", "entities"), MAX_TEXT, "message is too long")


def draft_text(parameters: Parameters) -> Formatted:
    """The `text` of a draft; it may be empty.

    Raises:
        Refusal: it is too long, or its formatting is wrong.
    """
    given = _given(parameters, "text", "entities")
    if not given.text.strip():
        return Formatted("")
    return _settled(given, MAX_TEXT, "message is too long")


def caption(parameters: Parameters) -> Formatted:
    """The `caption` of a file; it may be empty.

    Raises:
        Refusal: it is too long, or its formatting is wrong.
    """
    given = _given(parameters, "caption", "caption_entities")
    if not given.text.strip():
        return Formatted("")
    return _settled(given, MAX_CAPTION, "message caption is too long")


def content_text(content: JsonObject) -> Formatted:
    """The text of an `InputTextMessageContent`, as inline results carry it.

    Raises:
        Refusal: it is empty, too long, or its formatting is wrong.
    """
    values = dict(content)
    values["text"] = text_of(content, "message_text")
    return message_text(Parameters(values))


def as_fields(formatted: Formatted, text: str = "text", entities: str = "entities") -> JsonObject:
    """The fields of a Message that carry a text."""
    fields: JsonObject = {text: formatted.text}
    if formatted.entities:
        fields[entities] = [entity.as_json() for entity in formatted.entities]
    return fields


def _settled(given: Formatted, limit: int, too_long: str) -> Formatted:
    if utf16_length(given.text) > limit and utf16_length(given.text.strip()) > limit:
        refuse(too_long)
    formatted = settled(given)
    if not formatted.text.strip():
        refuse("text must be non-empty")
    return with_found(formatted)


def _given(parameters: Parameters, text: str, entities: str) -> Formatted:
    """The text as the bot formatted it, by `parse_mode` or by a list of entities."""
    source = parameters.text(text)
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        return parse_html(source)
    if mode in {"markdown", "markdownv2"}:
        refuse(f"parse_mode {parameters.text('parse_mode')} is unsupported by the local server")
    if mode:
        refuse("unsupported parse_mode")
    listed = parameters.json_list(entities) or []
    kept = (_entity(item) for item in listed)
    return Formatted(source, tuple(entity for entity in kept if entity is not None))


def _entity(item: object) -> Entity | None:
    """One entity of a list; None for the kinds Telegram finds by itself."""
    if not isinstance(item, dict):
        refuse_formatting("expected an Object as MessageEntity")
    kind = text_of(item, "type")
    offset, length = item.get("offset"), item.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        refuse_formatting('Can\'t find field "offset"')
    if not 0 <= offset <= _FARTHEST:
        refuse(f"receive an entity with incorrect offset {offset}")
    if not 0 <= length <= _FARTHEST:
        refuse(f"receive an entity with incorrect length {length}")
    if kind not in GIVEN:
        return None
    user = item.get("user")
    if kind == "text_link":
        url = checked_link(text_of(item, "url"))
        return None if url is None else Entity(kind, offset, length, url=url)
    if kind == "date_time":
        return date_time(offset, length, str(item.get("unix_time", "")), text_of(item, "date_time_format"))
    return Entity(
        kind,
        offset,
        length,
        language=text_of(item, "language") or None,
        custom_emoji_id=text_of(item, "custom_emoji_id") or None,
        user_id=user.get("id") if isinstance(user, dict) else None,
    )
