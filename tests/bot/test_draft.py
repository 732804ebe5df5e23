"""What is said of subscriptions fits and quotes truly, whatever questions, names and news hold."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.inquiry import Inquiry
from bot.local.entities import Formatted, settled, utf16_length, utf16_slice
from bot.local.keyboards import checked_markup
from bot.local.markup import parse_html
from bot.locale.catalogue import LOCALES, Catalogues
from bot.rendering import subscriptions
from bot.rendering.draft import MOST_SHOWN, expected, render_draft
from bot.rendering.fragments import MAX_ENTITIES, MAX_UNITS, sendable
from bot.rendering.message import MAX_ROWS, Message
from bot.rendering.subscription_data import Plan
from bot.rendering.subscription_file import render_imported
from bot.subscription import Subscription
from bot.subscription_file import Fault, ImportReport, Problem
from retrieval.answer import Excerpt
from retrieval.percolator import Preview
from tests.bot.answer_builders import ASKED
from tests.bot.hostile import Hostile, hostile
from tests.bot.subscription_messages import KEY, SUBSCRIPTION, VIEW

WORDS = Catalogues.load().words
RUNS = 200
QUOTED = 320


def parsed(message: Message) -> Formatted:
    """What Telegram makes of a message, if it takes it."""
    formatted = parse_html(message.html)
    assert 0 < utf16_length(settled(formatted).text) <= utf16_length(formatted.text) <= MAX_UNITS
    assert len(formatted.entities) <= MAX_ENTITIES
    assert len(message.keyboard) <= MAX_ROWS
    rows = [[{"text": each.label, "callback_data": each.data} for each in row] for row in message.keyboard]
    if rows:
        checked_markup({"inline_keyboard": rows})
    return formatted


def quotes(formatted: Formatted) -> Iterator[str]:
    """What stands in the block quotes."""
    for entity in formatted.entities:
        if entity.type == "blockquote":
            yield utf16_slice(formatted.text, entity.offset, entity.end)


def some_excerpts(source: Hostile) -> tuple[Excerpt, ...]:
    return tuple(source.excerpt() for _ in range(source.random.randrange(7)))


def some_subscription(source: Hostile) -> Subscription:
    inquiry = source.inquiry()
    name, topic = (
        source.random.choice((None, source.text()[:64])),
        source.random.choice((None, source.text())),
    )
    return replace(
        SUBSCRIPTION, inquiry=inquiry, name=name, topic=topic, delivered=10**6, last_delivered=ASKED
    )


def test_every_draft_is_valid_fits_and_quotes_verbatim() -> None:
    most = 0
    for source in hostile(RUNS, 1, 0):
        excerpts = some_excerpts(source)
        words = WORDS[source.random.choice(LOCALES)]
        message = render_draft(
            source.inquiry(), KEY, Plan(), Preview(excerpts, len(excerpts), 0.5), words, VIEW
        )
        shown = list(quotes(parsed(message)))
        assert len(shown) <= min(len(excerpts), MOST_SHOWN)
        for inside, excerpt in zip(shown, excerpts, strict=False):
            whole = sendable(excerpt.text).strip()
            assert inside in whole
            assert utf16_length(inside) <= QUOTED
            assert inside == whole or utf16_length(whole) > QUOTED
        most = max(most, len(shown))
    assert most == MOST_SHOWN


def test_every_page_about_subscriptions_is_valid_and_fits() -> None:
    for source in hostile(RUNS, 1, 0):
        words = WORDS[source.random.choice(LOCALES)]
        ten = [some_subscription(source) for _ in range(10)]
        listing = subscriptions.Listing(ten, 10, 33, 50, paused=True)
        parsed(subscriptions.render_subscriptions(listing, words, VIEW))
        parsed(subscriptions.render_subscription(ten[0], words, VIEW, paused=True))
        parsed(subscriptions.render_which(ten, words))
        parsed(subscriptions.render_words_prompt(ten[0], words))
        parsed(subscriptions.render_name_prompt(ten[0], words))
        problems = tuple(Problem(source.text(), Fault.UNKNOWN, (source.text(),)) for _ in range(20))
        parsed(render_imported(ImportReport(problems=problems), words))
        parsed(render_imported(ImportReport(tuple(ten) * 5, 3), words))


def test_a_question_as_long_as_any_leaves_room_for_what_it_would_have_sent() -> None:
    source = next(iter(hostile(1, 1, 0)))
    inquiry = Inquiry("药" * 1000, ASKED)
    message = render_draft(inquiry, KEY, Plan(), Preview((source.excerpt(),) * 5, 5, 1.0), WORDS["en"], VIEW)
    assert len(list(quotes(parsed(message)))) == MOST_SHOWN


@pytest.mark.parametrize(
    ("per_week", "said"),
    [
        (0.0, "to expect: less than one a week"),
        (0.99, "to expect: less than one a week"),
        (1.0, "to expect: about 1 a week"),
        (2.6, "to expect: about 3 a week"),
        (1234.5, "to expect: about 1234 a week"),
    ],
)
def test_how_much_is_to_be_expected(per_week: float, said: str) -> None:
    assert expected(Preview((), 0, per_week), WORDS["en"]) == said
