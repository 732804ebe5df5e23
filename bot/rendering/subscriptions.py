"""What a chat follows, as messages: the list, the page of one subscription, and what changing it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.chips import chip_text, label
from bot.rendering.citation import SEPARATOR, one_line
from bot.rendering.draft import question_lines
from bot.rendering.fragments import Fragment, bold, joined, moment, plain
from bot.rendering.message import Button, Message
from bot.rendering.plans import (
    breadth_row,
    breadth_text,
    schedule_text,
    sound_button,
    when_button,
    zone_text,
)
from bot.rendering.subscription_data import Act, Plan, data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from bot.subscription import Subscription

Row = tuple[Button, ...]

PAGE = 10
"""Subscriptions on a page of the list."""

_A_ROW = 5
_TITLE_UNITS = 120
_LABEL_UNITS = 30
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of what a chat follows.

    Attributes:
        subscriptions: those of the page, of `total` in all.
        offset: how many come before.
        total: how many there are.
        most: how many a chat may have.
        paused: whether everything is paused.
        may_change: whether the reader may change anything; what a group follows is its administrators'.
    """

    subscriptions: Sequence[Subscription]
    offset: int
    total: int
    most: int
    paused: bool = False
    may_change: bool = True


def plan_of(subscription: Subscription) -> Plan:
    """How a question is followed now."""
    return Plan.of(subscription.breadth, subscription.schedule, silent=subscription.silent)


def title_of(subscription: Subscription, words: Words, units: int = _TITLE_UNITS) -> str:
    """What a subscription is called: its name, its topic, or its question, on one line."""
    return one_line(subscription.title, units) or words.gettext("(no words)")


def render_subscriptions(listing: Listing, words: Words, view: View) -> Message:
    """A page of the list, with a button for each of its subscriptions."""
    if not listing.total:
        text = words.gettext(
            "Nothing is followed here yet. Write /subscribe with what you want to be told of, press "
            "“Follow” under an answer, or choose from /topics."
        )
        if listing.may_change:
            text += " " + words.gettext("To bring back what you exported, send me the file.")
        return Message(plain(text).html)
    shown = listing.subscriptions[:PAGE]
    heading = bold(plain(words.gettext("Followed here"))) + plain(f" · {_counted(listing, words)}")
    paused = Fragment()
    if listing.paused:
        paused = plain("⏸ " + words.gettext("Everything is paused: nothing is sent until you go on."))
    entries = (_entry(listing.offset + place, each, words, view) for place, each in enumerate(shown, 1))
    if listing.may_change:
        note = words.gettext("Press a number to change, pause or delete it.")
    else:
        note = words.gettext("Only administrators of the group can change what it follows.")
    html = joined(_GAP, (heading, paused, *entries, plain(note))).html
    return Message(html, tuple(_list_rows(listing, words)) if listing.may_change else ())


def render_subscription(
    subscription: Subscription, words: Words, view: View, *, above: str = "", paused: bool = False
) -> Message:
    """The page of one subscription.

    Args:
        subscription: which.
        words: the language.
        view: when and where it is read.
        above: what was just done, if anything.
        paused: whether everything in the chat is paused.
    """
    title = bold(plain(title_of(subscription, words)))
    lines = []
    if subscription.topic is not None:
        lines.append(plain(words.gettext("Everything new on this topic.")))
    elif subscription.name:
        lines.append(question_lines(subscription.inquiry, words))
    elif chips := SEPARATOR.join(chip_text(chip, words) for chip in subscription.inquiry.chips()):
        lines.append(plain(one_line(chips, _TITLE_UNITS)))
    schedule = schedule_text(subscription.schedule, words)
    if subscription.schedule.minute is not None:
        schedule += f" · {zone_text(words, view)}"
    how = [plain(f"• {schedule}")]
    if subscription.topic is None:
        how.append(plain("• " + breadth_text(subscription.breadth, words)))
    how.append(plain("• ") + _sent(subscription, words, view))
    if subscription.paused:
        how.append(plain("⏸ " + words.gettext("Paused: nothing is sent until you go on.")))
    elif paused:
        how.append(plain("⏸ " + words.gettext("Everything is paused: nothing is sent until you go on.")))
    text = joined(_GAP, (plain(above), joined("\n", (title, *lines)), joined("\n", how)))
    return Message(text.html, tuple(_page_rows(subscription, words)))


def render_words_prompt(subscription: Subscription, words: Words) -> Message:
    """How to follow other words; a reply to this message is read as these."""
    text = words.gettext(
        "Reply to this message with the new words. Sources and exclusions work as in questions. Now:"
    )
    back = Button(words.gettext("◀ Back"), data(Act.LEAVE_WORDS, subscription.id))
    return Message(joined(_GAP, (plain(text), question_lines(subscription.inquiry, words))).html, ((back,),))


def render_name_prompt(subscription: Subscription, words: Words) -> Message:
    """How to name a subscription; a reply to this message is read as the name."""
    text = words.gettext("Reply to this message with a name for it; “-” takes the name away. Now:")
    back = Button(words.gettext("◀ Back"), data(Act.LEAVE_NAME, subscription.id))
    return Message(joined(_GAP, (plain(text), plain(title_of(subscription, words)))).html, ((back,),))


def render_deleted(subscription: Subscription, undo: str, words: Words) -> Message:
    """What is no longer followed, with a button that brings it back; `undo` is what it carries."""
    said = words.gettext("No longer followed:")
    text = joined("\n", (plain(said), bold(plain(title_of(subscription, words)))))
    buttons = (
        Button(words.gettext("↩ Undo"), undo),
        Button(words.gettext("◀ All that is followed"), data(Act.LIST)),
    )
    return Message(text.html, (buttons,))


def render_gone(words: Words) -> Message:
    """The page of a subscription that there is not any more."""
    text = words.gettext("This is not followed any more.")
    return Message(plain(text).html, ((Button(words.gettext("◀ All that is followed"), data(Act.LIST)),),))


def render_which(subscriptions: Sequence[Subscription], words: Words) -> Message:
    """The question which of several subscriptions is meant."""
    text = words.gettext("This message belongs to several subscriptions. Which do you mean?")
    rows = tuple(
        (Button(label(title_of(each, words), _LABEL_UNITS), data(Act.SHOW, each.id)),)
        for each in subscriptions[: PAGE - 3]
    )
    return Message(
        plain(text).html, (*rows, (Button(words.gettext("◀ All that is followed"), data(Act.LIST)),))
    )


def _counted(listing: Listing, words: Words) -> str:
    last = listing.offset + min(PAGE, len(listing.subscriptions))
    if listing.offset == 0 and last == listing.total:
        said = words.gettext("{count} of at most {most}")
        return said.format(count=listing.total, most=listing.most)
    said = words.gettext("{first} to {last} of {total}")
    return said.format(first=listing.offset + 1, last=last, total=listing.total)


def _entry(number: int, each: Subscription, words: Words, view: View) -> Fragment:
    below = [plain(schedule_text(each.schedule, words)), _sent(each, words, view)]
    if each.paused:
        below.insert(0, plain("⏸ " + words.gettext("paused")))
    title = plain(f"{number}. {title_of(each, words)}")
    return joined("\n", (title, joined(SEPARATOR, below)))


def _sent(each: Subscription, words: Words, view: View) -> Fragment:
    """How much was sent, and when last."""
    if not each.delivered or each.last_delivered is None:
        return plain(words.gettext("nothing sent yet"))
    count = words.gettext("{count} sent, last on")
    at = each.last_delivered.astimezone(view.zone)
    return plain(count.format(count=each.delivered) + " ") + moment(
        plain(at.strftime("%Y-%m-%d %H:%M")), at, "dt"
    )


def _list_rows(listing: Listing, words: Words) -> Iterator[Row]:
    numbers = [
        Button(str(listing.offset + place), data(Act.SHOW, each.id))
        for place, each in enumerate(listing.subscriptions[:PAGE], 1)
    ]
    yield from (tuple(numbers[start : start + _A_ROW]) for start in range(0, len(numbers), _A_ROW))
    beside = []
    if listing.offset > 0:
        beside.append(Button("◀", data(Act.LIST, str(max(0, listing.offset - PAGE)))))
    if listing.offset + PAGE < listing.total:
        beside.append(Button("▶", data(Act.LIST, str(listing.offset + PAGE))))
    if beside:
        yield tuple(beside)
    if listing.paused:
        everything = Button(words.gettext("▶ Go on with everything"), data(Act.ALL, "0"))
    else:
        everything = Button(words.gettext("⏸ Pause everything"), data(Act.ALL, "1"))
    yield (everything, Button(words.gettext("📤 Export"), data(Act.EXPORT)))


def _page_rows(subscription: Subscription, words: Words) -> Iterator[Row]:
    plan = plan_of(subscription)

    def carry(other: Plan) -> str:
        return data(Act.CHANGE, subscription.id, other)

    if subscription.paused:
        first = Button(words.gettext("▶ Go on"), data(Act.RESUME, subscription.id))
    else:
        first = Button(words.gettext("⏸ Pause"), data(Act.PAUSE, subscription.id))
    yield (first, Button(words.gettext("🗑 Delete"), data(Act.DELETE, subscription.id)))
    if subscription.topic is None:
        yield breadth_row(plan, carry, words)
    yield (
        when_button(plan, data(Act.WHEN, subscription.id), words),
        sound_button(plan, carry, words),
    )
    name = Button(words.gettext("🏷 Name"), data(Act.NAME, subscription.id))
    if subscription.topic is None:
        yield (Button(words.gettext("✏️ Other words"), data(Act.WORDS, subscription.id)), name)
    else:
        yield (name,)
    yield (Button(words.gettext("◀ All that is followed"), data(Act.LIST)),)
