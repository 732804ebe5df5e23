"""What the bot says of itself: the welcome, the help, and kind words where it cannot answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, bold, code, joined, plain
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.examples import Example
    from bot.locale.catalogue import Words
    from retrieval.operators import Problem

EXAMPLE_PREFIX = "example:"

_MOST_OPERATORS = 8
_OPERATOR_UNITS = 80


def render_welcome(examples: Sequence[Example], words: Words) -> Message:
    """The reply to `/start`."""
    paragraphs = [
        bold(plain(words.gettext("Wenxun answers questions about the news."))),
        plain(
            words.gettext(
                "Ask in Chinese or English. I reply with the sentences that answer, "
                "word for word, with their source and date."
            )
        ),
    ]
    if examples:
        paragraphs.append(plain(words.gettext("Try one of these, or write your own question:")))
    return Message(joined("\n\n", paragraphs).html, _example_buttons(examples))


def render_how_to_ask(examples: Sequence[Example], words: Words) -> Message:
    """The reply to a question with no words in it."""
    return Message(
        plain(words.gettext("What would you like to know? Write your question in a few words.")).html,
        _example_buttons(examples),
    )


def render_operator_problems(problems: Sequence[Problem], words: Words) -> Message:
    """The reply to a question with operators that cannot be read: nothing was looked for."""
    text = words.gettext(
        "I could not read this, so I have not looked for anything yet. /help shows how to write it:"
    )
    shown = (
        code(plain(one_line(f"{problem.operator}:{problem.value}", _OPERATOR_UNITS)))
        for problem in problems[:_MOST_OPERATORS]
    )
    return _paragraphs(plain(text), joined("\n", shown))


def render_text_only(words: Words, *, spoken: bool) -> Message:
    """The reply to a message without text; `spoken` if it was a voice or the like."""
    if spoken:
        return _paragraphs(plain(words.gettext("I cannot listen. Please write your question.")))
    return _paragraphs(plain(words.gettext("I can only read text. Please write your question.")))


def render_outdated_example(words: Words) -> Message:
    """The reply to an example whose document is no longer there."""
    return _paragraphs(plain(words.gettext("The news behind this example is gone. /start shows new ones.")))


def render_unknown_command(words: Words) -> Message:
    """The reply to a command that does not exist."""
    return _paragraphs(plain(words.gettext("I do not know this command. /help lists those I know.")))


def render_crowded(most: int, words: Words) -> Message:
    """The reply when a chat asks faster than the bot answers; once, not for each question."""
    text = words.gettext(
        "That is a lot at once. I answer up to {most} waiting questions; please send the others again later."
    )
    return _paragraphs(plain(text.format(most=most)))


def render_apology(code: str, words: Words) -> Message:
    """The reply when something went wrong inside; the operator finds the code in the log."""
    text = words.gettext(
        "Sorry, something went wrong on my side. If it happens again, tell my operator this code: {code}"
    )
    return _paragraphs(plain(text.format(code=code)))


def inline_apology(code: str, words: Words) -> str:
    """The same where there is no room for more: at most 64 characters."""
    return words.gettext("Something went wrong. Code: {code}").format(code=code)


DEAD_BUTTON = N_("This button no longer works.")
EXPIRED = N_("This answer is too old: I no longer have it. Please ask again.")
THANKS = N_("Thank you.")


def _paragraphs(*paragraphs: Fragment) -> Message:
    return Message(joined("\n\n", paragraphs).html)


def _example_buttons(examples: Sequence[Example]) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(example.question, f"{EXAMPLE_PREFIX}{example.key}"),) for example in examples)
