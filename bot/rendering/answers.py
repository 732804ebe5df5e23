"""An answer as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import SOURCE_UNITS, cited, one_line
from bot.rendering.excerpt import EXCERPT_UNITS, overhead_entities, quotation
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, Fragment, bold, joined, plain
from bot.rendering.message import Message
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.locale.catalogue import Words
    from retrieval.answer import Answer, Citation, Excerpt

NEAREST = 5
_GAP = "\n\n"
_BESIDE_TITLE_UNITS = 120
_MOST_SOURCES = 5
_QUESTION_UNITS = 200
_NEAREST_TITLE_UNITS = 160


def render_answer(answer: Answer, words: Words, *, repeat_question: bool = False) -> Message:
    """The reply to a question: its excerpts best first, as many as fit, or what comes nearest.

    Args:
        answer: what was found.
        words: the language of everything that is not quoted.
        repeat_question: put the question above, for an answer with no question in the chat.
    """
    heading = bold(plain(one_line(answer.question.text, _QUESTION_UNITS))) if repeat_question else Fragment()
    if answer.verdict is Verdict.NOTHING or not answer.excerpts:
        return Message(joined(_GAP, (heading, *_nothing(answer.nearest, words))).html)
    if answer.verdict is Verdict.RELATED:
        related = words.gettext("I did not find exactly that. This is related:")
        heading = joined(_GAP, (heading, plain(related)))
    return Message(_with_excerpts(heading, answer, words).html)


def _with_excerpts(message: Fragment, answer: Answer, words: Words) -> Fragment:
    """Add excerpts while they fit whole; bold stretches are given out best excerpt first."""
    reserved = sum(map(overhead_entities, answer.excerpts))
    for excerpt in answer.excerpts:
        bolds = max(0, MAX_ENTITIES - message.entities - reserved)
        longer = joined(_GAP, (message, _excerpt(excerpt, words, bolds)))
        if longer.units <= MAX_UNITS:
            message = longer
        reserved -= overhead_entities(excerpt)
    return message


def _nothing(nearest: tuple[Citation, ...], words: Words) -> Iterable[Fragment]:
    yield plain(words.gettext("I found nothing about this in the news I have."))
    if nearest:
        lines = (plain("• ") + cited(near, words, _NEAREST_TITLE_UNITS) for near in nearest[:NEAREST])
        yield joined("\n", (plain(words.gettext("The nearest news:")), *lines))


def _excerpt(excerpt: Excerpt, words: Words, bolds: int, units: int = EXCERPT_UNITS) -> Fragment:
    """The excerpt with its citation.

    Args:
        excerpt: what to show.
        words: the language of everything around the quote.
        bolds: how many stretches may be bold; later matches stay plain.
        units: the longest quote, in UTF-16 units.
    """
    return joined(
        "\n",
        (
            quotation(excerpt, bolds, units).fragment,
            cited(excerpt.citation, words),
            *_beside(excerpt, words),
        ),
    )


def _beside(excerpt: Excerpt, words: Words) -> Iterator[Fragment]:
    """Lines on corrections and on other sources of the same text."""
    for label, citation in (
        (words.gettext("Corrected by:"), excerpt.corrected_by),
        (words.gettext("Corrects:"), excerpt.corrects),
    ):
        if citation is not None:
            yield plain(f"{label} ") + cited(citation, words, _BESIDE_TITLE_UNITS)
    if excerpt.also:
        named = (plain(one_line(each.source, SOURCE_UNITS)) for each in excerpt.also if each.source)
        sources = joined(", ", list({each.html: each for each in named}.values())[:_MOST_SOURCES])
        more = plain(words.gettext("Also reported by:") + " ")
        yield more + sources if sources else Fragment()
