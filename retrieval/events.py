"""Events: which passages report the same event in other words, so that one of them leads.

Two reports of an event are near in time and share most of what is rare in either and known to
the corpus elsewhere: names, figures, uncommon words. What news of a kind have in common (a
template, a publisher's footer, an advertisement) is not rare in a corpus, or stands there
sentence by sentence, and such sentences do not count. Where it is doubtful they stay apart.
"""

from __future__ import annotations

import math
import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.terms import BAR, SENTENCE, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.engines.base import IndexedPassage, Snapshot
    from retrieval.terms import Forms

# A report may come two days after another of the same event.
NEAR = timedelta(2)
# The share of its rare terms, by weight, that the passage with fewer has in common with the
# other. Chosen by reading pairs from two corpora: below it every third is another event.
SHARED = 0.5
# Fewer common terms may be one name and its parts.
_FEWEST = 5
# Sentences that have so much of their words in common, the shorter one's at least so many, are of a
# template where each has a name or a figure of its own.
_TEMPLATE = 0.75
_TEMPLATE_WORDS = 10
# As many passages of a corpus as may have a rare term, and of every further thousand passages.
_RARE = 12
_RARE_OF_THOUSAND = 0.4
# In a corpus of fewer passages a usual word may be in few of them; then the language at large tells.
_LARGE = 5_000
_USUAL = 0.01
_BACKGROUND = 200
_KEPT = 65_536
_WORD = re.compile(rf"\{BAR}([^{BAR}\s]{{2,}})\{BAR}")
# Days and years by themselves tell no event.
_PLAIN_NUMBER = re.compile(r"\d{1,2}|(?:19|20)\d\d")


class Events:
    """Tells reports of the same event. Thread-safe.

    Args:
        usual: the share of passages of the language at large that have a term; None takes all
            for rare.
    """

    def __init__(self, usual: Callable[[str], float] | None = None) -> None:
        self._usual = lru_cache(_KEPT)(usual) if usual is not None else lambda _: 0.0

    def leaders(self, passages: Sequence[IndexedPassage], snapshot: Snapshot) -> list[int | None]:
        """For each passage the place of the earlier one that reports the same event, or None.

        Only one that itself follows none leads, so that no chain ties different events.

        Args:
            passages: of one ranking, the leading ones first.
            snapshot: of the index that they are from.
        """
        near = [
            [place for place in range(at) if _may_be_same(passages[place], passage)]
            for at, passage in enumerate(passages)
        ]
        looked_at = {at for at, others in enumerate(near) if others}.union(*near)
        terms = {at: _terms(passages[at].forms) for at in looked_at}
        weights = self._weights({term for each in terms.values() for term in each}, snapshot)
        found: list[int | None] = []
        for at, others in enumerate(near):
            followed = (
                place
                for place in others
                if found[place] is None
                and self._same(passages[place].forms, passages[at].forms, terms[place], terms[at], weights)
            )
            found.append(next(followed, None))
        return found

    def _weights(self, terms: AbstractSet[str], snapshot: Snapshot) -> dict[str, float]:
        """What each rare term counts: its inverse document frequency."""
        passages = snapshot.passages
        most = _RARE + _RARE_OF_THOUSAND * passages / 1000
        frequencies = snapshot.document_frequencies(terms)
        rare = {term: max(count, 1) for term, count in frequencies.items() if count <= most}
        if passages > _LARGE:
            return {term: math.log(passages / count) for term, count in rare.items()}
        return {
            term: math.log((passages + _BACKGROUND) / (count + _BACKGROUND * usual))
            for term, count in rare.items()
            if (usual := self._usual(term)) < _USUAL
        }

    def _same(
        self,
        one: Forms,
        other: Forms,
        terms: AbstractSet[str],
        others: AbstractSet[str],
        weights: Mapping[str, float],
    ) -> bool:
        if len([term for term in terms & others if term in weights]) < _FEWEST:
            return False
        copied = {line for line in one.words.split(SENTENCE)[1:] if line.strip()}.intersection(
            other.words.split(SENTENCE)[1:]
        )
        if not (_is_of_title(one, others, weights) and _is_of_title(other, terms, weights)):
            return False
        if self._of_a_template(one, other, terms, others):
            return False
        if copied:
            terms, others = _terms(one, copied), _terms(other, copied)
        common = [weights[term] for term in terms & others if term in weights]
        fewer = min(sum(weights.get(term, 0.0) for term in each) for each in (terms, others))
        return len(common) >= _FEWEST and sum(common) >= SHARED * fewer

    def _of_a_template(
        self, one: Forms, other: Forms, terms: AbstractSet[str], others: AbstractSet[str]
    ) -> bool:
        """Whether two passages have a sentence in common but for a name of its own in each."""
        for first in _sentences(one):
            for second in _sentences(other):
                alike = len(first & second) >= _TEMPLATE * min(len(first), len(second))
                if alike and self._has_name(first - others) and self._has_name(second - terms):
                    return True
        return False

    def _has_name(self, terms: AbstractSet[str]) -> bool:
        """Whether the language at large lacks one of some terms."""
        return any(not self._usual(term) for term in terms)


def _may_be_same(one: IndexedPassage, other: IndexedPassage) -> bool:
    """Whether two passages are of different documents in one language, of days that are near."""
    first, second = one.citation.day, other.citation.day
    return (
        first is not None
        and second is not None
        and abs(first - second) <= NEAR
        and one.citation.document_id != other.citation.document_id
        and one.forms.language == other.forms.language
    )


def _terms(forms: Forms, but: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """The words and figures of a passage, without the sentences that are among some others."""
    words = (line for line in forms.words.split(SENTENCE) if line not in but)
    return frozenset(
        Kind.WORD + word
        for line in words
        for word in _WORD.findall(line)
        if not _PLAIN_NUMBER.fullmatch(word)
    ).union(Kind.QUANTITY + each for each in forms.quantities.split(BAR) if each)


def _is_of_title(forms: Forms, others: AbstractSet[str], weights: Mapping[str, float]) -> bool:
    """Whether a passage has something rare of another's title, if there is anything rare in that."""
    title = forms.words.partition(SENTENCE)[0]
    rare = {term for word in _WORD.findall(title) if (term := Kind.WORD + word) in weights}
    return not rare or not rare.isdisjoint(others)


def _sentences(forms: Forms) -> list[frozenset[str]]:
    """The words of each sentence that has enough of them to be known again."""
    lines = (
        frozenset(Kind.WORD + word for word in _WORD.findall(line) if not _PLAIN_NUMBER.fullmatch(word))
        for line in forms.words.split(SENTENCE)[1:]
    )
    return [words for words in lines if len(words) >= _TEMPLATE_WORDS]
