"""The notifications: what is claimed of the outbox becomes a message that is kept as a reply.

What a message says is made when it is sent, from the corpus as it is then: a passage that has gone
meanwhile is not told. It is kept before it is sent, so its buttons and its address work as under
an answer, and what changes later is corrected.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from bot.corrections import replacement
from bot.delivery import Composed, Waiting
from bot.inquiry import Inquiry
from bot.outbox import Claimed, Kind, outbox
from bot.presence import WELCOME_BACK
from bot.rendering.correction import correction_message, lay_correction
from bot.rendering.dates import View
from bot.rendering.digest import Occasion, digest_message, lay_digest
from bot.rendering.fragments import plain
from bot.rendering.message import Message
from bot.rendering.notification import Item, Telling, render_notification
from bot.reply import Cited, Origin, ReplyKind, Where, citation_of
from bot.schedule import lateness
from bot.subscription import readable, subscriptions
from bot.told import Change, Correction, Fate, Told
from bot.wording import stands_in
from retrieval.answer import Excerpt, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.chats import Chats
    from bot.locale.catalogue import Catalogues, Words
    from bot.outbox import Batch
    from bot.replies import Replies
    from bot.reply import Reply
    from bot.subscription import Subscription
    from corpus.model import Document
    from corpus.store import CorpusStore

_NEWEST_LAST = float("-inf")


@dataclass(frozen=True, slots=True)
class Passage:
    """A row of the outbox with what it tells."""

    row: Claimed
    told: Told
    item: Item


class Composer:
    """Makes the messages of one bot's outbox.

    Every method raises DatabaseError where the database cannot be used.

    Args:
        store: the corpus.
        chats: what the chats have chosen.
        replies: where what is sent is kept.
        catalogues: the words of every locale.
        zone: of chats that have chosen none.
        clock: the time, aware.
    """

    def __init__(
        self,
        *,
        store: CorpusStore,
        chats: Chats,
        replies: Replies,
        catalogues: Catalogues,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._chats = chats
        self._replies = replies
        self._catalogues = catalogues
        self._zone = zone
        self._clock = clock

    async def compose(self, batch: Batch) -> Composed | Waiting | None:
        """The message for a batch, with as many rows as it has room for; None if nothing is left to say.

        News go first, then corrections, then notices; each kind is a message of its own. Rows of which
        nothing is left to say go along with whatever is said. What was paused since it was claimed is
        left out, and waits.
        """
        members = await self._members(row.subscription_id for row in batch.rows)
        paused = {each.id for each in members.values() if each.paused}
        told = [row for row in batch.rows if row.subscription_id not in paused]
        spent: list[int] = []
        for kind, make in (
            (Kind.NEWS, partial(self._news, members=members)),
            (Kind.CORRECTION, self._correction),
            (Kind.NOTICE, self._notice),
        ):
            rows = tuple(row for row in told if row.kind is kind)
            if not rows:
                continue
            composed = await make(replace(batch, rows=rows))
            if composed is not None:
                return replace(composed, rows=(*composed.rows, *spent))
            spent += [row.id for row in rows]
        return None if len(told) == len(batch.rows) else Waiting(tuple(spent))

    async def again(self, reply: Reply) -> Message | None:
        """The message that a notification was; None if something of it is not there any more."""
        rows, digest = await self._told_in(reply)
        if any(row.kind is Kind.CORRECTION for row in rows):
            return await self._correction_again(reply, rows)
        members = await self._members(row.subscription_id for row in rows)
        passages = await self._passages(rows, members)
        places = {(each.passage_id, each.start): each.place for each in reply.cited}
        shown = sorted(
            (each for each in passages if _place(each) in places), key=lambda each: places[_place(each)]
        )
        if not shown or len(shown) != len(reply.cited):
            return None
        words, view = await self._speaking(reply.chat_id, reply.where.locale)
        tellings = _in_order(shown, members)
        if len(shown) == 1 and not digest:
            return render_notification(tellings[0], reply.key, words, view)
        laid = lay_digest(tellings, words, view, Occasion(gathered=digest))
        return digest_message(laid, reply.key, words)

    async def _news(self, batch: Batch, members: Mapping[str, Subscription]) -> Composed | None:
        passages = await self._passages(batch.rows, members)
        if not passages:
            return None
        told = {each.row.id for each in passages}
        gone = [row.id for row in batch.rows if row.id not in told]
        tellings = _tellings(passages, members)
        first = members[tellings[0].subscription_id]
        words, view = await self._speaking(batch.chat_id, first.locale)
        single = len(passages) == 1 and not batch.digest
        if single:
            shown: Sequence[Item] = tellings[0].items
        else:
            laid = lay_digest(tellings, words, view, _occasion(batch, passages, view.now))
            shown = laid.items
        cited = [Cited.of(item.excerpt, place) for place, item in enumerate(shown)]
        score = max(each.told.score for each in passages)
        where = Where(batch.chat_id, batch.thread_id, first.user_id, None, words.locale)
        key = await self._keep(where, first.inquiry, cited, score)
        message = (
            render_notification(tellings[0], key, words, view) if single else digest_message(laid, key, words)
        )
        included = {id(item) for item in shown}
        rows = [each.row for each in passages if id(each.item) in included]
        silent = all(row.silent for row in rows)
        return Composed(message, (*(row.id for row in rows), *gone), key, silent)

    async def _correction(self, batch: Batch) -> Composed | None:
        every = [Correction.from_json(row.payload) for row in batch.rows]
        changes = await self._standing([change for each in every for change in each.changes])
        if not changes:
            return None
        words, view = await self._speaking(batch.chat_id, every[0].locale)
        text, told = lay_correction(changes, sum(each.more for each in every), words, view)
        cited = [
            replace(change.now, place=place) for place, change in enumerate(told) if change.now is not None
        ]
        where = Where(batch.chat_id, batch.thread_id, every[0].user_id, None, words.locale)
        title = told[0].was.citation.title or told[0].was.citation.document_id
        key = await self._keep(where, Inquiry(title, view.now.astimezone(view.zone)), cited, 1.0)
        message = correction_message(text, told, key, words)
        return Composed(message, batch.ids, key, all(row.silent for row in batch.rows))

    async def _correction_again(self, reply: Reply, rows: Sequence[Claimed]) -> Message | None:
        every = [Correction.from_json(row.payload) for row in rows]
        changes = await self._standing([change for each in every for change in each.changes])
        words, view = await self._speaking(reply.chat_id, reply.where.locale)
        text, told = lay_correction(changes, sum(each.more for each in every), words, view)
        now = {place: change.now.passage_id for place, change in enumerate(told) if change.now is not None}
        if now != {each.place: each.passage_id for each in reply.cited}:
            return None
        return correction_message(text, told, reply.key, words)

    async def _notice(self, batch: Batch) -> Composed | None:
        """The first row's text: one notice is one message."""
        row = batch.rows[0]
        text = row.payload.get("text")
        if not isinstance(text, str) or not text.strip():
            return None if len(batch.rows) == 1 else await self._notice(replace(batch, rows=batch.rows[1:]))
        return Composed(Message(plain(text).html), (row.id,), None, row.silent)

    async def _keep(self, where: Where, inquiry: Inquiry, cited: Sequence[Cited], score: float) -> str:
        origin = Origin(ReplyKind.TOLD)
        return await self._replies.keep(where, inquiry, cited, Verdict.ANSWERED, score, origin)

    async def _speaking(self, chat_id: int, locale: str) -> tuple[Words, View]:
        settings = await self._chats.settings(chat_id)
        zone = ZoneInfo(settings.zone) if settings.zone else self._zone
        return self._catalogues.speaking(settings.language or locale), View(self._clock(), zone)

    async def _told_in(self, reply: Reply) -> tuple[list[Claimed], bool]:
        """The rows that a message told, and whether it was a digest."""
        mine = and_(
            outbox.c.bot_id == self._chats.bot_id,
            outbox.c.chat_id == reply.chat_id,
            outbox.c.message_id == reply.message_id,
        )
        statement = select(outbox).where(mine).order_by(outbox.c.id)
        rows = await self._store.database.read(lambda connection: connection.execute(statement).all())
        return [Claimed.of(row, again=False) for row in rows], any(row.digest for row in rows)

    async def _members(self, ids: Iterable[str | None]) -> dict[str, Subscription]:
        """The subscriptions that are still there, also those that are paused."""
        wanted = sorted({each for each in ids if each is not None})
        statement = select(subscriptions).where(
            subscriptions.c.bot_id == self._chats.bot_id, subscriptions.c.id.in_(wanted)
        )
        rows = await self._store.database.read(lambda connection: connection.execute(statement).all())
        return {each.id: each for each in readable(rows)}

    async def _documents(self, ids: Iterable[str | None]) -> dict[str, Document]:
        published = await self._store.published()
        wanted = sorted({each for each in ids if each is not None})
        return {} if published is None else await self._store.versions(published, wanted)

    async def _passages(self, rows: Sequence[Claimed], members: Mapping[str, Subscription]) -> list[Passage]:
        """What rows tell, as far as the corpus still has it and somebody still wants it."""
        documents = await self._documents(row.document_id for row in rows)
        found = []
        for row in rows:
            document = documents.get(row.document_id or "")
            if document is None or row.subscription_id not in members:
                continue
            passage = next((each for each in document.passages if each.id == row.passage_id), None)
            if passage is None:
                continue
            told = Told.from_json(row.payload)
            excerpt = Excerpt(
                passage,
                citation_of(document),
                told.span,
                told.matches,
                told.score,
                answer=told.answer,
                reports=told.reports,
            )
            found.append(Passage(row, told, Item(excerpt, told.old, row.again)))
        return found

    async def _standing(self, changes: Sequence[Change]) -> list[Change]:
        """Changes as they are now: a document may have changed once more, or back, since they were found."""
        documents = await self._documents(change.was.document_id for change in changes)
        standing = []
        for change in changes:
            document = documents.get(change.was.document_id)
            if document is None:
                standing.append(replace(change, fate=Fate.WITHDRAWN, now=None))
            elif not stands_in(change.was.text, (passage.text for passage in document.passages)):
                now = replacement(change.was, document)
                fate = Fate.CHANGED if now is not None else Fate.REMOVED
                standing.append(replace(change, fate=fate, now=now))
        return standing


def _tellings(passages: Sequence[Passage], members: Mapping[str, Subscription]) -> list[Telling]:
    """Passages by subscription, the newest first in each; subscriptions as they were made."""
    newest = sorted(passages, key=_time, reverse=True)
    return [
        replace(each, items=tuple(each.items))
        for each in sorted(
            _in_order(newest, members),
            key=lambda each: (members[each.subscription_id].created, each.subscription_id),
        )
    ]


def _in_order(passages: Sequence[Passage], members: Mapping[str, Subscription]) -> list[Telling]:
    """Passages by subscription, in the order that they are given."""
    items: defaultdict[str, list[Item]] = defaultdict(list)
    more: defaultdict[str, int] = defaultdict(int)
    for each in passages:
        subscription_id = each.row.subscription_id or ""
        items[subscription_id].append(each.item)
        more[subscription_id] += each.told.more
    return [Telling(each, members[each].title, tuple(items[each]), more[each]) for each in items]


def _place(passage: Passage) -> tuple[str, int]:
    excerpt = passage.item.excerpt
    return excerpt.passage.id, excerpt.span.start


def _time(passage: Passage) -> float:
    published = passage.item.excerpt.citation.published
    return published.at.timestamp() if published is not None else _NEWEST_LAST


def _occasion(batch: Batch, passages: Sequence[Passage], now: datetime) -> Occasion:
    """Why passages are told together."""
    for each in passages:
        if each.row.payload.get(WELCOME_BACK):
            since, found, told = each.row.payload[WELCOME_BACK]
            return Occasion(away_since=datetime.fromisoformat(since), found=found, told=told)
    if not batch.digest:
        return Occasion(gathered=False)
    due = min((each.row.due for each in passages if not each.row.again), default=now)
    return Occasion(due=due if lateness(due, now) is not None else None)
