"""Confining: an index seen through a scope, whatever the engine.

What engines can sift themselves (language, days, one document, the terms of a phrase) they
do; a source, the letter of a phrase and what is excluded are checked on what they find, and
they are asked for more as long as too little passes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from retrieval.engines.base import EVERYTHING, Filter
from retrieval.source_names import names_of
from retrieval.terms import is_cjk, unit_matches, unit_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrieval.analyzer import Analyzer
    from retrieval.engines.base import Candidate, IndexedPassage, Snapshot
    from retrieval.scope import Scope

# Of so many times as many candidates as are wanted those are taken that pass.
_DEEPER = (1, 5, 25)
_SPACE = re.compile(r"\s+")


def confined(snapshot: Snapshot, scope: Scope, analyzer: Analyzer) -> Snapshot:
    """A snapshot whose candidates all lie within a scope. Frequencies stay those of the whole index."""
    return _Confined(snapshot, scope, analyzer) if scope else snapshot


def admission(scope: Scope, normalise: Callable[[str], str]) -> Callable[[IndexedPassage], bool]:
    """Tells whether a passage lies within a scope.

    Args:
        scope: the scope.
        normalise: makes the normal form of a text.
    """
    sources = [
        name for source in scope.sources for name in names_of(_spaced(normalise(source))) if source.strip()
    ]
    phrases, excluded = (
        [_standing(text) for each in given if (text := _spaced(normalise(each)))]
        for given in (scope.phrases, scope.excluded)
    )

    def admits(indexed: IndexedPassage) -> bool:
        citation, passage = indexed.citation, indexed.passage
        if scope.document_id is not None and citation.document_id != scope.document_id:
            return False
        if scope.language is not None and indexed.forms.language != scope.language:
            return False
        if scope.since is not None or scope.until is not None:
            day = citation.day
            if day is None or not (scope.since or date.min) <= day <= (scope.until or date.max):
                return False
        if scope.sources:
            source = _spaced(normalise(citation.source or ""))
            if not any(name in source for name in sources):
                return False
        if not phrases and not excluded:
            return True
        texts = [_spaced(normalise(text)) for text in (citation.title or "", passage.text)]
        return all(any(map(phrase.search, texts)) for phrase in phrases) and not any(
            word.search(text) for word in excluded for text in texts
        )

    return admits


class _Confined:
    """A snapshot seen through a scope."""

    def __init__(self, snapshot: Snapshot, scope: Scope, analyzer: Analyzer) -> None:
        self._snapshot = snapshot
        self._scope = scope
        self._required = frozenset(term for phrase in scope.phrases for term in _terms_of(phrase, analyzer))
        self._admits = admission(scope, analyzer.normalise)
        self._checked = bool(scope.sources or scope.phrases or scope.excluded)

    @property
    def generation(self) -> int | None:
        return self._snapshot.generation

    @property
    def passages(self) -> int:
        return self._snapshot.passages

    @property
    def mean_length(self) -> float:
        return self._snapshot.mean_length

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        return self._snapshot.document_frequencies(terms)

    def candidates(
        self, weights: Mapping[str, float], limit: int, allowed: Filter = EVERYTHING
    ) -> Sequence[Candidate]:
        within = self._within(allowed)
        if within is None:
            return []
        if not self._checked:
            return self._snapshot.candidates(weights, limit, within)
        passing: list[Candidate] = []
        done = 0
        for depth in _DEEPER:
            found = self._snapshot.candidates(weights, limit * depth, within)
            passing += [each for each in found[done:] if self._admits(each.record())]
            if len(passing) >= limit or len(found) < limit * depth:
                break
            done = len(found)
        return passing[:limit]

    def _within(self, allowed: Filter) -> Filter | None:
        """What both a filter and the scope allow; None if that is nothing."""
        scope = self._scope
        language = allowed.language or scope.language
        if scope.language is not None and language != scope.language:
            return None
        published = allowed.published
        if scope.since is not None or scope.until is not None:
            first, last = published or (date.min, date.max)
            published = max(first, scope.since or first), min(last, scope.until or last)
            if published[0] > published[1]:
                return None
        return replace(
            allowed,
            language=language,
            published=published,
            document_id=scope.document_id,
            required=allowed.required | self._required,
        )


def _terms_of(phrase: str, analyzer: Analyzer) -> Iterator[str]:
    """The terms that a passage has if a phrase stands in it: its units, and pairs with nothing between.

    Of what stands between other units a passage may make a sentence's end.
    """
    stretch: list[str] = []
    last_end = 0
    for unit, start, end in unit_matches(analyzer.normalise(phrase)):
        if start > last_end:
            yield from unit_terms(stretch)
            stretch = []
        stretch.append(unit if is_cjk(unit) else analyzer.stem(unit))
        last_end = end
    yield from unit_terms(stretch)


def _spaced(normal: str) -> str:
    return _SPACE.sub(" ", normal).strip()


def _standing(text: str) -> re.Pattern[str]:
    """Finds a text that neither begins nor ends inside a Latin word or a number."""
    before = "" if is_cjk(text[0]) or not text[0].isalnum() else r"(?<![^\W_\u3400-\u9fff])"
    after = "" if is_cjk(text[-1]) or not text[-1].isalnum() else r"(?![^\W_\u3400-\u9fff])"
    return re.compile(before + re.escape(text) + after)
