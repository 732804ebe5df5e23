"""Whatever the news holds, every notification, digest and correction is valid, fits, and quotes truly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.local.entities import MAX_ENTITIES, Formatted, settled, utf16_length
from bot.local.keyboards import checked_markup
from bot.local.markup import parse_html
from bot.rendering import button_data, subscription_data
from bot.rendering.correction import QUOTE_UNITS as CORRECTED_UNITS
from bot.rendering.correction import correction_message, lay_correction
from bot.rendering.digest import MOST_ITEMS, Occasion, digest_message, lay_digest
from bot.rendering.digest import QUOTE_UNITS as DIGEST_UNITS
from bot.rendering.fragments import sendable
from bot.rendering.message import MAX_ROWS
from bot.rendering.notification import ASK_PREFIX, QUOTE_UNITS, Item, Telling, render_notification
from bot.reply import Cited
from bot.told import Change, Fate
from retrieval.answer import Citation
from tests.bot.answer_builders import ASKED
from tests.bot.hostile import hostile
from tests.bot.test_random_answers import (
    ANSWERS,
    MAX_UNITS,
    VIEW,
    check_cuts,
    is_marked_stretch,
    languages,
    named,
    quotes,
)

if TYPE_CHECKING:
    from bot.rendering.message import Message
    from retrieval.answer import Excerpt
    from tests.bot.hostile import Hostile

KEY, ID = "abcXYZ0190", "0123456789"


def parsed(message: Message) -> Formatted:
    """What Telegram makes of a message, if it takes it, with buttons that somebody will understand."""
    message.html.encode()
    formatted = parse_html(message.html)
    assert 0 < utf16_length(settled(formatted).text) <= utf16_length(formatted.text) <= MAX_UNITS
    assert len(formatted.entities) <= MAX_ENTITIES
    assert len(message.keyboard) <= MAX_ROWS
    for row in message.keyboard:
        for button in row:
            data = button.data or ""
            known = button_data.parse(data) or subscription_data.parse(data)
            assert known is not None or data == f"{ASK_PREFIX}{ID}"
    rows = [[{"text": each.label, "callback_data": each.data} for each in row] for row in message.keyboard]
    if rows:
        checked_markup({"inline_keyboard": rows})
    return formatted


def excerpt_of(source: Hostile) -> Excerpt:
    """An excerpt that others report as well."""
    excerpt = source.excerpt()
    others = tuple(source.excerpt().citation for _ in range(source.random.choice((0, 0, 1, 9))))
    return replace(excerpt, also=(), corrects=None, corrected_by=None, reports=others)


def item_of(source: Hostile) -> Item:
    return Item(excerpt_of(source), old=source.often(0.3), again=source.often(0.3))


def check_quotes(formatted: Formatted, excerpts: list[Excerpt], units: int) -> None:
    """Each excerpt is quoted in its order: as a whole if it is short enough, else a marked stretch."""
    # A title above a quote may end with "…" too: a line of its own marks a cut.
    shown = [
        (before if before.endswith("\n…\n") else "", inside, after)
        for before, inside, after in quotes(formatted, "blockquote")
    ]
    assert len(shown) == len(excerpts)
    for quote, excerpt in zip(shown, excerpts, strict=True):
        whole = sendable(excerpt.text).strip()
        assert is_marked_stretch(quote, whole)
        assert utf16_length(quote[1]) <= units
        if utf16_length(whole) <= units:
            assert quote[1] == whole
        check_cuts(quote, excerpt)


def test_every_notification_is_valid_fits_and_quotes_verbatim() -> None:
    for source in hostile(ANSWERS // 4, 1, 0):
        with named(source):
            item = item_of(source)
            telling = Telling(ID, source.text(), (item,), source.random.choice((0, 0, 12)))
            message = render_notification(telling, KEY, source.random.choice(languages()), VIEW)
            formatted = parsed(message)
            check_quotes(formatted, [item.excerpt], QUOTE_UNITS)
            folded = [inside for _, inside, _ in quotes(formatted, "expandable_blockquote")]
            assert set(folded) <= {sendable(item.excerpt.passage.text).strip()}


def test_every_digest_is_valid_fits_quotes_verbatim_and_leaves_out_only_the_end() -> None:
    for source in hostile(ANSWERS // 10, 1, 0):
        with named(source):
            words = source.random.choice(languages())
            counts = [source.random.choice((1, 2, 10, 25)) for _ in range(source.random.choice((1, 2, 6)))]
            tellings = [
                Telling(
                    ID,
                    source.text(),
                    tuple(item_of(source) for _ in range(count)),
                    source.random.choice((0, 3)),
                )
                for count in counts
            ]
            occasion = source.random.choice(
                (None, Occasion(gathered=False), Occasion(due=ASKED), Occasion(away_since=ASKED, found=31))
            )
            laid = lay_digest(tellings, words, VIEW, occasion)
            assert laid.items
            assert len(laid.items) <= MOST_ITEMS
            every = [item for telling in tellings for item in telling.items]
            assert list(laid.items) == every[: len(laid.items)]
            formatted = parsed(digest_message(laid, KEY, words))
            check_quotes(formatted, [item.excerpt for item in laid.items], DIGEST_UNITS)


def test_every_correction_is_valid_fits_and_quotes_both_truly() -> None:
    for source in hostile(ANSWERS // 10, 1, 0):
        with named(source):
            words = source.random.choice(languages())
            changes = [change_of(source) for _ in range(source.random.choice((1, 2, 10)))]
            text, told = lay_correction(changes, source.random.choice((0, 4)), words, VIEW)
            assert told
            assert list(told) == changes[: len(told)]
            said = [
                each
                for change in told
                for each in (change.was, change.now)
                if each is not None and each.text.strip()
            ]
            shown = list(quotes(parsed(correction_message(text, told, KEY, words)), "blockquote"))
            assert len(shown) == len(said)
            for quote, each in zip(shown, said, strict=True):
                assert is_marked_stretch(quote, sendable(each.text).strip())
                assert utf16_length(quote[1]) <= CORRECTED_UNITS


def change_of(source: Hostile) -> Change:
    was, now = (Cited.of(source.excerpt(), 0) for _ in range(2))
    fate = source.random.choice(tuple(Fate))
    return Change(was, ASKED, fate, now if fate is Fate.CHANGED else None)


def test_a_change_is_the_same_after_it_was_kept() -> None:
    for source in hostile(40, 1, 0):
        with named(source):
            change = change_of(source)
            again = Change.from_json(change.to_json())
            assert (again.was.text, again.fate, again.given) == (change.was.text, change.fate, change.given)
            assert isinstance(again.was.citation, Citation)
