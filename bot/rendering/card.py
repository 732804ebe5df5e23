"""The card: an answer as one message, with everything that can be done about it as buttons.

What answers stands in the first lines. Below it stand the further excerpts, short, and only then,
where there is room left, the whole paragraphs, which Telegram folds to three lines each. What is
quoted is verbatim: whatever does not fit is cut at a marked place outside the quote or left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.card_buttons import card_keyboard
from bot.rendering.citation import SEPARATOR, cited, one_line
from bot.rendering.excerpt import quotation, trimmed
from bot.rendering.fragments import (
    MAX_ENTITIES,
    MAX_UNITS,
    Fragment,
    bold,
    expandable_quote,
    joined,
    labelled,
    plain,
)
from bot.rendering.message import Message
from bot.rendering.sources import correction_lines, sources_line
from retrieval.answer import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.card_buttons import Shown
    from bot.rendering.dates import View
    from retrieval.answer import Answer, Citation, Excerpt

FIRST_UNITS = 900
FURTHER_UNITS = 350
FIRST_TITLE_UNITS = 300
FURTHER_TITLE_UNITS = 120
NEAREST = 5

_GAP = "\n\n"
_QUESTION_UNITS = 200
_NEAREST_TITLE_UNITS = 160
_MISSING_UNITS, _MOST_MISSING = 40, 5
# An underlined answer may cut two matches in two.
_CUT_BY_ANSWER = 2


@dataclass(frozen=True, slots=True)
class _Placed:
    """An excerpt in the message: its number, counted from 1 over all pages, and what of it is quoted."""

    excerpt: Excerpt
    number: int
    span: Span


def render_card(answer: Answer, shown: Shown, words: Words, view: View) -> Message:
    """The reply to a question.

    Args:
        answer: a page of what was found.
        shown: the reply it belongs to, and what the reader has done about it.
        words: the language of everything that is not quoted.
        view: when and where it is read.
    """
    heading = [bold(plain(one_line(shown.inquiry.said, _QUESTION_UNITS)))] if shown.repeat_question else []
    if not answer.excerpts:
        text = joined(_GAP, (*heading, *_nothing(answer, shown, words, view)))
        return Message(text.html, card_keyboard((), answer, shown, words, view))
    if answer.verdict is Verdict.RELATED:
        related = words.gettext("I did not find exactly that. This is related:")
        heading.append(joined("\n", (plain(related), _missing(shown, words))))
    text, placed = _with_excerpts(joined(_GAP, heading), answer, words, view)
    text = _with_paragraphs(text, placed, words)
    return Message(text.html, card_keyboard([each.excerpt for each in placed], answer, shown, words, view))


def _with_excerpts(
    text: Fragment, answer: Answer, words: Words, view: View
) -> tuple[Fragment, Sequence[_Placed]]:
    """Add excerpts while they fit; bold stretches are given out best excerpt first."""
    numbered = answer.total > 1 or len(answer.excerpts) > 1
    parts = []
    for index, excerpt in enumerate(answer.excerpts):
        number = answer.offset + index + 1
        title_units = FURTHER_TITLE_UNITS if index else FIRST_TITLE_UNITS
        below = _below(excerpt, number if numbered else None, title_units, words, view)
        parts.append((_Placed(excerpt, number, excerpt.span), below))
    # A quote, a paragraph, and what stands below the quote.
    needs = [2 + below.entities + (1 + _CUT_BY_ANSWER if each.excerpt.answer else 0) for each, below in parts]
    placed: list[_Placed] = []
    for index, (each, below) in enumerate(parts):
        bolds = max(0, MAX_ENTITIES - text.entities - sum(needs[index:]))
        quoted = quotation(each.excerpt, bolds, FURTHER_UNITS if placed else FIRST_UNITS)
        longer = joined(_GAP, (text, joined("\n", (quoted.fragment, below))))
        if longer.units > MAX_UNITS or longer.entities > MAX_ENTITIES:
            break  # what is left out is the first of the next page
        text = longer
        placed.append(_Placed(each.excerpt, each.number, quoted.span))
    return text, placed


def _below(excerpt: Excerpt, number: int | None, title_units: int, words: Words, view: View) -> Fragment:
    mark = plain(f"{number}. " if number is not None else "")
    return joined(
        "\n",
        (
            mark + cited(excerpt.citation, words, title_units, view),
            sources_line(excerpt, words),
            *correction_lines(excerpt, words, view),
        ),
    )


def _with_paragraphs(text: Fragment, placed: Sequence[_Placed], words: Words) -> Fragment:
    """Add the paragraph of each excerpt that is longer than what is quoted of it, while there is room."""
    seen = set()
    for each in placed:
        passage = each.excerpt.passage
        whole = trimmed(passage.text, Span(0, len(passage.text)))
        if each.span == whole or passage.id in seen:
            continue
        label = (
            words.gettext("The whole paragraph of {number}:").format(number=each.number)
            if len(placed) > 1
            else words.gettext("The whole paragraph:")
        )
        folded = expandable_quote(plain(passage.text[whole.start : whole.end]))
        longer = joined(_GAP, (text, joined("\n", (plain(label), folded))))
        if longer.fits:
            text = longer
            seen.add(passage.id)
    return text


def _nothing(answer: Answer, shown: Shown, words: Words, view: View) -> Iterator[Fragment]:
    if answer.offset:
        yield plain(words.gettext("There are no more results."))
        return
    nothing = (
        words.gettext("I found nothing about this in the news I have.")
        if shown.inquiry.scope.document_id is None
        else words.gettext("I found nothing about this in this document.")
    )
    yield joined("\n", (plain(nothing), _missing(shown, words)))
    if shown.inquiry.chips():
        yield plain(words.gettext("The buttons below say what I assumed. Press one to take it back."))
    if shown.suggestions:
        yield plain(words.gettext("Did you mean one of these?"))
    if answer.nearest:
        yield _nearest(answer.nearest, words, view)


def _nearest(nearest: Iterable[Citation], words: Words, view: View) -> Fragment:
    lines = [
        plain("• ") + cited(citation, words, _NEAREST_TITLE_UNITS, view)
        for citation in tuple(nearest)[:NEAREST]
    ]
    return joined("\n", (plain(words.gettext("The nearest news:")), *lines))


def _missing(shown: Shown, words: Words) -> Fragment:
    """Which of the question's words the news does not have at all."""
    named = dict.fromkeys((*shown.missing, *(each.written for each in shown.suggestions)))
    missing = [text for each in named if (text := one_line(each, _MISSING_UNITS))][:_MOST_MISSING]
    if not missing:
        return Fragment()
    return labelled(words.gettext("Not in the news at all:"), plain(SEPARATOR.join(missing)))
