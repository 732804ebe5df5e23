"""The keyboard: a message's buttons as the library takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

if TYPE_CHECKING:
    from bot.rendering.message import Button, Message


def inline_keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons below a message; None if it has none."""
    if not message.keyboard:
        return None
    return InlineKeyboardMarkup([[_pressable(button) for button in row] for row in message.keyboard])


def _pressable(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.label,
        callback_data=button.data,
        copy_text=None if button.copy is None else CopyTextButton(button.copy),
        url=button.url,
        switch_inline_query=button.switch_inline,
    )
