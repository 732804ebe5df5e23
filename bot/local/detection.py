"""Entities that Telegram finds by itself: commands, mentions, hashtags, addresses."""

from __future__ import annotations

import re
from typing import Final

from bot.local.entities import SPLITTABLE, Entity, Formatted, in_order, utf16_length
from bot.local.links import checked_link

_TOP_DOMAINS: Final = "com|org|net|cn|io|me|dev|info|gov|edu|hk|tw|uk|eu|example|test"
_PATTERNS: Final = {
    "bot_command": re.compile(r"(?<![\w/@<>])/(?:[A-Za-z0-9_]{1,64})(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])"),
    "url": re.compile(
        r"(?<![\w@.])(?:https?://[^\s<>\"'，。、；：？！（）《》「」]+"
        rf"|(?:[a-z0-9-]+\.)+(?:{_TOP_DOMAINS})(?![\w-]|\.\w)(?:/[^\s<>\"'，。、；：？！（）《》「」]*)?)",
        re.IGNORECASE,
    ),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w-])", re.ASCII),
    "mention": re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@])"),
    "hashtag": re.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,256}(?![\w#])"),
}
"""What is found, in the order of preference where two overlap."""


def with_found(formatted: Formatted) -> Formatted:
    """The text with the entities Telegram would add to the ones it already has."""
    taken = [entity for entity in formatted.entities if entity.type not in SPLITTABLE]
    taken = [entity for entity in taken if "blockquote" not in entity.type]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(formatted.text):
            stretch = match[0].rstrip(".,;:!?)") if kind == "url" else match[0]
            if kind == "url" and checked_link(stretch) is None:
                continue
            start = utf16_length(formatted.text[: match.start()])
            entity = Entity(kind, start, utf16_length(stretch))
            if not any(entity.offset < other.end and other.offset < entity.end for other in [*taken, *found]):
                found.append(entity)
    return Formatted(formatted.text, tuple(in_order([*formatted.entities, *found])))
