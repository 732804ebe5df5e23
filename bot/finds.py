"""The finds: which passages of a load fit which subscription, the best of them, one of each document."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.sentences import sentence_spans
from retrieval.answer import Excerpt, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.subscription import Key
    from retrieval.engines.base import IndexedPassage
    from retrieval.percolator import Match

MOST_FINDS = 40
"""Documents that are looked into for one subscription and load; what is beyond is only counted."""

_LEAD = 240
# A document of a followed topic fits; how well is not told by any word.
_OF_TOPIC = 0.5


@dataclass(frozen=True, slots=True)
class Find:
    """A passage that fits a subscription, and what of it to show."""

    excerpt: Excerpt
    score: float
    passage: IndexedPassage


@dataclass(slots=True)
class Found:
    """What a load has for one subscription: the best finds, and how many documents there are in all."""

    total: int = 0
    _heap: list[tuple[float, str, Find]] = field(default_factory=list)

    def add(self, find: Find) -> None:
        """Take a document's best find."""
        self.total += 1
        entry = (find.score, find.passage.passage.id, find)
        if len(self._heap) < MOST_FINDS:
            heapq.heappush(self._heap, entry)
        elif entry[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, entry)

    @property
    def best(self) -> list[Find]:
        """The best finds, best first."""
        return [find for _, _, find in sorted(self._heap, key=lambda each: (-each[0], each[1]))]

    def without(self, known: Callable[[Find], bool]) -> Found:
        """The same without what is known already; what was only counted stays counted."""
        left = [entry for entry in self._heap if not known(entry[2])]
        heapq.heapify(left)
        return Found(self.uncounted + len(left), left)

    @property
    def uncounted(self) -> int:
        """How many documents there are beside these."""
        return self.total - len(self._heap)


class Finds:
    """What fits which subscription. Not thread-safe."""

    def __init__(self) -> None:
        self._found: defaultdict[Key, Found] = defaultdict(Found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[tuple[Key, Found]]:
        return iter(self._found.items())

    def add(self, matches: Iterable[Match], passages: Sequence[IndexedPassage]) -> None:
        """Take the matches of some passages; all passages of a document come together."""
        by_id = {each.passage.id: each for each in passages}
        best: dict[tuple[Key, str], Find] = {}
        for match in matches:
            key: Key = match.subscription  # type: ignore[assignment]  # as it was put into the percolator
            find = Find(match.excerpt, match.score, by_id[match.excerpt.passage.id])
            place = (key, match.excerpt.citation.document_id)
            if place not in best or best[place].score < find.score:
                best[place] = find
        for (key, _), find in best.items():
            self._found[key].add(find)

    def add_of_topic(self, keys: Iterable[Key], passage: IndexedPassage) -> None:
        """Take the first passage of a document of a topic for those that follow it."""
        excerpt = Excerpt(passage.passage, passage.citation, lead(passage.passage.text), (), _OF_TOPIC)
        for key in keys:
            self._found[key].add(Find(excerpt, _OF_TOPIC, passage))


def lead(text: str) -> Span:
    """The sentences that a text begins with, as many as say what it is about."""
    end = 0
    for _, sentence_end in sentence_spans(text):
        if end and sentence_end > _LEAD:
            break
        end = sentence_end
    return Span(0, end or len(text))
