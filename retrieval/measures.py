"""Measures: what numbers are counted in, and the words around them that make them bounds.

A unit is a short name without spaces: a currency by its ISO 4217 code, `%`, `pp`
(percentage points), `x` (times as much), `kg`, `m`, `m2`, `m3`, `kwh`, `kw`, `s` (up to
weeks), `month` (months and years), `degree`, `point`, `byte`. Chinese counters and the
nouns that English counts with (people, patients) are no unit: the name is empty.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNT = ""
PERCENT = "%"
POINTS = "pp"
RATIO = "x"
MONTH = "month"
SECOND = "s"
DEGREE = "degree"
POINT = "point"

CURRENCIES: Mapping[str, str] = {
    "CNY": "元 元人民币 人民币 元钱 块 块钱 rmb cny yuan renminbi|yuan|renminbi ¥ cn¥ rmb¥",
    "USD": "美元 美金 usd dollar dollars us|dollar us|dollars u.s.|dollars american|dollars $ us$",
    "HKD": "港元 港币 hkd hk|dollars hong|kong|dollars hk$",
    "EUR": "欧元 eur euro euros €",
    "JPY": "日元 日圆 jpy yen jp¥",
    "GBP": "英镑 gbp pounds pounds|sterling £",
    "KRW": "韩元 krw korean|won ₩",
    "TWD": "台币 新台币 twd nt$ new|taiwan|dollars taiwan|dollars",
    "SGD": "新加坡元 新元 坡元 sgd s$ singapore|dollars",
    "AUD": "澳元 aud a$ australian|dollars",
    "CAD": "加元 cad c$ ca$ canadian|dollars",
    "CHF": "瑞郎 瑞士法郎 chf swiss|francs francs",
    "RUB": "卢布 rub roubles rubles",
    "INR": "卢比 印度卢比 inr rupees ₹",
    "MOP": "澳门元 澳门币 mop mop$",
}

_YEAR, _DAY = 12, 86_400
# Each unit with its spellings and what one of them is in it.
_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    PERCENT: {"1": "% percent per|cent pct 个点", "0.1": "‰", "10": "成"},
    POINTS: {
        "1": "百分点 个百分点 percentage|point percentage|points pp ppt ppts",
        "0.01": "基点 个基点 basis|point basis|points bp bps",
    },
    RATIO: {"1": "倍 fold x 倍数"},
    "kg": {
        "1": "公斤 千克 kg kgs kilogram kilograms kilogramme kilogrammes kilos",
        "0.001": "克 gram grams g",
        "0.000001": "毫克 mg milligram milligrams",
        "0.5": "斤 市斤",
        "1000": "吨 ton tons tonne tonnes metric|tons metric|tonnes",
    },
    "m": {
        "1": "米 公尺 m metre metres meter meters",
        "1000": "公里 千米 km kms kilometre kilometres kilometer kilometers",
        "500": "里",
        "0.01": "厘米 公分 cm centimetres centimeters",
        "0.001": "毫米 mm millimetres millimeters",
        "0.000001": "微米 μm um micrometres micrometers microns",
        "0.000000001": "纳米 nm nanometres nanometers nanometre nanometer",
        "1609.344": "英里 mile miles",
        "1852": "海里 nautical|miles",
    },
    "m2": {
        "1": "平方米 平米 ㎡ m² m2 sqm square|metres square|meters square|metre square|meter",
        "10000": "公顷 hectare hectares ha",
        "1000000": "平方公里 平方千米 km² km2 square|kilometres square|kilometers",
        "0.09290304": "平方英尺 square|feet",
        "4046.8564224": "英亩 acre acres",
    },
    # A mu is a fifteenth of a hectare, which no decimal is: it keeps its own name.
    "mu": {"1": "亩 mu"},
    "m3": {
        "1": "立方米 立方 m³ m3 cubic|metres cubic|meters cubic|metre cubic|meter",
        "0.001": "升 公升 litre litres liter liters",
        "0.000001": "毫升 ml millilitres milliliters",
    },
    "barrel": {"1": "桶 barrel barrels bbl"},
    "kwh": {
        "1": "千瓦时 度电 kwh kilowatt-hours kilowatt|hours kilowatt-hour",
        "1000": "兆瓦时 mwh megawatt-hours megawatt|hours",
        "1000000": "吉瓦时 gwh gigawatt-hours gigawatt|hours",
        "1000000000": "twh terawatt-hours terawatt|hours",
    },
    "kw": {
        "1": "千瓦 kw kilowatt kilowatts",
        "0.001": "瓦 watt watts",
        "1000": "兆瓦 mw megawatt megawatts",
        "1000000": "吉瓦 gw gigawatt gigawatts",
    },
    SECOND: {
        "1": "秒 秒钟 second seconds",
        "60": "分钟 minute minutes min mins",
        "3600": "小时 个小时 个钟头 钟头 hour hours hr hrs",
        str(_DAY): "天 day days",
        str(7 * _DAY): "周 星期 个星期 礼拜 个礼拜 week weeks",
        "0.001": "毫秒 ms millisecond milliseconds",
    },
    MONTH: {"1": "个月 月龄 month months", str(_YEAR): "年 周年 岁 周岁 个年头 year years yr yrs year-old"},
    DEGREE: {"1": "度 摄氏度 ℃ °c ° degree degrees degrees|celsius"},
    POINT: {"1": "点 points 个点位"},
    "byte": {"1000": "kb", "1000000": "mb", "1000000000": "gb", "1000000000000": "tb"},
    COUNT: {
        "1": "个 人 人次 名 位 家 件 项 款 种 条 台 辆 艘 架 座 栋 幢 间 所 部 部门 本 "
        "篇 份 张 套 支 枚 颗 粒 例 宗 起 次 场 户 只 头 匹 株 棵 笔 批 双 对 组 队 岛 国 省 市 县 区 镇 乡 "
        "村 字 页 步 股 票 分 层 道 门 轮 片 根 把 处 节 课 列 班 趟 口 员 "
        "类 样 首 集 单 箱 瓶 盒 剂 针 台次 架次 辆次 件次 个人 人份 "
        "people person persons patients participants employees workers companies firms projects drugs cases "
        "countries students shares units vehicles homes jobs items times"
    },
}


def _measures() -> dict[str, tuple[str, Decimal]]:
    found = {
        spelling.replace("|", " "): (unit, Decimal(factor))
        for unit, spellings in _SPELLINGS.items()
        for factor, line in spellings.items()
        for spelling in line.split()
    }
    for code, line in CURRENCIES.items():
        found |= {spelling.replace("|", " "): (code, Decimal(1)) for spelling in line.split()}
    return found


MEASURES: Mapping[str, tuple[str, Decimal]] = _measures()
"""By its spelling in a normal form: a unit's name, and what one is in it."""

LONGEST_SPELLING = max(len(spelling) for spelling in MEASURES if spelling[0] >= "一")
"""Characters of the longest Chinese one."""

BEFORE: Mapping[str, str] = {
    spelling: code
    for code, line in CURRENCIES.items()
    for spelling in line.replace("|", " ").split()
    if spelling[-1] in "$¥€£₩₹币" or spelling in (code.lower(), "rmb")
}
"""Currencies that can stand before their number."""

# After a number without a unit these make a name, an ordinal or a time of it.
NAMING_AFTER = frozenset("年月日号届期级楼路环线代后版型时季刻强旬世")
# "Three times" is a count, "three times as much" a ratio.
TIMES_WHAT = frozenset("as more higher larger bigger greater faster the its what that".split())
# Before a number these make an ordinal of it, or the end of something longer.
NAMING_BEFORE = frozenset("第初之·#")
WEEKDAY_BEFORE = ("周", "星期", "礼拜")
# Words that a number names one of.
LABELS = frozenset(
    "group phase phases stage type figure fig table page pages chapter section article version no number "
    "level grade class model route highway flight step part vol volume issue day season top "
    "web iphone windows gpt covid "
    "january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


class Bound(Enum):
    """What a word beside a number makes of it."""

    ABOVE = auto()
    BELOW = auto()
    NEARLY = auto()
    ABOUT = auto()
    ODD = auto()


_BOUNDS: Mapping[Bound, str] = {
    Bound.ABOVE: "超过 超 逾 过 高于 大于 不少于 不低于 至少 多于 突破 超出 最少 最低 上 "
    "over more|than above at|least exceeding exceeded exceed exceeds no|fewer|than no|less|than "
    "not|less|than upwards|of greater|than in|excess|of topped > ≥",
    Bound.BELOW: "不到 不足 低于 少于 小于 不超过 不高于 不多于 最多 至多 最高 "
    "less|than under below fewer|than at|most up|to no|more|than not|more|than < ≤",
    Bound.NEARLY: "近 接近 将近 几近 nearly almost close|to approaching",
    Bound.ABOUT: "约 大约 大概 约为 约合 约占 about around approximately roughly some circa ~",
}
BOUNDS_BEFORE: Mapping[str, Bound] = {
    spelling.replace("|", " "): bound for bound, line in _BOUNDS.items() for spelling in line.split()
}
BOUNDS_AFTER: Mapping[str, Bound] = {
    "以上": Bound.ABOVE,
    "以下": Bound.BELOW,
    "以内": Bound.BELOW,
    "左右": Bound.ABOUT,
    "上下": Bound.ABOUT,
    " or more": Bound.ABOVE,
    " or less": Bound.BELOW,
    " or fewer": Bound.BELOW,
}
