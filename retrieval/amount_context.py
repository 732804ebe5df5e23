"""What stands around a number: its currency, scale, unit and the words that make it a bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.measures import (
    BEFORE,
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    LONGEST_SPELLING,
    MEASURES,
    MONTH,
    RATIO,
    TIMES_WHAT,
    Bound,
)
from retrieval.numerals import SCALE, SCALES

if TYPE_CHECKING:
    from collections.abc import Mapping


def _sizes() -> dict[str, tuple[int, ...]]:
    """How long the Chinese units are that begin with a character, longest first."""
    sizes: dict[str, set[int]] = {}
    for spelling in MEASURES:
        if spelling[0] >= "一":
            sizes.setdefault(spelling[0], set()).add(len(spelling))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


_SIZES = _sizes()
COUNTERS = "".join(_SIZES)
"""The characters that Chinese units begin with."""

# "100余", "20多亿", "300+", "10.2 billion", "$712m".
_AFTER = re.compile(rf"(?P<odd>[多余]|\+(?!\d))?(?P<scale>{SCALE})?(?P<also>[多余])?")
_CONTINUES = frozenset("多余+十百千万亿个 -htmbt")
_LATIN = re.compile(r"([ -]?)([a-z%‰°℃€$㎡μ][a-z.]*(?:-hours?|[23](?![0-9a-z]))?)(?: ([a-z]+))?")
_GROWTH = re.compile(r"(?:增长|增加|上涨|提高|上升|提升|扩大|增|涨)了?(?:约|近|超过|逾|超)?\Z")
_ENDS_BEFORE = frozenset(spelling[-1] for spelling in (*BEFORE, *BOUNDS_BEFORE))
_BOUNDS_START = frozenset(phrase[0] for phrase in BOUNDS_AFTER)
_AFTER_WEAK = frozenset("百千万亿半")
_MONEY_SCALES: Mapping[str, int] = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_HUNDREDTHS = "一二三四五六七八九"
_NO_TENTH = frozenset("立为功果长本交员都分熟绩就年品千语型不")
_HOURS = 24
_HALF = Decimal("0.5")


@dataclass(slots=True)
class Amount:
    """A number as it is read: `low` to `high` times `factor`, in `unit` (None when it has none).

    `bound` is what a word beside it says, `vague` is set when no number is written (数十),
    `name` when it is no amount after all. `start` and `end` are offsets of the expression.
    """

    low: Decimal
    high: Decimal
    start: int
    end: int
    digits: bool = False
    scale: int = 1
    unit: str | None = None
    factor: Decimal = Decimal(1)
    bound: Bound | None = None
    vague: bool = False
    name: bool = False


def read_around(normal: str, amount: Amount) -> None:
    """Reads what stands beside a number: its currency, scale, unit and bounds."""
    _read_before(normal, amount)
    end = amount.end
    if normal[end : end + 1] in _CONTINUES and (match := _AFTER.match(normal, end)) is not None:
        if scale := match["scale"]:
            amount.scale = SCALES[scale.strip(" -")]
            amount.low = amount.high = amount.low * amount.scale
        if match["odd"] or match["also"]:
            amount.bound = amount.bound or (Bound.ABOVE if match["odd"] == "+" else Bound.ODD)
        amount.end = match.end()
    if amount.unit is not None and amount.scale == 1:
        letter = normal[end : end + 1]
        if letter in _MONEY_SCALES and not normal[end + 1 : end + 2].isalpha():
            amount.scale = _MONEY_SCALES[letter]
            amount.low = amount.high = amount.low * amount.scale
            amount.end = end + 1
    read_unit(normal, amount)
    _read_bound_after(normal, amount)


def read_bounds(normal: str, amount: Amount) -> None:
    """Reads the bounds before and after an expression that has its unit."""
    _read_bound_before(normal, amount)
    _read_bound_after(normal, amount)


def _read_before(normal: str, amount: Amount) -> None:
    """The currency before a number, and the bound before or behind that."""
    at = amount.start - (normal[amount.start - 1 : amount.start] == " ")
    if normal[at - 1 : at] not in _ENDS_BEFORE:
        return
    _read_bound_before(normal, amount)
    at = amount.start - (normal[amount.start - 1 : amount.start] == " ")
    for size in range(1, min(at, 4) + 1):
        code = BEFORE.get(normal[at - size : at])
        # The longest wins: "hk$", not "$".
        if code is not None:
            amount.unit, amount.start = code, at - size
    if amount.unit is not None and amount.bound is None:
        _read_bound_before(normal, amount)


def _read_bound_before(normal: str, amount: Amount) -> None:
    start = amount.start
    at = start - (normal[start - 1 : start] == " ")
    last = normal[at - 1 : at] if at else ""
    if "a" <= last <= "z":
        words = normal[max(at - 20, 0) : at].rsplit(" ", 3)
        for size in (1, 2, 3):
            phrase = " ".join(words[-size:])
            if phrase in BOUNDS_BEFORE:
                amount.bound, amount.start = BOUNDS_BEFORE[phrase], at - len(phrase)
    elif last:
        for size in range(1, min(at, 4) + 1):
            phrase = normal[at - size : at]
            if phrase in BOUNDS_BEFORE:
                if phrase == "~" and normal[at - 2 : at - 1].isdigit():
                    continue  # the middle of a range
                # 过百 and 上千 are bounds, 通过3项 and 网上10个 are not.
                if phrase in ("过", "上") and normal[start] not in _AFTER_WEAK:
                    continue
                amount.bound, amount.start = BOUNDS_BEFORE[phrase], at - len(phrase)


def read_unit(normal: str, amount: Amount) -> None:
    """The unit after a number. Letters that are none make the number a part of a name."""
    end = amount.end
    first = normal[end : end + 1]
    if first == " " and normal[end + 1 : end + 2] >= "一":
        end += 1
        first = normal[end : end + 1]
    if first >= "一":
        if first == "个" and normal[end + 1 : end + 2] == "半":
            # 一个半小时, 两个半月
            _take_unit(normal, amount, "个" + normal[end + 2 : end + 4], end + 1)
            amount.low = amount.high = amount.low + _HALF
            return
        _take_unit(normal, amount, normal[end : end + LONGEST_SPELLING], end)
        if amount.unit == MONTH and normal[amount.end : amount.end + 1] == "半":
            amount.low = amount.high = amount.low + _HALF
            amount.end += 1
    elif first and (first in " -%‰°℃€$㎡μ" or "a" <= first <= "z"):
        _take_latin_unit(normal, amount)
    if amount.unit == RATIO and _GROWTH.search(normal, max(amount.start - 8, 0), amount.start):
        # 增长1倍 is twice as much.
        amount.low, amount.high = amount.low + 1, amount.high + 1


def _take_unit(normal: str, amount: Amount, ahead: str, end: int) -> None:
    """The longest unit that the characters ahead begin with."""
    for size in _SIZES.get(ahead[:1], ()):
        spelling = ahead[:size]
        measure = MEASURES.get(spelling) if len(spelling) == size else None
        if measure is None:
            continue
        unit, factor = measure
        if (spelling == "点" and amount.low <= _HOURS) or (
            spelling == "成" and (amount.low > 10 or normal[end + size : end + size + 1] in _NO_TENTH)  # noqa: PLR2004
        ):
            amount.name = True
            return
        if amount.unit is None or unit == amount.unit:
            amount.unit, amount.factor = unit, factor
            amount.end = end + size
            tenth = normal[end + 1 : end + 2]
            if spelling == "成" and tenth and tenth in _HUNDREDTHS:
                # 七成五 is 75 %.
                amount.low = amount.high = amount.low + Decimal(_HUNDREDTHS.index(tenth) + 1) / 10
                amount.end += 1
        return


def _take_latin_unit(normal: str, amount: Amount) -> None:
    match = _LATIN.match(normal, amount.end)
    if match is None:
        return
    gap, word, second = match.groups()
    measure = MEASURES.get(f"{word} {second}") if second else None
    end = match.end()
    if measure is None:
        end = match.end(2)
        measure = MEASURES.get(word)
        if measure is None and word[-1] == ".":
            measure, end = MEASURES.get(word.rstrip(".")), end - 1
        if word == "times" and second in TIMES_WHAT:
            measure = (RATIO, Decimal(1))
    if measure is None or (gap == "" and word == "g" and amount.low < 7):  # noqa: PLR2004 - a network
        # "5g", "16th" and "3.5-turbo" are names.
        amount.name = amount.name or (gap != " " and amount.unit is None and amount.scale == 1)
    elif amount.unit is None or amount.unit == measure[0]:
        amount.unit, amount.factor = measure
        amount.end = end


def _read_bound_after(normal: str, amount: Amount) -> None:
    end = amount.end
    if normal[end : end + 1] in _BOUNDS_START:
        for phrase, bound in BOUNDS_AFTER.items():
            if normal.startswith(phrase, end):
                amount.bound = bound
                amount.end = end + len(phrase)
                return
