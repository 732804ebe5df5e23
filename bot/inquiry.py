"""The inquiry: what a reader asks with everything that was assumed, and its writing in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from bot.errors import InquiryTooLong, UnreadableInquiry
from retrieval.answer import MOST_EXCERPTS, Order, Question
from retrieval.scope import Scope

MAX_LENGTH = 16_384
"""Characters of all texts of an inquiry: four messages of Telegram's."""

_VERSION = 1
_TITLE_LENGTH = 256
# What `_read` understands; anything else was written by a newer version.
_KEYS = frozenset({"v", "said", "asked", "context", "scope", "title", "order", "excerpts"})
_SCOPE_KEYS = frozenset({"sources", "since", "until", "language", "phrases", "excluded", "document"})


class ChipKind(StrEnum):
    """What a chip says was assumed."""

    CONTEXT = "context"
    SOURCE = "source"
    SINCE = "since"
    UNTIL = "until"
    LANGUAGE = "language"
    PHRASE = "phrase"
    EXCLUDED = "excluded"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was assumed and can be taken back.

    `value` is the previous question, a source, a day as ISO 8601, "zh" or "en", a phrase,
    or the title of a document (its id where it has none).
    """

    kind: ChipKind
    value: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a reader asks, with everything that was assumed: enough to ask it again after any restart.

    `said` is without operators; `asked` is aware, in the reader's zone; `context` is the question
    this one refines; `excerpts` is how many a page has; `document_title` names the document of the scope.

    Raises:
        ValueError: `asked` has no zone, or `excerpts` is not 1 to `MOST_EXCERPTS`.
        InquiryTooLong: all texts together have more than `MAX_LENGTH` characters.
    """

    said: str
    asked: datetime
    context: str | None = None
    scope: Scope = field(default_factory=Scope)
    order: Order = Order.BEST
    excerpts: int = 3
    document_title: str | None = None

    def __post_init__(self) -> None:
        if self.asked.tzinfo is None:
            msg = "the time of asking needs a time zone"
            raise ValueError(msg)
        if not 1 <= self.excerpts <= MOST_EXCERPTS:
            msg = f"a page has 1 to {MOST_EXCERPTS} excerpts"
            raise ValueError(msg)
        scope = self.scope
        texts = (self.said, self.context or "", *scope.sources, *scope.phrases, *scope.excluded)
        if sum(map(len, texts)) > MAX_LENGTH:
            raise InquiryTooLong

    @property
    def question(self) -> Question:
        """The question to answer."""
        return Question(self.said, self.asked, scope=self.scope, context=self.context, order=self.order)

    @property
    def lasting(self) -> Inquiry:
        """The question as it is followed: of no time, since what is to come is meant, and of no document."""
        scope = replace(self.scope, since=None, until=None, document_id=None)
        return replace(self, scope=scope, document_title=None)

    def chips(self) -> tuple[Chip, ...]:
        """One chip for each thing assumed, always in the same order."""
        scope = self.scope
        chips = [Chip(ChipKind.CONTEXT, self.context)] if self.context is not None else []
        chips += [Chip(ChipKind.SOURCE, source) for source in scope.sources]
        if scope.since is not None:
            chips.append(Chip(ChipKind.SINCE, scope.since.isoformat()))
        if scope.until is not None:
            chips.append(Chip(ChipKind.UNTIL, scope.until.isoformat()))
        if scope.language is not None:
            chips.append(Chip(ChipKind.LANGUAGE, scope.language))
        chips += [Chip(ChipKind.PHRASE, phrase) for phrase in scope.phrases]
        chips += [Chip(ChipKind.EXCLUDED, word) for word in scope.excluded]
        if scope.document_id is not None:
            chips.append(Chip(ChipKind.DOCUMENT, self.document_title or scope.document_id))
        return tuple(chips)

    def without(self, chip: int) -> Inquiry:
        """The inquiry without what the chip at an index of `chips` says.

        Raises:
            IndexError: there is no such chip.
        """
        chips = self.chips()
        if not 0 <= chip < len(chips):
            msg = f"there is no chip {chip}"
            raise IndexError(msg)
        kind = chips[chip].kind
        # Values may occur twice; which of their kind it is, counts.
        place = sum(other.kind is kind for other in chips[:chip])
        scope = self.scope
        match kind:
            case ChipKind.CONTEXT:
                return replace(self, context=None)
            case ChipKind.SOURCE:
                scope = replace(scope, sources=_without(scope.sources, place))
            case ChipKind.SINCE:
                scope = replace(scope, since=None)
            case ChipKind.UNTIL:
                scope = replace(scope, until=None)
            case ChipKind.LANGUAGE:
                scope = replace(scope, language=None)
            case ChipKind.PHRASE:
                scope = replace(scope, phrases=_without(scope.phrases, place))
            case ChipKind.EXCLUDED:
                scope = replace(scope, excluded=_without(scope.excluded, place))
            case ChipKind.DOCUMENT:
                return replace(self, scope=replace(scope, document_id=None), document_title=None)
        return replace(self, scope=scope)

    def to_json(self) -> str:
        """The inquiry as JSON with its version; the same inquiry is always the same text.

        What has its default value is left out. A document's title is cut at 256 characters.
        """
        scope = self.scope
        return write_json(
            {
                "v": _VERSION,
                "said": self.said,
                "asked": self.asked.isoformat(),
                "context": self.context,
                "scope": _kept(
                    {
                        "sources": list(scope.sources),
                        "since": scope.since and scope.since.isoformat(),
                        "until": scope.until and scope.until.isoformat(),
                        "language": scope.language,
                        "phrases": list(scope.phrases),
                        "excluded": list(scope.excluded),
                        "document": scope.document_id,
                    }
                ),
                "title": self.document_title and self.document_title[:_TITLE_LENGTH],
                "order": None if self.order is Order.BEST else self.order.value,
                "excerpts": self.excerpts,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inquiry that `to_json` wrote; the zone of `asked` comes back as its offset.

        Raises:
            UnreadableInquiry: it is not one, or a newer version wrote it.
        """
        try:
            return cls(**_read(json.loads(text)))
        except (ValueError, TypeError, KeyError, InquiryTooLong, RecursionError) as error:
            # The text is a reader's and is not repeated.
            msg = f"A stored question cannot be read ({type(error).__name__})."
            raise UnreadableInquiry(msg) from None


def write_json(content: dict[str, Any] | list[Any]) -> str:
    """JSON as the database keeps it: short, with nothing in it that UTF-8 cannot write.

    Empty values of a dictionary are left out.
    """
    kept = _kept(content) if isinstance(content, dict) else content
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(kept, separators=(",", ":"))
    return text


def _kept(content: dict[str, Any]) -> dict[str, Any]:
    """What of a dictionary says anything: an empty text said is as good as none, a 0 is a number."""
    return {key: value for key, value in content.items() if value is not None and value not in ([], {})}


def _without(values: tuple[str, ...], place: int) -> tuple[str, ...]:
    return values[:place] + values[place + 1 :]


def _read(content: object) -> dict[str, Any]:
    """The fields of an inquiry from its JSON.

    Nothing unknown is passed over: without a part of its scope an inquiry would be another one.
    """
    content = _object(content, _KEYS)
    scope = _object(content.get("scope", {}), _SCOPE_KEYS)
    if content["v"] != _VERSION:
        msg = "written by a newer version"
        raise ValueError(msg)
    return {
        "said": _text(content["said"]),
        "asked": datetime.fromisoformat(content["asked"]),
        "context": _optional(content.get("context")),
        "scope": Scope(
            sources=_texts(scope.get("sources", [])),
            since=_day(scope.get("since")),
            until=_day(scope.get("until")),
            language=_optional(scope.get("language")),
            phrases=_texts(scope.get("phrases", [])),
            excluded=_texts(scope.get("excluded", [])),
            document_id=_optional(scope.get("document")),
        ),
        "order": Order(content.get("order", Order.BEST)),
        "excerpts": content["excerpts"],
        "document_title": _optional(content.get("title")),
    }


def _object(value: object, keys: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or not keys.issuperset(value):
        msg = "not an object of this version"
        raise TypeError(msg)
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        msg = "not a list"
        raise TypeError(msg)
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = "not a text"
        raise TypeError(msg)
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
