"""Amounts: the numbers of a text with their units; those that belong together are one.

"10亿至20亿元" and "between 5 and 7 percent" are ranges, "1亿2000万元" is one number, and
"138-1234-5678" is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.amount_finding import find_amounts
from retrieval.measures import NAMING_AFTER

if TYPE_CHECKING:
    from retrieval.amount_context import Amount

_CONNECTOR = re.compile(r"\s?(?:[-–—~至到]|to)\s?")
_AND = re.compile(r"\s?(?:and|和|与)\s?")
_BETWEEN = ("between", "介于", "在")
_LONGEST_GAP = 5


def read_amounts(normal: str) -> list[Amount]:
    """The amounts in a normal form, in order, ranges put together."""
    merged: list[Amount] = []
    for amount in find_amounts(normal):
        if merged and amount.start < merged[-1].end:
            continue  # inside what was read already
        near = merged and amount.start - merged[-1].end <= _LONGEST_GAP
        if not (near and _join(normal, merged[-1], amount)):
            merged.append(amount)
    return [amount for amount in merged if not amount.name]


def _join(normal: str, first: Amount, second: Amount) -> bool:
    """Takes the second amount into the first when they are one number or the ends of a range."""
    gap = normal[first.end : second.start]
    if not gap:
        return _add(first, second)
    if not _CONNECTOR.fullmatch(gap) and not (_AND.fullmatch(gap) and _between(normal, first, second)):
        return False
    if first.name or first.low != first.high or (second.name and not _only_looks_named(normal, second)):
        # A telephone number, 1-11月, 2025-12-16.
        first.name = first.name or (first.unit is None and first.scale == 1)
        second.name = True
        return False
    return _span(first, second)


def _between(normal: str, first: Amount, second: Amount) -> bool:
    before = normal[max(first.start - 8, 0) : first.start].rstrip()
    return before.endswith(_BETWEEN) or normal.startswith("之间", second.end)


def _add(first: Amount, second: Amount) -> bool:
    """1亿2000万元 is one number."""
    if not (first.digits and second.digits and first.scale > second.scale > 1 and first.unit is None):
        return False
    first.low = first.high = first.low + second.low
    first.unit, first.factor, first.scale, first.end = second.unit, second.factor, second.scale, second.end
    return True


def _span(first: Amount, second: Amount) -> bool:
    """Makes a range of two amounts in one unit; the first takes over what only the second says."""
    if first.unit is not None and second.unit is not None and first.unit != second.unit:
        return False
    low = first.low
    if first.scale == 1 and second.scale > 1 and low < second.high / second.scale:
        low *= second.scale
    if low >= second.high and low * first.factor >= second.high * second.factor:
        # A score, or half of a name.
        first.name = second.name = first.unit is None and second.unit is None
        return False
    if first.unit is None:
        first.unit, first.factor = second.unit, second.factor
    elif first.factor != second.factor and second.unit is not None:
        low = low * first.factor / second.factor
        first.factor = second.factor
    first.low, first.high, first.scale, first.end = low, second.high, second.scale, second.end
    return True


def _only_looks_named(normal: str, second: Amount) -> bool:
    """Whether nothing but the hyphen before it made a bare number a name."""
    return (
        normal[second.start - 1 : second.start] == "-"
        and second.digits
        and second.high > 0
        and normal[second.end : second.end + 1] not in NAMING_AFTER
    )
