"""Taking a question over several events or times apart, so that each can be looked for by itself.

"A和B哪个更早", "A、B、C是同一年发生的吗", "X从2023年到2024年怎么变化", "which came first, A or B".
Where a conjunction stands inside an event's own description nothing in the question tells;
then there are several readings, and `retrieval.grouping` takes the one that the passages bear out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Relation(StrEnum):
    """What a question asks of its parts."""

    ORDER = "order"
    SAME_TIME = "same time"
    AMOUNT = "amount"
    CHANGE = "change"
    EACH = "each"

    @property
    def over_time(self) -> bool:
        """Whether the parts are to be shown in the order of their dates."""
        return self in (Relation.ORDER, Relation.CHANGE)


@dataclass(frozen=True, slots=True)
class Parts:
    """A question in parts.

    `readings` are the ways to take it apart, likeliest first; each has at least two texts to
    look for, in the normal form.
    """

    relation: Relation
    readings: tuple[tuple[str, ...], ...]


_MOST_READINGS = 6
_MOST_PARTS = 6
_SHORTEST = 2

_ENGLISH_YEAR = r"(?:19|20)\d\d"
_PERIOD = (
    r"(?:\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?|上半年|下半年|[一二三四]季度)?"
    r"|去年|今年|前年|明年|上个?月|本月)"
)
_DAY_OR_SO = "(?:天|日|周|月份?|年份?|季度|时间|时期)"
# "..., these three events: ", with which what is asked begins.
_THESE = (
    "[,，、]?(?:(?:以上|上述|这)(?:[些几两三四五六]?[个件项]?)?(?:事件|活动|事情|事|消息|比赛|者)?|[二两]者|它们)?"
    "(?:之?[中间里])?[,，、]?"
)
_SAME = re.compile(
    rf"{_THESE}(?:的?{_DAY_OR_SO})?[,，]?(?:是不是|是否|不是|都?是)?都?(?:发生)?[在于]?同一?个?{_DAY_OR_SO}"
    rf"|{_THESE}都是在?(?=\d{{4}}年)|(?:的?时间)?(?:相隔|间隔|相差)"
    r"|,? ?\b(?:(?:in|on|during|happen\w*) )*the same (?:day|week|month|year)\b"
)
_ORDER = re.compile(
    rf"{_THESE}(?:哪|谁|何者|什么事件|是更?[早晚先迟]还是"
    r"|(?:的?(?:发生)?(?:时间|日期))?(?:的?先后|[更最较]为?[早晚先后迟]))"
)
_ORDERED = re.compile(
    r"[更较]为?[早晚先后迟新]|最为?[早晚先迟]"
    r"|先(?:发生|出现|公布|举行|上市|后)|发生在[前后先]|[早晚先]于|时间顺序"
)
_ENGLISH_ORDER = re.compile(
    r"\b(?:which|what|who)\b[^,:?]{0,40}?\b(?:first|earlier|earliest|later|latest|last|sooner)\b[,:]?\s*"
)
_AMOUNT = re.compile(rf"{_THESE}(?:相比)?[,，]?(?:哪|谁)[^,，]{{0,8}}[更最较][大小多少高低长短快慢贵强]")
_ENGLISH_AMOUNT = re.compile(
    r"\b(?:which|what|who)\b[^,:?]{0,40}?\b(?:larger|largest|bigger|biggest|higher|highest|more|most|smaller|lower"
    r"|less|fewer)\b[,:]?\s*"
)
_EACH = re.compile(r"分别|各自|各(?=[是为有])")
_ALSO = re.compile(r"[,，、;；]?(?:以及|与此同时|同时|此外|另外|并且)|[,，;；]而|, and ")
_ASKS = re.compile(r"哪|什么|多少|谁|何|几|怎|吗|\b(?:what|which|who|when|where|why|how)\b")
_CHANGE = re.compile(
    rf"从?(?P<first>{_PERIOD})(?:到|至|和|与|-|—|相比)(?P<second>{_PERIOD})"
    rf"|\b(?:from|between|in) (?P<from>{_ENGLISH_YEAR})(?: to | and |-)(?P<to>{_ENGLISH_YEAR})\b"
)
_CHANGES = re.compile(
    r"变化|怎么变|如何变|增减|增长|下降|相比|比较|相差|哪一?年|分别|各|更[大小多少高低]"
    r"|\bchang|\bgr[eo]w|\bcompar|\bdiffer|\bwhich year"
)
# "On the day X happened": one occasion, not two events to compare.
_OCCASION = re.compile("(?:当天|当日|同日|当月|当年|同年)[,，]")

_ASIDE = re.compile(
    r"\A\s*(?:(?:请问|以下|下列|下面|上述)[^,，:：]{0,14}?|[^,，:：]{0,14}?(?:事件|活动)[之当]?中)[,，:：]"
)
_TIME_AHEAD = re.compile(
    r"\A\s*(?P<time>(?=[^,，]*\d)[在于]?"
    r"[\d年月日号初末底和至到、上下半季度一二三四今去前明本第旬周]+(?:期间|之间|[中里内间的])?)[,，]"
)
_BRACKETED = re.compile(
    r"《[^》]*》|〈[^〉]*〉|“[^”]*”|‘[^’]*’|「[^」]*」|（[^）]*）|\([^)]*\)|\[[^\]]*\]|\"[^\"]*\""
)
_LISTED = re.compile(
    r"[,，;；、]?\s*(?<!\d)\d{1,2}[.、)](?!\d)|[、;；]|(?<!\d)[,，]|[,，](?!\d)| (?:vs\.?|versus) "
)
_JOINED = re.compile(r"以及|或者|还是|[和与及或跟]|,? (?:and|or) ")
_THAN = re.compile("比")
_BOUNDS = " ,，、;；:：。?？的"
_LEFT = re.compile(r"\A(?:和|与|以及|及|或者|或|还是|and |or )")


def parts_of(normal: str) -> Parts | None:
    """The parts of a question's normal form, or None if it asks about one thing."""
    if _OCCASION.search(normal):
        return None
    if change := _over_time(normal):
        return change
    masked = _BRACKETED.sub(lambda match: "\0" * len(match.group()), normal)
    relation, start, end, asked = _frame(normal, masked)
    if relation is None:
        return _also(normal, masked)
    if (aside := _ASIDE.match(masked[start:end])) and end - start - aside.end() > _SHORTEST:
        start += aside.end()
    ahead = _TIME_AHEAD.match(masked[start:end])
    if ahead:
        start += ahead.end()
    time = ahead["time"] if ahead else ""
    readings: dict[tuple[str, ...], None] = {}
    for reading in _readings(normal[start:end], masked[start:end]):
        readings[tuple(f"{time}{part}{asked}" for part in reading)] = None
    return Parts(relation, tuple(readings)[:_MOST_READINGS]) if readings else None


def _over_time(normal: str) -> Parts | None:
    """One thing at two times: the question once with each."""
    found = _CHANGE.search(normal)
    if found is None or not _CHANGES.search(normal):
        return None
    if found["first"]:
        times = (found["first"], found["second"])
    else:
        times = (f"in {found['from']}", f"in {found['to']}")
    ahead, behind = normal[: found.start()], normal[found.end() :]
    return Parts(Relation.CHANGE, (tuple(ahead + time + behind for time in times),))


def _also(normal: str, masked: str) -> Parts | None:
    """Two questions in one sentence."""
    readings = [
        parts
        for match in _ALSO.finditer(masked)
        for parts in _proper([normal[: match.start()], normal[match.end() :].strip(_BOUNDS)])
        if all(map(_ASKS.search, parts))
    ]
    return Parts(Relation.EACH, tuple(readings[:_MOST_READINGS])) if readings else None


def _frame(normal: str, masked: str) -> tuple[Relation | None, int, int, str]:
    """What is asked of the parts, from where to where they are named, and what else is asked of each."""
    size = len(normal)
    if same := _SAME.search(masked):
        start, end = (0, same.start()) if same.start() else (same.end(), size)
        return Relation.SAME_TIME, start, end, ""
    if " or " in masked and (english := _english_frame(masked)):
        return *english, ""
    if amount := _AMOUNT.search(masked):
        return Relation.AMOUNT, 0, amount.start(), ""
    if _ORDERED.search(masked) and (order := _order_frame(masked)):
        return Relation.ORDER, *order, ""
    if each := _EACH.search(masked):
        return Relation.EACH, 0, each.start(), normal[each.end() :].rstrip(" ?？")
    return None, 0, size, ""


def _english_frame(masked: str) -> tuple[Relation, int, int] | None:
    for pattern, relation in ((_ENGLISH_ORDER, Relation.ORDER), (_ENGLISH_AMOUNT, Relation.AMOUNT)):
        if found := pattern.search(masked):
            behind = " or " in masked[found.end() :]
            return (relation, found.end(), len(masked)) if behind else (relation, 0, found.start())
    return None


def _order_frame(masked: str) -> tuple[int, int] | None:
    # "Which of these came first: A, B or C?"
    for mark in re.finditer("[:：?？]", masked[:-1]):
        ahead = masked[: mark.start()]
        if "哪" in ahead or _ORDERED.search(ahead):
            return mark.end(), len(masked)
    order = _ORDER.search(masked)
    return (0, order.start()) if order and order.start() > _SHORTEST else None


def _readings(named: str, masked: str) -> Iterator[tuple[str, ...]]:
    """The ways to take what is named apart."""
    listed = [match.span() for match in _LISTED.finditer(masked)]
    joined = [match.span() for match in _JOINED.finditer(masked)]
    if not listed and not joined:
        joined = [match.span() for match in _THAN.finditer(masked)]
    if listed:
        last = max(end for _, end in listed)
        for cut in reversed(joined):
            if cut[0] >= last:
                yield from _proper(_pieces(named, [*listed, cut]))
        yield from _proper(_pieces(named, listed))
    for cut in sorted(joined, key=lambda each: abs(each[0] + each[1] - len(named))):
        yield from _proper(_pieces(named, [cut]))
    if len(joined) > 1:
        yield from _proper(_pieces(named, joined))


def _pieces(text: str, cuts: Sequence[tuple[int, int]]) -> list[str]:
    ordered = sorted(cuts)
    starts = [0, *(end for _, end in ordered)]
    ends = [*(start for start, _ in ordered), len(text)]
    stripped = (
        text[start:end].strip(_BOUNDS) for start, end in zip(starts, ends, strict=True) if start < end
    )
    return [piece for each in stripped if (piece := _LEFT.sub("", each))]


def _proper(pieces: list[str]) -> Iterator[tuple[str, ...]]:
    """The pieces as a reading, if it can be one."""
    if 1 < len(pieces) <= _MOST_PARTS and all(len(piece) >= _SHORTEST for piece in pieces):
        yield tuple(pieces)
