"""A notification: one passage that a subscription found, as a card like an answer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.locale.catalogue import N_
from bot.rendering import subscription_data
from bot.rendering.button_data import Act, data
from bot.rendering.citation import cited, one_line
from bot.rendering.excerpt import overhead_entities, quotation, trimmed
from bot.rendering.fragments import (
    MAX_ENTITIES,
    MAX_UNITS,
    Fragment,
    bold,
    expandable_quote,
    joined,
    plain,
)
from bot.rendering.message import Button, Message
from bot.rendering.sources import correction_lines, sources_line
from retrieval.answer import Span

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Excerpt

ASK_PREFIX = "told:"
"""Before a subscription's id, on the button that asks what it follows."""

QUOTE_UNITS = 900
TITLE_UNITS = 300
NAME_UNITS = 120

OLD = N_("🕰 Published long before it came in")
AGAIN = N_("You may have this already.")

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Item:
    """A passage that is told.

    Attributes:
        excerpt: what to show of it, with the other documents that report the same.
        old: whether it was published long before it was loaded.
        again: whether the chat may have it already.
    """

    excerpt: Excerpt
    old: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A subscription and what it is told: its id, what it is called, and how many passages more there are."""

    subscription_id: str
    title: str
    items: tuple[Item, ...]
    more: int = 0


def render_notification(telling: Telling, key: str, words: Words, view: View) -> Message:
    """A card for the first item of a subscription's.

    Args:
        telling: the subscription, with one item.
        key: of the reply that is kept of it.
        words: the language of everything that is not quoted.
        view: when and where it is read.
    """
    item = telling.items[0]
    excerpt = item.excerpt
    heading = joined("\n", (title_of(telling), marks(item, words)))
    below = below_quote(item, TITLE_UNITS, words, view)
    more = more_line(telling.more, words)
    bolds = MAX_ENTITIES - heading.entities - below.entities - overhead_entities(excerpt) - 1
    quoted = quotation(excerpt, max(0, bolds), QUOTE_UNITS)
    card = joined("\n", (quoted.fragment, below))
    passage = excerpt.passage
    whole = trimmed(passage.text, Span(0, len(passage.text)))
    text = joined(_GAP, (heading, card, more))
    if quoted.span != whole:
        folded = expandable_quote(plain(passage.text[whole.start : whole.end]))
        paragraph = joined("\n", (plain(words.gettext("The whole paragraph:")), folded))
        longer = joined(_GAP, (heading, card, paragraph, more))
        text = longer if longer.units <= MAX_UNITS and longer.entities <= MAX_ENTITIES else text
    reading = (
        Button(words.gettext("📖 Read around"), data(Act.AROUND, key, 0, 0)),
        Button(words.gettext("📄 Whole document"), data(Act.DOCUMENT, key, 0, 0)),
    )
    rows = (reading, *more_row(telling, words), managing_row(telling.subscription_id, words))
    return Message(text.html, rows)


def title_of(telling: Telling) -> Fragment:
    """What the subscription is called."""
    return bold(plain(f"🔔 {one_line(telling.title, NAME_UNITS)}"))


def marks(item: Item, words: Words) -> Fragment:
    """What is to be known before a passage is read: that it is old, or that it may be known."""
    lines = (
        plain(words.gettext(OLD)) if item.old else Fragment(),
        plain(words.gettext(AGAIN)) if item.again else Fragment(),
    )
    return joined("\n", lines)


def below_quote(
    item: Item, title_units: int, words: Words, view: View, number: int | None = None
) -> Fragment:
    """Where a passage comes from, and who else reports it."""
    mark = plain(f"{number}. " if number is not None else "")
    return joined(
        "\n",
        (
            mark + cited(item.excerpt.citation, words, title_units, view),
            sources_line(item.excerpt, words),
            *correction_lines(item.excerpt, words, view),
        ),
    )


def more_line(count: int, words: Words) -> Fragment:
    """How many passages there are that are not told one by one."""
    if not count:
        return Fragment()
    return plain(words.ngettext("… and {count} more", "… and {count} more", count).format(count=count))


def more_row(telling: Telling, words: Words) -> tuple[tuple[Button, ...], ...]:
    """A button that asks the subscription's question, where there is more than is told."""
    if not telling.more:
        return ()
    label = words.gettext("🔎 Show all of it")
    return ((Button(label, f"{ASK_PREFIX}{telling.subscription_id}"),),)


def managing_row(subscription_id: str, words: Words) -> tuple[Button, ...]:
    """Buttons to change, to pause and to stop a subscription."""
    act = subscription_data.Act
    return (
        Button(words.gettext("⚙️ Manage"), subscription_data.data(act.MANAGE, subscription_id)),
        Button(words.gettext("⏸ Pause"), subscription_data.data(act.QUIET, subscription_id)),
        Button(words.gettext("🔕 Stop"), subscription_data.data(act.STOP, subscription_id)),
    )
