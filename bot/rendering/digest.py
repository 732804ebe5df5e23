"""A digest: what several subscriptions found, or one found several times, in one message.

It is grouped by subscription. As many passages as fit are in it, and what is left out is for the
next message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.rendering import subscription_data
from bot.rendering.button_data import Act, data
from bot.rendering.chips import label
from bot.rendering.dates import dated
from bot.rendering.excerpt import overhead_entities, quotation
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, Fragment, bold, joined, labelled, plain
from bot.rendering.message import Button, Message
from bot.rendering.notification import (
    ASK_PREFIX,
    below_quote,
    managing_row,
    marks,
    more_line,
    title_of,
)
from corpus.model import Precision, Published
from retrieval.answer import MOST_EXCERPTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.rendering.notification import Item, Telling

QUOTE_UNITS = 350
TITLE_UNITS = 120
MOST_ITEMS = MOST_EXCERPTS
"""Passages of one digest: as many as a kept reply has places for."""

_GAP = "\n\n"
_A_ROW = 8
_MOST_ASKING = 3
_ASKING_UNITS = 24
_CUT_BY_ANSWER = 3
# The lines of how many more there are.
_RESERVED = 60
_EACH_BOLD = 3


@dataclass(frozen=True, slots=True)
class Laid:
    """A digest's text, and what of the tellings stands in it, in order."""

    text: Fragment
    tellings: tuple[Telling, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The passages, as they are numbered from 1."""
        return tuple(item for telling in self.tellings for item in telling.items)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why several passages are told together.

    Attributes:
        gathered: whether they were gathered for a time, or just came together.
        due: when they should have been told, if that is long ago.
        away_since: since when the chat could not be told anything, if it is back now.
        found: how many passages there were meanwhile.
        told: how many of these are told, the newest.
    """

    gathered: bool = True
    due: datetime | None = None
    away_since: datetime | None = None
    found: int = 0
    told: int = 0


def lay_digest(
    tellings: Sequence[Telling], words: Words, view: View, occasion: Occasion | None = None
) -> Laid:
    """Put into one message what there is room for.

    Args:
        tellings: the subscriptions with what they are told.
        words: the language of everything that is not quoted.
        view: when and where it is read.
        occasion: why they are told together; a digest of its time if none is given.
    """
    text = _heading(occasion or Occasion(), words, view)
    laid: list[Telling] = []
    number = 0
    for telling in tellings:
        items: list[Item] = []
        for item in telling.items:
            block = _block(item, number + 1, MAX_ENTITIES - text.entities, words, view)
            if not items:
                block = joined("\n", (title_of(telling), block))
            longer = joined(_GAP, (text, block))
            full = longer.units > MAX_UNITS - _RESERVED or longer.entities > MAX_ENTITIES
            if full or number == MOST_ITEMS:
                break
            text, number = longer, number + 1
            items.append(item)
        whole = len(items) == len(telling.items)
        if items:
            more = telling.more if whole else 0
            longer = joined("\n", (text, more_line(more, words)))
            text = longer if longer.fits else text
            laid.append(replace(telling, items=tuple(items), more=more))
        if not whole:
            break
    return Laid(text, tuple(laid))


def digest_message(laid: Laid, key: str, words: Words) -> Message:
    """The digest with its buttons.

    Args:
        laid: what is in it.
        key: of the reply that is kept of it.
        words: the language of the buttons.
    """
    reading = [Button(f"📖 {place + 1}", data(Act.AROUND, key, place, 0)) for place in range(len(laid.items))]
    rows = [tuple(reading[start : start + _A_ROW]) for start in range(0, len(reading), _A_ROW)]
    asking = [telling for telling in laid.tellings if telling.more]
    rows += [
        (
            Button(
                f"🔎 {label(telling.title, _ASKING_UNITS)} (+{telling.more})",
                f"{ASK_PREFIX}{telling.subscription_id}",
            ),
        )
        for telling in asking[:_MOST_ASKING]
    ]
    if len(laid.tellings) == 1:
        rows.append(managing_row(laid.tellings[0].subscription_id, words))
    else:
        act = subscription_data.Act.OVERVIEW
        rows.append((Button(words.gettext("⚙️ Subscriptions"), subscription_data.data(act, "0")),))
    return Message(laid.text.html, tuple(rows))


def _heading(occasion: Occasion, words: Words, view: View) -> Fragment:
    if occasion.away_since is not None:
        return _welcome_back(occasion, occasion.away_since, words, view)
    if not occasion.gathered:
        return Fragment()
    heading = bold(plain(words.gettext("📬 News that you follow")))
    if occasion.due is None:
        return heading
    late = words.gettext("This comes late. It was due:")
    return joined("\n", (heading, labelled(late, _moment(occasion.due, words, view))))


def _welcome_back(occasion: Occasion, since: datetime, words: Words, view: View) -> Fragment:
    lines = [
        bold(plain(words.gettext("👋 Welcome back. This came in meanwhile:"))),
        labelled(words.gettext("You could not be told anything since:"), _moment(since, words, view)),
    ]
    if occasion.found > occasion.told:
        count = words.ngettext(
            "Of {count} passage the newest are here.",
            "Of {count} passages the newest are here.",
            occasion.found,
        )
        lines.append(plain(count.format(count=occasion.found)))
    return joined("\n", lines)


def _moment(at: datetime, words: Words, view: View) -> Fragment:
    return dated(Published(at, Precision.MINUTE), words, view)


def _block(item: Item, number: int, room: int, words: Words, view: View) -> Fragment:
    below = below_quote(item, TITLE_UNITS, words, view, number)
    needs = below.entities + overhead_entities(item.excerpt) + _CUT_BY_ANSWER
    # What is bold in one passage is taken from those after it.
    bolds = max(0, min(_EACH_BOLD, room - needs))
    quoted = quotation(item.excerpt, bolds, QUOTE_UNITS)
    return joined("\n", (marks(item, words), quoted.fragment, below))
