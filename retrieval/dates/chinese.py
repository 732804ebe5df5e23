"""Chinese dates that belong to a year: "2025年四季度", "去年12月16日", "1至11月", "五年前的今天"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from retrieval.dates import holidays, lunar
from retrieval.dates.chinese_relative import RULES as RELATIVE
from retrieval.dates.mentions import Mention, Rules, of_year
from retrieval.dates.numerals import CHINESE_NUMBER, chinese_digits, chinese_number
from retrieval.dates.ranges import (
    DateRange,
    day_of,
    month_away,
    month_of,
    months_of,
    part_of_month,
    part_of_year,
    quarter_of,
    season_of,
    year_of,
    years_of,
)
from retrieval.dates.rules import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where any rule can begin.
_CANDIDATE = re.compile(
    r"(?<!\d)\d|[一二三四五六七八九十两百半几数今去前明后本上下这近最过未昨大年月岁第头首全正腊冬农阴廿初周星"
    r"hq春元除小清端七中重情妇植愚劳青儿建教国万光感黑双平圣暑夏秋新]"
)

# A relative year. What only looks like one is the end of one word and the beginning of
# another: "目前年产", "年轻" after "如今", "基本年薪", "说明年份".
_AWAY = {
    "大前年": -3, "前年": -2, "去年": -1, "上一年": -1, "上年": -1, "今年": 0, "本年": 0,
    "明年": 1, "下一年": 1, "后年": 2, "上个年": -1,
}  # fmt: skip
_RELATIVE_YEAR = (
    "今年(?![轻龄纪货])|(?<![基资成日版样])本年|(?<![过失])去年|(?<![说证声])明年(?!份)|大前年"
    "|(?<![目此之以])前年(?![均产度化薪])|(?<![以线网晚早马])上年(?![纪龄薪均产])|(?<![以])上一年"
    "|(?<![以之])下一年|(?<![今此以战之先往])后年(?![均产度化薪])"
)
_AGO = (
    rf"(?P<ago>{CHINESE_NUMBER}|几|数|十几|几十)(?P<many>多|余)?年(?P<half>半)?(?P<more>多)?(?:之"
    r"|以)?前(?![后往夕瞻沿辈])"
)
_YEAR = re.compile(
    r"(?:(?<![\d.])(?P<year>\d{4})\s*年(?!代|前的?\d)度?"
    r"|(?<![〇零一二三四五六七八九十])(?P<numeral>[一二][〇零○一二三四五六七八九]{3})年(?!代)"
    r"|(?<!\d)(?P<short>[0-4]\d)年(?=\d{1,2}月\d)"
    rf"|(?P<away>{_RELATIVE_YEAR})"
    rf"|(?<![\d.第近每满达]){_AGO})的?\s*"
)

_NUMERAL_MONTH = "(?:十[一二]?|[一二三四五六七八九元])"
_M = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九元])"
_D = (
    r"(?:\d{1,2}|[二三]十[一二三四五六七八九]?|廿[一二三四五六七八九]|十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])"
)
# A numeral before 月 may count them, or belong to another number or word.
_BEFORE_MONTH = r"(?<![\d.一二三四五六七八九十百两几每近第满足闰])"
_AFTER_MONTH = r"(?![龄亮球饼薪嫂色桂花牙天内后来票怀])"
_TO = r"\s*(?:至|到|-|—{1,2}|–|~|、|及|和)\s*"
_LUNAR_DAY = "(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]|[二三]?十[一二三四五六七八九]?)"
_Q = "[一二三四1-4]"


def _month_range(match: re.Match[str]) -> Mention:
    first, last = chinese_number(match["first"]), chinese_number(match["last"])
    return of_year(match, lambda year: months_of(year, first, last), complete=True)


def _day(match: re.Match[str]) -> Mention:
    month, day = chinese_number(match["month"]), chinese_number(match["day"])
    until = match["until"] or match["until_day"]
    if not until:
        made = of_year(match, lambda year: day_of(date(year, month, day)))
        return replace(made, month_day=(month, day))
    last = chinese_number(until)
    return of_year(match, lambda year: DateRange(date(year, month, day), date(year, month, last)))


_PARTS = {"上旬": 0, "初": 0, "中旬": 1, "中": 1, "下旬": 2, "底": 2, "末": 2, "终": 2}


def _month_part(match: re.Match[str]) -> Mention:
    month, part = chinese_number(match["month"]), _PARTS[match["part"]]
    made = of_year(match, lambda year: part_of_month(year, month, part))
    return replace(made, deadline=match["part"] in "底末")


def _month(match: re.Match[str]) -> Mention:
    month = chinese_number(match["month"])
    return of_year(match, lambda year: month_of(year, month))


def _half(match: re.Match[str]) -> Mention:
    second = match.group()[0] in "下后" or match.group() == "h2"
    return of_year(match, lambda year: months_of(year, 7, 12) if second else months_of(year, 1, 6))


def _quarters(match: re.Match[str]) -> Mention:
    if match["count"]:
        first, last = 1, chinese_number(match["count"])
    else:
        first, last = chinese_number(match["first"]), chinese_number(match["last"])
    return of_year(match, lambda year: quarter_of(year, first).to(quarter_of(year, last)), complete=True)


def _quarter(match: re.Match[str]) -> Mention:
    name = match["quarter"]
    quarter = 1 if name == "首" else 4 if name == "末" else chinese_number(name)
    return of_year(match, lambda year: quarter_of(year, quarter))


def _first_months(match: re.Match[str]) -> Mention:
    count = chinese_number(match["count"])
    return of_year(match, lambda year: months_of(year, 1, count), complete=True)


def _year_part(match: re.Match[str]) -> Mention:
    written = match.group()
    part = 0 if "初" in written else 1 if "中" in written else 2
    return replace(of_year(match, lambda year: part_of_year(year, part)), deadline=part == 2)  # noqa: PLR2004 - the last


def _season(match: re.Match[str]) -> Mention:
    season = "春夏秋冬".index(match["season"])
    return of_year(match, lambda year: season_of(year, season))


def _holiday(match: re.Match[str]) -> Mention:
    name, behind = match["holiday"], match["behind"] or ""
    day = holidays.CHINESE.get(name) or holidays.CHINESE_PERIODS[name]
    period = holidays.CHINESE_PERIODS.get(name)
    if behind.startswith(("当", "这天", "那天")):
        return of_year(match, day)
    if behind.startswith("前夕"):

        def eve(year: int) -> DateRange | None:
            days = day(year)
            return days and DateRange(day_of(days.first, -7).first, day_of(days.first, -1).first)

        return of_year(match, eve)
    if behind and not period:

        def off(year: int) -> DateRange | None:
            days = day(year)
            return days and holidays.long_weekend(days)

        return of_year(match, off)
    return of_year(match, period or day)


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def _lunar(match: re.Match[str]) -> Mention:
    month = _LUNAR_MONTHS.get(match["month"]) or chinese_number(match["month"])
    day = chinese_number(match["day"].removeprefix("初"))

    def days(year: int) -> DateRange | None:
        found = lunar.lunar_day_within(year, month, day)
        return day_of(found) if found else None

    return of_year(match, days)


def _any_of(names: set[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_UNSURE_NAMES = _any_of(set(holidays.CHINESE_NEED_PERIOD))
_NAMES = _any_of({*holidays.CHINESE, *holidays.CHINESE_PERIODS} - holidays.CHINESE_NEED_PERIOD)
_QUOTE = "[\"'”’]"
_BEHIND = "当[天日晚]|这天|那天|前夕|小?长?假期|小?长假|黄金周|假日|期间"

# What only means a date behind a year: seasons return, and "年中" and "末" end other words.
_AFTER_A_YEAR: Rules = {
    r"年?[底末](?!班)|年终(?!奖)|年?初(?![步次中级始战赛选审一二三四五六七八九十])|年中(?![国间])"
    r"|中(?![\u4e00-\u9fff])|中期": _year_part,
    r"(?P<season>[春夏秋冬])(?:季(?!学期|节)|天)": _season,
}

# What can follow a year, or stand alone.
RULES: Rules = {
    rf"{_BEFORE_MONTH}(?P<first>{_M})(?:月份?)?{_TO}(?P<last>{_M})月份?(?![\d龄])": _month_range,
    rf"{_BEFORE_MONTH}(?P<month>{_M})\s*月份?的?\s*(?P<day>{_D})\s*"
    rf"(?:[日号](?:(?:{_TO})(?P<until>{_D})[日号])?|(?:至|到|-|—|~)(?P<until_day>{_D})[日号])": _day,
    rf"{_BEFORE_MONTH}(?P<month>{_M})\s*月份?的?(?P<part>[上中下]旬|初"
    r"(?![步次中级始战赛选审一二三四五六七八九十])|中(?![\u4e00-\u9fff])|[底末])": _month_part,
    # "腊月" and "正月" tell the calendar, and so do "初五" and "廿三"; else it has to be named.
    rf"(?:农历|阴历|夏历)(?P<month>[正腊冬]|{_NUMERAL_MONTH})月(?P<day>{_LUNAR_DAY})": _lunar,
    rf"(?P<month>[正腊冬])月(?P<day>{_LUNAR_DAY})": _lunar,
    rf"{_BEFORE_MONTH}(?P<month>{_NUMERAL_MONTH})月(?P<day>初[一二三四五六七八九十]"
    r"|廿[一二三四五六七八九])": _lunar,
    rf"{_BEFORE_MONTH}(?P<month>{_M})\s*月份?{_AFTER_MONTH}": _month,
    r"(?<![以])[上下前后]半年度?(?![间内前])|(?<![a-z0-9])h[12](?![a-z0-9])": _half,
    rf"前(?P<count>[二三两23])个?季度?(?!节)|(?<!\d)第?(?P<first>{_Q})季?度?{_TO}第?"
    rf"(?P<last>{_Q})季度": _quarters,
    rf"(?<![个续近连每几数两前\d])第?(?P<quarter>{_Q}(?=季度)|[首末])季度?(?!节)": _quarter,
    r"(?<![a-z0-9])q(?P<quarter>[1-4])(?![a-z0-9])": _quarter,
    r"[前头](?P<count>[2-9]|1[0-2]|十[一二]?|[二两三四五六七八九])个?月": _first_months,
    r"(?<!\d)(?<![年今去前明后同当本上下往历每多学财新周青少中童老幼成半])年(?:底|末(?!班)|初)"
    r"|岁末|年终(?![奖结])": _year_part,
    rf"(?<![坦亚兰尔斯西度王李张刘陈杨赵黄吴徐孙马朱胡郭罗梁宋郑谢])(?P<holiday>{_NAMES})"
    rf"(?P<behind>{_BEHIND})?": _holiday,
    rf"(?<![一二三四五六七八九十])(?P<holiday>{_UNSURE_NAMES}){_QUOTE}?(?P<behind>{_BEHIND})": _holiday,
}  # fmt: skip
_ANNIVERSARY = re.compile("今[天日]|这一天|(?P<month>这个?月|本月|同月|[这那]个?时候?|同期|此时)")

_rules = compiled(RULES)
_rules_after_a_year = compiled({**_AFTER_A_YEAR, **RULES})
_relative_rules = compiled(RELATIVE)


def mentions(normal: str) -> Iterator[Mention]:
    """Every Chinese date."""
    end = 0
    for candidate in _CANDIDATE.finditer(normal):
        start = candidate.start()
        if start < end:
            continue
        mention = _relative_rules.read(normal, start) or _dated(normal, start)
        if mention is not None:
            yield mention
            end = mention.end


def _dated(normal: str, start: int) -> Mention | None:
    """A year with what follows it, or a part of a year alone."""
    year = _YEAR.match(normal, start)
    if year is None:
        return _rules.read(normal, start)
    number, away = _number_of(year)
    part = None if year["half"] else _rules_after_a_year.read(normal, year.end())
    if part is not None and part.of_year is not None:
        return replace(part, start=start, year=number, away=away)
    end = year.end() - len(year.group()) + len(year.group().rstrip(" 的"))
    if year["ago"]:
        anniversary = _ANNIVERSARY.match(normal, year.end())
        if anniversary is not None:
            return _anniversary(start, anniversary, away or 0)
        return _years_ago(start, end, year)
    return Mention(start, end, of_year=year_of, year=number, away=away)


def _number_of(year: re.Match[str]) -> tuple[int | None, int | None]:
    """The year itself, or how many years away it is."""
    if year["year"]:
        return int(year["year"]), None
    if year["numeral"]:
        return chinese_digits(year["numeral"]), None
    if year["short"]:
        return 2000 + int(year["short"]), None
    if year["away"]:
        return None, _AWAY[year["away"]]
    return None, None if year["ago"] in _VAGUE else -chinese_number(year["ago"])


_VAGUE = {"几": (2, 9), "数": (2, 9), "十几": (11, 19), "几十": (20, 99)}


def _years_ago(start: int, end: int, year: re.Match[str]) -> Mention:
    least, most = _VAGUE.get(year["ago"]) or (chinese_number(year["ago"]),) * 2
    if year["many"]:
        most += 9
    elif year["more"]:
        most += 1
    if year["half"]:
        return Mention(start, end, of_day=lambda day: month_away(day, -12 * least - 6))
    return Mention(start, end, of_day=lambda day: years_of(day.year - most, day.year - least))


def _anniversary(start: int, match: re.Match[str], away: int) -> Mention:
    of_month = bool(match["month"])

    def days(day: date) -> DateRange:
        if of_month:
            return month_of(day.year + away, day.month)
        return day_of(day).years_away(away)

    return Mention(start, match.end(), of_day=days)
