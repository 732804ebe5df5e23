"""The rounds of the feeds: in a running bot, those whose time has come are asked, and what came is loaded."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.incidents import record_incident
from bot.outbox import Kind, Notice
from bot.rendering.feeds import feed_trouble
from bot.rendering.reload import lost_pins
from corpus.errors import CorpusError, LoadInProgress
from corpus.feeds import PollReport
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence
    from datetime import datetime

    from bot.chats import Chats
    from bot.keeping.reloading import LostPin, Reloading
    from bot.locale.catalogue import Catalogues
    from bot.outbox import Outbox
    from corpus.feeds import Feeds

EVERY: Final = timedelta(minutes=1)
"""Between two looks at which feeds are due."""

_LOG = logging.getLogger(__name__)


class FeedRounds:
    """Asks the feeds that are due, and loads what they brought.

    Args:
        feeds: the feeds.
        reloading: loads.
        tell: is told what came of asking, and which pinned questions what came has lost.
        clock: the time, aware.
        may_add: whether articles may be written into the folder of news.
    """

    def __init__(
        self,
        feeds: Feeds,
        reloading: Reloading,
        tell: Callable[[PollReport, Sequence[LostPin]], Awaitable[None]],
        *,
        clock: Callable[[], datetime],
        may_add: bool = True,
    ) -> None:
        self.may_add = may_add
        self._feeds = feeds
        self._reloading = reloading
        self._tell = tell
        self._clock = clock
        self._woken = asyncio.Event()
        self._owes_load = False

    def wake(self) -> None:
        """Look at once: a feed was added, or is asked for again."""
        self._woken.set()

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.round()
            except (CorpusError, RetrievalError) as error:
                _LOG.warning("the feeds could not be looked after (%s)", error)
            except Exception as error:  # noqa: BLE001 - it must go on, or no feed would ever be asked again
                record_incident(error, "the feeds could not be looked after")
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def round(self) -> None:
        """Ask, tell and load once.

        Raises:
            CorpusError: the database cannot be used, or what came cannot be loaded now.
        """
        report = await self._feeds.poll_due(self._clock())
        self._owes_load = self._owes_load or report.has_news
        await self._tell(report, ())
        if not self._owes_load:
            return
        try:
            loaded = await self._reloading.load_anew(None)
        except LoadInProgress:
            return  # another program loads; the next round tries again
        self._owes_load = False
        await self._tell(PollReport(), await self._reloading.lost(loaded))
        if report.has_news:
            _LOG.info("the feeds brought %d files, %d documents are served", _files(report), loaded.documents)


class FeedNotices:
    """Tells every administrator, once, of feeds that have failed for a week and of those that are gone.

    So it does of pinned questions that lose their document when nobody looks.

    Args:
        outbox: takes along what they are told.
        chats: in which language they are told it.
        catalogues: the words.
        administrators: who is told, each in private.
    """

    def __init__(
        self, outbox: Outbox, chats: Chats, catalogues: Catalogues, administrators: Collection[int]
    ) -> None:
        self._outbox = outbox
        self._chats = chats
        self._catalogues = catalogues
        self._administrators = tuple(sorted(administrators))

    async def tell(self, report: PollReport, lost: Sequence[LostPin] = ()) -> None:
        """Tell of what a report has, and of the pinned questions that were lost.

        Raises:
            DatabaseError: the database cannot be used.
        """
        for administrator in self._administrators if report.failing or report.gone or lost else ():
            await self._outbox.add(await self._notices(administrator, report, lost))

    async def _notices(self, administrator: int, report: PollReport, lost: Sequence[LostPin]) -> list[Notice]:
        now = self._outbox.clock()
        words = self._catalogues.speaking((await self._chats.settings(administrator)).language)
        told = [(failure.feed, failure.reason, False) for failure in report.failing]
        told += [(feed, "", True) for feed in report.gone]
        texts = {
            f"feed:{feed.id}:{'gone' if is_gone else 'failing'}:{now:%Y-%m-%dT%H}": feed_trouble(
                feed, reason, words, is_gone=is_gone
            )
            for feed, reason, is_gone in told
        }
        if lost:
            # Those that were lost before are lost after the next load, too, and that is not told again.
            which = hashlib.sha256("\0".join(sorted(pin.question for pin in lost)).encode()).hexdigest()[:16]
            texts[f"pins:{which}"] = lost_pins(lost, words)
        return [
            Notice(administrator, None, Kind.NOTICE, once, {"text": text}, now)
            for once, text in texts.items()
        ]


def _files(report: PollReport) -> int:
    return len(report.added) + len(report.updated)
