"""Operators of a question that could not be read: said, so that nobody takes them for heeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, code, joined, labelled, plain
from bot.rendering.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from retrieval.operators import Problem

_MOST = 4
_UNITS = 60


def unread(problems: Sequence[Problem], words: Words) -> Fragment:
    """A line that says what was left out of a question; nothing if all of it was read."""
    if not problems:
        return Fragment()
    shown = (
        code(plain(one_line(f"{problem.operator}:{problem.value}", _UNITS))) for problem in problems[:_MOST]
    )
    said = words.gettext("I could not read this and left it out ({help} shows how):").format(help="/help")
    return labelled(f"⚠️ {said}", joined(", ", shown))


def render_unread(problems: Sequence[Problem], words: Words) -> Message:
    """The same as a message, where nothing is left to ask."""
    return Message(unread(problems, words).html)
