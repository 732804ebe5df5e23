"""The draft of a subscription: what it would have sent of the news there is, before anybody saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.chips import chip_text
from bot.rendering.citation import SEPARATOR, cited, one_line
from bot.rendering.excerpt import overhead_entities, quotation
from bot.rendering.fragments import MAX_ENTITIES, Fragment, bold, code, joined, plain
from bot.rendering.message import Button, Message
from bot.rendering.plans import breadth_row, breadth_text, schedule_text, sound_button, when_button
from bot.rendering.subscription_data import Act, Plan, data

if TYPE_CHECKING:
    from bot.inquiry import Inquiry
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Excerpt
    from retrieval.percolator import Preview

MOST_SHOWN = 5

_QUESTION_UNITS = 200
_CHIPS_UNITS = 200
_EXCERPT_UNITS = 320
_TITLE_UNITS = 120
_GAP = "\n\n"
# What stands in the message beside the excerpts: the heading.
_OTHER_ENTITIES = 2


def render_draft(
    inquiry: Inquiry, key: str, plan: Plan, preview: Preview, words: Words, view: View
) -> Message:
    """What following a question would have brought, with the buttons that choose how and save it.

    Args:
        inquiry: the question.
        key: of the reply that keeps it.
        plan: how it would be followed.
        preview: what it would have sent, newest first.
        words: the language of everything that is not quoted.
        view: when and where it is read.
    """
    heading = joined(
        "\n", (bold(plain(words.gettext("Follow this question?"))), question_lines(inquiry, words))
    )
    shown = preview.excerpts[:MOST_SHOWN]
    if shown:
        title = words.ngettext(
            "The last {count} passage that I would have sent you:",
            "The last {count} passages that I would have sent you:",
            len(shown),
        ).format(count=len(shown))
    else:
        title = words.gettext(
            "Nothing that I have now would have been sent. You will hear of the first that is."
        )
    chosen = joined(
        "\n",
        (
            plain("• " + breadth_text(plan.breadth, words)),
            plain("• " + schedule_text(plan.schedule, words)),
            plain("• " + expected(preview, words)) if shown else Fragment(),
        ),
    )
    whole = joined(_GAP, (heading, plain(title)))
    for place, excerpt in enumerate(shown):
        longer = joined(_GAP, (whole, _entry(excerpt, shown[place:], whole, words, view)))
        if not joined(_GAP, (longer, chosen)).fits:
            break
        whole = longer
    return Message(joined(_GAP, (whole, chosen)).html, _keyboard(key, plan, words))


def render_how_to_subscribe(example: str | None, words: Words) -> Message:
    """The reply to `/subscribe` without a question."""
    text = words.gettext(
        "Write what you want to be told of, and I show you what I would have sent of the news there is "
        "before anything is saved. Words, sources and exclusions work as in questions:"
    )
    shown = example or words.gettext("innovative drugs -financing")
    also = words.gettext(
        "You can also press “Follow” under an answer, or reply to an answer with /subscribe. "
        "/topics has topics to follow, and /subscriptions shows what is followed here."
    )
    return Message(joined(_GAP, (plain(text), code(plain(f"/subscribe {shown}")), plain(also))).html)


def render_not_saved(words: Words) -> Message:
    """What becomes of a draft that is not saved."""
    return Message(plain(words.gettext("Nothing was saved.")).html)


def expected(preview: Preview, words: Words) -> str:
    """How much is to be expected."""
    if preview.per_week < 1:
        return words.gettext("to expect: less than one a week")
    return words.gettext("to expect: about {count} a week").format(count=round(preview.per_week))


def question_lines(inquiry: Inquiry, words: Words) -> Fragment:
    """A question with all that was assumed of it, on at most two lines."""
    said = one_line(inquiry.said, _QUESTION_UNITS)
    chips = SEPARATOR.join(chip_text(chip, words) for chip in inquiry.chips())
    return joined("\n", (plain(said), plain(one_line(chips, _CHIPS_UNITS))))


def _entry(
    excerpt: Excerpt, rest: tuple[Excerpt, ...], whole: Fragment, words: Words, view: View
) -> Fragment:
    """An excerpt with its source; bold stretches are given out while all that follow have room."""
    needed = sum(map(overhead_entities, rest)) + _OTHER_ENTITIES
    bolds = max(0, MAX_ENTITIES - whole.entities - needed) // len(rest)
    quoted = quotation(excerpt, bolds, _EXCERPT_UNITS)
    return joined("\n", (quoted.fragment, cited(excerpt.citation, words, _TITLE_UNITS, view)))


def _keyboard(key: str, plan: Plan, words: Words) -> tuple[tuple[Button, ...], ...]:
    def carry(other: Plan) -> str:
        return data(Act.DRAFT, key, other)

    return (
        breadth_row(plan, carry, words),
        (when_button(plan, data(Act.DRAFT_WHEN, key, plan), words), sound_button(plan, carry, words)),
        (
            Button(words.gettext("✅ Follow"), data(Act.SAVE, key, plan)),
            Button(words.gettext("✖ Cancel"), data(Act.CANCEL, key)),
        ),
    )
