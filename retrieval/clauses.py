"""Clauses: what of a passage gets a vector of its own.

A question asks for one thing, and the vector of a long sentence is an average of many. So
a sentence is cut at its commas, colons and semicolons; a clause that is too short to mean
anything goes with the next.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.sentences import sentence_spans
from corpus.splitter import size_of

SHORT: Final = 8
"""The least size of a clause, in Chinese characters as `size_of` counts them."""

MOST: Final = 64
"""No passage has more clauses; in one that would, the least size is larger."""

_CUT: Final = re.compile(r"[，；：]\s*|[,:;](?!\d)\s*|\s[-–—]\s|——")


def clauses(text: str) -> list[list[str]]:
    """The clauses of each sentence of a text, in order; none is empty, and all together are the text."""
    sentences = [sentence for start, end in sentence_spans(text) if (sentence := text[start:end].strip())]
    least: float = SHORT
    while True:
        found = [_cut(sentence, least) for sentence in sentences]
        if sum(map(len, found)) <= MOST or all(len(each) == 1 for each in found):
            return _joined(found)
        least *= 2


def _cut(sentence: str, least: float) -> list[str]:
    parts: list[str] = []
    start = 0
    for end in (*(match.end() for match in _CUT.finditer(sentence)), len(sentence)):
        part = sentence[start:end].strip()
        if part and size_of(part) >= least:
            parts.append(part)
            start = end
    rest = sentence[start:].strip()
    if rest:
        if parts:
            parts[-1] = f"{parts[-1]} {rest}"
        else:
            parts.append(rest)
    return parts


def _joined(sentences: list[list[str]]) -> list[list[str]]:
    """At most `MOST` sentences: neighbours of a passage that is a long list are taken together."""
    if len(sentences) <= MOST:
        return sentences
    each = -(-len(sentences) // MOST)
    return [
        [" ".join(part for sentence in sentences[start : start + each] for part in sentence)]
        for start in range(0, len(sentences), each)
    ]
