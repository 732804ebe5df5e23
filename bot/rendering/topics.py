"""What the news is about as buttons, and a topic's page: its newest documents with their key points.

A key point is the beginning of a passage, verbatim; "…" after it says that the passage goes on.
The source's own marks ("[1]") stand behind it, and its headings ("Group 1") above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rendering.chips import label
from bot.rendering.citation import date_of, one_line, source_of, title_of
from bot.rendering.dates import dated
from bot.rendering.excerpt import ELLIPSIS, trimmed, window
from bot.rendering.fragments import Fragment, bold, joined, plain
from bot.rendering.message import Button, Message
from bot.rendering.subscription_data import Act, data
from retrieval.answer import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View
    from corpus.model import Document, Passage
    from retrieval.topics import Topic

PREFIX = "top:"
PAGE = 3
"""Documents on a topic's page."""

_DATA = re.compile(rf"{PREFIX}(?:([!-9;-~]{{1,16}}):([0-9]{{1,9}})(:f)?)?", re.ASCII)
_A_ROW = 2
_NAME_UNITS = 40
_LABEL_UNITS = 28
_SECTION_UNITS = 80
_MARK_UNITS = 12
_MOST_MARKS = 6


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A page of a topic: documents `offset` to `offset + PAGE` of `total`, newest first.

    `subscription` is the id of the subscription by which the chat follows it, if it does.
    """

    key: str
    name: str
    documents: Sequence[Document]
    offset: int
    total: int
    subscription: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the topics: the key of one and where its page begins; no key means all topics.

    `follows` is whether to follow it.
    """

    key: str
    offset: int = 0
    follows: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    """How much of each document is shown."""

    points: int
    point_units: int
    title_units: int


# The first that makes the page fit; with the last it always does.
_ROOMS = (_Room(9, 220, 300), _Room(6, 160, 300), _Room(4, 120, 200), _Room(2, 80, 120))


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    return Pressed(match[1] or "", int(match[2] or 0), follows=match[3] is not None)


def render_topics(topics: Sequence[Topic], words: Words) -> Message:
    """The topics as buttons, each with how many documents it has."""
    if not topics:
        return Message(plain(words.gettext("There is no news here yet.")).html)
    text = joined(
        "\n",
        (
            bold(plain(words.gettext("What the news here is about"))),
            plain(
                words.gettext("Press a topic to see its newest news with the key points, and to follow it.")
            ),
        ),
    )
    buttons = [
        Button(f"{label(topic.name, _LABEL_UNITS)} · {topic.documents}", f"{PREFIX}{topic.key}:0")
        for topic in topics
    ]
    rows = tuple(tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW))
    return Message(text.html, rows)


def render_topic(page: TopicPage, words: Words, view: View) -> Message:
    """A page of a topic, with buttons to the pages beside it and back to all topics."""
    back = Button(words.gettext("◀ All topics"), PREFIX)
    name = one_line(page.name, _NAME_UNITS) or words.gettext("untitled")
    documents = page.documents[:PAGE]
    if not documents:
        return Message(
            plain(words.gettext("There is no news on “{topic}” any more.").format(topic=name)).html,
            ((back,),),
        )
    heading = bold(plain(name)) + plain(" · " + _counted(page, len(documents), words))
    for room in _ROOMS:
        whole = joined("\n\n", (heading, *(_document(document, room, words, view) for document in documents)))
        if whole.fits:
            break
    row = []
    if page.offset > 0:
        before = max(0, page.offset - PAGE)
        row.append(Button(words.gettext("◀ newer"), f"{PREFIX}{page.key}:{before}"))
    if page.offset + len(documents) < page.total:
        row.append(Button(words.gettext("older ▶"), f"{PREFIX}{page.key}:{page.offset + PAGE}"))
    below = (_follow(page, words), back)
    return Message(whole.html, (tuple(row), below) if row else (below,))


def key_point(passage: Passage, units: int) -> Fragment:
    """The beginning of a passage, at most `units` long (and "…"), on as many lines as it has."""
    whole = trimmed(passage.text, Span(0, len(passage.text)))
    shown = window(passage.text, whole, (), units)
    point = plain(passage.text[shown.start : shown.end])
    return point + plain(f" {ELLIPSIS}") if shown.end < whole.end else point


def _follow(page: TopicPage, words: Words) -> Button:
    """To follow the topic, or to see how it is followed."""
    if page.subscription is not None:
        return Button(words.gettext("🔔 Following"), data(Act.MANAGE, page.subscription))
    return Button(words.gettext("🔔 Follow"), f"{PREFIX}{page.key}:{page.offset}:f")


def _document(document: Document, room: _Room, words: Words, view: View) -> Fragment:
    published = document.published
    below = joined(
        " · ",
        (
            source_of(document.source, words),
            date_of(published, words) if published is None else dated(published, words, view),
        ),
    )
    title = bold(title_of(document.title, document.url, words, room.title_units))
    return joined("\n", (title, below, *_points(document, room)))


def _points(document: Document, room: _Room) -> Iterator[Fragment]:
    section: str | None = None
    shown = [passage for passage in document.passages if passage.text.strip()][: room.points]
    for passage in shown:
        stands_in_text = passage.text.lstrip().startswith(passage.section or "")
        if passage.section != section and not stands_in_text:
            yield plain(one_line(passage.section, _SECTION_UNITS))
        section = passage.section
        marks = " ".join(one_line(mark, _MARK_UNITS) for mark in passage.marks[:_MOST_MARKS])
        yield plain("• ") + key_point(passage, room.point_units) + plain(f" {marks}" if marks else "")
    if len(document.passages) > len(shown) > 0:
        yield plain(ELLIPSIS)


def _counted(page: TopicPage, shown: int, words: Words) -> str:
    if shown == page.total:
        return words.ngettext("{count} document", "{count} documents", page.total).format(count=page.total)
    return words.gettext("{first} to {last} of {total}").format(
        first=page.offset + 1, last=page.offset + shown, total=page.total
    )
