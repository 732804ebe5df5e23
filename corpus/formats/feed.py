"""A saved RSS or Atom file: one document an entry."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax import SAXException

import feedparser

from corpus import refusals
from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.formats.base import Composer, Draft
from corpus.formats.jsonlines import Keys
from corpus.formats.markup import add_markup, parsed_fragment, text_of
from corpus.formats.records import RecordError
from corpus.published import published_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from corpus.formats.base import SourceFile

_PROLOG: Final = re.compile(r"\s*<\?xml[^>]*\?>")
_ENTITIES: Final = re.compile(r"<!ENTITY", re.IGNORECASE)
_END: Final = re.compile(r"</(?:rss|feed|rdf:RDF)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)
_MARKUP: Final = re.compile(r"<[a-zA-Z/!][^>]*>|&[a-zA-Z#]\w*;")
_LONGEST_DATE: Final = 100
_PLAIN: Final = "text/plain"


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: what it calls itself, and its entries in its order, without those that say nothing."""

    title: str | None
    drafts: tuple[Draft, ...]


def read(file: SourceFile) -> Iterator[Draft]:
    """Read the entries of a feed. An entry that says nothing is passed over.

    Raises:
        UnreadableFile: It is damaged, or there is no entry in it.
    """
    keys = Keys()
    drafts: list[Draft] = []
    for draft in channel_of(file.read(), file.options.zone).drafts:
        try:
            drafts.append(keys.checked(draft))
        except RecordError:
            continue  # feeds repeat an entry when it was updated; the first is the newest
    if not drafts:
        raise UnreadableFile(refusals.FEED_WITHOUT_ENTRIES)
    yield from drafts


def channel_of(data: bytes, zone: tzinfo, *, base: str | None = None) -> Channel:
    """Read a feed, with entries or without.

    Args:
        data: The file.
        zone: The zone of dates that name none.
        base: The feed's own address, which links in it may be relative to.

    Raises:
        UnreadableFile: It is damaged.
    """
    text = _PROLOG.sub("", decode(data, declares=True), count=1).strip()
    if _ENTITIES.search(text):
        raise UnreadableFile(refusals.XML_ENTITIES)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base is not None:
        headers["content-location"] = base
    # A stream, because a text that looked like an address would be fetched.
    try:
        feed = feedparser.parse(io.BytesIO(text.encode("utf-8")), response_headers=headers)
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError):
        # feedparser stumbles over some broken markup instead of telling.
        raise UnreadableFile(refusals.DAMAGED_FEED) from None
    if isinstance(feed.get("bozo_exception"), SAXException) and not _END.search(text):
        raise UnreadableFile(refusals.DAMAGED_FEED)
    drafts = (_draft(entry, feed.feed, zone, number) for number, entry in enumerate(feed.entries, start=1))
    title = _line(feed.feed.get("title_detail"), feed.feed.get("title"))
    return Channel(title, tuple(draft for draft in drafts if draft is not None))


def _draft(entry: Any, feed: Any, zone: tzinfo, number: int) -> Draft | None:  # noqa: ANN401  feedparser has no types
    title = _line(entry.get("title_detail"), entry.get("title"))
    composer = Composer()
    content = max(
        [*entry.get("content", ()), entry.get("summary_detail") or {}],
        key=lambda part: len(part.get("value") or ""),
    )
    _add(content, composer)
    if not composer.blocks and title is None:
        return None
    url = entry.get("link") or ""
    own = entry.get("source") or {}
    return Draft(
        composer.body,
        composer.blocks,
        title=title,
        source=_line(None, own.get("title")) or _line(feed.get("title_detail"), feed.get("title")),
        published=_published(entry, zone),
        url=url if url.startswith(("http://", "https://")) else None,
        topics=tuple(
            dict.fromkeys(term for tag in entry.get("tags", ()) if (term := _line(None, tag.get("term"))))
        ),
        key=entry.get("id") or str(number),
    )


def _published(entry: Any, zone: tzinfo) -> Any:  # noqa: ANN401  feedparser has no types
    """The entry's own date. Atom's "updated" dates the text as it stands, if there is no other."""
    for name in ("published", "updated"):
        # Past feedparser's own `get`, which gives the one for the other with a warning.
        text = dict.get(entry, name)
        if isinstance(text, str) and 0 < len(text) <= _LONGEST_DATE and (found := published_of(text, zone)):
            return found
    return None


def _add(content: Any, composer: Composer) -> None:  # noqa: ANN401  feedparser has no types
    value = content.get("value") or ""
    if content.get("type") == _PLAIN and not _MARKUP.search(value):
        for line in value.splitlines():
            composer.add(line)
    elif (element := parsed_fragment(value)) is not None:
        add_markup(element, composer)


def _line(detail: Any, value: str | None) -> str | None:  # noqa: ANN401  feedparser has no types
    """A title on one line, without the markup that some feeds put in it."""
    if not value:
        return None
    markup = detail is None or detail.get("type") != _PLAIN or _MARKUP.search(value)
    element = parsed_fragment(value) if markup and _MARKUP.search(value) else None
    return (text_of(element) if element is not None else " ".join(value.split())) or None
