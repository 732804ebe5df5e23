"""What is said of news that is added, changed and removed: cards of drafts, refusals, outcomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.keeping.drafts import Kind
from bot.locale.catalogue import N_
from bot.rendering.citation import SEPARATOR, one_line
from bot.rendering.dates import dated
from bot.rendering.fragments import Fragment, bold, code, joined, labelled, plain, quote
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.keeping.adding import Understood
    from bot.keeping.drafts import Draft
    from bot.keeping.near_duplicates import Near
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Document

PREFIX: Final = "add:"

_DATA = re.compile(r"add:([a-z]+):([A-Za-z0-9]{10})", re.ASCII)
_TITLE_UNITS = 200
_NAME_UNITS = 150
_LINE_UNITS = 300
_LINES = 3
_NEAR = 3

HOW_TO_ADD = N_(
    "Send me a file, a link, or a channel's post, or write /add in reply to a message with a text, or behind "
    "/add the text or the link. I show what I understood before anything is added."
)
HOW_TO_FIND = N_("Write this in reply to an answer, or behind it the title of a document or its file.")
NOT_FOUND = N_("No document has this title, and no file this name.")
SAMPLE = N_(
    "Nothing can be added to the sample news that comes with Wenxun. "
    "Set WENXUN_CORPUS to a folder of your own."
)
TOO_LARGE = N_("It is too large: Telegram hands bots files of at most 20 MB. Put it into the folder of news.")
NOT_THERE = N_("Telegram does not hand me this file. Please send it again.")
GONE = N_("This was done, cancelled or forgotten.")
CANCELLED = N_("Nothing was changed.")
CANNOT_WRITE = N_("The folder of news cannot be written. Nothing was changed.")
NOT_LOADED = N_("It is in the folder of news, and could not be loaded now. /reload tries again.")
UNDONE = N_("It was taken back, and the news is loaded.")
_REFUSED = N_("This cannot be added.")

_ASKED: dict[str, str] = {
    "title": N_("Reply to this message with the title."),
    "source": N_("Reply to this message with the source."),
    "published": N_("Reply to this message with the date, such as 2025-12-16."),
    "topics": N_("Reply to this message with the topics, with commas between them."),
}
_DONE = {
    Kind.ADD: N_("It is in the news now:"),
    Kind.EDIT: N_("It is changed:"),
    Kind.REMOVE: N_("It is no longer in the news:"),
}


class Act(StrEnum):
    """What a button about a draft does; the last four ask for a field, and are named as it is."""

    SAVE = "save"
    CANCEL = "cancel"
    UNDO = "undo"
    TITLE = "title"
    SOURCE = "source"
    PUBLISHED = "published"
    TOPICS = "topics"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about a draft."""

    act: Act
    key: str


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    return Pressed(Act(match[1]), match[2]) if match and match[1] in frozenset(Act) else None


def render_said(text: str, words: Words) -> Message:
    """One sentence."""
    return Message(plain(words.gettext(text)).html)


def render_asked(field: str, words: Words) -> Message:
    """A field of a draft is asked for."""
    return Message(plain(words.gettext(_ASKED[field])).html)


def render_refused(reason: str, words: Words) -> Message:
    """Why something cannot be added."""
    why = plain(one_line(reason, 1000))
    return Message(joined("\n\n", (bold(plain(words.gettext(_REFUSED))), why)).html)


def render_card(draft: Draft, found: Understood, words: Words, view: View) -> Message:
    """What was understood, with the buttons that change it."""
    document = found.document
    untitled = words.gettext("untitled")
    parts = [bold(plain(one_line(document.title, _TITLE_UNITS) or untitled)), _facts(document, words, view)]
    if found.documents > 1:
        many = words.ngettext(
            "The file has {count} document; this is the first.",
            "The file has {count} documents; this is the first.",
            found.documents,
        )
        parts.append(plain(many.format(count=f"{found.documents:,}")))
    count = words.ngettext("{count} passage", "{count} passages", found.passages)
    parts.append(plain(count.format(count=f"{found.passages:,}")))
    lines = [plain(one_line(each.text, _LINE_UNITS)) for each in document.passages[:_LINES]]
    parts.append(quote(joined("\n", lines)))
    parts.append(_near(found.near, words, view))
    rows: list[tuple[Button, ...]] = [(_button(Act.SAVE, draft, words.gettext("Save")),)]
    if found.documents == 1:
        rows.append(
            (
                _button(Act.TITLE, draft, words.gettext("Title")),
                _button(Act.SOURCE, draft, words.gettext("Source")),
            )
        )
        rows.append(
            (
                _button(Act.PUBLISHED, draft, words.gettext("Date")),
                _button(Act.TOPICS, draft, words.gettext("Topics")),
            )
        )
    rows.append((_button(Act.CANCEL, draft, words.gettext("Cancel")),))
    return Message(joined("\n\n", parts).html, tuple(rows))


def render_removal(draft: Draft, count: int, words: Words) -> Message:
    """Whether a file is really to be removed, with all its documents."""
    asked = words.ngettext(
        "Remove this file with its {count} document from the news?",
        "Remove this file with its {count} documents from the news?",
        count,
    )
    parts = (plain(asked.format(count=f"{count:,}")), code(plain(one_line(draft.origin, _NAME_UNITS))))
    row = (
        _button(Act.SAVE, draft, words.gettext("Remove")),
        _button(Act.CANCEL, draft, words.gettext("Cancel")),
    )
    return Message(joined("\n", parts).html, (row,))


def render_one_of_many(origin: str, count: int, words: Words) -> Message:
    """A document that cannot be changed alone."""
    said = words.gettext(
        "This document is one of {count} in a file. I change only documents that have a file of their own: "
        "change the file and send it again, or /remove it whole."
    )
    parts = (plain(said.format(count=f"{count:,}")), code(plain(one_line(origin, _NAME_UNITS))))
    return Message(joined("\n", parts).html)


def render_several(documents: Sequence[Document], words: Words) -> Message:
    """Several documents that may be meant."""
    lines = [
        plain(f"· {one_line(each.title, _TITLE_UNITS)}{SEPARATOR}") + code(plain(each.origin))
        for each in documents
    ]
    said = plain(words.gettext("Several documents have this title. Write the name of its file instead:"))
    return Message(joined("\n", (said, *lines)).html)


def render_loading(words: Words) -> Message:
    """It is being loaded."""
    return Message(plain(words.gettext("The news is being loaded…")).html)


def render_done(draft: Draft, origin: str, words: Words) -> Message:
    """What was done, with the button that takes it back."""
    parts = (plain(words.gettext(_DONE[draft.kind])), code(plain(one_line(origin, _NAME_UNITS))))
    return Message(joined("\n", parts).html, ((_button(Act.UNDO, draft, words.gettext("Take it back")),),))


def _facts(document: Document, words: Words, view: View) -> Fragment:
    topics = ", ".join(one_line(topic, 60) for topic in document.topics[:8]) or "–"
    lines = [
        labelled(words.gettext("Source:"), plain(one_line(document.source, _NAME_UNITS) or "–")),
        labelled(words.gettext("Date:"), dated(document.published, words, view)),
        labelled(words.gettext("Topics:"), plain(topics)),
    ]
    if document.url:
        lines.append(labelled(words.gettext("Address:"), code(plain(one_line(document.url, _LINE_UNITS)))))
    return joined("\n", lines)


def _near(near: Sequence[Near], words: Words, view: View) -> Fragment:
    if not near:
        return Fragment()
    lines = [plain("⚠ " + words.gettext("Much of this is in the news already:"))]
    for each in near[:_NEAR]:
        title = one_line(each.document.title, _TITLE_UNITS) or words.gettext("untitled")
        share = plain(f"{SEPARATOR}{each.share:.0%}{SEPARATOR}")
        lines.append(plain(f"· {title}") + share + dated(each.document.published, words, view))
    return joined("\n", lines)


def _button(act: Act, draft: Draft, label: str) -> Button:
    return Button(label, f"{PREFIX}{act}:{draft.key}")
