"""A feed that was fetched: its entries, and what tells each of them from all others."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpus.article import identity_of, in_utf8
from corpus.errors import FetchRefused, UnreadableFile
from corpus.formats.feed import channel_of
from corpus.formats.kinds import HEAD_BYTES, kind_of
from corpus.formats.markup import parsed_page

if TYPE_CHECKING:
    from datetime import tzinfo

    from corpus.fetching import Fetched
    from corpus.formats.base import Draft

MOST_ENTRIES: Final = 200
"""The first so many entries of a feed are looked at."""

_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_SPACE: Final = re.compile(r"\s+")
# So much of a text does not agree by chance; less of it only together with the title.
_TELLING: Final = 200
_LEAST_TELLING: Final = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed. `id` is the same in every feed; `version` changes with what the feed says of it."""

    id: str
    version: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What a feed calls itself, and its entries in its order."""

    title: str | None
    entries: tuple[Entry, ...]


def read_feed(fetched: Fetched, zone: tzinfo) -> FeedContent | None:
    """The feed that was fetched, or None if it is no feed. Not in the event loop.

    Raises:
        FetchRefused: It is damaged, or defines XML entities.
    """
    data = in_utf8(fetched.body, fetched.charset)
    try:
        kind_of("feed.xml", data[:HEAD_BYTES].lstrip())
    except UnreadableFile:
        return None
    try:
        channel = channel_of(data.lstrip(), zone, base=str(fetched.final))
    except UnreadableFile as error:
        raise FetchRefused(error.reason) from None
    drafts = [_mended(draft) for draft in channel.drafts[:MOST_ENTRIES]]
    # Some feeds give every entry the address of their start page: that tells none from another.
    shared = {url for url, count in Counter(draft.url for draft in drafts).items() if count > 1}
    entries: dict[str, Entry] = {}
    for draft in drafts:
        own = replace(draft, url=None) if draft.url in shared else draft
        entry = _entry(own, str(fetched.final))
        entries.setdefault(entry.id, entry)  # repeated when it was updated; the first is the newest
    return FeedContent(channel.title, tuple(entries.values()))


def feed_named_by(fetched: Fetched) -> str | None:
    """The address of the feed that a page names as its own, or None. Not in the event loop."""
    try:
        kind_of("page.html", fetched.body[:HEAD_BYTES])
        page = parsed_page(in_utf8(fetched.body, fetched.charset).decode("utf-8", "replace"))
    except UnreadableFile:
        return None
    for link in page.iter("link") if page is not None else ():
        kind = (link.get("type") or "").strip().lower()
        names = (link.get("rel") or "").lower().split()
        if "alternate" in names and kind in _FEED_TYPES and (target := (link.get("href") or "").strip()):
            return str(fetched.final.join(target))
    return None


def content_of(title: str | None, body: str) -> str | None:
    """A hash of what a text says, to know a copy by; None where there is too little of it."""
    text = _letters(body)
    if len(text) < _TELLING:
        if len(text) < _LEAST_TELLING:
            return None
        text = f"{_letters(title or '')}\n{text}"
    return hash_of(text)


def _mended(draft: Draft) -> Draft:
    """An entry with its address as a browser reads it: white space in it is an oversight."""
    url = _SPACE.sub("%20", draft.url.strip()) if draft.url else None
    return replace(draft, url=url)


def _entry(draft: Draft, feed: str) -> Entry:
    said = identity_of(draft.url) if draft.url else f"{feed}\n{draft.title or draft.body}"
    # Not the entry's own id (feeds change them), nor its links: what its reader reads.
    version = "\n".join((draft.title or "", str(draft.published or ""), draft.body))
    return Entry(hash_of(said), hash_of(version), draft)


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def hash_of(text: str) -> str:
    """A hash of a text, as items have it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
