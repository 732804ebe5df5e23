"""Chinese dates reckoned from the day of reading, and periods of more than a year: 上周三, 近半年, 十四五."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from retrieval.dates.mentions import Mention, OfDay, Rules, always, of_day
from retrieval.dates.numerals import CHINESE_NUMBER, FEWEST, MOST, chinese_number
from retrieval.dates.ranges import (
    DateRange,
    day_of,
    month_away,
    part_of_month,
    quarter_away,
    season_of,
    week_of,
    year_of,
    years_of,
)
from retrieval.dates.units import Unit, away, between_ago, coming, past

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

_DAYS_AWAY = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_STEPS: Mapping[str, int] = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_WEEKDAYS = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6}
_UNITS = {
    "天": Unit.DAY, "日": Unit.DAY, "周": Unit.WEEK, "星期": Unit.WEEK, "礼拜": Unit.WEEK,
    "月": Unit.MONTH, "季": Unit.QUARTER, "季度": Unit.QUARTER, "年": Unit.YEAR,
}  # fmt: skip
_PARTS = {"上旬": 0, "初": 0, "中旬": 1, "中": 1, "下旬": 2, "底": 2, "末": 2}
_SEASONS = "春夏秋冬"

_STEP = "上上|下下|上|下|本|这"
_COUNT = f"(?P<count>{CHINESE_NUMBER}|半|几|数)"
_UNIT = "(?P<unit>天|日|周|星期|礼拜|月|季度|年)"


def _day(match: re.Match[str]) -> Mention:
    number = _DAYS_AWAY[match["day"]]
    return of_day(match, lambda day: day_of(day, number))


def _step(written: str) -> int:
    return _STEPS[written.rstrip("一个")]


def _week(match: re.Match[str]) -> Mention:
    weeks, weekday = _step(match["step"]), match["weekday"]

    def days(day: date) -> DateRange:
        week = week_of(day, weeks)
        if not weekday:
            return week
        if weekday == "末":
            return DateRange(week.first + timedelta(5), week.last)
        return day_of(week.first, _WEEKDAYS[weekday])

    return of_day(match, days)


def _weekday(match: re.Match[str]) -> Mention:
    number = _WEEKDAYS[match["weekday"]]
    return of_day(match, lambda day: day_of(day, -((day.weekday() - number) % 7)))


def _month(match: re.Match[str]) -> Mention:
    months = _step(match["step"]) if match["step"] else 0
    part, number = match["part"], match["day"]

    def days(day: date) -> DateRange:
        month = month_away(day, months)
        if number:
            return day_of(month.first.replace(day=chinese_number(number)))
        if part:
            return part_of_month(month.first.year, month.first.month, _PARTS[part])
        return month

    return replace(of_day(match, days), deadline=part in {"底", "末"})


def _part_of_this_month(match: re.Match[str]) -> Mention:
    part = _PARTS[match["part"]]

    def days(day: date) -> DateRange:
        found = part_of_month(day.year, day.month, part)
        if found.first <= day or match["coming"]:
            return found
        month = month_away(day, -1).first
        return part_of_month(month.year, month.month, part)

    return replace(of_day(match, days), deadline=part == 2)  # noqa: PLR2004 - the last


def _quarter(match: re.Match[str]) -> Mention:
    quarters = _step(match["step"])
    return of_day(match, lambda day: quarter_away(day, quarters))


def _span(match: re.Match[str]) -> Mention | None:
    """Reads "近三天", "过去一周", "最近半年", "未来两年"."""
    unit, written = _UNITS[match["unit"]], match["count"]
    reckon = coming if match["how"] in _COMING else past
    if written == "半":
        if unit not in (Unit.YEAR, Unit.MONTH):
            return None
        count, unit = (6, Unit.MONTH) if unit is Unit.YEAR else (15, Unit.DAY)
    elif written in {"几", "数"}:
        count = MOST if unit is Unit.DAY else 3
    else:
        count = chinese_number(written)
    return of_day(match, lambda day: reckon(day, count, unit))


_COMING = frozenset(("未来", "今后", "接下来", "往后"))


def _ago(match: re.Match[str]) -> Mention | None:
    unit, written = _UNITS[match["unit"]], match["count"]
    if written == "半":
        if unit is Unit.YEAR:
            return of_day(match, lambda day: month_away(day, -6))
        return of_day(match, lambda day: day_of(day, -15)) if unit is Unit.MONTH else None
    if written in {"几", "数"}:
        return of_day(match, lambda day: between_ago(day, FEWEST, MOST, unit))
    count = chinese_number(written)
    if match["more"]:
        return of_day(match, lambda day: between_ago(day, count, count + 1, unit))
    return of_day(match, lambda day: away(day, -count, unit))


def _this_season(match: re.Match[str]) -> Mention:
    years, season = {"去": -1, "今": 0, "明": 1}[match["year"]], _SEASONS.index(match["season"])
    return Mention(*match.span(), of_year=lambda year: season_of(year, season), away=years)


def _year_to_date(match: re.Match[str]) -> Mention:
    return Mention(*match.span(), of_year=year_of, away=0, since=True)


def _this_year(match: re.Match[str]) -> Mention:
    return Mention(*match.span(), of_year=year_of, away=0)


def _same_period(match: re.Match[str]) -> Mention:
    years: OfDay = lambda day: DateRange(date(day.year - 1, 1, 1), day_of(day).years_away(-1).last)  # noqa: E731
    return replace(of_day(match, years), same_period=True)


# The first five plans, then the gap of 1963 to 1965, then every five years.
_EARLY_PLANS = {1: (1953, 1957), 2: (1958, 1962)}


def five_year_plan(number: int) -> DateRange:
    """The years of one of the five-year plans: the 14th is 2021 to 2025."""
    first, last = _EARLY_PLANS.get(number) or (1951 + 5 * number, 1955 + 5 * number)
    return years_of(first, last)


def _plan(match: re.Match[str]) -> Mention:
    return always(match, five_year_plan(chinese_number(match["number"])))


_PART_OF_A_DECADE = {"初": (0, 3), "中": (4, 6), "末": (7, 9), "后": (5, 9), "前": (0, 4)}


def decade(first: int, part: str | None) -> DateRange:
    """Ten years from `first`, or the part of them that is named by its first character."""
    begins, ends = _PART_OF_A_DECADE[part[0]] if part else (0, 9)
    return years_of(first + begins, first + ends)


def _decade(match: re.Match[str]) -> Mention:
    if match["full"]:
        first = int(match["full"])
    else:
        written = match["tens"]
        tens = int(written) if written.isdecimal() else chinese_number(written)
        century = match["century"]
        first = (2000 if century in {"21", "二十一", "本"} else 1900) + tens
        if century not in {None, "上", "上个", "20", "二十", "21", "二十一", "本"}:
            first = (chinese_number(century) - 1) * 100 + tens
    return always(match, decade(first, match["part"]))


def _century(match: re.Match[str]) -> Mention:
    written = match["century"]
    first = (
        2001 if written == "本" else 1901 if written.startswith("上") else chinese_number(written) * 100 - 99
    )
    part = match["part"]
    years = (first, first + 9) if part == "初" else (first + 90, first + 99) if part else (first, first + 99)
    return always(match, years_of(*years))


def _bare_day(match: re.Match[str]) -> Mention:
    return Mention(*match.span(), day=int(match["day"]))


_PLAN = "(?:[\"'”’》」]?(?:规划|计划|时期|期间){1,2})"
_AFTER_AGO = "(?![后往夕瞻沿辈])"

RULES: Rules = {
    r"(?P<day>大前|(?<![目此之以大])前|昨|今|(?<![表说声的])明|大后|(?<!先天)(?<![先今此以然之])后)"
    r"(?:天(?![均系性控本才生])|(?<=[昨今明])(?:日(?!本|头条|美国|俄罗斯|资本|说法|热点|关注)"
    r"|[晨早晚夜](?![年会期报安餐])))": _day,
    r"(?<![目此之以])(?P<day>前)日(?![本均])": _day,
    rf"(?<![基资日样版以网线晚早之])(?P<step>(?:{_STEP})一?个?)(?:周|星期|礼拜)"
    r"(?P<weekday>[一二三四五六日天末](?![期边年本]))?(?![期边年围转刊])": _week,
    r"(?<![每隔双单两一二三四五六七八九十上下本这逢到至\d])(?:周|星期|礼拜)"
    r"(?P<weekday>[一二三四五六日])(?![本到至、岁围至\-~]|年|次|天)": _weekday,
    r"(?<![日样版以网])(?P<step>(?:上上|下下|上|下|这)个?|本)月(?![球薪饼])(?:的?"
    r"(?P<part>[上中下]旬|初(?![步次])|中(?![\u4e00-\u9fff])|[底末])|(?P<day>\d{1,2})[日号])?": _month,
    r"(?<![\d年月个本每一二三四五六七八九十份上下])月(?P<part>[底末]|初(?![步次]))"
    r"(?P<coming>前)?": _part_of_this_month,
    r"(?<![\d月的])(?P<part>中旬|下旬|上旬)(?P<coming>前)?": _part_of_this_month,
    r"(?<![以网])(?P<step>(?:上|下|本|这)一?个?)季度?(?![节后])": _quarter,
    r"(?<![附接最远])(?P<how>最近|近(?!年|日|期|来)|过去|过往|此前|未来|今后|接下来|往后)的?"
    rf"(?:这)?{_COUNT}个?多?{_UNIT}(?:半)?(?![龄薪度])(?:以来|之?内|来|里|间|时间)?": _span,
    rf"(?<![\d.第近每满达])(?P<how>){_COUNT}个?(?P<unit>年|月)来(?![自到])": _span,
    rf"(?<![\d.第近每满达]){_COUNT}(?:个)?(?P<more>多|余)?(?P<unit>天|日|周|星期|礼拜|月|季度)(?:之"
    rf"|以)?前{_AFTER_AGO}": _ago,
    rf"(?<![\d.第近每满达])(?P<count>半)(?P<more>多)?(?P<unit>年)(?:之|以)?前{_AFTER_AGO}": _ago,
    r"(?P<year>[今去明])年?(?P<season>[春夏秋冬])(?![节运晚招城秋])(?:季(?!学期|节)|天)?": _this_season,
    r"(?:今年初?|年初)(?:以来|至今|到现在|迄今)|今年到目前": _year_to_date,
    r"(?<![\d年一二三四五六七八九十两几数多半])年内": _this_year,
    r"(?:去年|上年|上一年)同期": _same_period,
    r"(?<![二三四五六七八九])(?P<number>十[一二三四五六])五"
    rf"(?![一二三四五六七八九十个点分岁月年日号]){_PLAN}?": _plan,
    rf"(?<![二三四五六七八九])(?P<number>十|(?<!十)[一二三四五六七八九])五{_PLAN}": _plan,
    r"第(?P<number>十?[一二三四五六七八九十])个五年(?:规划|计划)(?:时期|期间)?": _plan,
    r"(?:(?P<century>上个?|本|\d{2}|二?十[一二三四五六七八九]?)世纪)?(?<![\d.])(?:(?P<full>\d{3}0)"
    r"|(?P<tens>[1-9]0|[一二三四五六七八九]十))年代(?P<part>初|中|末|后期|前期)?": _decade,
    r"(?P<century>上个?|本|\d{2}|二?十[一二三四五六七八九]?)世纪(?P<part>初|末)?": _century,
    r"(?<![\d近连续前后第期每满足共达月年周过的、.~—至到-])(?P<day>\d{1,2})日(?=上午|下午|晚|凌晨"
    r"|早|中午|傍晚|夜|电|讯|起|[,,]|在|从|对|向|表示|宣布|发布|报道|举行|召开|获悉|称|说|公布|谁"
    r"|哪|有|将)": _bare_day,
}  # fmt: skip
