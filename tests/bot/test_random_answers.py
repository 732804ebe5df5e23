"""Whatever the news holds, every message about it is valid, fits, and quotes truly.

A run makes a thousand answers; `RANDOM_ANSWERS=10000 make test ARGS=tests/bot/test_random_answers.py`
makes ten thousand. A number in the message of a failure is the seed of the answer that failed.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.local.entities import MAX_ENTITIES, Formatted, settled, utf16_length, utf16_slice
from bot.local.keyboards import checked_markup
from bot.local.markup import parse_html
from bot.locale.catalogue import Catalogues, Words
from bot.rendering.button_data import parse
from bot.rendering.card import (
    FIRST_TITLE_UNITS,
    FIRST_UNITS,
    FURTHER_TITLE_UNITS,
    FURTHER_UNITS,
    render_card,
)
from bot.rendering.card_buttons import MOST_ACTIONS
from bot.rendering.citation import cited
from bot.rendering.dates import View
from bot.rendering.deep_link import Opened, Since, render_opened
from bot.rendering.document_page import render_document_page
from bot.rendering.fragments import sendable
from bot.rendering.graphemes import is_boundary
from bot.rendering.message import MAX_ROWS, Button, Message
from bot.rendering.pages import pages_of
from bot.rendering.passage import render_passage
from bot.rendering.timeline import render_timeline
from bot.rendering.why import render_why
from retrieval.answer import Answer, Excerpt
from retrieval.dates import question_dates
from retrieval.explanation import Contribution, Explanation
from retrieval.question import Query
from retrieval.weights import Direction
from tests.bot.answer_builders import ASKED
from tests.bot.hostile import Hostile, hostile
from tests.builders import ZONE

ANSWERS = int(os.environ.get("RANDOM_ANSWERS", "1000"))
CHUNKS = 10
CATALOGUES = Catalogues.load()
VIEW = View(ASKED, ZONE)

MAX_UNITS = 4096
MAX_LABEL_UNITS = 64
# A line of its own: the name of a source may begin with "…" too.
CUT_AFTER = re.compile(r"\A\n…(?=\n|\Z)")
NOT_ON_A_BUTTON = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")


@contextmanager
def named(source: Hostile) -> Iterator[None]:
    """Say which answer it was that failed."""
    try:
        yield
    except Exception as error:
        error.add_note(f"made from the seed {source.seed}")
        raise


def parsed(message: Message) -> Formatted:
    """What Telegram makes of a message, if it takes it."""
    message.html.encode()
    formatted = parse_html(message.html)
    assert 0 < utf16_length(settled(formatted).text) <= utf16_length(formatted.text) <= MAX_UNITS
    assert len(formatted.entities) <= MAX_ENTITIES
    assert len(message.keyboard) <= MAX_ROWS
    if message.keyboard:
        checked_markup({"inline_keyboard": [[as_json(button) for button in row] for row in message.keyboard]})
    return formatted


def as_json(button: Button) -> dict[str, object]:
    """The button as it is sent, held to the limits on the way."""
    assert button.label.strip()
    assert not NOT_ON_A_BUTTON.search(button.label)
    assert utf16_length(button.label) <= MAX_LABEL_UNITS
    if button.copy is not None:
        button.copy.encode()
        assert 1 <= utf16_length(button.copy) <= 256
        assert not NOT_ON_A_BUTTON.search(button.copy)
        return {"text": button.label, "copy_text": {"text": button.copy}}
    assert button.data is not None
    assert parse(button.data) is not None
    return {"text": button.label, "callback_data": button.data}


def quotes(formatted: Formatted, kind: str) -> Iterator[tuple[str, str, str]]:
    """Of every quote of a kind: all before it, what is in it, and all that follows it."""
    for entity in formatted.entities:
        if entity.type == kind:
            yield (
                utf16_slice(formatted.text, 0, entity.offset),
                utf16_slice(formatted.text, entity.offset, entity.end),
                utf16_slice(formatted.text, entity.end, utf16_length(formatted.text)),
            )


def is_marked_stretch(quote: tuple[str, str, str], whole: str) -> bool:
    """Whether what is quoted is the whole, or a stretch of it with its cuts marked outside."""
    before, inside, after = quote
    if inside == whole:
        return True
    cut_before, cut_after = before.endswith("…\n"), bool(CUT_AFTER.match(after))
    return (
        bool(inside)
        and inside in whole
        and (cut_before or cut_after)
        and (cut_before or whole.startswith(inside))
        and (cut_after or whole.endswith(inside))
    )


def check_card(answer: Answer, message: Message, words: Words) -> None:
    formatted = parsed(message)
    shown = list(quotes(formatted, "blockquote"))
    assert len(shown) <= len(answer.excerpts)
    assert bool(shown) == bool(answer.excerpts)
    numbered = answer.total > 1 or len(answer.excerpts) > 1
    for index, (quote, excerpt) in enumerate(zip(shown, answer.excerpts, strict=False)):
        whole = sendable(excerpt.text).strip()
        assert is_marked_stretch(quote, whole)
        limit = FURTHER_UNITS if index else FIRST_UNITS
        assert utf16_length(quote[1]) <= limit
        if utf16_length(whole) <= limit:
            assert quote[1] == whole
        check_cuts(quote, excerpt)
        title_units = FURTHER_TITLE_UNITS if index else FIRST_TITLE_UNITS
        said = parse_html(cited(excerpt.citation, words, title_units, VIEW).html).text
        number = f"{answer.offset + index + 1}. " if numbered else ""
        assert CUT_AFTER.sub("", quote[2]).startswith(f"\n{number}{said}")
    check_bold(formatted, answer)
    paragraphs = {sendable(excerpt.passage.text).strip() for excerpt in answer.excerpts[: len(shown)]}
    folded = [inside for _, inside, _ in quotes(formatted, "expandable_blockquote")]
    assert set(folded) <= paragraphs
    kinds = [entity.type for entity in formatted.entities if entity.type.endswith("blockquote")]
    assert kinds == sorted(kinds)  # the excerpts come first
    copied = [button for row in message.keyboard for button in row if button.label.startswith("📋")]
    assert len(copied) == min(len(shown), MOST_ACTIONS)
    assert all(button.copy for button in copied)


def check_cuts(quote: tuple[str, str, str], excerpt: Excerpt) -> None:
    """A quote is cut where a reader sees a character end; only a pile of marks is cut anywhere."""
    before, inside, after = quote
    text, start, end = sendable(excerpt.passage.text), excerpt.span.start, excerpt.span.end
    if before.endswith("…\n"):
        assert any(may_be_cut(text, place) for place in found(inside, text, start, end))
    if CUT_AFTER.match(after):
        ends = (place + len(inside) for place in found(inside, text, start, end))
        assert any(may_be_cut(text, place) for place in ends)


def found(inside: str, text: str, start: int, end: int) -> Iterator[int]:
    """Where in a stretch of the text the quote may come from: repetitions leave several places."""
    place = text.find(inside, start, end)
    while place >= 0:
        yield place
        place = text.find(inside, place + 1, end)


def may_be_cut(text: str, place: int) -> bool:
    pile = range(max(1, place - 40), place)
    return is_boundary(text, place) or not any(is_boundary(text, index) for index in pile)


def check_bold(formatted: Formatted, answer: Answer) -> None:
    """In quotes nothing is bold but what matched, blanks between two matches aside."""
    matched = {
        character
        for excerpt in answer.excerpts
        for match in excerpt.matches
        for character in sendable(excerpt.passage.text[match.start : match.end])
    }
    blocks = [entity for entity in formatted.entities if entity.type == "blockquote"]
    for entity in formatted.entities:
        if entity.type == "bold" and any(b.offset <= entity.offset < b.end for b in blocks):
            stretch = utf16_slice(formatted.text, entity.offset, entity.end)
            assert {character for character in stretch if not character.isspace()} <= matched


def languages() -> list[Words]:
    return list(CATALOGUES.words.values())


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_card_is_valid_fits_and_quotes_verbatim(chunk: int) -> None:
    for source in hostile(ANSWERS, CHUNKS, chunk):
        with named(source):
            inquiry = source.inquiry()
            answer = source.answer(inquiry)
            words = source.random.choice(languages())
            check_card(answer, render_card(answer, source.shown(inquiry), words, VIEW), words)


def test_every_passage_and_page_is_valid_fits_and_quotes_verbatim() -> None:
    for source in hostile(ANSWERS // 20, 1, 0):
        with named(source):
            excerpt = source.excerpt()
            document = source.document(excerpt)
            excerpt = replace(
                excerpt, passage=next(p for p in document.passages if p.id == excerpt.passage.id)
            )
            words = source.random.choice(languages())
            texts = [sendable(passage.text).strip() for passage in document.passages]
            place = ("abcXYZ0190", 19, 18)
            ordinal = source.random.choice((None, 0, 2, 1000))
            check_quotes(parsed(render_passage(document, excerpt, ordinal, place, words, VIEW)), texts)
            pages = pages_of(document)
            for page in (None, 0, len(pages) // 2, 1000):
                check_quotes(parsed(render_document_page(document, excerpt, page, place, words, VIEW)), texts)
            check_pages(document.passages, pages)


def check_quotes(formatted: Formatted, texts: list[str]) -> None:
    """Every quote is a whole passage, or a marked stretch of one."""
    for quote in quotes(formatted, "blockquote"):
        if quote[1] not in texts:
            # A short stretch may stand in several passages; one of them is it.
            assert any(is_marked_stretch(quote, text) for text in texts)


def check_pages(passages: Iterable[object], pages: object) -> None:
    """All pages together are the whole text, but for blanks where it is cut."""
    together = "".join(
        piece.passage.text[piece.span.start : piece.span.end]
        for page in pages  # type: ignore[attr-defined]
        for piece in page
    )
    whole = "".join(passage.text for passage in passages)  # type: ignore[attr-defined]
    assert "".join(together.split()) == "".join(whole.split())


def test_every_timeline_is_valid_and_fits() -> None:
    for source in hostile(ANSWERS // 10, 1, 0):
        with named(source):
            timeline = source.timeline(source.inquiry())
            first = source.random.choice((0, 20, 1000))
            words = source.random.choice(languages())
            parsed(render_timeline(timeline, first, "abcXYZ0190", 0, words))


def test_every_explanation_is_valid_and_fits() -> None:
    for source in hostile(ANSWERS // 10, 1, 0):
        with named(source):
            words = source.random.choice(languages())
            explained = [(excerpt.citation, explanation(source)) for excerpt in some_excerpts(source)]
            parsed(render_why(query(source), explained, "abcXYZ0190", 3, words, VIEW))


def test_every_answer_opened_again_is_valid_fits_and_quotes_verbatim() -> None:
    for source in hostile(ANSWERS // 10, 1, 0):
        with named(source):
            opened = [
                Opened(
                    excerpt.text,
                    excerpt.citation,
                    source.random.choice(tuple(Since)),
                )
                for excerpt in some_excerpts(source)
            ]
            message = render_opened(
                source.text(), "abcXYZ0190", opened, source.random.choice(languages()), VIEW
            )
            shown = list(quotes(parsed(message), "blockquote"))
            for quote, each in zip(shown, [o for o in opened if o.text.strip()], strict=False):
                assert is_marked_stretch(quote, sendable(each.text).strip())


def some_excerpts(source: Hostile) -> list[Excerpt]:
    return [source.excerpt() for _ in range(source.random.choice((0, 1, 3, 12)))]


def explanation(source: Hostile) -> Explanation:
    kinds = ("word", "character", "bigram", "pair", "date", "quantity", "concept", "together", "meaning")
    contributions = tuple(
        Contribution(source.random.choice(kinds), source.text()[:500], source.random.uniform(-1, 3))
        for _ in range(source.random.randint(0, 12))
    )
    missing = tuple(source.text()[:200] for _ in range(source.random.randint(0, 9)))
    return Explanation(1.0, source.random.random(), Direction.SAME, contributions, missing)


def query(source: Hostile) -> Query:
    question = source.inquiry().question
    return Query(
        question,
        {},
        (),
        (),
        question_dates(question.text[:200], question.asked),
        "zh",
        read_as=source.text() if source.often(0.5) else None,
    )
