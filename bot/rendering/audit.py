"""What administrators see of who did what with the news."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.dates import written
from bot.rendering.fragments import Fragment, bold, joined, plain
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.audit import Entry
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View

PREFIX: Final = "aud:"
PAGE: Final = 8
"""Entries on a page."""

_DATA = re.compile(r"aud:([0-9]{1,18})", re.ASCII)
_DETAIL_UNITS = 160
_NAME_UNITS = 60
_DEEDS: Mapping[str, str] = {
    "load": N_("loaded the news"),
    "undo": N_("took back a load"),
    "feed_added": N_("added a feed"),
    "feed_paused": N_("paused a feed"),
    "feed_resumed": N_("went on with a feed"),
    "feed_removed": N_("removed a feed"),
    "pin_added": N_("pinned a question"),
    "pin_removed": N_("removed a pinned question"),
    "term_added": N_("added a term"),
    "term_removed": N_("removed a term"),
    "broadcast": N_("sent a broadcast"),
    "editor_appointed": N_("appointed an editor"),
    "editor_dismissed": N_("dismissed an editor"),
    "document_added": N_("added news"),
    "document_edited": N_("edited news"),
    "document_removed": N_("removed news"),
    "unanswered": N_("called questions done"),
}
# What of a detail tells most; the rest is for those who look into the database.
_TELLING = ("names", "name", "title", "question", "text", "address", "origin", "file", "files", "topic")
_COUNTED = (("added", "+"), ("changed", "~"), ("removed", "−"))


def parse(data: str) -> int | None:
    """The entry before which a page begins, 0 for the newest; None if a button's data is none of these."""
    match = _DATA.fullmatch(data)
    return None if match is None else int(match[1])


def render_audit(
    entries: Sequence[Entry],
    names: Mapping[int, str],
    words: Words,
    view: View,
    *,
    is_first: bool,
    has_more: bool,
) -> Message:
    """A page of the audit.

    Args:
        entries: newest first.
        names: what those are called who are known.
        words: the language.
        view: when and where it is read.
        is_first: whether these are the newest.
        has_more: whether there are older ones.
    """
    parts = [bold(plain(words.gettext("Who did what")))]
    parts.extend(_entry(each, names, words, view) for each in entries)
    if not entries:
        parts.append(plain(words.gettext("Nothing has been done yet.")))
    turns = []
    if not is_first:
        turns.append(Button(words.gettext("◀ newest"), f"{PREFIX}0"))
    if has_more:
        turns.append(Button(words.gettext("older ▶"), f"{PREFIX}{entries[-1].id}"))
    return Message(joined("\n\n", parts).html, (tuple(turns),) if turns else ())


def _entry(entry: Entry, names: Mapping[int, str], words: Words, view: View) -> Fragment:
    if entry.actor is None:
        who = words.gettext("by itself, or on the command line")
    else:
        who = one_line(names.get(entry.actor, str(entry.actor)), _NAME_UNITS)
    deed = words.gettext(_DEEDS[entry.deed]) if entry.deed in _DEEDS else one_line(entry.deed, _NAME_UNITS)
    lines = [f"{_moment(entry, view)} · {who}", f"{deed}: {told}" if (told := _told(entry.detail)) else deed]
    if entry.undone is not None:
        undone = words.gettext("undone")
        lines.append(f"↶ {undone} {written(Published(entry.undone, Precision.MINUTE), view)}")
    return plain("\n".join(lines))


def _moment(entry: Entry, view: View) -> str:
    return written(Published(entry.at, Precision.MINUTE), view)


def _told(detail: Mapping[str, Any]) -> str:
    """What of a detail tells most, on one line."""
    counts = [
        f"{sign}{len(found)}"
        for name, sign in _COUNTED
        if isinstance(found := detail.get(name), list) and found
    ]
    if counts:
        return " ".join(counts)
    for name in _TELLING:
        value = detail.get(name)
        if isinstance(value, list):
            value = " = ".join(map(str, value)) if name == "names" else ", ".join(map(str, value))
        if isinstance(value, str) and value.strip():
            return one_line(value, _DETAIL_UNITS)
    return ""
