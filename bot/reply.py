"""A reply: what was answered, to whom, and from what, as buttons and links find it again."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from bot.locale.catalogue import FALLBACK
from corpus.model import Precision, Published
from retrieval.answer import MOST_EXCERPTS, Citation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.inquiry import Inquiry
    from corpus.model import Document
    from retrieval.answer import Excerpt, Verdict

MAX_TEXT = 2_000
"""Characters kept of one excerpt: enough to tell whether its document has changed."""

KEY_LENGTH = 10

_KEY_CHARACTERS = string.ascii_letters + string.digits
_TITLE_LENGTH = 300


class ReplyKind(StrEnum):
    """How a reply came about."""

    ASKED = "asked"
    CHANGED = "changed"  # by a button under another one, in its message
    OPENED = "opened"  # by the address of another one
    TOLD = "told"  # unasked: a notification


@dataclass(frozen=True, slots=True)
class Origin:
    """How a reply came about, and the message that it stands in if there is one already."""

    kind: ReplyKind
    message_id: int | None = None


NEW = Origin(ReplyKind.ASKED)
"""The origin of a reply to a message."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One excerpt that was shown: characters `start` to `end` of a passage, and the document as it was.

    `place` is its number among all results, counted from 0. `text` is the excerpt verbatim, of
    which the first `MAX_TEXT` characters are kept.
    """

    place: int
    citation: Citation
    passage_id: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, excerpt: Excerpt, place: int) -> Self:
        """The record of an excerpt."""
        span = excerpt.span
        return cls(place, excerpt.citation, excerpt.passage.id, span.start, span.end, excerpt.text[:MAX_TEXT])

    @property
    def document_id(self) -> str:
        """The document's id."""
        return self.citation.document_id

    def stands_in(self, passage: str) -> bool:
        """Whether a passage's text still has the excerpt in its place, as far as it was kept."""
        return passage.startswith(self.text, self.start) and self.end <= len(passage)

    def to_json(self) -> dict[str, Any]:
        """The record as JSON; what is empty is left out."""
        citation, published = self.citation, self.citation.published
        written = {
            "place": self.place,
            "document": citation.document_id,
            "title": citation.title and citation.title[:_TITLE_LENGTH],
            "source": citation.source and citation.source[:_TITLE_LENGTH],
            "published": published and published.at.isoformat(),
            "precision": published and published.precision.value,
            "url": citation.url,
            "language": citation.language,
            "passage": self.passage_id,
            "start": self.start,
            "end": self.end,
            "text": self.text,
        }
        return {name: value for name, value in written.items() if value is not None}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """The record that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: it is none.
        """
        at = written.get("published")
        published = Published(datetime.fromisoformat(at), Precision(written["precision"])) if at else None
        citation = Citation(
            written["document"],
            written.get("title"),
            written.get("source"),
            published,
            written.get("url"),
            written["language"],
        )
        return cls(
            written["place"], citation, written["passage"], written["start"], written["end"], written["text"]
        )


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: the chat, its forum topic, who asked in which locale, and in which message."""

    chat_id: int
    thread_id: int | None
    user_id: int
    question_message_id: int | None = None
    locale: str = FALLBACK


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered.

    The numbers of messages are None before they are known, and in a group that has become a
    supergroup since. `cited` are the excerpts of all pages that were shown; `reading` is the
    place of the one whose document the message shows now, if it does.
    """

    key: str
    kind: ReplyKind
    where: Where
    message_id: int | None
    inquiry: Inquiry
    verdict: Verdict
    confidence: float
    cited: tuple[Cited, ...]
    reading: int | None
    created: datetime

    @property
    def chat_id(self) -> int:
        """The chat it is in."""
        return self.where.chat_id

    @property
    def user_id(self) -> int:
        """Who asked."""
        return self.where.user_id

    @property
    def question_message_id(self) -> int | None:
        """The message that asked."""
        return self.where.question_message_id

    def cited_at(self, place: int) -> Cited | None:
        """The excerpt at a place, if that was shown."""
        return next((each for each in self.cited if each.place == place), None)

    def page(self, offset: int) -> tuple[Cited, ...]:
        """The excerpts of the page that begins at a place."""
        behind = offset + self.inquiry.excerpts
        return tuple(each for each in self.cited if offset <= each.place < behind)

    def with_cited(self, shown: Iterable[Cited]) -> tuple[Cited, ...] | None:
        """All excerpts, with those that are shown now; None if one of these is not what was there before."""
        known = {each.place: each for each in self.cited}
        for each in shown:
            if known.setdefault(each.place, each) != each:
                return None
        return tuple(known[place] for place in sorted(known))[:MOST_EXCERPTS]


@dataclass(frozen=True, slots=True)
class History:
    """A page of what a reader asked in a chat, newest first; `total` counts all pages."""

    replies: tuple[Reply, ...]
    total: int


def citation_of(document: Document) -> Citation:
    """A document as it is cited."""
    return Citation(
        document.id, document.title, document.source, document.published, document.url, document.language
    )


def new_key() -> str:
    """A key that nobody can guess and that a button and a link can carry."""
    return "".join(secrets.choice(_KEY_CHARACTERS) for _ in range(KEY_LENGTH))


def plain_key(text: str) -> str:
    """A text that may be a key; "", which is none, for what came in a forged button or link."""
    return text if len(text) == KEY_LENGTH and text.isascii() and text.isalnum() else ""
