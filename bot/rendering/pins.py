"""What those who keep the corpus see of the pinned questions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.locale.catalogue import N_
from bot.rendering.citation import cited, one_line
from bot.rendering.fragments import bold, joined, labelled, plain, sendable
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.keeping.pins import Pin
    from bot.locale.catalogue import Words
    from retrieval.answer import Citation

PREFIX: Final = "pin:"
PAGE: Final = 5
"""Pins on a page."""

_DATA = re.compile(r"pin:([a-z]+)(?::([0-9a-f]{8}))?(?::([0-9a-f]{8}))?(?::([0-9]{1,10}))?", re.ASCII)
_QUESTION_UNITS = 200
_TITLE_UNITS = 100
_LABEL_UNITS = 40

HOW_TO = N_(
    "Reply with /pin to one of my answers, or write /pin and a question. From then on every load is checked: "
    "whoever loads is told before if the question would not find its document any more."
)
NOTHING_FOUND = N_(
    "Nothing was found for this question, so there is no document to expect. Add the news first, then pin it."
)
FULL = N_("There are as many pinned questions as can be checked at a load. Remove some first: /pins")
CANNOT_KEEP = N_(
    "The file that keeps this cannot be read or written. Does whoever runs Wenxun have the right to, "
    "and is there room on the disk?"
)
TOO_LONG = N_("This question is too long to be pinned.")
GONE = N_("This question is not pinned any more.")
NOT_FOUND_NOW = N_("The question does not find this document any more. Nothing was changed.")


class Act(StrEnum):
    """What a button about pins does."""

    SHOW = "show"
    DROP = "drop"
    SET = "set"  # another document is expected
    BACK = "back"  # a removal is undone


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about pins.

    `pin` is the pin that is meant and `document` the mark of a document; `number` is where a page
    begins, or the entry of the audit that is undone.
    """

    act: Act
    pin: str = ""
    document: str = ""
    number: int = 0


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    pressed = Pressed(Act(match[1]), match[2] or "", match[3] or "", int(match[4] or 0))
    named = bool(pressed.pin), bool(pressed.document)
    wanted = {Act.DROP: (True, False), Act.SET: (True, True)}.get(pressed.act, (False, False))
    return pressed if named == wanted else None


def mark_of(document_id: str) -> str:
    """Eight characters that a button can carry for a document."""
    return hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def render_said(text: str, words: Words) -> Message:
    """One sentence."""
    return Message(plain(words.gettext(text)).html)


def render_pinned(pin: Pin, citations: Sequence[Citation], words: Words) -> Message:
    """A question that is pinned, with buttons for the other documents that it finds."""
    chosen = next((each for each in citations if each.document_id == pin.document_id), None)
    parts = [
        bold(plain(words.gettext("Pinned."))),
        labelled(words.gettext("Question:"), plain(one_line(pin.question, _QUESTION_UNITS))),
        labelled(
            words.gettext("It must find:"),
            cited(chosen, words, _TITLE_UNITS)
            if chosen is not None
            else plain(one_line(pin.expected, _TITLE_UNITS)),
        ),
        plain(words.gettext("Every load is checked for it. /pins lists all.")),
    ]
    others = [each for each in citations if each.document_id != pin.document_id]
    if others:
        parts.append(plain(words.gettext("If another document is the right one, choose it:")))
    rows = [
        (
            Button(
                _label(each),
                f"{PREFIX}{Act.SET}:{pin.id}:{mark_of(each.document_id)}",
            ),
        )
        for each in others
    ]
    rows.append((Button(words.gettext("Do not pin it"), f"{PREFIX}{Act.DROP}:{pin.id}:0"),))
    return Message(joined("\n\n", parts).html, tuple(rows))


def _label(citation: Citation) -> str:
    """What a document is called on a button; something is on it whatever the news holds."""
    for name in (citation.title, citation.source, citation.document_id):
        if name and (label := sendable(one_line(name, _LABEL_UNITS))).strip():
            return label
    return "…"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the pins that begins at `offset`; `found` says of each whether it finds its document."""

    pins: Sequence[Pin]
    found: Sequence[bool]
    offset: int
    total: int
    unreadable: int = 0


def render_pins(page: Page, words: Words, undo: int | None = None) -> Message:
    """The pinned questions.

    Args:
        page: those of one page.
        words: the language.
        undo: the entry of the audit of a removal that can be undone now.
    """
    said = words.ngettext("{count} pinned question", "{count} pinned questions", page.total)
    parts = [bold(plain(said.format(count=page.total)))]
    rows: list[tuple[Button, ...]] = []
    if undo is not None:
        parts.append(plain(words.gettext("The question was removed.")))
        rows.append((Button(words.gettext("Put it back"), f"{PREFIX}{Act.BACK}:{undo}"),))
    drops = []
    for place, (pin, found) in enumerate(zip(page.pins, page.found, strict=True), page.offset + 1):
        state = "✓" if found else "⚠"
        line = f"{place}. {one_line(pin.question, _QUESTION_UNITS)}\n   {state} "
        parts.append(plain(f"{line}{one_line(pin.expected, _TITLE_UNITS)}"))
        drops.append(Button(f"✕ {place}", f"{PREFIX}{Act.DROP}:{pin.id}:{page.offset}"))
    if not all(page.found):
        parts.append(plain(words.gettext("⚠ does not find its document now.")))
    if page.unreadable:
        said = words.ngettext(
            "{count} line of the file is no pinned question and is left as it is.",
            "{count} lines of the file are no pinned questions and are left as they are.",
            page.unreadable,
        )
        parts.append(plain(said.format(count=page.unreadable)))
    if not page.total:
        parts.append(plain(words.gettext(HOW_TO)))
    if drops:
        rows.append(tuple(drops))
    if turns := _turns(page, words):
        rows.append(turns)
    return Message(joined("\n\n", parts).html, tuple(rows))


def _turns(page: Page, words: Words) -> tuple[Button, ...]:
    turns = []
    if page.offset > 0:
        back = Button(words.gettext("◀ earlier"), f"{PREFIX}{Act.SHOW}:{max(0, page.offset - PAGE)}")
        turns.append(back)
    if page.offset + len(page.pins) < page.total:
        turns.append(Button(words.gettext("later ▶"), f"{PREFIX}{Act.SHOW}:{page.offset + len(page.pins)}"))
    return tuple(turns)
