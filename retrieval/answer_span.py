"""The words of a sentence that are the answer itself, where that is certain: a date, an amount.

Certain means that only one thing of the type that is asked for stands in the sentence, or
only one beside the words of the question. Names and reasons are never certain enough.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.answer import Span
from retrieval.answer_signs import candidates
from retrieval.answer_type import AnswerType
from retrieval.quantities import asked_units, quantity_spans
from retrieval.terms import BAR

if TYPE_CHECKING:
    from retrieval.sought import Sought

# A sentence that has less of the question than this may be about something else.
_FEWEST_ASKED = 0.65
# Of what a sentence has of the question, the clause with the answer has at least this share.
_MOST_IN_ONE_CLAUSE = 0.7
_FRAME = 2
# Two that are named together answer together.
_JOINS = re.compile(r"\s*(?:[和与及至到、,\-–~～]|以及|and|or|to)\s*")
_SEVERAL = re.compile("分别|各自|各是|\\brespectively\\b")
_CLAUSE = re.compile(r"[，,；;：:。](?!\d)")


def certain_answer(text: str, normal: str, span: tuple[int, int], asked: Sought) -> Span | None:
    """Where in a sentence the answer stands, or None where it is not certain.

    Args:
        text: the passage.
        normal: its normal form.
        span: the sentence that answers.
        asked: the question.
    """
    found = [
        each for each in _of_type(text, normal, span, asked) if normal[each[0] : each[1]] not in asked.said
    ]
    if _share(normal[span[0] : span[1]], asked) < _FEWEST_ASKED:
        return None
    if any(_JOINS.fullmatch(normal, one[1], other[0]) for one, other in pairwise(found)):
        return None
    if len(found) > 1:
        framed = [each for each in found if _is_framed(normal, each, asked)]
        found = framed or _beside_the_question(normal, span, asked, found)
    return Span(*found[0]) if len(found) == 1 else None


def _share(normal: str, asked: Sought) -> float:
    """The share of what is asked that stands in a stretch of a passage."""
    whole = sum(worth for _, worth in asked.characters)
    return (
        sum(worth for body, worth in asked.characters if body.strip(BAR) in normal) / whole if whole else 0.0
    )


def _is_framed(normal: str, found: tuple[int, int], asked: Sought) -> bool:
    """Whether it stands between the words that the question word stands between, on one side at least."""
    before = asked.before[_FRAME - 1].replace(BAR, "") if len(asked.before) >= _FRAME else None
    after = asked.after[_FRAME - 1].replace(BAR, "") if len(asked.after) >= _FRAME else None
    return (after is not None and normal.startswith(after, found[1])) or (
        before is not None and normal.endswith(before, 0, found[0])
    )


def _of_type(text: str, normal: str, span: tuple[int, int], asked: Sought) -> list[tuple[int, int]]:
    kind = asked.expected.type
    if _SEVERAL.search(asked.normal):
        return []
    if kind in (AnswerType.QUANTITY, AnswerType.DURATION):
        units = asked_units(asked.normal)
        if units is None:
            return []
        found = quantity_spans(normal[span[0] : span[1]], units)
        return [(span[0] + start, span[0] + end) for start, end in found]
    if kind is AnswerType.WHEN:
        return list(candidates(kind, text, normal, *span))
    return []


def _beside_the_question(
    normal: str, span: tuple[int, int], asked: Sought, found: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Those in the clause that has most of the question, if one has more of it than all others."""
    if not found:
        return []
    marks = [match.end() for match in _CLAUSE.finditer(normal, *span)]
    clauses = list(zip([span[0], *marks], [*marks, span[1]], strict=True))
    overlaps = [_share(normal[start:end], asked) for start, end in clauses]
    best = max(overlaps)
    if best < _MOST_IN_ONE_CLAUSE * _share(normal[span[0] : span[1]], asked) or overlaps.count(best) > 1:
        return []
    start, end = clauses[overlaps.index(best)]
    return [each for each in found if start <= each[0] < end]
