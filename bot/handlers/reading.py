"""Reading on: the passages around an excerpt, and its whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering.deep_link import Opened, Since, render_opened
from bot.rendering.document_page import render_document_page
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.passage import render_passage
from bot.reply import citation_of
from retrieval.answer import Excerpt, Span

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.button_data import Pressed
    from bot.reply import Cited, Reply
    from bot.talk import Talk
    from corpus.model import Document, Passage


async def read_around(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """The passage of an excerpt with its neighbours; further passages around another one."""
    await _read(desk, talk, reply, pressed, whole=False)


async def read_document(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed) -> None:
    """A page of an excerpt's document."""
    await _read(desk, talk, reply, pressed, whole=True)


async def _read(desk: Desk, talk: Talk, reply: Reply, pressed: Pressed, *, whole: bool) -> None:
    place, offset = pressed.place(0), pressed.place(1)
    cited = reply.cited_at(place)
    if cited is None or not await desk.replies.show(reply.key, reply.cited, reading=place):
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    document = await desk.store.document(cited.document_id)
    excerpt = excerpt_of(cited, document) if document is not None else None
    if document is None or excerpt is None:
        opened = [what_became_of(cited, document)]
        await talk.replace(render_opened(reply.inquiry.said, reply.key, opened, talk.words, talk.view))
        return
    where = (reply.key, place, offset)
    further = pressed.places[2] if len(pressed.places) > 2 else None  # noqa: PLR2004 - the third
    render = render_document_page if whole else render_passage
    await talk.replace(render(document, excerpt, further, where, talk.words, talk.view))


def excerpt_of(cited: Cited, document: Document) -> Excerpt | None:
    """What was quoted, in the document as it is now; None if it does not stand there any more."""
    passage = _passage(cited, document)
    if passage is None:
        return None
    return Excerpt(passage, citation_of(document), Span(cited.start, cited.end), (), 0.0)


def what_became_of(cited: Cited, document: Document | None) -> Opened:
    """What was quoted, and whether its document still says so."""
    if document is None:
        return Opened(cited.text, cited.citation, Since.GONE)
    same = _passage(cited, document) is not None
    return Opened(cited.text, citation_of(document), Since.SAME if same else Since.CHANGED)


def _passage(cited: Cited, document: Document) -> Passage | None:
    """The passage that was quoted. Its id has a hash of its text, but its place may have changed."""
    same = [each for each in document.passages if each.id == cited.passage_id]
    moved = [each for each in document.passages if cited.stands_in(each.text)]
    return next(iter((*same, *moved)), None)
