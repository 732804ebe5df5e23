"""`/unanswered`: what readers asked and did not find, matter by matter, and what can be done about one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.dates import age
from bot.rendering.fragments import Fragment, bold, code, joined, labelled, plain, quote
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.keeping.unanswered import Matter
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from retrieval.answer import Answer

PREFIX: Final = "una:"
PAGE: Final = 5
"""Matters on a page."""

DAYS: Final = (7, 30, 90)
"""The spans that can be looked at."""

_DATA = re.compile(
    r"una:(?:(list):(7|30|90):([0-9]{1,5})|(see|add|ask|done):(7|30|90):([A-Za-z0-9]{10})"
    r"|(term):(7|30|90):([A-Za-z0-9]{10}):([0-9])|(undo):(7|30|90):([0-9]{1,18}))",
    re.ASCII,
)
_WORDINGS = 8
_QUESTION_UNITS = 160
_TERM_UNITS = 40
_MOST_TERMS = 3
_NOW = {
    Verdict.ANSWERED: N_("Asked now, it is answered."),
    Verdict.RELATED: N_("Asked now, only something related is found."),
    Verdict.NOTHING: N_("Asked now, nothing is found."),
}


class Act(StrEnum):
    """What a button of this page does."""

    LIST = "list"
    SEE = "see"
    ADD = "add"
    ASK = "ask"
    TERM = "term"
    DONE = "done"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button.

    `key` is the reply that names a matter; `number` an offset, an entry of the audit, or which of
    the terms that the news lacks.
    """

    act: Act
    days: int
    key: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What was just taken off the list, and the entry of the audit under which it can be undone."""

    question: str
    entry: int


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    act, days, *values = (each for each in match.groups() if each is not None)
    if act in {Act.LIST, Act.UNDO}:
        return Pressed(Act(act), int(days), number=int(values[0]))
    return Pressed(Act(act), int(days), values[0], int(values[1]) if act == Act.TERM else 0)


def render_unanswered(
    matters: Sequence[Matter],
    offset: int,
    days: int,
    words: Words,
    view: View,
    *,
    settled: Settled | None = None,
) -> Message:
    """A page of matters, what was asked most often first."""
    head = bold(plain(words.gettext("What readers did not find")))
    time = words.gettext("the last {days} days").format(days=days)
    parts = [head + plain(f" · {time}")]
    if settled is not None:
        parts.append(
            labelled(words.gettext("Off the list:"), plain(one_line(settled.question, _QUESTION_UNITS)))
        )
    page = matters[offset : offset + PAGE]
    if not matters:
        parts.append(plain(words.gettext("Nothing: everybody found something, or it has been seen to.")))
    else:
        total = sum(len(each.asked) for each in matters)
        questions = words.ngettext("{count} question", "{count} questions", total).format(count=f"{total:,}")
        about = words.ngettext("about {count} matter", "about {count} matters", len(matters))
        parts.append(plain(f"{questions} {about.format(count=f'{len(matters):,}')}"))
    parts.extend(_entry(place, each, words, view) for place, each in enumerate(page, offset + 1))
    return Message(joined("\n\n", parts).html, tuple(_list_buttons(matters, offset, days, words, settled)))


def render_matter(matter: Matter, answer: Answer, days: int, words: Words, view: View) -> Message:
    """One matter: how it was asked, what comes of it now, and what can be done.

    Args:
        matter: the questions.
        answer: what the newest of them is answered now.
        days: the span of the list that it stands in.
        words: the reader's.
        view: when and where it is read.
    """
    wordings = [plain(one_line(each, _QUESTION_UNITS)) for each in matter.wordings[:_WORDINGS]]
    if len(matter.wordings) > _WORDINGS:
        wordings.append(plain(f"… +{len(matter.wordings) - _WORDINGS:,}"))
    parts = [
        quote(joined("\n", wordings)),
        plain(_counts(matter, words, view)),
        plain(words.gettext(_NOW[answer.verdict])),
    ]
    if answer.missing:
        parts.append(labelled(words.gettext("The news lacks:"), plain(", ".join(terms_of(matter, answer)))))
    terms = terms_of(matter, answer)
    return Message(joined("\n\n", parts).html, tuple(_matter_buttons(matter, terms, days, words)))


def terms_of(matter: Matter, answer: Answer) -> tuple[str, ...]:
    """What might be a term for the glossary: what the news lacks, or else the whole question."""
    terms = answer.missing[:_MOST_TERMS] or (matter.newest.inquiry.said,)
    return tuple(one_line(each, _TERM_UNITS) for each in terms)


def render_how_to_add(matter: Matter, days: int, words: Words) -> Message:
    """How news about a matter gets into the corpus."""
    parts = [
        quote(plain(one_line(matter.newest.inquiry.said, _QUESTION_UNITS))),
        plain(
            words.gettext(
                "To add news about this, send it here: a file, a link, or a post forwarded from a channel. "
                "To a text that stands here already, reply with"
            )
        )
        + plain(" ")
        + code(plain("/add")),
        plain(words.gettext("You see what becomes of it, and confirm, before any reader does.")),
    ]
    back = Button(words.gettext("◀ Back"), f"{PREFIX}{Act.SEE}:{days}:{matter.key}")
    return Message(joined("\n\n", parts).html, ((back,),))


def _entry(place: int, matter: Matter, words: Words, view: View) -> Fragment:
    lines = [plain(f"{place}. ") + bold(plain(one_line(matter.wordings[0], _QUESTION_UNITS)))]
    others = len(matter.wordings) - 1
    if others:
        also = words.ngettext("and in {count} other way", "and in {count} other ways", others)
        lines.append(plain(also.format(count=f"{others:,}")))
    lines.append(plain(_counts(matter, words, view)))
    return joined("\n", lines)


def _counts(matter: Matter, words: Words, view: View) -> str:
    times = words.ngettext("asked {count} time", "asked {count} times", len(matter.asked)).format(
        count=len(matter.asked)
    )
    when = age(Published(matter.newest.created, Precision.MINUTE), words, view)
    return " · ".join([times, words.gettext("last {when}").format(when=when), *_outcomes(matter, words)])


def _outcomes(matter: Matter, words: Words) -> Iterator[str]:
    if count := matter.count(Verdict.NOTHING):
        yield words.gettext("not found: {count}").format(count=count)
    if count := matter.count(Verdict.RELATED):
        yield words.gettext("only related: {count}").format(count=count)
    if matter.disliked:
        yield f"👎 {matter.disliked}"


def _list_buttons(
    matters: Sequence[Matter], offset: int, days: int, words: Words, settled: Settled | None
) -> Iterator[tuple[Button, ...]]:
    if settled is not None:
        yield (Button(words.gettext("Undo"), f"{PREFIX}{Act.UNDO}:{days}:{settled.entry}"),)
    page = matters[offset : offset + PAGE]
    if page:
        yield tuple(
            Button(str(place), f"{PREFIX}{Act.SEE}:{days}:{each.key}")
            for place, each in enumerate(page, offset + 1)
        )
    beside = []
    if offset > 0:
        beside.append(Button(words.gettext("◀ Back"), f"{PREFIX}{Act.LIST}:{days}:{max(0, offset - PAGE)}"))
    if offset + PAGE < len(matters):
        beside.append(Button(words.gettext("More ▶"), f"{PREFIX}{Act.LIST}:{days}:{offset + PAGE}"))
    if beside:
        yield tuple(beside)
    names = {each: words.gettext("{days} days").format(days=each) for each in DAYS}
    yield tuple(
        Button(f"✓ {names[each]}" if each == days else names[each], f"{PREFIX}{Act.LIST}:{each}:0")
        for each in DAYS
    )


def _matter_buttons(
    matter: Matter, terms: Sequence[str], days: int, words: Words
) -> Iterator[tuple[Button, ...]]:
    def of(act: Act, label: str) -> Button:
        return Button(label, f"{PREFIX}{act}:{days}:{matter.key}")

    yield of(Act.ADD, words.gettext("Add news")), of(Act.ASK, words.gettext("Ask it here"))
    for place, term in enumerate(terms):
        label = words.gettext("To the glossary: {term}").format(term=term)
        yield (Button(label, f"{PREFIX}{Act.TERM}:{days}:{matter.key}:{place}"),)
    yield (
        of(Act.DONE, words.gettext("✓ Done")),
        Button(words.gettext("◀ Back"), f"{PREFIX}{Act.LIST}:{days}:0"),
    )
