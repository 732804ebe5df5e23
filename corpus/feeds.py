"""The feeds: adding and removing them, and asking those whose time has come for what is new."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TYPE_CHECKING, Final

from corpus import web_refusals
from corpus.addresses import web_address
from corpus.errors import CorpusError, DatabaseError, FetchFailed, FetchRefused
from corpus.feed_items import ItemIntake, Taken
from corpus.feed_reading import feed_named_by, read_feed
from corpus.feed_schedule import FeedSchedule
from corpus.feed_store import Feed, FeedStore
from corpus.fetching import FEEDS
from corpus.formats.base import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from corpus.article_files import ArticleFiles
    from corpus.database import Database
    from corpus.feed_reading import FeedContent
    from corpus.fetching import Fetched, Fetcher

_LOG = logging.getLogger(__name__)

MOST_ARTICLES: Final = 20
"""So many articles are fetched for one feed at a time; the others a minute later."""

_AT_ONCE: Final = 4  # feeds, of different hosts mostly
_GONE: Final = 410
_OUR_FAULT: Final = "Reading it failed; this is a fault of Wenxun, its log says more."


@dataclass(frozen=True, slots=True)
class Addition:
    """A feed that somebody added: whether it `is_new`, and how many entries it has now."""

    feed: Feed
    entries: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A feed that nobody watches yet: its `address`, what it calls itself, and its entries in its order."""

    address: str
    content: FeedContent


@dataclass(frozen=True, slots=True)
class FeedFailure:
    """A feed that could not be had, and why."""

    feed: Feed
    reason: str


@dataclass(frozen=True, slots=True)
class PollReport:
    """What asking the feeds brought.

    `added` and `updated` are files of the corpus folder: if there are any, load. `copies` are items
    that are there from another feed, `waiting` are for the next time. `failures` are of this time;
    `failing` are the feeds to tell an administrator of, because they have failed for a week (once
    a week), and `gone` those whose host says that they are no more: they are not asked for again.
    """

    polled: int = 0
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    copies: int = 0
    waiting: int = 0
    failures: tuple[FeedFailure, ...] = ()
    failing: tuple[FeedFailure, ...] = ()
    gone: tuple[Feed, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether there is something to load."""
        return bool(self.added or self.updated)


class Feeds:
    """The feeds that are watched. What they bring becomes files in the corpus folder.

    Args:
        database: Where they are kept.
        fetcher: Asks for feeds and articles.
        files: Writes articles.
        options: How pages are read.
        schedule: When a feed is asked for again.
        chance: In [0, 1), to spread requests by.
    """

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        files: ArticleFiles,
        *,
        options: ReadOptions | None = None,
        schedule: FeedSchedule | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        self._store = FeedStore(database)
        self._fetcher = fetcher
        self._options = options or ReadOptions()
        self._schedule = schedule or FeedSchedule()
        self._chance = chance or SystemRandom().random
        self._intake = ItemIntake(self._store, fetcher, files, self._options, MOST_ARTICLES)

    async def add(self, url: str, now: datetime) -> Addition:
        """Watch a feed: by its address, or by that of a page which names its feed. It is polled at once.

        Raises:
            FetchFailed: It cannot be had, or it is no feed.
        """
        found = await self.preview(url)
        feed, is_new = await self._store.add(found.address, found.content.title, now)
        return Addition(feed, len(found.content.entries), is_new)

    async def preview(self, url: str) -> Preview:
        """What a feed has now: by its address, or by that of a page which names its feed.

        Raises:
            FetchFailed: It cannot be had, or it is no feed.
        """
        fetched = await self._fetcher.get(url, wanted=FEEDS)
        content = await self._read(fetched)
        if content is None:
            named = await asyncio.to_thread(feed_named_by, fetched)
            if named is None:
                raise FetchRefused(web_refusals.NOT_A_FEED)
            url = named
            fetched = await self._fetcher.get(url, wanted=FEEDS)
            content = await self._content(fetched)
        return Preview(fetched.moved or str(web_address(url)), content)

    async def list(self) -> tuple[Feed, ...]:
        """All feeds, in the order they were added."""
        return await self._store.list()

    async def get(self, id: str) -> Feed | None:  # noqa: A002 - a feed's
        """A feed by its short name."""
        return await self._store.get(id)

    async def counts(self) -> dict[str, int]:
        """How many files each feed has brought, by its id."""
        return await self._store.counts()

    async def pause(self, id: str) -> bool:  # noqa: A002 - a feed's
        """Do not ask for a feed until it is resumed; False if there is none of that name."""
        return await self._store.change(id, paused=True)

    async def resume(self, id: str, now: datetime) -> bool:  # noqa: A002 - a feed's
        """Ask for a feed again, at once, also if it was gone; False if there is none of that name."""
        return await self._store.change(
            id,
            paused=False,
            gone=False,
            failures=0,
            failing_since=None,
            reason=None,
            reported=None,
            next_try=now,
        )

    async def remove(self, id: str) -> bool:  # noqa: A002 - a feed's
        """Watch a feed no more; the news that it brought stays. False if there is none of that name."""
        return await self._store.remove(id)

    async def poll_due(self, now: datetime, most: int = 50) -> PollReport:
        """Ask the feeds whose time has come for what is new.

        One that fails does not keep the others from being asked.

        Args:
            now: The moment.
            most: So many feeds at most.

        Raises:
            DatabaseError: The database cannot be used.
        """
        claimed = await self._store.claim_due(now, most)
        watched = await self._store.list() if claimed else ()
        asked = frozenset(feed.id for feed in watched if not feed.paused and not feed.gone)
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(feed: Feed) -> PollReport:
            async with places:
                return await self._poll(feed, asked - {feed.id}, now)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(feed)) for feed in claimed]
        return _together([task.result() for task in tasks])

    async def _poll(self, feed: Feed, others: frozenset[str], now: datetime) -> PollReport:
        try:
            fetched = await self._fetcher.get(feed.url, wanted=FEEDS, etag=feed.etag, modified=feed.modified)
            content = None if fetched.unchanged else await self._content(fetched)
            taken = await self._intake.take(feed, content.entries, others, now) if content else Taken()
        except FetchFailed as error:
            return await self._failed(feed, error.reason, error.wait, now, is_gone=error.status == _GONE)
        except DatabaseError:
            raise
        except CorpusError as error:
            return await self._failed(feed, str(error), None, now)
        except Exception:  # noqa: BLE001 - it is logged and told
            # A fault about one feed must not keep all others from being asked.
            _LOG.exception("Polling the feed %s failed", feed.id)
            return await self._failed(feed, _OUR_FAULT, None, now)
        if fetched.moved and fetched.moved != feed.url:
            await self._store.move(feed.id, fetched.moved)
        await self._succeeded(feed, fetched, content, taken, now)
        return PollReport(1, taken.added, taken.updated, taken.copies, taken.waiting + taken.failed)

    async def _read(self, fetched: Fetched) -> FeedContent | None:
        return await asyncio.to_thread(read_feed, fetched, self._options.zone)

    async def _content(self, fetched: Fetched) -> FeedContent:
        content = await self._read(fetched)
        if content is None:
            raise FetchRefused(web_refusals.NOT_A_FEED)
        return content

    async def _succeeded(
        self, feed: Feed, fetched: Fetched, content: FeedContent | None, taken: Taken, now: datetime
    ) -> None:
        changed = now if taken.added or taken.updated else feed.changed
        next_try = self._schedule.after_success(now, changed, self._chance())
        if taken.waiting:
            next_try = now + self._schedule.unfinished
        elif taken.failed:
            next_try = min(next_try, self._schedule.after_failure(now, 1, None, self._chance()))
        # What was not taken must come again, so that "unchanged" would be the wrong answer.
        finished = not taken.waiting and not taken.failed
        known = (feed.etag, feed.modified) if fetched.unchanged else (None, None)
        await self._store.change(
            feed.id,
            title=(content.title if content else None) or feed.title,
            etag=(fetched.etag or known[0]) if finished else None,
            modified=(fetched.modified or known[1]) if finished else None,
            failures=0,
            failing_since=None,
            reason=None,
            reported=None,
            checked=now,
            changed=changed,
            next_try=next_try,
        )

    async def _failed(
        self, feed: Feed, reason: str, wait: float | None, now: datetime, *, is_gone: bool = False
    ) -> PollReport:
        failures = feed.failures + 1
        since = feed.failing_since or now
        is_due = not is_gone and self._schedule.is_to_report(now, since, feed.reported)
        await self._store.change(
            feed.id,
            gone=is_gone,
            failures=failures,
            failing_since=since,
            reason=str(reason),
            reported=now if is_due else feed.reported,
            checked=now,
            next_try=self._schedule.after_failure(now, failures, wait, self._chance()),
        )
        current = await self._store.get(feed.id) or feed
        failure = FeedFailure(current, reason)
        return PollReport(
            1,
            failures=(failure,),
            failing=(failure,) if is_due else (),
            gone=(current,) if is_gone else (),
        )


def _together(reports: Sequence[PollReport]) -> PollReport:
    """What several feeds brought."""
    return PollReport(
        polled=sum(report.polled for report in reports),
        added=tuple(origin for report in reports for origin in report.added),
        updated=tuple(origin for report in reports for origin in report.updated),
        copies=sum(report.copies for report in reports),
        waiting=sum(report.waiting for report in reports),
        failures=tuple(failure for report in reports for failure in report.failures),
        failing=tuple(failure for report in reports for failure in report.failing),
        gone=tuple(feed for report in reports for feed in report.gone),
    )
