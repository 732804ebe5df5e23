"""Corrections: who was given something that a new generation of the corpus does not say any more.

Every kept reply counts, also a notification. Whitespace and punctuation are no changes, and a text
that stands in another document now has only moved. A chat gets one correction for each load.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import exists, not_, or_, select

from bot.cited_documents import cited_documents
from bot.outbox import Kind, Notice, outbox
from bot.replies import replies
from bot.reply import MAX_TEXT, Cited, ReplyKind, citation_of
from bot.told import Change, Correction, Fate
from bot.wording import stands_in, wording
from corpus.sentences import sentence_spans
from corpus.tables import documents, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from corpus.model import Document
    from corpus.store import CorpusStore

Place: TypeAlias = tuple[int, int, "int | None"]
"""A bot, one of its chats, and a topic of that."""

MOST_CHANGES = 10
"""Changes that one correction tells; what is beyond is a count."""

# With fewer pairs of characters in common, a stretch says something else and replaces nothing.
_ALIKE = 0.35

_LOG = logging.getLogger(__name__)


async def find_corrections(store: CorpusStore, base: int, generation: int) -> dict[Place, Correction]:
    """What to correct, and where, when a generation takes the place of another one.

    Only what stood in the base is looked at, so that nothing is corrected twice.

    Raises:
        CorpusError: one of the generations is not kept any more.
        DatabaseError: the database cannot be read.
    """
    may_be_there = exists().where(outbox.c.bot_id == replies.c.bot_id, outbox.c.key == replies.c.key)
    statement = (
        select(replies, cited_documents.c.document_id)
        .join(
            cited_documents,
            (cited_documents.c.bot_id == replies.c.bot_id) & (cited_documents.c.key == replies.c.key),
        )
        .join(documents, documents.c.id == cited_documents.c.document_id)
        .where(visible(documents, base), not_(visible(documents, generation)))
        # What was composed and surely not sent was given to nobody.
        .where(or_(replies.c.kind != ReplyKind.TOLD.value, replies.c.message_id.is_not(None), may_be_there))
        .order_by(replies.c.created.desc(), replies.c.key)
    )
    rows = await store.database.read(lambda connection: connection.execute(statement).all())
    if not rows:
        return {}
    ids = sorted({row.document_id for row in rows})
    comparison = Comparison(await store.versions(base, ids), await store.versions(generation, ids))
    changes = await asyncio.to_thread(_changes, rows, comparison)
    withdrawn = {
        wording(passage.text)
        for document_id in ids
        if (document := comparison.gone(document_id)) is not None
        for passage in document.passages
    }
    moved = await _moved(store, base, generation, withdrawn) if withdrawn else frozenset()
    found = {}
    for place, (row, every) in changes.items():
        kept = [each for each in every if not comparison.has_moved(each, moved)]
        if kept:
            first, more = tuple(kept[:MOST_CHANGES]), max(0, len(kept) - MOST_CHANGES)
            found[place] = Correction(first, more, row.user_id, row.locale)
    return found


def correction_notice(place: Place, correction: Correction, generation: int, due: datetime) -> Notice:
    """The row that tells a chat of a correction, once for a generation."""
    _, chat_id, thread_id = place
    payload = correction.to_json()
    told = json.dumps([thread_id, *payload["changes"]], sort_keys=True)
    digest = hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:16]
    return Notice(
        chat_id=chat_id,
        thread_id=thread_id,
        kind=Kind.CORRECTION,
        once=f"correction:{generation}:{digest}",
        payload=payload,
        due=due,
    )


class Comparison:
    """Two versions of some documents.

    Args:
        before: as they were, by their ids.
        after: as they are; those that are gone are not in it.
    """

    def __init__(self, before: Mapping[str, Document], after: Mapping[str, Document]) -> None:
        self._before = before
        self._after = after

    def gone(self, document_id: str) -> Document | None:
        """The document as it was, if it is gone."""
        return None if document_id in self._after else self._before.get(document_id)

    def change(self, cited: Cited, given: datetime) -> Change | None:
        """What became of something that was given; None if it stands, or did not stand before either."""
        before, after = self._before.get(cited.document_id), self._after.get(cited.document_id)
        if before is None or not _says(before, cited.text):
            return None
        if after is None:
            return Change(cited, given, Fate.WITHDRAWN)
        if _says(after, cited.text):
            return None
        now = replacement(cited, after)
        return Change(cited, given, Fate.CHANGED if now is not None else Fate.REMOVED, now)

    def has_moved(self, change: Change, moved: Iterable[str]) -> bool:
        """Whether what was withdrawn stands in one of some passages, in their wording."""
        wanted = wording(change.was.text)
        return change.fate is Fate.WITHDRAWN and any(wanted in each for each in moved)


def replacement(cited: Cited, document: Document) -> Cited | None:
    """What a document says in the place of what was quoted from an earlier version of it.

    As many sentences as were quoted, those that are most like them; None if none are.
    """
    length = max(1, len(sentence_spans(cited.text)))
    wanted = _pairs(cited.text)
    best, most = None, _ALIKE
    for passage in document.passages:
        spans = sentence_spans(passage.text)
        for first in range(len(spans)):
            last = spans[min(first + length, len(spans)) - 1]
            start, end = spans[first][0], last[1]
            alike = _alike(wanted, _pairs(passage.text[start:end]))
            if alike > most:
                best, most = (passage, start, end), alike
    if best is None:
        return None
    passage, start, end = best
    text = passage.text[start:end][:MAX_TEXT]
    return Cited(cited.place, citation_of(document), passage.id, start, end, text)


def _changes(rows: Sequence[Row[Any]], comparison: Comparison) -> dict[Place, tuple[Row[Any], list[Change]]]:
    """For each place its newest reply and what changed of all, what was given last first."""
    found: dict[Place, tuple[Row[Any], list[Change]]] = {}
    seen: defaultdict[Place, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        place = (row.bot_id, row.chat_id, row.thread_id)
        for cited in _cited(row):
            quoted = (cited.document_id, wording(cited.text))
            if cited.document_id != row.document_id or quoted in seen[place]:
                continue
            seen[place].add(quoted)
            change = comparison.change(cited, row.created)
            if change is not None:
                found.setdefault(place, (row, []))[1].append(change)
    return found


async def _moved(store: CorpusStore, base: int, generation: int, withdrawn: set[str]) -> frozenset[str]:
    """Which of some passages, in their wording, stand in a document that is new or changed."""
    moved: set[str] = set()
    async for batch in store.documents_between(base, generation):
        texts = [passage.text for document in batch for passage in document.passages]
        moved |= withdrawn.intersection(await asyncio.to_thread(lambda: list(map(wording, texts))))  # noqa: B023 - it is awaited here
        if moved == withdrawn:
            break
    return frozenset(moved)


def _cited(row: Row[Any]) -> list[Cited]:
    try:
        return list(map(Cited.from_json, json.loads(row.cited)))
    except (ValueError, KeyError, TypeError) as error:
        _LOG.warning("what a kept reply cites cannot be read (%s)", type(error).__name__)
        return []


def _says(document: Document, text: str) -> bool:
    return stands_in(text, (passage.text for passage in document.passages))


def _pairs(text: str) -> Counter[str]:
    """The pairs of neighbouring characters of a text's wording."""
    said = wording(text)
    return Counter(said[at : at + 2] for at in range(max(1, len(said) - 1)))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """The share of pairs that two texts have in common, in [0, 1]."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())
