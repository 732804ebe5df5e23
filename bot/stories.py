"""Stories: which passages tell the same, so that a chat is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.grouping import same_text

if TYPE_CHECKING:
    from retrieval.engines.base import IndexedPassage, Snapshot
    from retrieval.events import Events


class Stories:
    """Tells whether two passages are of one story: copies, or reports of one event.

    What was compared is remembered, because many chats are told the same news; so one is made
    for each load. Not thread-safe.

    Args:
        events: tells reports of the same event.
        snapshot: of the index, for what is rare in it.
    """

    def __init__(self, events: Events, snapshot: Snapshot) -> None:
        self._events = events
        self._snapshot = snapshot
        self._known: dict[tuple[str, str], bool] = {}

    def same(self, one: IndexedPassage, other: IndexedPassage) -> bool:
        """Whether two passages tell the same; those of one document do."""
        if one.citation.document_id == other.citation.document_id:
            return True
        first, second = sorted((one.passage.id, other.passage.id))
        known = self._known.get((first, second))
        if known is None:
            known = same_text(one.forms, other.forms) or (
                self._events.leaders((one, other), self._snapshot)[1] is not None
            )
            self._known[first, second] = known
        return known
