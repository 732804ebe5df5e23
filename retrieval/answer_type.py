"""The type of answer that a question expects, judged from its question words.

"哪一年" and "when" ask for a date, "多少" and "how many" for a quantity. The judgement is cheap
and sometimes wrong, so it is only evidence: `retrieval.sentence_scores` weighs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class AnswerType(StrEnum):
    """What kind of thing answers."""

    WHEN = "when"
    DURATION = "duration"
    QUANTITY = "quantity"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    NAME = "name"
    DEFINITION = "definition"
    YES_NO = "yes or no"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question expects.

    `start` and `end` are where its question word stands in its normal form; `unit` is what
    "多少" and "how many" count ("名", "drugs"), as the normal form writes it, or nothing.
    """

    type: AnswerType
    start: int
    end: int
    unit: str = ""


_COUNTED = (
    "亿?万?(?P<unit>美元|欧元|英镑|日元|港元|平方公里|平方米|公里|千米|厘米|毫米|公分|公尺|英里|公斤|千克|公顷|个?百分点|人次"
    "|[名位人个只次场种家部座条间件项本首集队届级层岁元米吨度倍颗支架辆台份套枚户所章站例篇字步轮分股桶艘列卷句面张块棵头匹代款])"
)
_WHICH = "(?:哪|什么)(?:一)?(?:家|个|所|支|些|座|处|几家|几个|两家|两个)?"
_PERIODS = "年代|世纪|年份|年度|年|个月|月份|月|天|日期|日|时期|时间|朝代|季度|周"
_NAMES = "名称|名字|别名|俗称|简称|全称|全名|原名|本名|译名|学名|外号|绰号"
_NOT_CALLED = "(?<![名称作认改视成])"

# In the order in which they are tried: what is more exact comes first.
_CHINESE: tuple[tuple[AnswerType, str], ...] = (
    (AnswerType.YES_NO, r"吗[?？]?\s*\Z"),
    (AnswerType.OTHER, "[更较最]为?[早晚先后]|先发生|先于|晚于|早于|还是|第(?:几|多少)"),
    (
        AnswerType.REASON,
        (
            f"{_NOT_CALLED}为什么|{_NOT_CALLED}为何(?!种)|为啥|何故|缘何|因何(?=[被受而遭])"
            "|(?:什么|哪些|何种)(?:样的)?(?:主要)?(?:原因|理由|缘由)|(?:原因|理由|缘由)(?:主要)?(?:是|有|在于|为)(?:什么|哪些|啥)?"
        ),
    ),
    (
        AnswerType.DURATION,
        "多久|多长时间|多少时间|(?:多少|几)个?多?(?:小时|分钟|秒钟?|天|周|星期|月|年)(?!级|代|[份初末底中前])",
    ),
    (
        AnswerType.WHEN,
        (
            f"(?:什么|啥)(?:时候|时间|日期|年代|年份)|何[时年月日]|[在于是]?哪一?个?(?:{_PERIODS})"
            "|几(?:几年|年|月|号|日|点)(?!级)|(?:具体)?(?:时间|日期|年份)(?:具体)?[是为在]?(?:什么|哪|多少|几|何)?|多少年代"
        ),
    ),
    (
        AnswerType.PERSON,
        (
            "谁|何人|哪(?:一|几|两|三)?[位名](?!字)"
            "|(?:哪|什么)(?:个|些|几个)?(?:人|球员|演员|导演|作家|歌手|选手|教练|总统|皇帝|国王|将军|科学家|人物|学者|艺人)(?![口群类民])"
        ),
    ),
    (
        AnswerType.ORGANISATION,
        (
            f"{_WHICH}(?:知名)?(?:公司|企业|机构|大学|学校|中学|学院|医院|银行|组织|部门|单位|球队|俱乐部|球会|集团|政党"
            "|电视台|平台|品牌|乐队|团体|队伍|队|厂商|开发商|协会|法院|媒体)"
        ),
    ),
    (
        AnswerType.PLACE,
        (
            "哪里|哪儿|何处|何地|在哪|什么(?:地方|地点|位置)"
            f"|{_WHICH}(?:国家|城市|地区|地方|省份|省|市|县|州|区|岛|镇|村|地点|街|山|海域|地|国|洲|港口|半岛)"
            "|(?:地址|地点|位置|所在地|出生地|发源地|产地|籍贯|国籍|总部)(?:具体)?[是在为](?:什么|哪)?"
        ),
    ),
    (
        AnswerType.QUANTITY,
        f"(?:多少|几|多大|多高|多长|多远|多深|多重|多宽|多快)(?:{_COUNTED})?|百分之几|多少钱|什么价格",
    ),
    (AnswerType.YES_NO, "是否|是不是|有没有|能否|可否"),
    (
        AnswerType.NAME,
        (
            f"(?:叫做|叫作|又叫|叫|称为|称作|又称|称|名为|{_NAMES}|昵称)[是为做作]?(?:什么|啥|哪)(?:名字|名称)?"
            f"|(?:{_NAMES})(?:分别)?[是有为]"
        ),
    ),
    (
        AnswerType.DEFINITION,
        r"\A(?:请问)?什么是|(?:指的是|是指|是|指)(?:一[种个类项部家所位支款]|个)?(?:什么|怎样的|啥)(?:样的|意思)?[^,，。?？]{0,4}[?？]?\s*\Z",
    ),
    (
        AnswerType.OTHER,
        "什么|哪些|哪[一二两三四五六几]?[个种类项款些支首家条本座]?|怎么样?|怎样|如何|何种|啥|何",
    ),
)
_HEADED = r"\b(?:what|which) (?:\w+ )?"
_ENGLISH: tuple[tuple[AnswerType, str], ...] = (
    (
        AnswerType.REASON,
        (
            r"\bwhy\b|\bhow come\b|\b(?:for )?what (?:reason|cause[sd]?)\b"
            r"|\bwhat (?:is|was|were|are) the (?:main |primary )?(?:reasons?|causes?)\b"
        ),
    ),
    (
        AnswerType.DURATION,
        r"\bhow (?:long|many (?P<unit>years?|days?|months?|weeks?|hours?|minutes?))\b(?! ago)",
    ),
    (
        AnswerType.WHEN,
        (
            r"\bwhen\b|\bhow long ago\b"
            r"|\b(?:what|which) (?:was the |is the )?(?:\w+ )?"
            r"(?:year|day|date|month|time|century|decade|period|era|season)\b"
        ),
    ),
    (
        AnswerType.QUANTITY,
        (
            r"\bhow (?:many|much) (?P<unit>[a-z]+)"
            r"|\bhow (?:many|much|far|tall|big|old|large|high|deep|often|fast|heavy|wide)\b"
            r"|\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:\w+ )?(?:percentage|percent|number"
            r"|proportion|amount|price|cost|size|age|population|score|rate|value|total|share|speed|temperature|fraction|ratio)\b"
        ),
    ),
    (
        AnswerType.PERSON,
        (
            rf"\bwho(?:m|se)?\b|{_HEADED}(?:person|people|players?|man|woman|actor|actress|singer|scientist|king"
            r"|queen|president|leader|author|artist|coach|philosopher|economist|mathematician|composer|executive|emperor|general|minister)\b"
        ),
    ),
    (
        AnswerType.ORGANISATION,
        (
            rf"{_HEADED}(?:company|companies|team|school|university|college|organi[sz]ations?|agency|group|party"
            r"|network|institution|church|league|club|bank|hospital|firm|department|body|corporation)\b"
        ),
    ),
    (
        AnswerType.PLACE,
        (
            rf"\bwhere\b|{_HEADED}(?:city|cities|country|countries|state|place|location|town|region|county|island|river"
            r"|area|continent|province|district|building|street|nation|neighbou?rhood|port|stadium)\b"
        ),
    ),
    (
        AnswerType.NAME,
        (
            r"\bwhat (?:is|was|are|were) (?:the )?(?:\w+ )?(?:names?|term|title|nickname)\b"
            r"|\bwhat (?:term|name|word)\b|\bwhat\b.{3,60}\b(?:called|named|known as|referred to(?: as)?)\b"
        ),
    ),
    (
        AnswerType.DEFINITION,
        r"\Awhat (?:is|are|was|were) (?:an? |the )?(?:\w+[ ?]*){1,3}\Z|\bwhat does .{1,80} mean\b|\bdefin",
    ),
    (AnswerType.OTHER, r"\bwhat\b|\bwhich\b|\bhow\b"),
    (AnswerType.YES_NO, r"\A\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b"),
)
_PATTERNS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern)) for kind, pattern in (*_CHINESE, *_ENGLISH)
)


def expected_answer(normal: str) -> Expected:
    """What the normal form of a question asks for; `OTHER`, at its end, where nothing tells."""
    for kind, pattern in _PATTERNS:
        if match := pattern.search(normal):
            return Expected(kind, match.start(), match.end(), match.groupdict().get("unit") or "")
    return Expected(AnswerType.OTHER, len(normal), len(normal))
