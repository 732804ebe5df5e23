"""The reply to `/help`: how to ask, how to narrow a question down, and the commands.

Its examples are made of what the loaded news has, so each of them finds something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_skeleton

from bot.rendering.citation import one_line
from bot.rendering.fragments import MAX_UNITS, Fragment, bold, code, joined, plain
from bot.rendering.message import Message
from retrieval.operators import read_operators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.locale.catalogue import Words

_LONGEST = 40
_ANY_DAY = date(2026, 1, 1)
# What ends a value or parts it in two.
_PARTING = re.compile(r"[\"“”「」『』;；,，、|:：。!！?？()（）]")


@dataclass(frozen=True, slots=True)
class HelpExamples:
    """What the loaded news has, for examples; None where it has no such thing.

    Attributes:
        source: the name of a source.
        month: the first day of a month that news is from.
        term: a term that occurs.
    """

    source: str | None = None
    month: date | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to narrow a question down: as an operator, in plain words if there is one, and what it does."""

    short: str
    plain: str
    meaning: str


def render_help(
    menu: Sequence[tuple[str, str]],
    username: str,
    examples: HelpExamples,
    words: Words,
    keeping: Sequence[tuple[str, str]] = (),
) -> Message:
    """The reply to `/help`.

    Args:
        menu: each command's name and the msgid of what it does.
        username: the bot's, without "@".
        examples: what the examples are made of.
        words: the language.
        keeping: the commands with which this reader keeps the news, likewise.
    """
    lists = [_titled(words.gettext("Commands"), _listed(menu, words))]
    if keeping:
        lists.append(_titled(words.gettext("Keeping the news"), _listed(keeping, words)))
    whole = joined(
        "\n\n",
        (
            *_asking(words),
            _narrowing(examples, words),
            _elsewhere(username, words),
            *lists,
        ),
    )
    if whole.units > MAX_UNITS:  # with a menu of a hundred commands
        names = " ".join(f"/{name}" for name, _ in (*menu, *keeping))
        whole = _titled(words.gettext("Commands"), plain(names))
    return Message(whole.html)


def _listed(menu: Sequence[tuple[str, str]], words: Words) -> Fragment:
    return joined("\n", (plain(f"/{name} – {words.gettext(msgid)}") for name, msgid in menu))


def operators(examples: HelpExamples, words: Words) -> tuple[Operator, ...]:
    """The operators with examples; plain words that would not be read as one are left out."""
    today = examples.month or _ANY_DAY
    return tuple(
        operator if read_operators(f"…, {operator.plain}", today).scope else replace(operator, plain="")
        for operator in _operators(examples, words)
    )


def _asking(words: Words) -> Iterator[Fragment]:
    yield plain(words.gettext("Write a question, and I look for the sentences in the news that answer it."))
    yield plain(
        words.gettext(
            "Names, figures and dates help. What I quote is word for word what the source wrote; "
            "I add nothing of my own."
        )
    )
    yield plain(
        words.gettext(
            "Ask on after an answer (“and in clinical trials?”) and I keep what it was about. Reply to an "
            "answer to ask within its document. Forward me a message to find news about it."
        )
    )


def _narrowing(examples: HelpExamples, words: Words) -> Fragment:
    title = words.gettext("Narrow it down, in short or in plain words")
    lines = joined("\n", (_line(operator, words) for operator in operators(examples, words)))
    note = plain(
        words.gettext("What I understood stands on buttons under the answer; press one to take it back.")
    )
    return joined("\n", (bold(plain(title)), lines, note))


def _line(operator: Operator, words: Words) -> Fragment:
    line = plain("• ") + code(plain(operator.short))
    if operator.plain:
        # Plain words are read in a clause of their own.
        line += plain(words.gettext(" or ")) + code(
            plain(words.gettext("…, {words}").format(words=operator.plain))
        )
    return line + plain(f" – {operator.meaning}")


def _elsewhere(username: str, words: Words) -> Fragment:
    groups = words.gettext("In a group, write /ask and your question, mention @{name}, or reply to me.")
    inline = words.gettext(
        "In any other chat, write @{name} and your question, and choose an excerpt to send."
    )
    return joined("\n", (plain(groups.format(name=username)), plain(inline.format(name=username))))


def _example(text: str | None) -> str:
    """A text of the news as an example; empty where it would not be read back as it stands."""
    shown = one_line(text, _LONGEST)
    return "" if shown != text or _PARTING.search(shown) else shown


def _value(text: str) -> str:
    """A value as an operator takes it: in quotation marks if it has several words."""
    return f'"{text}"' if " " in text else text


def _titled(title: str, inner: Fragment) -> Fragment:
    return joined("\n", (bold(plain(title)), inner))


def _operators(examples: HelpExamples, words: Words) -> Iterator[Operator]:
    if source := _example(examples.source):
        yield Operator(
            words.gettext("source:{source}").format(source=_value(source)),
            words.gettext("only from {source}").format(source=source),
            words.gettext("from this source"),
        )
    if examples.month is not None:
        month = examples.month.strftime("%Y-%m")
        said = format_skeleton("yMMMM", examples.month, locale=words.locale)
        yield Operator(
            words.gettext("since:{month}").format(month=month),
            words.gettext("since {month}").format(month=said),
            words.gettext("from then on"),
        )
        yield Operator(words.gettext("until:{month}").format(month=month), "", words.gettext("up to then"))
        yield Operator(words.gettext("date:{month}").format(month=month), "", words.gettext("only from then"))
    yield Operator(
        words.gettext("lang:en"), words.gettext("in English only"), words.gettext("only news in English")
    )
    if term := _example(examples.term):
        yield Operator(
            words.gettext('"{term}"').format(term=term), "", words.gettext("with exactly these words")
        )
        yield Operator(
            words.gettext("-{term}").format(term=_value(term)),
            words.gettext("without {term}").format(term=term),
            words.gettext("without this word"),
        )
