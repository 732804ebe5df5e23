"""A correction: what was said, and what its document says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.locale.catalogue import N_
from bot.rendering.button_data import Act, data
from bot.rendering.citation import cited
from bot.rendering.dates import dated
from bot.rendering.excerpt import marked_cuts, trimmed, window
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, Fragment, bold, joined, labelled, plain, quote
from bot.rendering.message import Button, Message
from bot.told import Fate
from corpus.model import Precision, Published
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.reply import Cited
    from bot.told import Change

QUOTE_UNITS = 500
TITLE_UNITS = 120

_FATES = {
    Fate.CHANGED: N_("⚠️ This has changed since you were given it:"),
    Fate.REMOVED: N_("⚠️ The document does not say this any more:"),
    Fate.WITHDRAWN: N_("⚠️ The document is no longer in the news. It said:"),
}
_GAP = "\n\n"
_A_ROW = 5
_RESERVED_UNITS, _RESERVED_ENTITIES = 60, 2


def lay_correction(
    changes: Sequence[Change], more: int, words: Words, view: View
) -> tuple[Fragment, tuple[Change, ...]]:
    """The text of a correction, and the changes that there is room for.

    Args:
        changes: what has changed.
        more: how many changes there are beside these.
        words: the language of everything that is not quoted.
        view: when and where it is read.
    """
    text = bold(plain(words.gettext("✏️ A correction")))
    told: list[Change] = []
    for change in changes:
        number = len(told) + 1 if len(changes) > 1 else None
        longer = joined(_GAP, (text, _block(change, number, words, view)))
        if longer.units > MAX_UNITS - _RESERVED_UNITS or longer.entities > MAX_ENTITIES - _RESERVED_ENTITIES:
            break
        text = longer
        told.append(change)
    left = more + len(changes) - len(told)
    if left:
        said = words.ngettext("{count} more change", "{count} more changes", left).format(count=left)
        text = joined(_GAP, (text, plain(f"… {said}")))
    return text, tuple(told)


def correction_message(text: Fragment, changes: Sequence[Change], key: str, words: Words) -> Message:
    """A correction with buttons to read what its documents say now.

    Args:
        text: of `lay_correction`.
        changes: the changes in it.
        key: of the reply that is kept of it; each change has its place in that.
        words: the language of the buttons.
    """
    places = [place for place, change in enumerate(changes) if change.now is not None]
    if not places:
        return Message(text.html)
    if len(changes) == 1:
        row = (
            Button(words.gettext("📖 Read around"), data(Act.AROUND, key, 0, 0)),
            Button(words.gettext("📄 Whole document"), data(Act.DOCUMENT, key, 0, 0)),
        )
        return Message(text.html, (row,))
    buttons = [Button(f"📖 {place + 1}", data(Act.AROUND, key, place, 0)) for place in places]
    rows = tuple(tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW))
    return Message(text.html, rows)


def _block(change: Change, number: int | None, words: Words, view: View) -> Fragment:
    mark = plain(f"{number}. " if number is not None else "")
    given = dated(Published(change.given, Precision.MINUTE), words, view)
    lines = [
        mark + plain(words.gettext(_FATES[change.fate])),
        _quoted(change.was),
        labelled(words.gettext("You were given it:"), given),
    ]
    if change.now is not None:
        lines += [plain(words.gettext("It says now:")), _quoted(change.now)]
    citation = change.now.citation if change.now is not None else change.was.citation
    return joined("\n", (*lines, cited(citation, words, TITLE_UNITS, view)))


def _quoted(said: Cited) -> Fragment:
    whole = trimmed(said.text, Span(0, len(said.text)))
    shown = window(said.text, whole, (), QUOTE_UNITS)
    return marked_cuts(quote(plain(said.text[shown.start : shown.end])), whole, shown)
