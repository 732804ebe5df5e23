"""An answer as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.citation import cited, one_line
from bot.rendering.excerpt import excerpt_fragment, overhead_entities
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, Fragment, bold, joined, plain
from bot.rendering.message import Message
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.locale.catalogue import Words
    from retrieval.answer import Answer, Citation

NEAREST = 5
_GAP = "\n\n"
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
        longer = joined(_GAP, (message, excerpt_fragment(excerpt, words, bolds)))
        if longer.units <= MAX_UNITS:
            message = longer
        reserved -= overhead_entities(excerpt)
    return message


def _nothing(nearest: tuple[Citation, ...], words: Words) -> Iterable[Fragment]:
    yield plain(words.gettext("I found nothing about this in the news I have."))
    if nearest:
        lines = (plain("• ") + cited(near, words, _NEAREST_TITLE_UNITS) for near in nearest[:NEAREST])
        yield joined("\n", (plain(words.gettext("The nearest news:")), *lines))
