"""Reverse search: which subscriptions a new passage matches, and what one would have matched before."""

from __future__ import annotations

import threading
import zlib
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.breadth import Breadth
from retrieval.confining import admission, confined
from retrieval.corpus_statistics import CorpusStatistics
from retrieval.demand import demand_of
from retrieval.engines.base import Filter
from retrieval.passage_lines import PassageLines
from retrieval.postings import Postings
from retrieval.profile import Profile
from retrieval.quoting import Quoter
from retrieval.relevance import fitted
from retrieval.vocabulary import Vocabulary
from retrieval.weighing import weighed
from retrieval.weights import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from datetime import date, datetime

    import numpy as np
    import numpy.typing as npt

    from retrieval.analyzer import Analyzer
    from retrieval.answer import Excerpt, Question
    from retrieval.demand import Demand
    from retrieval.engines.base import Index, IndexedPassage
    from retrieval.profile import Profiler
    from retrieval.relevance import Relevance

__all__ = ["Breadth", "Match", "Percolator", "Preview", "Profile"]

# Demands that were weighed lately: what a load brings matches the same subscriptions again and again.
_REMEMBERED = 4_096
# A part is made one with the next if it is at most so many times as large.
_ALIKE = 3
# A preview looks through so many passages that have something of the question, in each language.
_LOOKED_THROUGH = 1_000
_SEARCHED_TERMS = 64
_CROWD = 100
_RECENT = timedelta(weeks=8)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that a subscription is to be told of: the subscription's key, and what to show.

    `score` is in [0, 1], and so is the excerpt's own: the same.
    """

    subscription: Hashable
    excerpt: Excerpt
    score: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a subscription would have been told of.

    `excerpts` are the newest first, those without a day last; `total` is how many there are in all,
    counted up to some thousand. `per_week` are those a week of the last eight weeks, or where these
    had none, of the time since the first.
    """

    excerpts: tuple[Excerpt, ...]
    total: int
    per_week: float


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A subscription as it is kept: its profile packed, since few are ever looked into.

    `packed` has for each direction only what that looks for.
    """

    key: Hashable
    question: Question
    breadth: Breadth
    language: str
    packed: Mapping[Direction, bytes]
    admits: Callable[[IndexedPassage], bool] | None

    def profile(self, direction: Direction) -> Profile:
        """What it looks for in one direction."""
        return Profile.from_json(zlib.decompress(self.packed[direction]))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some subscriptions of one direction, weighed together."""

    entries: list[_Entry]
    postings: Postings


class _Shelf:
    """All subscriptions of one direction, as passages in one language find them.

    Those that come later are weighed as parts of their own; of two parts that are about as large
    one is made, so that there are few.
    """

    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        self.parts: list[_Part] = []

    def add(self, entries: list[_Entry], vocabulary: Vocabulary, relevance: Relevance) -> None:
        """Adds subscriptions."""
        if not entries:
            return
        while self.parts and len(self.parts[-1].entries) <= _ALIKE * len(entries):
            entries = self.parts.pop().entries + entries
        profiles = (entry.profile(self.direction) for entry in entries)
        breadths = [entry.breadth for entry in entries]
        table = weighed(profiles, breadths, self.direction, vocabulary, relevance)
        passages = vocabulary.statistics.passages
        self.parts.append(_Part(entries, Postings(table, vocabulary.frequencies, passages)))

    def candidates(self, terms: npt.NDArray[np.int64], title: npt.NDArray[np.int64]) -> list[_Entry]:
        """The subscriptions that a passage may match: by the numbers of its terms, and of its title's."""
        return [
            part.entries[slot]
            for part in self.parts
            for slot in part.postings.candidates(terms, title).tolist()
        ]


class _Book:
    """All subscriptions as one generation of the corpus weighs them. Not thread-safe but for `demand`."""

    def __init__(self, statistics: CorpusStatistics, relevance: Relevance) -> None:
        self.statistics = statistics
        self._relevance = relevance
        self._vocabulary = Vocabulary(statistics)
        self._entries: list[_Entry] = []
        self._taken: dict[str, int] = {}
        self._shelves: dict[str, tuple[_Shelf, ...]] = {}
        self.demand = lru_cache(_REMEMBERED)(self._demand)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: _Entry) -> None:
        """Adds a subscription; it is weighed when the first passage in a language comes."""
        self._entries.append(entry)

    def candidates(self, lines: PassageLines, language: str) -> list[tuple[_Entry, Direction]]:
        """The subscriptions that a passage may match."""
        shelves = self._shelves.setdefault(language, tuple(map(_Shelf, Direction)))
        fresh = self._entries[self._taken.get(language, 0) :]
        self._taken[language] = len(self._entries)
        for shelf in shelves:
            same = shelf.direction is Direction.SAME
            mine = [entry for entry in fresh if (entry.language == language) is same]
            shelf.add(mine, self._vocabulary, self._relevance)
        terms, title = self._vocabulary.known(lines)
        return [(entry, shelf.direction) for shelf in shelves for entry in shelf.candidates(terms, title)]

    def _demand(self, entry: _Entry, direction: Direction) -> Demand:
        return demand_of(entry.profile(direction), direction, self.statistics)


class Percolator:
    """Holds subscriptions and tells which of them new passages match. Thread-safe.

    A passage is judged alone, by the terms and concepts that it shares with the question, each as
    rare as the index's current generation says. Dates of a question do not count, nor the days that
    its scope demands. The cost of a passage grows with the subscriptions that share one of their
    rarest terms with it (`retrieval.postings`).

    Args:
        index: the corpus, for its statistics and for previews.
        analyzer: the one that passages are analysed with.
        profiler: reads questions.
        usual: the share of passages of the language at large that have a term.
        relevance: the models and thresholds; those that ship if none are given.
    """

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        profiler: Profiler,
        usual: Callable[[str], float] | None = None,
        relevance: Relevance | None = None,
    ) -> None:
        self._index = index
        self._analyzer = analyzer
        self._profiler = profiler
        self._usual = usual
        self._relevance = relevance or fitted()
        self._quoter = Quoter(analyzer, profiler)
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry] = {}
        self._waiting: dict[Hashable, _Entry] = {}
        self._book: _Book | None = None

    def __len__(self) -> int:
        """How many subscriptions there are."""
        return len(self._entries)

    def profile(self, question: Question) -> Profile:
        """What a question asks with, to be kept with a subscription: `add` is quicker with it."""
        return self._profiler.profile(question)

    def add(
        self, key: Hashable, question: Question, breadth: Breadth, profile: Profile | None = None
    ) -> None:
        """Adds a subscription, or replaces the one of the same key.

        Args:
            key: names it in matches.
            question: what is followed.
            breadth: how much a passage must have of it.
            profile: what `profile` gave for this question, if it was kept; it is made where there
                is none or where it comes from another analysis or glossary.
        """
        if profile is None or profile.fingerprint != self._profiler.fingerprint:
            profile = self._profiler.profile(question)
        parts = {
            Direction.SAME: replace(profile, concepts=()),
            Direction.OTHER: replace(profile, terms={}),
        }
        packed = {direction: zlib.compress(part.to_json().encode(), 1) for direction, part in parts.items()}
        entry = _Entry(key, question, breadth, profile.language, packed, self._admission(question))
        with self._lock:
            self._entries[key] = self._waiting[key] = entry

    def remove(self, key: Hashable) -> None:
        """Removes a subscription; one that is not there is no error."""
        with self._lock:
            self._entries.pop(key, None)
            self._waiting.pop(key, None)

    def match(self, passages: Sequence[IndexedPassage]) -> list[Match]:
        """The matches of passages with all subscriptions, passage by passage in their order, best first.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        sought = lru_cache(_REMEMBERED)(self._quoter.sought)
        matches = []
        for indexed in passages:
            book, found = self._found(indexed)
            for entry, direction, score in found:
                asked = sought(entry.question, direction, book.statistics)
                excerpt = self._quoter.excerpt(indexed, asked, direction, score)
                matches.append(Match(entry.key, excerpt, score))
        return matches

    def matching(self, indexed: IndexedPassage) -> dict[Hashable, float]:
        """The subscriptions that a passage matches with their scores, best first; no excerpts are cut.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        return {entry.key: score for entry, _, score in self._found(indexed)[1]}

    def preview(
        self,
        question: Question,
        breadth: Breadth,
        now: datetime,
        limit: int = 5,
        profile: Profile | None = None,
    ) -> Preview:
        """What a subscription to a question would have been told of, had it been there all the time.

        Args:
            question: what is to be followed.
            breadth: how much a passage must have of it.
            now: the time, from which weeks are reckoned back.
            limit: the most excerpts.
            profile: the question's, if it is known.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        snapshot = self._index.snapshot()
        statistics = CorpusStatistics(snapshot, self._usual)
        asked = self._profiler.undated(question)
        profile = profile or self._profiler.profile(question)
        within = confined(snapshot, asked.scope, self._analyzer)
        found: list[tuple[IndexedPassage, Direction, float]] = []
        for direction in Direction:
            demand = demand_of(profile, direction, statistics)
            language = profile.language if direction is Direction.SAME else _other(profile.language)
            weights = self._searched(demand, statistics)
            if not weights:
                continue
            for candidate in within.candidates(weights, _LOOKED_THROUGH, Filter(language=language)):
                score = self._score(demand, PassageLines(candidate.forms), breadth)
                if score is not None:
                    found.append((candidate.record(), direction, score))
        found.sort(key=lambda each: _newness(each[0]))
        sought = lru_cache(len(Direction))(self._quoter.sought)
        excerpts = tuple(
            self._quoter.excerpt(indexed, sought(question, direction, statistics), direction, score)
            for indexed, direction, score in found[:limit]
        )
        days = [day for indexed, _, _ in found if (day := indexed.citation.day) is not None]
        return Preview(excerpts, len(found), _per_week(days, now.date()))

    def _admission(self, question: Question) -> Callable[[IndexedPassage], bool] | None:
        scope = self._profiler.undated(question).scope
        return admission(scope, self._analyzer.normalise) if scope else None

    def _found(self, indexed: IndexedPassage) -> tuple[_Book, list[tuple[_Entry, Direction, float]]]:
        """The subscriptions that a passage matches, with their scores, and the book that says so."""
        lines = PassageLines(indexed.forms)
        with self._lock:
            book = self._current()
            candidates = [
                (entry, direction)
                for entry, direction in book.candidates(lines, indexed.forms.language)
                if self._entries.get(entry.key) is entry
            ]
        found = []
        for entry, direction in candidates:
            score = self._score(book.demand(entry, direction), lines, entry.breadth)
            if score is not None and (entry.admits is None or entry.admits(indexed)):
                found.append((entry, direction, score))
        return book, sorted(found, key=lambda each: (-each[2], repr(each[0].key)))

    def _score(self, demand: Demand, lines: PassageLines, breadth: Breadth) -> float | None:
        """The score of a passage if it is enough."""
        features = demand.features(lines)
        if features is None:
            return None
        score = self._relevance.score(features, demand.direction)
        return score if self._relevance.matches(score, demand.direction, breadth) else None

    def _current(self) -> _Book:
        """The book of the index's current generation with every subscription in it; the lock is held."""
        snapshot = self._index.snapshot()
        book = self._book
        # Those that were removed or replaced stay where they are, until they are too many.
        crowded = book is not None and len(book) > 2 * len(self._entries) + _CROWD
        if book is None or crowded or book.statistics.generation != snapshot.generation:
            book = _Book(CorpusStatistics(snapshot, self._usual), self._relevance)
            self._waiting = dict(self._entries)
        for entry in self._waiting.values():
            book.add(entry)
        self._waiting.clear()
        self._book = book
        return book

    def _searched(self, demand: Demand, statistics: CorpusStatistics) -> dict[str, float]:
        """The index terms that find passages for a demand, by the most each can add."""
        worth: dict[str, float] = {}
        for bound in self._relevance.bounds(demand):
            for term in bound.terms:
                worth[term] = max(worth.get(term, 0.0), bound.most)
        frequencies = statistics.frequencies(worth)
        known = [term for term in worth if frequencies[term] and worth[term] > 0]
        best = sorted(known, key=lambda term: (-worth[term], term))[:_SEARCHED_TERMS]
        return {term: worth[term] for term in best}


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def _newness(indexed: IndexedPassage) -> tuple[bool, float, str]:
    """Orders passages by publication, the newest first and the undated last."""
    published = indexed.citation.published
    return published is None, -published.at.timestamp() if published else 0.0, indexed.passage.id


def _per_week(days: Sequence[date], today: date) -> float:
    """How many of some days a week has: of the last eight weeks, or else since the first of them."""
    recent = sum(today - _RECENT < day <= today for day in days)
    if recent or not days:
        return recent / (_RECENT / _WEEK)
    return len(days) / max((today - min(days)) / _WEEK, 1.0)
