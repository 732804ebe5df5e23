"""The items of a feed: which are new or changed, their articles, and the files made of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from corpus.article import Article, identity_of, read_article
from corpus.errors import FetchFailed, FetchRefused
from corpus.feed_reading import content_of, hash_of
from corpus.feed_store import Item
from corpus.model import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.article_files import ArticleFiles
    from corpus.feed_reading import Entry
    from corpus.feed_store import Feed, FeedStore
    from corpus.fetching import Fetcher
    from corpus.formats.base import Draft, ReadOptions
    from corpus.model import Published

PLACE: Final = "feeds"
"""The folder in the corpus folder that items go to, one folder a host in it."""

_MOST_TRIES: Final = 3
# What a clock that was never set says, and what lies before any feed.
_FIRST_YEAR: Final = 1995
_FUTURE: Final = timedelta(days=1)
# A page whose text is so much shorter than what the feed says of it holds something else.
_WORTH: Final = 0.8
# Likewise an article that would take the place of a longer one.
_WORTH_REPLACING: Final = 0.4
_ORDER: Final = tuple(Precision)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a feed's items.

    `added` and `updated` are files. `copies` are there already from another feed, `waiting` are for
    the next time, and of `failed` the article could not be had now.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    copies: int = 0
    waiting: int = 0
    failed: int = 0


class ItemIntake:
    """Makes files of the items of feeds.

    Args:
        store: Where items are known from.
        fetcher: Fetches their articles.
        files: Writes them.
        options: How pages are read.
        most: So many articles are fetched for one feed at a time.
    """

    def __init__(
        self, store: FeedStore, fetcher: Fetcher, files: ArticleFiles, options: ReadOptions, most: int
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._files = files
        self._options = options
        self._most = most
        # Two feeds that bring one article at the same moment must not both make a file of it.
        self._settling = asyncio.Lock()

    async def take(
        self, feed: Feed, entries: Sequence[Entry], others: frozenset[str], now: datetime
    ) -> Taken:
        """Make files of what is new or changed.

        Args:
            feed: The feed.
            entries: What stands in it.
            others: The ids of the other feeds that are asked: what came from them first is theirs.
            now: When it was read.

        Raises:
            CorpusError: A file cannot be written.
        """
        known = await self._store.items([entry.id for entry in entries])
        await self._store.saw(known, now)
        added: list[str] = []
        updated: list[str] = []
        copies = waiting = failed = fetched = 0
        for entry in entries:
            item = known.get(entry.id)
            if item is not None and item.feed_id in others:
                continue
            if item is not None and item.is_settled and item.entry in {entry.version, ""}:
                if (item.entry, item.feed_id) != (entry.version, feed.id):
                    await self._store.record(replace(item, feed_id=feed.id, entry=entry.version), now)
                continue
            if fetched == self._most:
                waiting += 1
                continue
            fetched += 1
            tries = item.tries + 1 if item is not None else 1
            article = await self._article(feed, entry.draft, tries, now)
            if article is None:
                failed += 1
                missed = item or Item(entry.id, feed.id, "", None, None, 0)
                await self._store.record(replace(missed, feed_id=feed.id, tries=tries), now)
                continue
            async with self._settling:
                settled, is_copy = await self._settled(feed, entry, item, article, now)
            copies += is_copy
            if settled.origin is None:
                continue
            if item is None or item.origin is None:
                added.append(settled.origin)
            elif settled.content != item.content:
                updated.append(settled.origin)
        return Taken(tuple(added), tuple(updated), copies, waiting, failed)

    async def _settled(
        self, feed: Feed, entry: Entry, item: Item | None, article: Article, now: datetime
    ) -> tuple[Item, bool]:
        """Write an article's file, if it is not there already, and note it; whether it is a copy."""
        content = content_of(article.title, article.body) or hash_of(f"{article.title}\n{article.body}")
        # Two links may lead to one page, in one feed or in two.
        address = hash_of(identity_of(article.url)) if entry.draft.url else entry.id
        before = item or Item(entry.id, feed.id, "", None, None, 0)
        settled = replace(before, feed_id=feed.id, entry=entry.version, tries=0)
        same = None if before.origin else await self._same(entry.id, feed.id, address, content)
        if same is None and content != before.content:
            if before.origin is None:
                origin = await asyncio.to_thread(self._files.save, article, PLACE)
                settled = replace(settled, content=content, origin=origin)
            elif await asyncio.to_thread(self._is_worth, article, before.origin):
                await asyncio.to_thread(self._files.save, article, PLACE, before.origin)
                settled = replace(settled, content=content)
        elif same is not None:
            settled = replace(settled, content=content)
        if same is None or same.id != entry.id:
            await self._store.record(settled, now)
        if address != entry.id and same is None and item is None:
            await self._store.record(replace(settled, id=address, entry=""), now)
        return settled, same is not None

    async def _same(self, id: str, feed_id: str, address: str, content: str) -> Item | None:  # noqa: A002 - an item's
        """An item that is the same article: of another feed just now, by its address, or by its text."""
        known = await self._store.items([id, address])
        mine, other = known.get(id), known.get(address)
        if mine is not None and mine.feed_id != feed_id and mine.is_settled:
            return mine
        if address != id and other is not None and other.is_settled:
            return other
        return await self._store.copy_of(content, besides=id)

    def _is_worth(self, article: Article, origin: str) -> bool:
        """Whether an article is to replace its file.

        Not if somebody has removed the file. Nor if most of the text would go: then its page
        cannot be had any more, and all there is is what the feed says of it.
        """
        size = self._files.size(origin)
        return size is not None and len(article.body.encode("utf-8", "replace")) >= _WORTH_REPLACING * size

    async def _article(self, feed: Feed, draft: Draft, tries: int, now: datetime) -> Article | None:
        """The article of an entry, of its page or else of what the feed says; None if later may be better."""
        own = _own_article(feed, draft, now)
        if draft.url is None:
            return own
        try:
            fetched = await self._fetcher.get(draft.url)
            page = await asyncio.to_thread(read_article, fetched, self._options)
        except FetchRefused:
            return own
        except FetchFailed as error:
            return None if error.again and tries < _MOST_TRIES else own
        return _joined(page, own, now)


def _own_article(feed: Feed, draft: Draft, now: datetime) -> Article:
    """What the feed itself says of an entry."""
    return Article(
        # An entry without an address is cited by its feed's.
        url=draft.url or f"{feed.url}#{hash_of(f'{draft.title}{draft.key}')[:12]}",
        body=draft.body,
        blocks=draft.blocks,
        title=draft.title,
        source=draft.source,
        published=_believable(draft.published, now),
        topics=draft.topics,
        language=draft.language,
    )


def _joined(page: Article, own: Article, now: datetime) -> Article:
    """An article with what its page says, and what its feed knows better."""
    fuller = page if len(page.body) >= _WORTH * len(own.body) else own
    return Article(
        url=page.url,
        body=fuller.body,
        blocks=fuller.blocks,
        title=own.title or page.title,
        source=page.source or own.source,
        published=_better(_believable(page.published, now), own.published),
        topics=tuple(dict.fromkeys((*own.topics, *page.topics))),
        language=page.language,
    )


def _believable(published: Published | None, now: datetime) -> Published | None:
    """A date that can be one: none of the future, none of a clock that was never set."""
    if published is None or published.at.year < _FIRST_YEAR:
        return None
    return published if published.at.astimezone(UTC) <= now + _FUTURE else None


def _better(page: Published | None, own: Published | None) -> Published | None:
    """The page's date; the feed's where the page has none, or the same one less exactly."""
    if page is None or own is None:
        return page or own
    finer = _ORDER.index(own.precision) > _ORDER.index(page.precision)
    same_day = abs(own.at - page.at) < timedelta(days=2)
    return own if finer and same_day else page
