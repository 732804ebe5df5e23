"""What a row of the outbox tells, as it is kept: which passage of the news, or what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from bot.reply import Cited
from corpus.model import Precision, Published
from retrieval.answer import Citation, Span

if TYPE_CHECKING:
    from retrieval.answer import Excerpt

MOST_REPORTS = 8
"""Other sources that are named beside a passage."""

_MOST_MATCHES = 40
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A passage that a subscription is told of.

    The passage itself is named by its row, and its id has a hash of its text, so offsets are enough.

    Attributes:
        span: what of the passage is quoted.
        matches: what matched, inside the span.
        answer: the answer itself where it is certain.
        score: how well it fits, in [0, 1].
        old: whether it was published long before it was loaded.
        reports: other documents that tell the same, the earliest first.
        more: how many more passages the load had for the subscription, told with its first one.
    """

    span: Span
    matches: tuple[Span, ...] = ()
    answer: Span | None = None
    score: float = 0.0
    old: bool = False
    reports: tuple[Citation, ...] = ()
    more: int = 0

    @classmethod
    def of(
        cls, excerpt: Excerpt, score: float, *, old: bool, reports: tuple[Citation, ...], more: int
    ) -> Self:
        """The record of an excerpt."""
        return cls(excerpt.span, excerpt.matches, excerpt.answer, score, old, reports, more)

    def to_json(self) -> dict[str, Any]:
        """The record as JSON."""
        return {
            "span": _pair(self.span),
            "matches": [_pair(each) for each in self.matches[:_MOST_MATCHES]],
            "answer": self.answer and _pair(self.answer),
            "score": round(self.score, 4),
            "old": self.old,
            "reports": [citation_json(each) for each in self.reports[:MOST_REPORTS]],
            "more": self.more,
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """The record that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: it is none.
        """
        answer = written["answer"]
        return cls(
            Span(*written["span"]),
            tuple(Span(*each) for each in written["matches"]),
            Span(*answer) if answer else None,
            float(written["score"]),
            bool(written["old"]),
            tuple(map(citation_of_json, written["reports"])),
            int(written["more"]),
        )


class Fate(StrEnum):
    """What became of something that was quoted."""

    CHANGED = "changed"
    REMOVED = "removed"  # the document is there, without it
    WITHDRAWN = "withdrawn"  # the document is gone


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that does not say any more what a chat was given.

    Attributes:
        was: what was given.
        given: when (aware), the last time.
        fate: what became of it.
        now: what the document says in its place, if it says anything.
    """

    was: Cited
    given: datetime
    fate: Fate
    now: Cited | None = None

    def to_json(self) -> dict[str, Any]:
        """The record as JSON."""
        return {
            "was": self.was.to_json(),
            "given": self.given.isoformat(),
            "fate": self.fate.value,
            "now": self.now and self.now.to_json(),
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """The record that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: it is none.
        """
        now = written["now"]
        return cls(
            Cited.from_json(written["was"]),
            datetime.fromisoformat(written["given"]),
            Fate(written["fate"]),
            Cited.from_json(now) if now else None,
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """All that one load changed of what a chat was given.

    Attributes:
        changes: what changed, what was given last first.
        more: how many more there are.
        user_id: who was given it.
        locale: the words to write in where the chat has chosen none.
    """

    changes: tuple[Change, ...]
    more: int
    user_id: int
    locale: str

    def to_json(self) -> dict[str, Any]:
        """The record as JSON."""
        changes = [each.to_json() for each in self.changes]
        return {"changes": changes, "more": self.more, "user": self.user_id, "locale": self.locale}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """The record that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: it is none.
        """
        changes = tuple(map(Change.from_json, written["changes"]))
        return cls(changes, int(written["more"]), int(written["user"]), str(written["locale"]))


def citation_json(citation: Citation) -> dict[str, Any]:
    """A document as it is cited, as JSON."""
    published = citation.published
    return {
        "document": citation.document_id,
        "title": citation.title and citation.title[:_TITLE_LENGTH],
        "source": citation.source and citation.source[:_TITLE_LENGTH],
        "published": published and published.at.isoformat(),
        "precision": published and published.precision.value,
        "url": citation.url,
        "language": citation.language,
    }


def citation_of_json(written: dict[str, Any]) -> Citation:
    """The document that `citation_json` wrote.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    at = written["published"]
    published = Published(datetime.fromisoformat(at), Precision(written["precision"])) if at else None
    return Citation(
        written["document"],
        written["title"],
        written["source"],
        published,
        written["url"],
        written["language"],
    )


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
