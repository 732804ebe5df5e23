"""Chips: buttons that say what was assumed of a question, and take it back when pressed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from bot.inquiry import ChipKind
from bot.rendering.button_data import Act, data
from bot.rendering.citation import one_line
from bot.rendering.fragments import sendable
from bot.rendering.message import Button

if TYPE_CHECKING:
    from bot.inquiry import Chip, Inquiry
    from bot.locale.catalogue import Words

MOST_ROWS = 3
_A_ROW = 2
_VALUE_UNITS = 14


def chip_rows(
    inquiry: Inquiry, key: str, words: Words, rows: int = MOST_ROWS
) -> tuple[tuple[Button, ...], ...]:
    """A button for each thing assumed, two a row and at most so many rows.

    What is over comes up when another is taken back. The data says how many there were, so that
    a button of an earlier state can be told.
    """
    chips = inquiry.chips()
    buttons = [
        Button(f"{chip_text(chip, words)} ✕", data(Act.CHIP, key, index, len(chips)))
        for index, chip in enumerate(chips[: rows * _A_ROW])
    ]
    return tuple(tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW))


def chip_text(chip: Chip, words: Words) -> str:
    """What a chip says was assumed: "since 2025-11"."""
    value = label(chip.value, _VALUE_UNITS)
    match chip.kind:
        case ChipKind.LANGUAGE if chip.value == "zh":
            return words.gettext("only in Chinese")
        case ChipKind.LANGUAGE:
            return words.gettext("only in English")
        case ChipKind.CONTEXT:
            said = words.gettext("following: {value}")
        case ChipKind.SOURCE:
            said = words.gettext("from: {value}")
        case ChipKind.SINCE:
            said, value = words.gettext("since {value}"), _day(chip.value, first=True)
        case ChipKind.UNTIL:
            said, value = words.gettext("until {value}"), _day(chip.value, first=False)
        case ChipKind.PHRASE:
            said = words.gettext("exactly “{value}”")
        case ChipKind.EXCLUDED:
            said = words.gettext("without: {value}")
        case ChipKind.DOCUMENT:
            said = words.gettext("in: {value}")
    return said.format(value=value)


def label(text: str, units: int) -> str:
    """A text made fit to stand on a button, at most `units` (and isolates) long; never empty."""
    return one_line(sendable(text), units) or "–"


def _day(value: str, *, first: bool) -> str:
    """A day, or the month that begins (or ends) with it."""
    day = date.fromisoformat(value)
    edge = 1 if first else monthrange(day.year, day.month)[1]
    return value[: len("2025-11")] if day.day == edge else value
