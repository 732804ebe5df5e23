"""Formatted text: entities with UTF-16 offsets, and the rules Telegram applies to them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.local.wire import JsonObject

MAX_ENTITIES: Final = 100

SPLITTABLE: Final = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
VERBATIM: Final = frozenset({"code", "pre"})
LINKS: Final = frozenset({"text_link", "text_mention"})
GIVEN: Final = SPLITTABLE | QUOTES | VERBATIM | LINKS | {"custom_emoji", "date_time"}
"""What a bot may ask for. Everything else Telegram finds in the text by itself."""

_ORDER: Final = (
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "text_mention",
    "date_time",
)
_FAMILIES: Final = (QUOTES, LINKS | {"date_time"}, VERBATIM, frozenset({"custom_emoji"}))
"""Kinds of which one does not stand inside another."""
_CONSIDERED: Final = 1000
"""How many entities are looked at; after a hundred they are dropped anyway."""
_WHITE: Final = " \n\t\u00a0"


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text with a meaning; `offset` and `length` are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    user_id: int | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        """The first unit after the stretch."""
        return self.offset + self.length

    def as_json(self) -> JsonObject:
        """The entity as the Bot API's MessageEntity (a mentioned user only by id)."""
        shown: JsonObject = {"type": self.type, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "custom_emoji_id", "unix_time", "date_time_format"):
            if (value := getattr(self, name)) is not None:
                shown[name] = value
        if self.user_id is not None:
            shown["user"] = {"id": self.user_id}
        return shown


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, start: int, end: int) -> str:
    """The part of a text between two UTF-16 offsets."""
    units = text.encode("utf-16-le")[2 * start : 2 * end]
    return units.decode("utf-16-le", "replace")


def settled(formatted: Formatted) -> Formatted:
    """What Telegram keeps of a text and entities that a bot gives it.

    Control characters become spaces and carriage returns go, white space at both
    ends goes, entities that say nothing go, nothing is nested in code, links are not
    nested in links, and after 100 entities the rest is ignored: quotes, code and
    links are counted first, then bold and its like.
    """
    before = _cleaned(formatted)
    # What trimming takes away can make an order possible that was not before.
    while (now := _trimmed(_arranged(before))) != before:
        before = now
    return _limited(now)


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Entities by offset, outer ones first."""
    return sorted(entities, key=_rank)


def _rank(entity: Entity) -> tuple[int, int, int, str]:
    kind = _ORDER.index(entity.type) if entity.type in _ORDER else len(_ORDER)
    return entity.offset, -entity.length, kind, entity.type


def _cleaned(formatted: Formatted) -> Formatted:
    kept: list[str] = []
    shift = [0]  # at each UTF-16 offset, how many units before it are gone
    gone = 0
    for character in formatted.text:
        if character == "\r" or "\u2028" <= character <= "\u202e":
            gone += 1
        else:
            kept.append(" " if character < " " and character != "\n" else character)
        shift.extend([gone] * (1 + (character > "\uffff")))
    if not gone:
        return Formatted("".join(kept), formatted.entities)
    moved = []
    for entity in formatted.entities:
        start, end = (min(at, len(shift) - 1) for at in (entity.offset, entity.end))
        start, end = start - shift[start], end - shift[end]
        moved.append(replace(entity, offset=start, length=end - start))
    return Formatted("".join(kept), tuple(moved))


def _arranged(formatted: Formatted) -> Formatted:
    total = utf16_length(formatted.text)
    entities = [entity for entity in formatted.entities if entity.length > 0 and entity.end <= total]
    split = _united(entities)[:_CONSIDERED]
    whole = _nested([entity for entity in entities if entity.type not in SPLITTABLE])[:_CONSIDERED]
    parts = [part for entity in split for part in _around(entity, whole)]
    return Formatted(formatted.text, tuple(in_order([*whole, *parts])))


def _nested(entities: Sequence[Entity]) -> list[Entity]:
    """Quotes, code, links and emoji, without those that cross another or may not stand inside it."""
    kept: list[Entity] = []
    around: list[Entity] = []
    for entity in in_order(entities):
        around = [other for other in around if other.end > entity.offset]
        if not any(_at_odds(entity, other) for other in around):
            kept.append(entity)
            around.append(entity)
    return kept


def _inside(entity: Entity, other: Entity) -> bool:
    return other.offset <= entity.offset and entity.end <= other.end


def _at_odds(entity: Entity, other: Entity) -> bool:
    """Whether an entity cannot stand where it overlaps one that comes before it."""
    same_family = any({entity.type, other.type} <= family for family in _FAMILIES)
    return same_family or other.type in VERBATIM or not _inside(entity, other)


def _united(entities: Sequence[Entity]) -> list[Entity]:
    """Bold and its like, where two of a kind touch or overlap made one."""
    united: list[Entity] = []
    for kind in sorted(SPLITTABLE):
        mine: list[Entity] = []
        for entity in in_order(e for e in entities if e.type == kind):
            if mine and entity.offset <= mine[-1].end:
                end = max(mine[-1].end, entity.end)
                mine[-1] = replace(mine[-1], length=end - mine[-1].offset)
            else:
                mine.append(entity)
        united.extend(mine)
    return united


def _around(entity: Entity, whole: Sequence[Entity]) -> Iterable[Entity]:
    """An entity without what is code of it, cut where it would cross the edge of another."""
    code = [other for other in whole if other.type in VERBATIM]
    for part in _cut(entity, code):
        if not any(_inside(part, other) for other in code):
            yield from _cut(part, [o for o in whole if not (_inside(part, o) or _inside(o, part))])


def _cut(entity: Entity, others: Sequence[Entity]) -> Iterable[Entity]:
    """An entity in pieces, cut at the edges of others."""
    edges = {at for other in others for at in (other.offset, other.end)}
    cuts = sorted({entity.offset, entity.end} | {at for at in edges if entity.offset < at < entity.end})
    for start, end in itertools.pairwise(cuts):
        yield replace(entity, offset=start, length=end - start)


def _trimmed(formatted: Formatted) -> Formatted:
    text = formatted.text.rstrip(_WHITE)
    total = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        kept = replace(entity, length=min(entity.end, total) - entity.offset)
        if kept.length > 0 and utf16_slice(text, kept.offset, kept.end).strip(_WHITE):
            entities.append(kept)
    first = min((entity.offset for entity in entities), default=total)
    leading = 0
    while leading < min(first, len(text)) and text[leading] in " \n":
        leading += 1
    moved = (replace(entity, offset=entity.offset - leading) for entity in entities)
    return Formatted(text[leading:], tuple(in_order(moved)))


def _limited(formatted: Formatted) -> Formatted:
    counted = sorted(formatted.entities, key=lambda entity: entity.type in SPLITTABLE)
    kept: list[Entity] = []
    count = 0
    for entity in counted:
        if entity.type != "custom_emoji":
            count += 1
            if count > MAX_ENTITIES:
                continue
        kept.append(entity)
    return Formatted(formatted.text, tuple(in_order(kept)))
