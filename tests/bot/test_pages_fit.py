"""Whatever the news holds and readers ask, every page is valid and fits, and what it quotes is verbatim.

A number in the message of a failure is the seed of what failed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.inquiry import Inquiry
from bot.local.entities import MAX_ENTITIES, Formatted, settled, utf16_length
from bot.local.keyboards import checked_markup
from bot.local.markup import parse_html
from bot.locale.catalogue import LOCALES, Catalogues, Words
from bot.rendering import help as help_page
from bot.rendering import history, inline, notices, topics
from bot.rendering.dates import View
from bot.rendering.excerpt import ELLIPSIS
from bot.rendering.fragments import sendable
from bot.rendering.message import MAX_ROWS, Message
from bot.reply import Reply, ReplyKind, Where
from corpus.model import Document, Passage
from retrieval.answer import Span, Verdict
from retrieval.operators import Problem
from retrieval.topics import Topic
from tests.bot.answer_builders import ASKED, build_answer, build_excerpt
from tests.bot.hostile import Hostile, hostile
from tests.builders import ZONE, build_document

RUNS = 150
CATALOGUES = Catalogues.load()
VIEW = View(ASKED, ZONE)


def parsed(message: Message) -> Formatted:
    """What Telegram makes of a message, if it takes it."""
    message.html.encode()
    formatted = parse_html(message.html)
    assert 0 < utf16_length(settled(formatted).text) <= utf16_length(formatted.text) <= 4096
    assert len(formatted.entities) <= MAX_ENTITIES
    assert len(message.keyboard) <= MAX_ROWS
    if message.keyboard:
        rows = [[{"text": b.label, "callback_data": b.data} for b in row] for row in message.keyboard]
        checked_markup({"inline_keyboard": rows})
        for button in (button for row in message.keyboard for button in row):
            assert button.label.strip()
            button.label.encode()
            assert utf16_length(button.label) <= 64
            assert len((button.data or "").encode()) <= 64
    return formatted


def seeded() -> Iterator[tuple[Hostile, Words]]:
    for source in hostile(RUNS, 1, 0):
        yield source, source.random.choice(list(CATALOGUES.words.values()))


def marked(document: Document, source: Hostile) -> Document:
    """The document with marks and sections on its passages."""
    return replace(
        document,
        passages=tuple(
            replace(
                passage,
                section=source.short() if source.often(0.5) else None,
                marks=tuple(source.text()[:50] for _ in range(source.random.choice((0, 1, 9)))),
            )
            for passage in document.passages
        ),
    )


def test_every_page_of_a_topic_fits() -> None:
    for source, words in seeded():
        documents = [
            marked(source.document(source.excerpt()), source) for _ in range(source.random.randint(0, 5))
        ]
        page = topics.TopicPage(
            "k" * 16, source.short() or "", documents, source.random.choice((0, 3)), 10**8
        )
        try:
            parsed(topics.render_topic(page, words, VIEW))
        except AssertionError as error:
            error.add_note(f"made from the seed {source.seed}")
            raise


def test_every_key_point_is_the_beginning_of_its_passage() -> None:
    for source, _ in seeded():
        text = source.text()
        said = parse_html(topics.key_point(Passage("p", 0, text), 120).html).text
        begins = said.removesuffix(f" {ELLIPSIS}")
        assert sendable(text).strip().startswith(begins)
        assert begins.strip()
        assert said.endswith(f" {ELLIPSIS}") == (begins != sendable(text).strip())
        assert utf16_length(begins) <= 120


def test_every_list_of_topics_fits() -> None:
    for source, words in seeded():
        listed = [
            Topic(f"{index:x}" * 16, source.short() or "", 10**7)
            for index in range(source.random.randint(0, 12))
        ]
        parsed(topics.render_topics(listed, words))


def test_every_page_of_the_history_fits() -> None:
    for source, words in seeded():
        entries = [reply(source.inquiry(), source) for _ in range(source.random.randint(0, 12))]
        page = history.HistoryPage(entries, source.random.choice((0, 10, 10**6)), 10**7)
        parsed(history.render_history(page, words, VIEW))


def reply(inquiry: Inquiry, source: Hostile) -> Reply:
    return Reply(
        key="a" * 10,
        kind=ReplyKind.ASKED,
        where=Where(1, None, 1),
        message_id=None,
        inquiry=inquiry,
        verdict=source.random.choice(tuple(Verdict)),
        confidence=0.5,
        cited=(),
        reading=None,
        created=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_every_help_fits() -> None:
    menu = [(f"command_{index}", "what this bot does, with example questions") for index in range(100)]
    for source, words in seeded():
        examples = help_page.HelpExamples(source.short(), ASKED.date(), source.text()[:300])
        parsed(help_page.render_help(menu[: source.random.choice((0, 15, 100))], "a" * 32, examples, words))


def test_every_list_of_operators_that_could_not_be_read_fits() -> None:
    for source, words in seeded():
        listed = [Problem(source.text(), source.text()) for _ in range(source.random.randint(1, 9))]
        parsed(notices.render_operator_problems(listed, words))


def test_every_inline_result_fits_and_quotes_verbatim() -> None:
    for source, words in seeded():
        answer = source.answer(source.inquiry())
        results = inline.inline_results(answer, words, VIEW)
        assert len(results) == min(len(answer.excerpts), inline.MOST_RESULTS)
        for result, excerpt in zip(results, answer.excerpts, strict=False):
            formatted = parsed(Message(result.html))
            quote = next(entity for entity in formatted.entities if entity.type == "blockquote")
            quoted = formatted.text.encode("utf-16-le")[2 * quote.offset : 2 * quote.end].decode("utf-16-le")
            assert quoted in sendable(excerpt.text)
            for text in (result.title, result.description):
                text.encode()
                assert text.strip()
                assert "\n" not in text
                assert utf16_length(text) <= 200
            assert 1 <= len(result.id.encode()) <= 64


def test_a_result_is_known_by_its_passage_and_stretch() -> None:
    excerpt = build_excerpt("第一句。第二句。第三句。")
    stretches = [Span(0, 4), Span(0, 8), Span(4, 8)]
    excerpts = [replace(excerpt, span=span, matches=()) for span in stretches]
    other = build_excerpt("别的一句。")
    results = inline.inline_results(
        build_answer([*excerpts, other, excerpts[0]]), CATALOGUES.words["en"], VIEW
    )
    ids = [result.id for result in results]
    assert len(set(ids)) == 4
    assert ids[0] == ids[4]


@pytest.mark.parametrize("locale", LOCALES)
def test_long_documents_leave_room_for_each_other(locale: str) -> None:
    long = build_document("d", title="标" * 400, passages=["这是很长的一句话。" * 300] * 20)
    page = topics.TopicPage("k", "创新药", [long] * 3, 0, 3)
    text = parsed(topics.render_topic(page, CATALOGUES.words[locale], VIEW)).text
    assert text.count("\n\n标") == 3
    assert text.count("• 这是很长的一句话。") >= 6
