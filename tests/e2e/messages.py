"""What a reader sees in a message: its quotes, what is bold in it, its links and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import MessageEntity

if TYPE_CHECKING:
    from telegram import InlineKeyboardButton, Message


def text_of(message: Message) -> str:
    """The text; empty if there is none."""
    return message.text or ""


def quotes(message: Message) -> list[str]:
    """What stands in the block quotes that are not folded."""
    return _parts(message, MessageEntity.BLOCKQUOTE)


def folded(message: Message) -> list[str]:
    """What stands in the block quotes that are folded."""
    return _parts(message, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def bolds(message: Message) -> list[str]:
    return _parts(message, MessageEntity.BOLD)


def links(message: Message) -> dict[str, str]:
    """The addresses of the linked texts."""
    parts = message.parse_entities([MessageEntity.TEXT_LINK])
    return {text: entity.url or "" for entity, text in parts.items()}


def buttons(message: Message) -> list[InlineKeyboardButton]:
    """The buttons below, row by row."""
    markup = message.reply_markup
    return [] if markup is None else [button for row in markup.inline_keyboard for button in row]


def labels(message: Message) -> list[str]:
    return [button.text for button in buttons(message)]


def button(message: Message, beginning: str) -> InlineKeyboardButton:
    """The first button whose label begins so."""
    found = [each for each in buttons(message) if each.text.startswith(beginning)]
    assert found, f"no button begins with {beginning!r}; there are {labels(message)}"
    return found[0]


def chips(message: Message) -> list[str]:
    """What the buttons say was assumed."""
    return [label.removesuffix(" ✕") for label in labels(message) if label.endswith(" ✕")]


def _parts(message: Message, kind: str) -> list[str]:
    return list(message.parse_entities([kind]).values())
