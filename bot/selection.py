"""The selection: of what a load has for the subscriptions of one chat, what it is told and when.

A chat is told a story once, by the subscription that is due first; other documents that tell the
same are named beside it. What it was told in the last days counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.outbox import Kind, Notice, State
from bot.told import MOST_REPORTS, Told, citation_json
from retrieval.grouping import earliest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.finds import Find, Found
    from bot.schedule import Quiet
    from bot.stories import Stories
    from bot.subscription import Subscription
    from retrieval.answer import Citation
    from retrieval.engines.base import IndexedPassage

MOST_TOLD = 10
"""Passages that one load tells one subscription; what is beyond is a count."""

OLD = timedelta(days=7)
"""News published this long before it is loaded is marked as old."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a chat was told before, or is to be told: the row, and the passage where it is still known."""

    row_id: int
    state: State
    document_id: str
    passage: IndexedPassage | None
    payload: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Growth:
    """A row that nobody has been sent yet, with the other sources that tell the same now."""

    row_id: int
    payload: dict[str, Any] = field(hash=False)


@dataclass(slots=True)
class _Chosen:
    """A find that is told, with what else tells the same."""

    subscription: Subscription
    find: Find
    reports: list[Citation] = field(default_factory=list)
    more: int = 0


class Selection:
    """What one chat, or one topic of a forum, is told of a load.

    Args:
        stories: tells what is the same.
        now: when it is loaded (aware).
        zone: the chat's.
        quiet: its quiet hours, if it has any.
        earlier: what it was told in the last days.
    """

    def __init__(
        self,
        stories: Stories,
        now: datetime,
        zone: ZoneInfo,
        quiet: Quiet | None,
        earlier: Sequence[Earlier] = (),
    ) -> None:
        self._stories = stories
        self._now = now
        self._zone = zone
        self._quiet = quiet
        self._earlier = earlier
        self._documents = {each.document_id for each in earlier}
        self._chosen: list[_Chosen] = []
        self._grown: dict[int, list[Citation]] = {}

    def choose(self, wanted: Iterable[tuple[Subscription, Found]]) -> list[Notice]:
        """What to tell, in the order that it is due."""
        wanted = list(wanted)
        due = {
            subscription.id: subscription.schedule.next_due(self._now, self._zone, self._quiet)
            for subscription, _ in wanted
        }
        for subscription, found in sorted(wanted, key=lambda each: (due[each[0].id], each[0].id)):
            self._choose(subscription, found)
        return [self._notice(each, due[each.subscription.id]) for each in self._chosen]

    @property
    def grown(self) -> list[Growth]:
        """Rows that are still to be sent and now have further sources. Asked for after `choose`."""
        payloads = {each.row_id: each.payload for each in self._earlier}
        return [
            Growth(row_id, _with_reports(payloads[row_id], reports))
            for row_id, reports in self._grown.items()
        ]

    def _choose(self, subscription: Subscription, found: Found) -> None:
        mine: list[_Chosen] = []
        left = found.uncounted
        for find in found.best:
            if self._is_known(find):
                continue
            if len(mine) == MOST_TOLD:
                left += 1
                continue
            mine.append(_Chosen(subscription, find))
            self._chosen.append(mine[-1])
        if mine:
            mine[0].more = left

    def _is_known(self, find: Find) -> bool:
        """Whether the chat knows the story or is about to; then a new source of it is noted."""
        if find.passage.citation.document_id in self._documents:
            return True
        for row in self._earlier:
            if row.passage is not None and self._stories.same(row.passage, find.passage):
                if row.state is State.PENDING:
                    self._grown.setdefault(row.row_id, []).append(find.passage.citation)
                return True
        for each in self._chosen:
            if self._stories.same(each.find.passage, find.passage):
                if each.find.passage.citation.document_id != find.passage.citation.document_id:
                    each.reports.append(find.passage.citation)
                return True
        return False

    def _notice(self, chosen: _Chosen, due: datetime) -> Notice:
        subscription, find = chosen.subscription, chosen.find
        published = find.passage.citation.published
        old = published is not None and self._now - published.at > OLD
        reports = tuple(earliest_first(list(dict.fromkeys(chosen.reports)))[:MOST_REPORTS])
        told = Told.of(find.excerpt, find.score, old=old, reports=reports, more=chosen.more)
        passage = find.passage.passage
        return Notice(
            chat_id=subscription.chat_id,
            thread_id=subscription.thread_id,
            kind=Kind.NEWS,
            once=f"news:{subscription.id}:{passage.id}",
            payload=told.to_json(),
            due=due,
            silent=subscription.silent,
            digest=subscription.schedule.is_digest,
            subscription_id=subscription.id,
            document_id=find.passage.citation.document_id,
            passage_id=passage.id,
        )


def _with_reports(payload: dict[str, Any], reports: Iterable[Citation]) -> dict[str, Any]:
    known = list(payload.get("reports", ()))
    documents = {each["document"] for each in known}
    new = [citation_json(each) for each in dict.fromkeys(reports) if each.document_id not in documents]
    return payload | {"reports": [*known, *new][:MOST_REPORTS]}
