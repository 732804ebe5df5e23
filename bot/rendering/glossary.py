"""What those who keep the corpus see of its glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.keeping.glossary_file import Flaw
from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, bold, code, joined, plain
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.keeping.glossary_file import Term
    from bot.locale.catalogue import Words

PREFIX: Final = "glo:"
PAGE: Final = 8
"""Terms on a page."""

_DATA = re.compile(r"glo:([a-z]+)(?::([0-9a-f]{8}))?(?::([0-9]{1,10}))?", re.ASCII)
_NAME_UNITS = 80
_TERM_UNITS = 200
_EXAMPLE = "/glossary add 创新药 = innovative drug = 新药"

NO_PARTS = N_("A term needs a Chinese and an English name, with = between them.")
NO_CHINESE = N_("None of these names is Chinese. A term needs a Chinese and an English name.")
NO_ENGLISH = N_("None of these names is English. A term needs a Chinese and an English name.")
TOO_LONG = N_("A name of a term is at most 80 characters long and holds no control characters.")
TOO_MANY = N_("A term has at most 12 names.")
KNOWN = N_("The glossary has this term already.")
CANNOT_KEEP = N_(
    "The glossary cannot be read or written, or is full. Is its file in UTF-8, does whoever runs Wenxun "
    "have the right to change it, and is there room on the disk?"
)
GONE = N_("The glossary does not have this term any more.")
LEFT = N_("Nothing was changed.")
_REFUSALS = {
    Flaw.PARTS: NO_PARTS,
    Flaw.CHINESE: NO_CHINESE,
    Flaw.ENGLISH: NO_ENGLISH,
    Flaw.LONG: TOO_LONG,
    Flaw.MANY: TOO_MANY,
}


class Act(StrEnum):
    """What a button about the glossary does."""

    SHOW = "show"
    DROP = "drop"
    BACK = "back"  # a removal is undone
    LEAVE = "leave"  # no names are given


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about the glossary.

    `term` is the term that is meant; `number` is where a page begins, or the entry of the audit
    that is undone.
    """

    act: Act
    term: str = ""
    number: int = 0


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    act = Act(match[1])
    if (act is Act.DROP) != (match[2] is not None):
        return None
    return Pressed(act, match[2] or "", int(match[3] or 0))


def render_said(text: str, words: Words) -> Message:
    """One sentence."""
    return Message(plain(words.gettext(text)).html)


def render_refused(flaw: Flaw, words: Words) -> Message:
    """Why something is no term, with an example."""
    parts = (plain(words.gettext(_REFUSALS[flaw])), _example(words))
    return Message(joined("\n\n", parts).html)


def render_prompt(term: str, words: Words) -> Message:
    """Asks for the other names of a term; who replies to this gives them."""
    asked = words.gettext(
        "What else is this called? Reply to this message with its name in the other language; synonyms "
        "follow after commas."
    )
    parts = (code(plain(one_line(term, _NAME_UNITS))), plain(asked))
    leave = Button(words.gettext("Leave it"), f"{PREFIX}{Act.LEAVE}")
    return Message(joined("\n\n", parts).html, ((leave,),))


def render_added(term: Term, words: Words) -> Message:
    """A term that is in the glossary now."""
    parts = (
        bold(plain(words.gettext("The glossary has a new term:"))),
        plain(_written(term)),
        plain(words.gettext("It counts from the next question on.")),
    )
    drop = Button(words.gettext("Remove it"), f"{PREFIX}{Act.DROP}:{term.id}:0")
    return Message(joined("\n\n", parts).html, ((drop,),))


@dataclass(frozen=True, slots=True)
class Page:
    """Terms of the glossary that begin at `offset`, of `total`; only some that are `about` a text."""

    terms: Sequence[Term]
    offset: int
    total: int
    unusable: int = 0
    about: str = ""


def render_glossary(page: Page, words: Words, undo: int | None = None) -> Message:
    """A page of the glossary.

    Args:
        page: the page.
        words: the language.
        undo: the entry of the audit of a removal that can be undone now.
    """
    parts = [bold(plain(_heading(page, words)))]
    rows: list[tuple[Button, ...]] = []
    if undo is not None:
        parts.append(plain(words.gettext("The term was removed.")))
        rows.append((Button(words.gettext("Put it back"), f"{PREFIX}{Act.BACK}:{undo}"),))
    lines = [f"{place}. {_written(term)}" for place, term in enumerate(page.terms, page.offset + 1)]
    if page.about and page.total > len(page.terms):
        lines.append(f"… +{page.total - len(page.terms)}")
    parts.append(plain("\n".join(lines)))
    if page.unusable:
        said = words.ngettext(
            "{count} line of the file cannot be used and is left as it is.",
            "{count} lines of the file cannot be used and are left as they are.",
            page.unusable,
        )
        parts.append(plain(said.format(count=page.unusable)))
    parts.append(_example(words))
    drops = [
        Button(f"✕ {place}", f"{PREFIX}{Act.DROP}:{term.id}:{page.offset}")
        for place, term in enumerate(page.terms, page.offset + 1)
    ]
    rows.extend(tuple(drops[start : start + 4]) for start in range(0, len(drops), 4))
    if turns := _turns(page, words):
        rows.append(turns)
    return Message(joined("\n\n", parts).html, tuple(rows))


def _heading(page: Page, words: Words) -> str:
    if page.about:
        said = words.ngettext("{count} term with “{text}”", "{count} terms with “{text}”", page.total)
        return said.format(count=page.total, text=one_line(page.about, _NAME_UNITS))
    said = words.ngettext(
        "{count} term in the glossary, the newest first",
        "{count} terms in the glossary, the newest first",
        page.total,
    )
    return said.format(count=page.total)


def _turns(page: Page, words: Words) -> tuple[Button, ...]:
    if page.about:
        return ()
    turns = []
    if page.offset > 0:
        turns.append(Button(words.gettext("◀ newer"), f"{PREFIX}{Act.SHOW}:{max(0, page.offset - PAGE)}"))
    if page.offset + len(page.terms) < page.total:
        behind = page.offset + len(page.terms)
        turns.append(Button(words.gettext("older ▶"), f"{PREFIX}{Act.SHOW}:{behind}"))
    return tuple(turns)


def _written(term: Term) -> str:
    return one_line(" = ".join(term.names), _TERM_UNITS)


def _example(words: Words) -> Fragment:
    return plain(words.gettext("To add one:")) + plain("\n") + code(plain(_EXAMPLE))
