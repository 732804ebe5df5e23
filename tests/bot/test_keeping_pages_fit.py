"""Whatever pins, terms, editors, entries and broadcasts hold, every page about them is valid and fits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.audit import Entry
from bot.inquiry import Inquiry
from bot.keeping.broadcast import Broadcast, Followed
from bot.keeping.glossary_file import LONGEST_NAME, MOST_NAMES, Flaw, Term
from bot.keeping.pins import Pin
from bot.locale.catalogue import Catalogues
from bot.outbox import State
from bot.rendering import audit, broadcast, editors, glossary, pins
from bot.rendering.dates import View
from bot.roles import LONGEST_NAME as LONGEST_EDITOR
from bot.roles import Editor
from retrieval.answer import Citation
from tests.bot.answer_builders import ASKED
from tests.bot.hostile import Hostile, hostile
from tests.bot.test_pages_fit import parsed
from tests.builders import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.locale.catalogue import Words

RUNS = 60
CATALOGUES = Catalogues.load()
VIEW = View(ASKED, ZONE)
NOW = datetime(2025, 3, 3, tzinfo=UTC)


def texts() -> Iterator[tuple[Iterator[str], Words]]:
    """Hostile texts without end, in a language."""
    for number, source in enumerate(hostile(RUNS, 1, 0)):
        yield _without_end(source), list(CATALOGUES.words.values())[number % len(CATALOGUES.words)]


def _without_end(source: Hostile) -> Iterator[str]:
    while True:
        yield source.text()


def pin(some: Iterator[str]) -> Pin:
    inquiry = Inquiry(next(some) or "?", NOW, context=next(some) or None)
    return Pin(inquiry, next(some) or "d", next(some) or "o", next(some) or None, next(some)[:500])


def test_pages_about_pins() -> None:
    for some, words in texts():
        made = [pin(some) for _ in range(pins.PAGE)]
        page = pins.Page(made, [False, True] * 2 + [True], 10, 99, unreadable=3)
        parsed(pins.render_pins(page, words, undo=10**9))
        citations = [Citation(next(some), next(some), next(some), None, None, "zh") for _ in range(5)]
        parsed(pins.render_pinned(made[0], citations, words))


def test_pages_about_terms() -> None:
    for some, words in texts():
        names = tuple((next(some) or "n")[:LONGEST_NAME] for _ in range(MOST_NAMES))
        terms = [Term(names[:6], names[6:])] * glossary.PAGE
        for about in ("", next(some)):
            parsed(glossary.render_glossary(glossary.Page(terms, 8, 5000, 3, about), words, undo=10**9))
        parsed(glossary.render_added(terms[0], words))
        parsed(glossary.render_prompt(next(some) or "t", words))
        for flaw in Flaw:
            parsed(glossary.render_refused(flaw, words))


def test_pages_about_broadcasts() -> None:
    for some, words in texts():
        text = ((next(some) or "t") * broadcast.LONGEST)[: broadcast.LONGEST // 2]
        made = Broadcast("a" * 10, 2**52, text, next(some) or None, NOW, NOW, 100_000, 1)
        followed = [Followed(next(some) or "t", 10**6) for _ in range(9)]
        parsed(broadcast.render_preview(made, 100_000, followed, words))
        parsed(broadcast.render_progress(made, dict.fromkeys(State, 9_999), words))
        assert len(broadcast.stopped(10**6, words)) <= 200


def test_pages_about_editors_and_the_audit() -> None:
    for some, words in texts():
        everybody = [Editor(2**52 - n, next(some)[:LONGEST_EDITOR], NOW, 1) for n in range(20)]
        parsed(editors.render_editors(everybody, 8, words, VIEW, undo=10**9))
        parsed(editors.render_appointed(2**52, next(some), words))
        entries = [
            Entry(2**40 + n, NOW, 2**52, next(some) or "deed", {"names": [next(some)] * 12}, NOW)
            for n in range(audit.PAGE)
        ]
        names = {2**52: next(some)}
        parsed(audit.render_audit(entries, names, words, VIEW, is_first=False, has_more=True))
