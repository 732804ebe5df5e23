"""Copies: which of some passages say the same in the same words, so that one of them is enough.

Two passages are copies if the shorter one stands, sentence by sentence, in the longer one:
most sentences exactly (in the normal form, punctuation aside), the rest with small edits.
A sentence that another number, or another name, has been put into is no small edit: two
quarters' notices, a report and its correction, two companies' announcements from one
template stay apart. Where it is doubtful they stay apart too: a copy shown twice costs a
reader less than news that is hidden.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from retrieval.terms import BAR, BREAK, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.answer import Citation
    from retrieval.terms import Forms

# The share of the shorter passage that must stand in the longer one. Fitted on copies made
# by dropping sentences, changing headlines and bylines, against templates and corrections.
CONTAINED = 0.7
# The share that must stand there exactly before a replaced word is taken for a small edit.
_EXACT = 0.6
# The share of its units that a sentence has in common with its edited self.
_ALIKE = 0.5
# Passages shorter than this, in characters of their unit strings, say too little to be known again.
_SHORTEST = 20
# Edits leave a sentence's beginning or its end as it was; that much of both is compared first.
_EDGE = 12

_UNIT = re.compile(rf"\{BAR}[^{BAR}]*\{BAR}|[^{BAR}{BREAK}]")
_NUMBER = re.compile(r"\d")
# "本报讯", "据新华社北京4月10日电": who reports is no part of what is reported.
_BYLINE = re.compile(
    rf"\A(?:据?[^{SENTENCE}]{{0,14}}?(?:社|报|网|台|记者)[^{SENTENCE}]{{0,16}}?[讯电]|据[^{SENTENCE}]{{1,14}}?(?:报道|消息))"
)
_NEGATIONS = frozenset("不未没无非否") | {
    BAR + word + BAR for word in ("not", "no", "never", "without", "nor")
}
# What editors exchange without changing what is said.
_EXCHANGED = frozenset("表示称说指出介绍了的于在对将已并也该其今昨明日天近前本此") | {
    BAR + word + BAR
    for word in ("said", "say", "told", "the", "a", "an", "that", "which", "today", "yesterday", "on")
}


@dataclass(frozen=True, slots=True)
class Group:
    """Copies among ranked passages, by their places: the best ranked, and the others in order."""

    first: int
    copies: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """All of them."""
        return (self.first, *self.copies)


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage for comparison.

    Its title's unit string and its sentences', their length together, and its characters and
    Latin units: what two copies have in common at the least.
    """

    title: str
    lines: tuple[str, ...]
    size: int
    pieces: frozenset[str]


def groups(forms: Sequence[Forms]) -> list[Group]:
    """The passages of a ranking, copies together: a group for each, in the order of its first.

    Whether two are copies is asked of the group's first only, so that a chain of small edits
    does not tie together what differs at its ends.
    """
    texts = [_text(each) for each in forms]
    near: defaultdict[int, list[int]] = defaultdict(list)
    for first, second in _sharing(texts):
        near[second].append(first)
    members: dict[int, list[int]] = {}
    for place, text in enumerate(texts):
        leaders = (first for first in near[place] if first in members)
        leader = next((first for first in leaders if _are_copies(texts[first], text)), None)
        if leader is None:
            members[place] = []
        else:
            members[leader].append(place)
    return [Group(first, tuple(copies)) for first, copies in members.items()]


def same_text(one: Forms, other: Forms) -> bool:
    """Whether two passages are copies."""
    return _are_copies(_text(one), _text(other))


def earliest_first(citations: Sequence[Citation]) -> list[Citation]:
    """The sources of a group, by publication; those without a date last, else as given."""
    dated = [each for each in citations if each.published is not None]
    dated.sort(key=lambda each: each.published.at.timestamp() if each.published else 0.0)
    return [*dated, *(each for each in citations if each.published is None)]


def _text(forms: Forms) -> _Text:
    title, *lines = forms.units.replace(BREAK, "").split(SENTENCE)
    if lines:
        lines[0] = _BYLINE.sub("", lines[0]) or lines[0]
    text = BAR.join(lines)
    return _Text(
        title, tuple(filter(None, lines)), sum(map(len, lines)), frozenset(text).union(text.split(BAR))
    )


def _sharing(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Pairs that have the beginning or the end of a sentence in common, in order."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        edges = {edge for line in text.lines for edge in ("^" + line[:_EDGE], line[-_EDGE:] + "$")}
        for edge in edges:
            places[edge].append(place)
    yield from sorted({pair for sharing in places.values() for pair in combinations(sharing, 2)})


def _are_copies(one: _Text, other: _Text) -> bool:
    """Whether the shorter of two texts stands in the longer, but for small edits."""
    short, long = (one, other) if one.size <= other.size else (other, one)
    if short.size < _SHORTEST:
        return False
    if len(short.pieces & long.pieces) < CONTAINED * len(short.pieces):
        return False
    left = Counter(long.lines)
    left.subtract(short.lines)
    edited = [line for line in short.lines if left[line] < 0]
    exact = short.size - sum(map(len, edited))
    if not edited:
        return True
    candidates = [_bag(line) for line in long.lines if left[line] > 0]
    firm = exact < _EXACT * short.size
    titles = _bag(short.title), _bag(long.title)
    found = float(exact)
    for line in edited:
        bag = _bag(line)
        best = max(
            candidates, key=lambda each: (bag & each).total() / max(bag.total(), each.total()), default=None
        )
        common = (bag & best).total() if best else 0
        if best is None or common < _ALIKE * min(bag.total(), best.total()):
            # A sentence of its own: other figures than the longer text's are other news.
            if candidates and any(_NUMBER.search(unit) and unit not in long.pieces for unit in _bare(bag)):
                return False
            continue
        if _tells_apart(bag - best, best - bag, titles, firm=firm):
            return False
        found += len(line) * common / bag.total()
    return found >= CONTAINED * short.size


def _bare(bag: Counter[str]) -> Iterator[str]:
    return (unit.strip(BAR) for unit in bag)


def _bag(line: str) -> Counter[str]:
    return Counter(_UNIT.findall(line))


def _tells_apart(
    gone: Counter[str], come: Counter[str], titles: tuple[Counter[str], Counter[str]], *, firm: bool
) -> bool:
    """Whether the edits of a sentence make it say another thing.

    Args:
        gone: units that only the one sentence has.
        come: units that only the other has.
        titles: the units of the one's and of the other's title.
        firm: whether any replaced word counts, and not only numbers and what the titles are about.
    """
    if not _NEGATIONS.isdisjoint(gone) or not _NEGATIONS.isdisjoint(come):
        return True
    if not gone or not come:
        return False  # something was left out, nothing replaced
    if any(map(_NUMBER.search, gone)) or any(map(_NUMBER.search, come)):
        return True
    replaced = gone.keys() - _EXCHANGED
    replacing = come.keys() - _EXCHANGED
    if not replaced or not replacing:
        return False
    first, second = titles
    subject = replaced & (first - second).keys() and replacing & (second - first).keys()
    return firm or bool(subject)
