"""From what a reader found to a `Document`: its ids, language, passages and revision."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from corpus import refusals
from corpus.errors import UnreadableFile
from corpus.language import language_of
from corpus.model import Document, Passage
from corpus.splitter import pieces

if TYPE_CHECKING:
    from corpus.formats.base import Draft

_LONGEST_URL_AS_ID: Final = 300


def document_of(draft: Draft, origin: str) -> Document:
    """Make the document a draft describes.

    Its id is the url (unless its key is to be found again), or else the origin, followed by
    "#" and the key where the file holds many documents. A draft without text but with a
    title is a headline: the title is its one passage.

    Raises:
        UnreadableFile: There is no text in it, or what is in it is no text.
    """
    identity = _identity(draft, origin)
    body = draft.body
    passages = tuple(
        Passage(
            id=f"{identity}:{ordinal}:{_hash(text := body[piece.start : piece.end])[:8]}",
            ordinal=ordinal,
            text=text,
            section=piece.section,
            marks=piece.marks,
        )
        for ordinal, piece in enumerate(pieces(body, draft.blocks))
    )
    title = draft.title
    if not passages:
        if not title:
            raise UnreadableFile(refusals.NO_TEXT)
        passages = (Passage(id=f"{identity}:0:{_hash(title)[:8]}", ordinal=0, text=title),)
    language = draft.language or language_of(f"{title}\n{body}" if title else body)
    return Document(
        id=identity,
        origin=origin,
        title=title,
        source=draft.source,
        published=draft.published,
        url=draft.url,
        language=language,
        topics=draft.topics,
        revision=_revision(draft, language, passages),
        passages=passages,
    )


def _identity(draft: Draft, origin: str) -> str:
    if draft.url and not draft.keyed:
        if len(draft.url) <= _LONGEST_URL_AS_ID:
            return draft.url
        return f"{draft.url[:_LONGEST_URL_AS_ID]}~{_hash(draft.url)[:16]}"
    return origin if draft.key is None else f"{origin}#{draft.key}"


def _revision(draft: Draft, language: str, passages: tuple[Passage, ...]) -> str:
    """A hash of everything a reader could see."""
    published = draft.published
    parts = [
        draft.title or "",
        draft.source or "",
        f"{published.at.isoformat()} {published.precision}" if published else "",
        draft.url or "",
        language,
        *draft.topics,
    ]
    for passage in passages:
        parts += ("", passage.section or "", *passage.marks, passage.text)
    seen = "\x1f".join(parts)
    if "\x00" in seen:
        raise UnreadableFile(refusals.NOT_TEXT)
    return _hash(seen)


def _hash(text: str) -> str:
    """A hash of a text, which every store can keep: no NULs, no halves of characters."""
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:
        raise UnreadableFile(refusals.NOT_TEXT) from None
