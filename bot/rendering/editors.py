"""What administrators see of the editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.dates import age
from bot.rendering.fragments import bold, code, joined, plain
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.roles import Editor

PREFIX: Final = "edi:"
PAGE: Final = 8
"""Editors on a page."""

_DATA = re.compile(r"edi:([a-z]+):([0-9]{1,16})(?::([0-9]{1,6}))?", re.ASCII)
_NAME_UNITS = 60

HOW_TO = N_(
    "To appoint somebody, forward me a message of theirs and reply to it with /editors, or write /editors "
    "and their Telegram user id. Editors may add and edit news, pinned questions and terms, and nothing else."
)
HIDDEN = N_(
    "Whoever wrote this hides who they are in messages that are forwarded. Ask for their user id and write "
    "/editors and that number."
)
NO_PERSON = N_("This was not written by a person.")
NO_ID = N_("This is not a Telegram user id. It is a number, such as 12345678.")
IS_ADMINISTRATOR = N_("This is an administrator, who may do everything that editors may.")
IS_EDITOR = N_("This is an editor already.")


class Act(StrEnum):
    """What a button about editors does."""

    SHOW = "show"
    DISMISS = "dismiss"
    BACK = "back"  # a dismissal is undone


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about editors.

    `number` is whom it is about, where a page begins, or the entry of the audit that is undone; `offset`
    is where the page begins that is shown then.
    """

    act: Act
    number: int
    offset: int = 0


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    return Pressed(Act(match[1]), int(match[2]), int(match[3] or 0))


def render_said(text: str, words: Words) -> Message:
    """One sentence."""
    return Message(plain(words.gettext(text)).html)


def render_appointed(user_id: int, name: str, words: Words) -> Message:
    """Somebody is an editor now."""
    said = words.gettext("{name} is an editor now, and finds the commands in the private chat with me.")
    shown = one_line(name, _NAME_UNITS) or str(user_id)
    dismiss = Button(words.gettext("Dismiss again"), f"{PREFIX}{Act.DISMISS}:{user_id}:0")
    return Message(plain(said.format(name=shown)).html, ((dismiss,),))


def render_editors(
    editors: Sequence[Editor], offset: int, words: Words, view: View, undo: int | None = None
) -> Message:
    """The editors.

    Args:
        editors: all of them.
        offset: where the page begins.
        words: the language.
        view: when and where it is read.
        undo: the entry of the audit of a dismissal that can be undone now.
    """
    said = words.ngettext("{count} editor", "{count} editors", len(editors))
    parts = [bold(plain(said.format(count=len(editors))))]
    rows: list[tuple[Button, ...]] = []
    if undo is not None:
        parts.append(plain(words.gettext("The editor was dismissed.")))
        rows.append((Button(words.gettext("Appoint again"), f"{PREFIX}{Act.BACK}:{undo}"),))
    shown = editors[offset : offset + PAGE]
    for place, editor in enumerate(shown, offset + 1):
        since = age(Published(editor.appointed, Precision.MINUTE), words, view)
        name = one_line(editor.name, _NAME_UNITS)
        parts.append(
            joined(
                " · ", (plain(f"{place}. {name}".rstrip()), code(plain(str(editor.user_id))), plain(since))
            )
        )
    parts.append(plain(words.gettext(HOW_TO)))
    drops = [
        Button(f"✕ {place}", f"{PREFIX}{Act.DISMISS}:{editor.user_id}:{offset}")
        for place, editor in enumerate(shown, offset + 1)
    ]
    rows.extend(tuple(drops[start : start + 4]) for start in range(0, len(drops), 4))
    turns = []
    if offset > 0:
        turns.append(Button(words.gettext("◀ earlier"), f"{PREFIX}{Act.SHOW}:{max(0, offset - PAGE)}"))
    if offset + len(shown) < len(editors):
        turns.append(Button(words.gettext("later ▶"), f"{PREFIX}{Act.SHOW}:{offset + len(shown)}"))
    if turns:
        rows.append(tuple(turns))
    return Message(joined("\n\n", parts).html, tuple(rows))
