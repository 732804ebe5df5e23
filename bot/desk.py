"""The desk: what every handler works with, made once when the application is built."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from telegram import Bot

    from bot.audit import Audit
    from bot.chats import Chats, ChatSettings
    from bot.examples import Examples
    from bot.feedback import Feedback
    from bot.inquiry import Inquiry
    from bot.keeping.adding import Adding
    from bot.keeping.broadcast import Broadcasts
    from bot.keeping.feed_rounds import FeedRounds
    from bot.keeping.figures import Figures
    from bot.keeping.glossary_file import GlossaryFile
    from bot.keeping.health import Examiner
    from bot.keeping.overview import CorpusOverview
    from bot.keeping.permission import Gate
    from bot.keeping.pictures import Pictures
    from bot.keeping.pin_check import PinCheck
    from bot.keeping.pins import Pins
    from bot.keeping.reloading import Reloading
    from bot.keeping.unanswered import Unanswered
    from bot.locale.catalogue import Catalogues, Words
    from bot.logs import Pseudonyms
    from bot.outbox import Outbox
    from bot.presence import Presence
    from bot.replies import Replies
    from bot.roles import Role
    from bot.subjects import Subjects
    from bot.subscriptions import Subscriptions
    from corpus.feeds import Feeds
    from corpus.fetching import Fetcher
    from corpus.store import CorpusStore
    from retrieval.answer import Answer
    from retrieval.answerer import Answerer
    from retrieval.percolator import Percolator


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that answer readers.

    `menu` is what `/help` lists: each command's name and the msgid of what it does; `keeping` is what
    it lists besides to whoever has a role. `excerpts` is how many an answer has at most, and `zone`
    where "today" is, for chats that did not choose.
    """

    answerer: Answerer
    store: CorpusStore
    examples: Examples
    subjects: Subjects
    catalogues: Catalogues
    names: Pseudonyms
    chats: Chats
    presence: Presence
    replies: Replies
    feedback: Feedback
    subscriptions: Subscriptions
    percolator: Percolator
    outbox: Outbox
    gate: Gate
    audit: Audit
    figures: Figures
    unanswered: Unanswered
    overview: CorpusOverview
    examiner: Examiner
    pictures: Pictures
    reloading: Reloading
    pins: Pins
    pin_check: PinCheck
    glossary: GlossaryFile
    broadcasts: Broadcasts
    adding: Adding
    renew_menu: Callable[[Bot, int, Role | None], Awaitable[None]]
    fetcher: Fetcher
    feeds: Feeds
    feed_rounds: FeedRounds
    menu: tuple[tuple[str, str], ...]
    keeping: Mapping[Role, tuple[tuple[str, str], ...]]
    excerpts: int
    zone: ZoneInfo
    clock: Callable[[], datetime]

    def words(self, settings: ChatSettings, language_code: str | None) -> Words:
        """The words for somebody in a chat: what it has chosen, or else what their Telegram is in."""
        return self.catalogues.speaking(settings.language or language_code)

    def zone_of(self, settings: ChatSettings) -> ZoneInfo:
        """Where "today" is in a chat."""
        return ZoneInfo(settings.zone) if settings.zone else self.zone

    async def answer(self, inquiry: Inquiry, offset: int = 0) -> Answer:
        """Answer an inquiry, from the excerpt at `offset` on, without holding up anybody else."""
        return await asyncio.to_thread(self.answerer.answer, inquiry.question, inquiry.excerpts, offset)
