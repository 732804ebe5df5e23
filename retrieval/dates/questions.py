"""What a question asks of dates: which ones, whether they filter, and its relation to time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.dates.expressions import DateExpression, Preference, find
from retrieval.dates.passages import MOST_DAYS
from retrieval.dates.ranges import FIRST_YEAR, LAST_YEAR, DateRange, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

# Alternatives of one concept, each with its weight: a passage counts with the best it has.
Group = tuple[tuple[str, float], ...]

_PART_WEIGHT = 0.7
_ANY_YEAR_WEIGHT = 0.5
_MOST_MONTHS = 12
_MOST_YEARS = 6


class TimeRelation(StrEnum):
    """How a question relates its subject to time."""

    LATEST = "latest"
    EARLIEST = "earliest"
    ORDER = "order"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class QuestionDates:
    """The dates of a question.

    `groups` are its date terms, without their kind: within a group alternatives, of which
    a passage counts with the best; the groups of one expression go from the year to the
    day, so that a passage that knows no more than the year still counts a little.
    `published` is the range in which a passage has to be published, where the question
    asks for the news of a time and not for a fact about it.
    """

    expressions: tuple[DateExpression, ...]
    groups: tuple[Group, ...]
    published: DateRange | None
    relation: TimeRelation | None

    @property
    def terms(self) -> dict[str, float]:
        """Every date term with its highest weight."""
        weights: dict[str, float] = {}
        for group in self.groups:
            for term, weight in group:
                weights[term] = max(weight, weights.get(term, 0.0))
        return weights


_FUTURE = re.compile(
    r"将(?=[于在会要举召发推上开迎有])|即将|计划|预计|未来|有望|拟于|会在|\b(?:will|upcoming"
    r"|plans?|planned|expect\w*|going to)\b"
)

# The order matters: "首次" asks for the earliest even where "先后" stands beside it.
_RELATIONS: tuple[tuple[TimeRelation, re.Pattern[str]], ...] = (
    (
        TimeRelation.ORDER,
        re.compile(
            r"哪.{0,8}?[更最较]?[早晚先后](?:发生|于|些|$|[??,,])|谁[先早]|[更较][早晚]|先后|(?:时间"
            r"|发生的?)顺序"
            r"|哪.{0,12}(?:先|后|最早|最晚|更早|更晚)(?:发生|出现|开始|举行)|早于|晚于|同一?[天日月年周]"
            r"(?:吗|发生|举行|内|的|$|[??])|是否.{0,6}同一"
            r"|\bwh(?:ich|o|at)\b.{0,60}\b(?:first|earlier|later|last)\b\W*$|\bcame first\b|\bhappened "
            r"(?:first|earlier|before|later)\b|\bin what order\b|\bchronological"
        ),
    ),
    (
        TimeRelation.CHANGE,
        re.compile(
            r"变化|怎么变|如何变|变了|演变|同比|环比|变动|走势|趋势|(?:比|较|与|和).{0,12}(?:上年|去年"
            r"|上月|上季度|上一年|之前|以前|同期).{0,6}(?:增|减|升|降|涨|跌|高|低|多|少|比)"
            r"|\bhow (?:has|have|had|did|does|do)\b.{2,80}\b(?:chang\w*|evolv\w*|develop\w*|grow\w*"
            r"|shift\w*|compare\w*)\b|\bchanges? in\b|\byear[- ]on[- ]year\b|\byear[- ]over[- ]year\b"
            r"|\bcompared (?:with|to)\b|\btrend"
        ),
    ),
    (
        TimeRelation.LATEST,
        re.compile(
            r"最新|最近(?!的[一-龥]*[店站家])(?:一[次期届轮份个]|的?(?!\d|[一二三四五六七八九十两半几数]))"
            r"|目前|现在|当前|如今|上一次|近期|近日|近来"
            r"|\b(?:latest|most recent(?:ly)?|currently|current|newest|recent(?:ly)?|right now|so far"
            r"|at present|up to date)\b|\bthe last time\b|\bnow\b"
        ),
    ),
    (
        TimeRelation.EARLIEST,
        re.compile(
            r"首次|第一次|最早|最先|最初|首个|首款|首例|首家|首批|首位|首届|率先"
            r"|\b(?:earliest|for the first time|the first|first)\b(?! (?:half|quarter|\w+ (?:months"
            r"|quarters))| lady)"
        ),
    ),
)

# "News" asked for, as against one thing among the news ("which news did X publish").
_NEWS_CHINESE = re.compile(
    r"(?:有(?:没有|无)?|都?有|出了|发生了?|传来|看看?|查查?|找|给我|说说|讲讲|盘点|汇总|总结)"
    r"(?:一下|些)?(?:什么|哪些|啥|多少|几条|何)?(?:新的|重要的?|重大的?|最新的?|相关的?|值得关注的)?"
    r"(?:关于|有关|跟|和|与)?[^,,。??!]{0,24}?(?:新闻|消息|报道|资讯|动态|快讯|要闻|头条|大事件?"
    r"|新进展|进展|动向|新动作|新情况)"
    r"(?:吗|么|呢)?\W*$"
    r"|^[^,,。??!]{0,30}(?:新闻|消息|报道|资讯|动态|快讯|要闻|头条|进展|动向)(?:有(?:哪些|什么|吗"
    r"|没有)|是什么|如何|怎么样)?(?:吗|呢|么)?\W*$"
    r"|(?:发生|出)了?(?:什么|哪些|啥)(?:新闻|大?事情?|大事|重大事件)?\W*$|(?:怎么|咋)了\W*$"
)
_NEWS_MADE = re.compile(
    r"(?:宣布|发布|公布|透露|回应|证实|否认|辟谣|通报|报道|披露)了?(?:一[条则]|什么|哪些|哪[条则]|关于)"
)
_NEWS_ENGLISH = re.compile(
    r"\b(?:news|headlines?|reports?|developments?|updates?|announcements?|stories|articles|coverage)\b"
    r"(?! (?:say|says|show|shows|by|agency))|\bwhat(?:'s| is| has| have)?(?: been)? (?:happen\w*"
    r"|new|going on)\b|\banything (?:new|happen)"
)
_LONGEST_NEWS = 400
# News of long ago are told again later, and what was published then may carry no date.
_RECENT = timedelta(62)


def question_dates(normal: str, asked: datetime) -> QuestionDates:
    """The dates of a question's normal form, resolved on the day of asking in the reader's zone."""
    today = asked.date()
    preference = Preference.FUTURE if _FUTURE.search(normal) else Preference.PAST
    expressions = tuple(
        found for found in find(normal, today, preference) if isinstance(found, DateExpression)
    )
    groups = tuple(group for found in expressions for group in expression_groups(found.named))
    return QuestionDates(
        expressions, groups, _published(normal, expressions, today), time_relation(normal, expressions)
    )


def expression_groups(days: DateRange) -> Iterator[Group]:
    """The groups of a named range, from the year to the day."""
    if not FIRST_YEAR <= days.first.year <= days.last.year <= LAST_YEAR:
        return
    precision = days.precision
    if len(days.years) <= _MOST_YEARS:
        weight = 1.0 if len(days.years) == 1 else _PART_WEIGHT
        years = [(f"{year:04d}", weight) for year in days.years]
        if precision is Precision.SPAN and days.first.year < days.last.year:
            yield ((days.term, 1.0), *years)
        else:
            yield tuple(years)
    else:
        yield ((days.term, 1.0),)
    if days.of_whole_years:
        return
    months = days.months()
    if len(months) <= _MOST_MONTHS:
        weight = 1.0 if len(months) == 1 else _PART_WEIGHT
        inside = tuple((month, weight) for month in months)
        yield ((days.term, 1.0), *inside) if len(months) > 1 else inside
    if precision is Precision.DAY:
        yield ((days.term, 1.0), (f"--{days.first:%m-%d}", _ANY_YEAR_WEIGHT))
    elif precision is Precision.SPAN and days.days <= MOST_DAYS:
        yield ((days.term, 1.0), *((f"{day:%Y-%m-%d}", _PART_WEIGHT) for day in days.every_day()))
    elif precision is Precision.SPAN and len(months) == 1:
        yield ((days.term, 1.0),)


def time_relation(normal: str, expressions: tuple[DateExpression, ...] = ()) -> TimeRelation | None:
    """How a question relates to time, if it does. Words inside a date ("最近半年") tell nothing."""
    kept = list(normal)
    for found in expressions:
        kept[found.start : found.end] = "\x00" * (found.end - found.start)
    rest = "".join(kept)
    return next((relation for relation, pattern in _RELATIONS if pattern.search(rest)), None)


def _published(normal: str, expressions: tuple[DateExpression, ...], today: date) -> DateRange | None:
    """The range of publication that a question demands.

    Only where one range is spoken of, it is recent, and the news of that time are what is
    asked for. A report may come a day after what it reports.
    """
    if len(expressions) != 1:
        return None
    found = expressions[0]
    days = found.range
    recent = days.first <= today <= days.last + _RECENT
    if not recent or days.days > _LONGEST_NEWS:
        return None
    rest = normal[: found.start] + normal[found.end :]
    asks = (_NEWS_CHINESE.search(rest) and not _NEWS_MADE.search(rest)) or _NEWS_ENGLISH.search(rest)
    return days if asks else None
