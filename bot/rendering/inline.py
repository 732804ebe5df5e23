"""Inline results: excerpts that a reader puts into any chat as messages of their own, cited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.citation import cited, one_line
from bot.rendering.dates import written
from bot.rendering.excerpt import overhead_entities, quotation
from bot.rendering.fragments import MAX_ENTITIES, Fragment, joined, sendable
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Answer, Excerpt
    from retrieval.operators import Problem

MOST_RESULTS = 10
START = "inline"
"""What the button above the results opens the bot's chat with: the welcome."""

_TITLE_UNITS = 120
_SOURCE_UNITS = 60
_OPERATOR_UNITS = 30


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result: what the list shows of it, and the message it inserts.

    Attributes:
        id: the same for the same excerpt, at most 64 bytes.
        title: the beginning of the excerpt, on one line.
        description: its source and date.
        html: the message, which quotes and cites.
    """

    id: str
    title: str
    description: str
    html: str


def inline_results(answer: Answer, words: Words, view: View) -> tuple[InlineResult, ...]:
    """The excerpts of an answer, best first, at most ten; none if nothing was found."""
    return tuple(_results(answer, words, view))


def inline_notice(answer: Answer | None, words: Words, problems: Sequence[Problem] = ()) -> str:
    """What the button above the results says, at most 64 characters; pressing it opens the bot's chat.

    Args:
        answer: None while the reader has not asked anything.
        words: the language.
        problems: operators that could not be read, so that nothing was looked for.
    """
    if problems:
        written = one_line(f"{problems[0].operator}:{problems[0].value}", _OPERATOR_UNITS)
        return words.gettext("I could not read “{operator}”").format(operator=written)
    if answer is None:
        return words.gettext("Write a question about the news")
    if answer.verdict is Verdict.NOTHING or not answer.excerpts:
        return words.gettext("Nothing found. Ask me in our chat")
    if answer.verdict is Verdict.RELATED:
        return words.gettext("Not exactly found; this is related")
    return words.gettext("More in our chat")


def inserted(excerpt: Excerpt, words: Words, view: View) -> Fragment:
    """The message that a result inserts: the quote and its citation."""
    bolds = MAX_ENTITIES - overhead_entities(excerpt) - 1
    return joined("\n", (quotation(excerpt, bolds).fragment, cited(excerpt.citation, words, view=view)))


def _results(answer: Answer, words: Words, view: View) -> Iterator[InlineResult]:
    for excerpt in answer.excerpts[:MOST_RESULTS]:
        citation = excerpt.citation
        name = f"{excerpt.passage.id}:{excerpt.span.start}:{excerpt.span.end}"
        source = one_line(sendable(citation.source or ""), _SOURCE_UNITS) or words.gettext("no source given")
        published = citation.published
        date = written(published, view) if published else words.gettext("no date given")
        yield InlineResult(
            id=hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32],
            title=one_line(sendable(excerpt.text), _TITLE_UNITS) or words.gettext("untitled"),
            description=f"{source} · {date}",
            html=inserted(excerpt, words, view).html,
        )
