"""Topics: what the corpus is about, by its documents' own topics or else by what is characteristic of it."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.model import Document

KEY_LENGTH = 16

# Of a corpus in which fewer documents name their topics, those say little.
_NAMING = 0.2
# A topic that a single document has is a title, and one that nearly all have is the corpus itself.
_FEWEST = 2
_MOST = 0.6
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN_NAME = re.compile(
    r"(?<![A-Za-z0-9])[A-Z][A-Za-z]*(?:-?\d+(?![A-Za-z0-9])|(?: [A-Z][A-Za-z]+)*(?![A-Za-z0-9-]))"
)
_LONGEST_CHINESE = 6
_NO_EDGES = frozenset(
    "的了在是和与及或被由于对从到把将为以并而但因中里上下等该其之所这那也就还又会能可个一种年月日"
)
_NO_NAMES = frozenset(
    "A An The In On At Of For To By With From And Or But Is Are Was Were How What Why When Who New".split()
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with how many documents it has.

    `key` is at most 16 ASCII letters and digits, made from the name: the same name has the same
    key in every corpus.
    """

    key: str
    name: str
    documents: int


def topic_key(name: str) -> str:
    """The key of a topic's name. Case and the space around it do not matter."""
    plain = " ".join(name.casefold().split())
    return hashlib.blake2b(plain.encode(errors="surrogatepass"), digest_size=KEY_LENGTH // 2).hexdigest()


def topics_of(documents: Iterable[Document], limit: int = 12) -> tuple[Topic, ...]:
    """The topics of documents, those with most documents first.

    The documents' own topics where enough of them name any, else the terms of their titles that
    several have in common.

    Args:
        documents: all that readers are served.
        limit: the most topics.
    """
    every = list(documents)
    counted: Counter[str] = Counter()
    names: dict[str, str] = {}
    naming = 0
    for document in every:
        own = {topic_key(topic): topic.strip() for topic in document.topics if topic.strip()}
        naming += bool(own)
        counted.update(own.keys())
        for key, name in own.items():
            names.setdefault(key, name)
    if every and naming >= _NAMING * len(every):
        best = sorted(counted, key=lambda key: (-counted[key], names[key]))[:limit]
        return tuple(Topic(key, names[key], counted[key]) for key in best)
    return _characteristic(every, limit)


def belongs(document: Document, topic: Topic) -> bool:
    """Whether a document is of a topic: it names it, or it has none of its own and its title does."""
    if document.topics:
        return topic.key in map(topic_key, document.topics)
    return _plain(topic.name) in _plain(document.title or "")


def _characteristic(documents: list[Document], limit: int) -> tuple[Topic, ...]:
    """Terms of titles that several documents share, the longer one where one stands in another."""
    held: Counter[str] = Counter()
    around: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    spelled: dict[str, str] = {}
    for place, document in enumerate(documents):
        terms = set()
        for term, before, after in _terms(document.title or ""):
            terms.add(_plain(term))
            spelled.setdefault(_plain(term), term)
            # The edge of a title is an edge of a word, and each title's is another one's.
            around[_plain(term)][0].add(before or str(place))
            around[_plain(term)][1].add(after or str(place))
        held.update(terms)
    most = max(_MOST * len(documents), _FEWEST)
    usable = {
        term: count
        for term, count in held.items()
        if _FEWEST <= count <= most and min(map(len, around[term])) >= _FEWEST
    }
    chosen: list[str] = []
    for term in sorted(usable, key=lambda term: (-usable[term] * math.sqrt(len(term)), term)):
        if not any(term in other or other in term for other in chosen):
            chosen.append(term)
        if len(chosen) == limit:
            break
    chosen.sort(key=lambda term: (-usable[term], term))
    return tuple(Topic(topic_key(spelled[term]), spelled[term], usable[term]) for term in chosen)


def _terms(title: str) -> Iterator[tuple[str, str, str]]:
    """Names in Latin script, and every stretch of Chinese characters, with what stands beside each."""
    for name in _LATIN_NAME.finditer(title):
        if name.group() not in _NO_NAMES and len(name.group()) > 1:
            yield name.group(), "", ""
    for run in _CHINESE.finditer(title):
        text = run.group()
        for size in range(2, _LONGEST_CHINESE + 1):
            for start in range(len(text) - size + 1):
                end = start + size
                if text[start] not in _NO_EDGES and text[end - 1] not in _NO_EDGES:
                    yield text[start:end], text[start - 1 : start], text[end : end + 1]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
