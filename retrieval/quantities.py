"""Quantities: the amounts that a text names, in one unit whatever words they are written in.

102亿元, 10.2 billion yuan and RMB 10.2bn are the same quantity; 三成, 30% and 30 percent are;
42个 and forty-two are. What only looks like one (dates, ordinals, names such as PD-1 or
3.5-turbo, telephone numbers, reference marks) is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.amount_context import COUNTERS, Amount
from retrieval.amounts import read_amounts
from retrieval.measures import COUNT, CURRENCIES, MEASURES, MONTH, PERCENT, POINTS, RATIO, SECOND, Bound

if TYPE_CHECKING:
    from collections.abc import Iterator

_INFINITY = Decimal("Infinity")
_ZERO = Decimal(0)
_NEARLY = Decimal("0.9")
_ABOUT = Decimal("0.05")

# An amount this large is often told apart by its size alone ("reached 150 billion"), so it
# also counts without its unit; but never a share or a ratio.
_LARGE = Decimal(1_000_000)
# More digits than any amount in the news has, and as many decimals as anyone writes.
_HUGE = Decimal(10) ** 24
_FINEST = Decimal("0.000001")
# "These two events", "the three of them".
_SMALL = 3
_NEVER_BARE = frozenset((PERCENT, POINTS, RATIO))

_MONEY = frozenset(CURRENCIES)
_EVERY = frozenset(unit for unit, _ in MEASURES.values())
_HOW_MANY = "(?:多少|几)(?:万|亿|十|百|千)*"
# The first that fits says what is asked for.
_ASKED: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(
            r"百分之(?:几|多少)|多少个?百分点|多[大少]比例|比例是多"
            r"|\b(?:percent(?:age)?|per cent|what share)\b"
        ),
        frozenset({PERCENT, POINTS}),
    ),
    (
        re.compile(
            rf"{_HOW_MANY}(?:个月|年|天|小时|分钟|周|秒)|多久"
            r"|\bhow (?:long|many (?:years|months|weeks|days|hours|minutes))\b"
        ),
        frozenset({MONTH, SECOND}),
    ),
    (
        re.compile(
            rf"{_HOW_MANY}(?:元|美元|欧元|港元|日元|英镑|钱|块)|\bhow much (?:money|did .* (?:cost|pay))\b"
        ),
        _MONEY,
    ),
    (re.compile(rf"{_HOW_MANY}倍|\bhow many times (?:as|more)\b"), frozenset({RATIO})),
    (re.compile(rf"{_HOW_MANY}(?:吨|公斤|千克|克)"), frozenset({"kg"})),
    (
        re.compile(
            rf"{_HOW_MANY}(?:公里|千米|厘米|毫米|米|英里)|多[高长远深宽]"
            r"|\bhow (?:far|tall|high|deep|wide)\b"
        ),
        frozenset({"m"}),
    ),
    (re.compile(rf"{_HOW_MANY}(?:平方|公顷|亩)"), frozenset({"m2", "mu"})),
    (re.compile(rf"{_HOW_MANY}[{COUNTERS}]|\bhow many\b"), frozenset({COUNT})),
    (re.compile(r"多少|多大|几成|\bhow much\b"), _EVERY),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount: from `low` to `high`, both included, in `unit` (see `retrieval.measures`).

    An exact amount has both alike. "Over 100" reaches from 100 to infinity, "100余" to one
    more of its last digit that is not nought, "nearly 100" from 90 to 100, "less than 100"
    from 0 to 100; "about" means half of that last digit, at most 5 %, either way. `named`
    are the numbers that are written, in the unit: none for a vague amount ("数十").
    `start` and `end` are offsets of the whole expression.
    """

    low: Decimal
    high: Decimal
    unit: str
    start: int
    end: int
    named: tuple[Decimal, ...] = ()


def quantities(normal: str) -> list[Quantity]:
    """The quantities of a normal form, in order; they do not overlap. Any text may be given."""
    return [_quantity(amount) for amount in read_amounts(normal)]


def quantity_terms(normal: str) -> set[str]:
    """The terms, without their kind, of a passage's quantities: `CNY:10200000000`, `%:30`, `:42`.

    A large amount also has the term of its bare number, so that a question that leaves the
    unit out finds it. Counts up to three have none.
    """
    terms = set()
    for unit, number in _telling(normal):
        terms.add(_term(unit, number))
        if number >= _LARGE and unit not in _NEVER_BARE:
            terms.add(_term(COUNT, number))
    return terms


def asked_terms(normal: str) -> set[str]:
    """The terms, without their kind, that a question's quantities are searched by."""
    return {_term(unit, number) for unit, number in _telling(normal)}


def _telling(normal: str) -> Iterator[tuple[str, Decimal]]:
    """Numbers with their units, but for counts too small to tell one text from another."""
    for each in quantities(normal):
        for number in each.named:
            if each.unit != COUNT or number > _SMALL:
                yield each.unit, number


def matching(question: Quantity, passage: Quantity) -> bool:
    """Whether a passage's quantity is one that a question's can mean.

    Their ranges must meet, in one unit; a large bare number meets any unit but a share.
    Two open bounds ("over 5", "over 100") meet only when they name the same number.
    """
    if question.unit != passage.unit and not _bare(question, passage) and not _bare(passage, question):
        return False
    if question.named and passage.named and _open(question) and _open(passage):
        return question.named == passage.named
    return question.low <= passage.high and passage.low <= question.high


def asked_units(normal: str) -> frozenset[str] | None:
    """The units that a question about an amount can be answered in; None if it asks for no amount.

    "多少元" and "how much money" ask for any currency, "百分之几" and "what percentage" for
    a share, "多少人" and "how many" for a count; an open "多少" or "how much" for
    anything. Durations ("多少天", "how many years") ask for the units of time.
    """
    for pattern, units in _ASKED:
        if pattern.search(normal):
            return units
    return None


def quantity_spans(normal: str, units: frozenset[str]) -> list[tuple[int, int]]:
    """Where amounts in one of these units stand in a normal form, as offsets, in order."""
    return [(each.start, each.end) for each in quantities(normal) if each.unit in units]


def _bare(one: Quantity, other: Quantity) -> bool:
    return one.unit == COUNT and one.low >= _LARGE and other.unit not in _NEVER_BARE


def _open(quantity: Quantity) -> bool:
    return quantity.high == _INFINITY or (quantity.low == _ZERO and quantity.high != _ZERO)


def _term(unit: str, number: Decimal) -> str:
    return f"{unit}:{number:f}"


def _quantity(amount: Amount) -> Quantity:
    low = _canonical(amount.low * amount.factor)
    high = low if amount.high == amount.low else _canonical(amount.high * amount.factor)
    named = () if amount.vague else (low,) if high is low else (low, high)
    if amount.bound is not None and high is low:
        low, high = _bounded(low, amount.bound)
    return Quantity(low, high, amount.unit or COUNT, amount.start, amount.end, named)


def _bounded(value: Decimal, bound: Bound) -> tuple[Decimal, Decimal]:
    """What a bound makes of a number."""
    match bound:
        case Bound.ABOVE:
            return value, _INFINITY
        case Bound.BELOW:
            return _ZERO, value
        case Bound.NEARLY:
            return value * _NEARLY, value
        case Bound.ODD:
            return value, value + _last_place(value)
        case Bound.ABOUT:
            margin = min(_last_place(value) / 2, value * _ABOUT)
            return value - margin, value + margin


def _last_place(value: Decimal) -> Decimal:
    """One of the last digit that is not nought: 100 for 300, 0.1 for 10.2."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and value else _ZERO


def _canonical(value: Decimal) -> Decimal:
    """At most six decimals, and no noughts at their end: 30.0 is 30, a third is 33.333333 %."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if value < _HUGE else value
    return value.quantize(_FINEST).normalize()
